package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// DefaultStreams is how many event streams a gateway serves at once where nothing else is said.
const DefaultStreams = 1000

const (
	lookEvery  = 100 * time.Millisecond // at the view, for a change that all are told at once
	tellEvery  = time.Second            // where nothing of that kind changes
	beatEvery  = 15 * time.Second       // a comment, where nothing was told for so long
	writeLimit = 20 * time.Second       // a reader who takes longer to take an event is gone
)

var errTooManyStreams = fault.New(fault.Unavailable, "too-many-streams", "Too many are watching; ask for serving instead.").After(10 * time.Second)

// streams sends the head of the lines as Server-Sent Events. A room that is watched is looked at by one goroutine, which makes each event once
// for all and ends with the last watcher. Safe for concurrent use.
type streams struct {
	head  func(room string) (servingDoc, error)
	limit int

	open  atomic.Int64 // as count; read without the lock
	mu    sync.Mutex
	count int
	feeds map[string]*feed
}

// feed is one room being watched. Its fields are guarded by streams.mu.
type feed struct {
	watchers map[chan []byte]struct{}
	stop     context.CancelFunc
}

func newStreams(head func(room string) (servingDoc, error), limit int) *streams {
	if limit <= 0 {
		limit = DefaultStreams
	}
	return &streams{head: head, limit: limit, feeds: make(map[string]*feed)}
}

// serve answers with a stream. It fails with "too-many-streams", and as serving does.
func (s *streams) serve(ctx *fasthttp.RequestCtx, room string) error {
	first, err := s.head(room)
	if err != nil {
		return err
	}
	events, err := s.watch(room)
	if err != nil {
		return err
	}
	begin, err := event(first)
	if err != nil {
		s.leave(room, events)
		return err
	}
	// The RequestCtx is not to be touched once this returns. A connection is not used again after a stream: its deadline is set.
	one := &stream{conn: ctx.Conn(), events: events, shutdown: ctx.Done()}
	ctx.SetConnectionClose()
	ctx.Response.Header.SetContentType("text/event-stream; charset=utf-8")
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	ctx.Response.Header.Set("X-Accel-Buffering", "no") // a proxy that gathers answers must not gather this one
	leave := func() { s.leave(room, events) }
	if !ctx.Request.Header.IsHTTP11() {
		one.serveOld(ctx, begin, leave)
		return nil
	}
	ctx.SetBodyStreamWriter(func(w *bufio.Writer) {
		defer leave()
		one.run(w, begin)
	})
	return nil
}

// handOver bounds the time until fasthttp hands a connection over.
const handOver = 30 * time.Second

// serveOld runs the stream for a client of HTTP/1.0, to whom it ends with the connection: fasthttp would send it in chunks, which HTTP/1.0 does not
// know. It leaves at the end, also when it is never begun.
func (s *stream) serveOld(ctx *fasthttp.RequestCtx, begin []byte, leave func()) {
	lost := time.AfterFunc(handOver, leave) // fasthttp does not say when it could not hand the connection over
	head := &ctx.Response.Header
	ctx.HijackSetNoResponse(true)
	ctx.Hijack(func(c net.Conn) {
		if !lost.Stop() {
			return
		}
		defer leave()
		w := bufio.NewWriter(c)
		if _, err := w.Write(head.Header()); err == nil { // by now with what the gateway has added
			s.run(w, begin)
		}
	})
}

// watch begins to watch a room. The channel has the newest event only: a slow reader misses what is old, and holds nobody up.
func (s *streams) watch(room string) (chan []byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count >= s.limit {
		return nil, errTooManyStreams
	}
	s.count++
	s.open.Add(1)
	f := s.feeds[room]
	if f == nil {
		ctx, cancel := context.WithCancel(context.Background())
		f = &feed{watchers: make(map[chan []byte]struct{}), stop: cancel}
		s.feeds[room] = f
		go s.run(ctx, room, f)
	}
	events := make(chan []byte, 1)
	f.watchers[events] = struct{}{}
	return events, nil
}

func (s *streams) leave(room string, events chan []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count--
	s.open.Add(-1)
	f := s.feeds[room]
	delete(f.watchers, events)
	if len(f.watchers) == 0 {
		f.stop()
		delete(s.feeds, room)
	}
}

// run tells the feed's watchers about the room until it is stopped. While the line is down there is nothing to tell.
func (s *streams) run(ctx context.Context, room string, f *feed) {
	type changes struct {
		epoch int64
		phase waitroom.Phase
		ended string
	}
	var told changes
	var toldAt time.Time
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if doc, err := s.head(room); err == nil {
			now := changes{doc.Epoch, doc.Phase, doc.Ended}
			if now != told || time.Since(toldAt) >= tellEvery {
				if text, err := event(doc); err == nil {
					s.tell(f, text)
					told, toldAt = now, time.Now()
				}
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *streams) tell(f *feed, text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for events := range f.watchers {
		select {
		case <-events:
		default:
		}
		events <- text // there is room: only this goroutine sends, under the lock
	}
}

// event is a document as an event. JSON without line breaks fits one data line.
func event(doc servingDoc) ([]byte, error) {
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("encode serving: %w", err)
	}
	return fmt.Appendf(nil, "event: serving\ndata: %s\n\n", data), nil
}

// stream is one watcher's connection. It ends with the server, and when the client is gone or does not read.
type stream struct {
	conn     net.Conn
	events   <-chan []byte
	shutdown <-chan struct{}
}

func (s *stream) run(w *bufio.Writer, begin []byte) {
	beat := time.NewTimer(beatEvery)
	defer beat.Stop()
	err := s.write(w, begin)
	for err == nil {
		select {
		case <-s.shutdown:
			return
		case text := <-s.events:
			err = s.write(w, text)
		case <-beat.C:
			err = s.write(w, []byte(": still here\n\n"))
		}
		beat.Reset(beatEvery)
	}
}

func (s *stream) write(w *bufio.Writer, text []byte) error {
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	return w.Flush()
}
