package stock

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
)

// booking answers as booking/openapi.yaml says of a show, or as the test wants.
type booking struct {
	*httptest.Server
	answer atomic.Value // func(w, slug)
	asked  atomic.Int64
}

type answer = func(w http.ResponseWriter, slug string)

func newBooking(t *testing.T) *booking {
	b := &booking{}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer b.asked.Add(1)
		slug, _ := strings.CutPrefix(r.URL.Path, "/api/v1/shows/")
		b.answer.Load().(answer)(w, slug)
	}))
	t.Cleanup(b.Close)
	b.answer.Store(show(false))
	return b
}

func show(soldOut bool) answer {
	return func(w http.ResponseWriter, slug string) {
		_, _ = fmt.Fprintf(w, `{"slug":%q,"seats_total":60,"seats_available":0,"sold_out":%t,"room":%q}`, slug, soldOut, slug)
	}
}

func text(status int, body string) answer {
	return func(w http.ResponseWriter, _ string) {
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}

// line is a model with rooms, and the views of it.
type line struct {
	*queuetest.Model
	t *testing.T
}

func newLine(t *testing.T, rooms map[string]bool) *line {
	l := &line{queuetest.NewModel(time.Now), t}
	for name, ends := range rooms {
		p := waitroom.DefaultPolicy()
		p.EndWhenSoldOut = ends
		_, err := l.Create(t.Context(), name, p)
		require.NoError(t, err)
	}
	return l
}

// Each implements Views.
func (l *line) Each(f func(*waitroom.View)) {
	names, err := l.Rooms(context.Background())
	require.NoError(l.t, err)
	for _, name := range names {
		s, _, err := l.Tick(context.Background(), name, time.Now())
		require.NoError(l.t, err)
		f(&waitroom.View{Snapshot: s, Received: time.Now().Add(time.Hour)}) // never stale, however slow the machine is
	}
}

// newWatch waits for an answer for as long as a busy machine may take: one that did not come in time is an outage.
func newWatch(l *line, bookingURL string, log slog.Handler) *Watch {
	w := New(l, l, bookingURL, slog.New(log))
	w.client.Timeout = patience
	return w
}

const patience = 2 * time.Minute

func (l *line) ended(room string) string {
	s, _, err := l.Tick(context.Background(), room, time.Now())
	require.NoError(l.t, err)
	return s.Ended
}

func TestOnlySoldOutForGoodEndsALine(t *testing.T) {
	t.Parallel()
	b := newBooking(t)
	l := newLine(t, map[string]bool{"arena": true, "theatre": false})
	w := newWatch(l, b.URL+"/", slog.DiscardHandler)

	require.NoError(t, w.round(t.Context()))
	require.EqualValues(t, 1, b.asked.Load(), "only about the room that wants it")
	require.Empty(t, l.ended("arena"), "all are held, none is sold")

	for name, a := range map[string]answer{
		"failing":         text(503, `{"sold_out":true,"slug":"arena"}`),
		"another show":    text(200, `{"sold_out":true,"slug":"opera"}`),
		"an older answer": text(200, `{"slug":"arena","seats_available":0}`),
		"no JSON":         text(200, `<html>`),
		"elsewhere":       func(w http.ResponseWriter, _ string) { w.Header().Set("Location", "/x"); w.WriteHeader(302) },
	} {
		b.answer.Store(a)
		require.Error(t, w.round(t.Context()), name)
		require.Empty(t, l.ended("arena"), name)
	}
	b.answer.Store(text(404, `{}`))
	require.NoError(t, w.round(t.Context()), "a show that there is not is no failure")
	require.Empty(t, l.ended("arena"))

	b.answer.Store(show(true))
	require.NoError(t, w.round(t.Context()))
	require.Equal(t, waitroom.SoldOut, l.ended("arena"))
	require.Empty(t, l.ended("theatre"))
	before := b.asked.Load()
	require.NoError(t, w.round(t.Context()))
	require.Equal(t, before, b.asked.Load(), "nothing more to ask")
}

// log collects what is logged.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) count(words string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), words)
}

func TestAnOutageIsLoggedOnceAndEndsNothing(t *testing.T) {
	t.Parallel()
	b := newBooking(t)
	l := newLine(t, map[string]bool{"arena": true})
	var logged log
	w := newWatch(l, b.URL, slog.NewTextHandler(&logged, nil))
	w.every = 20 * time.Millisecond
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = w.Run(ctx) })
	defer running.Wait()
	defer stop()

	asked := func(more int64) {
		until := b.asked.Load() + more
		require.True(t, testenv.Eventually(func() bool { return b.asked.Load() >= until }))
	}
	b.answer.Store(text(503, ""))
	asked(3)
	require.Equal(t, 1, logged.count("cannot be told"))
	require.Empty(t, l.ended("arena"))
	b.answer.Store(text(404, ""))
	asked(3)
	require.Equal(t, 1, logged.count("no show of the room's name"))
	require.Equal(t, 1, logged.count("tells again"))
	b.answer.Store(show(true))
	require.True(t, testenv.Eventually(func() bool { return l.ended("arena") == waitroom.SoldOut }))
}
