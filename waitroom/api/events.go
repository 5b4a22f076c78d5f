package api

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint/events"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// DefaultStreams is how many event streams a gateway serves at once where nothing else is said.
const DefaultStreams = 1000

const (
	lookEvery = 100 * time.Millisecond // at the view, for a change that all are told at once
	tellEvery = time.Second            // where nothing of that kind changes
)

var errTooManyStreams = fault.New(fault.Unavailable, "too-many-streams", "Too many are watching; ask for serving instead.").After(10 * time.Second)

// streams sends the head of the lines as Server-Sent Events, each made once for all who watch the room. Safe for concurrent use.
type streams struct {
	head  func(room string) (servingDoc, error)
	feeds *events.Feeds[string, []byte]
}

func newStreams(head func(room string) (servingDoc, error), limit int) *streams {
	if limit <= 0 {
		limit = DefaultStreams
	}
	s := &streams{head: head}
	s.feeds = events.NewFeeds(limit, errTooManyStreams, s.look)
	return s
}

// serve answers with a stream. It fails with "too-many-streams", and as serving does.
func (s *streams) serve(ctx *fasthttp.RequestCtx, room string) error {
	doc, err := s.head(room)
	if err != nil {
		return err
	}
	first, err := event(doc)
	if err != nil {
		return err
	}
	news, leave, err := s.feeds.Watch(room)
	if err != nil {
		return err
	}
	events.Stream[[]byte]{First: first, News: news, Event: func(made []byte) []byte { return made }, Leave: leave}.Answer(ctx)
	return nil
}

// look tells of the room until it is stopped. While the line is down there is nothing to tell.
func (s *streams) look(ctx context.Context, room string, tell func([]byte)) {
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
					tell(text)
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

func event(doc servingDoc) ([]byte, error) {
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("encode serving: %w", err)
	}
	return events.Text("serving", "", data), nil
}
