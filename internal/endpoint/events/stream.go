package events

import (
	"time"

	"github.com/valyala/fasthttp"
)

// beatEvery is how long a client hears nothing at most: then it gets a comment, by which both sides and those between see that the other is there.
const beatEvery = 15 * time.Second

var beat = []byte(": still here\n\n")

// Stream tells one client what comes. It ends when the server stops, at its time, and when the client is gone or does not read.
type Stream[T any] struct {
	First T              // told at once
	News  <-chan T       // told as it comes, see Feeds.Watch
	Event func(T) []byte // makes the event; nothing where there is nothing to tell this client. Called by one goroutine
	Until time.Time      // when the stream ends at the latest; zero: never
	Leave func()         // called once, when the stream is over or could not begin
}

// Answer makes ctx answer with the stream. Event must not touch ctx.
func (s Stream[T]) Answer(ctx *fasthttp.RequestCtx) {
	stopping := ctx.Done()
	Answer(ctx, func(send Send) { s.run(stopping, send) }, s.Leave)
}

func (s Stream[T]) run(stopping <-chan struct{}, send Send) {
	silent := time.NewTimer(beatEvery)
	defer silent.Stop()
	var over <-chan time.Time
	if !s.Until.IsZero() {
		timer := time.NewTimer(time.Until(s.Until))
		defer timer.Stop()
		over = timer.C
	}
	for text := s.Event(s.First); ; {
		if text != nil {
			if send(text) != nil {
				return
			}
			silent.Reset(beatEvery)
		}
		select {
		case <-stopping:
			return
		case <-over:
			return
		case now := <-s.News:
			text = s.Event(now)
		case <-silent.C:
			text = beat
		}
	}
}
