package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/valyala/fasthttp"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

const (
	recheck     = 2 * time.Second  // how often a stream asks whether its session still holds
	recheckHold = 30 * time.Second // how long it goes on while that cannot be told
)

// roomEvents streams a room. A room that does not exist is a plain 404; a gateway that is away is no reason not to
// begin: the page then shows the problem and goes on by itself when the gateway is back.
func (a *api) roomEvents(limit context.Context, ctx *fasthttp.RequestCtx, who auth.Staff) error {
	name, err := room(ctx)
	if err != nil {
		return err
	}
	watcher, err := a.Live.Watch(name)
	if err != nil {
		return err
	}
	var first adminapi.Sight
	select {
	case first = <-watcher.Sights():
	case <-limit.Done():
		first.Err = fault.Wrap(limit.Err(), fault.Unavailable, "gateway-unavailable", "The gateway does not answer.")
	}
	if f := fault.From(first.Err); f != nil && f.Code == fault.NotFound {
		watcher.Close()
		return f
	}
	// The RequestCtx is not to be touched once this returns: the stream keeps copies.
	s := &stream{api: a, watcher: watcher, who: who, token: a.token(ctx), shutdown: ctx.Done()}
	ctx.Response.Header.SetContentType("text/event-stream; charset=utf-8")
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	ctx.SetBodyStreamWriter(func(w *bufio.Writer) { s.run(w, first) })
	return nil
}

// stream is one watcher's connection. It ends when the server shuts down, when the session has ended or its role has changed (within
// recheck), and when the client is gone, which the next event's flush shows.
type stream struct {
	*api
	watcher  *adminapi.Watcher
	who      auth.Staff
	token    []byte
	shutdown <-chan struct{}
}

func (s *stream) run(w *bufio.Writer, first adminapi.Sight) {
	streams.Inc()
	defer streams.Dec()
	defer s.watcher.Close()
	check := time.NewTicker(recheck)
	defer check.Stop()
	judged := time.Now()
	err := writeSight(w, first)
	for err == nil {
		select {
		case <-s.shutdown:
			return
		case sight := <-s.watcher.Sights():
			err = writeSight(w, sight)
		case <-check.C:
			switch problem := s.holds(); {
			case problem == nil:
				judged = time.Now()
			case problem.Code != fault.Unavailable || time.Since(judged) > recheckHold:
				_ = writeProblem(w, problem) // the last word; whether it arrives changes nothing
				return
			}
		}
	}
}

// holds fails once the session is not what it was when the stream began.
func (s *stream) holds() *fault.Error {
	ctx, cancel := context.WithTimeout(context.Background(), recheck)
	defer cancel()
	now, err := s.Sessions.StillWho(ctx, s.token)
	if err != nil {
		return fault.From(err)
	}
	if now.Role != s.who.Role {
		return fault.New(fault.Forbidden, "role-changed", "Your role has changed; reload the page.")
	}
	return nil
}

func writeSight(w *bufio.Writer, s adminapi.Sight) error {
	if s.Err != nil {
		return writeProblem(w, s.Err)
	}
	data, err := json.Marshal(s.Room)
	if err != nil {
		return fmt.Errorf("encode room: %w", err)
	}
	return writeEvent(w, "room", data)
}

func writeProblem(w *bufio.Writer, problem error) error {
	var scratch fasthttp.RequestCtx // the document is made where all are
	endpoint.Problem(&scratch, problem)
	return writeEvent(w, "problem", scratch.Response.Body())
}

// writeEvent writes one event and flushes it. JSON without line breaks fits one data line.
func writeEvent(w *bufio.Writer, event string, data []byte) error {
	if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", event, data); err != nil {
		return err
	}
	return w.Flush()
}
