package api

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/valyala/fasthttp"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/endpoint/events"
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
	s := &stream{api: a, watcher: watcher, who: who, token: a.token(ctx), shutdown: ctx.Done(), request: endpoint.RequestID(ctx), room: name}
	events.Answer(ctx, func(send events.Send) { s.run(send, first) }, watcher.Close)
	return nil
}

// stream is one watcher's connection. It ends when the server shuts down, when the session has ended or its role has changed (within
// recheck), and when the client is gone or does not read, which the next event shows.
type stream struct {
	*api
	watcher  *adminapi.Watcher
	who      auth.Staff
	token    []byte
	shutdown <-chan struct{}
	request  string // the id of the request that opened it
	room     string
	told     string // the type of the problem that was told last; empty since a room was shown
}

func (s *stream) run(send events.Send, first adminapi.Sight) {
	streams.Inc()
	defer streams.Dec()
	check := time.NewTicker(recheck)
	defer check.Stop()
	judged := time.Now()
	err := s.sendSight(send, first)
	for err == nil {
		select {
		case <-s.shutdown:
			return
		case sight := <-s.watcher.Sights():
			err = s.sendSight(send, sight)
		case <-check.C:
			switch problem := s.holds(); {
			case problem == nil:
				judged = time.Now()
			case problem.Code != fault.Unavailable || time.Since(judged) > recheckHold:
				_ = s.sendProblem(send, problem) // the last word; whether it arrives changes nothing
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

func (s *stream) sendSight(send events.Send, seen adminapi.Sight) error {
	if seen.Err != nil {
		return s.sendProblem(send, seen.Err)
	}
	s.told = ""
	data, err := json.Marshal(seen.Room)
	if err != nil {
		return fmt.Errorf("encode room: %w", err)
	}
	return send(events.Text("room", "", data))
}

// sendProblem tells a problem under the stream's own request id, which is also in the log: once for as long as it lasts, for it comes
// anew each second and to every watcher.
func (s *stream) sendProblem(send events.Send, problem error) error {
	f := fault.From(problem)
	if f.Type != s.told {
		s.told = f.Type
		s.Log.Warn("problem in a stream", "request_id", s.request, "room", s.room, "problem", f.Type, "err", f.Error())
	}
	var scratch fasthttp.RequestCtx // the document is made where all are
	scratch.Request.Header.Set(endpoint.HeaderRequestID, s.request)
	endpoint.Problem(&scratch, f)
	return send(events.Text("problem", "", scratch.Response.Body()))
}
