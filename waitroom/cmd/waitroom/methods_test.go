package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// undisturbed asks until the gateway was not held up meanwhile, each time with the room's line started anew: what it waited for in vain may have been done
// all the same, and then somebody whom nobody knows has a place.
func (s *system) undisturbed(g *server, room string, ask func()) {
	s.t.Helper()
	for {
		before := g.held.Load()
		ask()
		if g.held.Load() == before {
			return
		}
		_, err := s.queue.Reset(s.t.Context(), room)
		require.NoError(s.t, err)
		s.booking.forget()
	}
}

func TestARoomThatRejectsPutsNobodyInLine(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.Method, p.MaxActive = waitroom.MethodReject, 1 })
	g := s.start()
	var in answer
	s.undisturbed(g, "arena", func() { in = g.get("/api/v1/shows/arena/seats") })
	require.Equal(t, "upstream", string(in.body))

	full := g.get("/api/v1/shows/arena/seats", "Accept", "application/json")
	assert.Equal(t, 503, full.status)
	assert.Equal(t, "room-full", full.problem(t))
	assert.Equal(t, "5", full.header.Get("Retry-After"))
	assert.Empty(t, full.header.Values("Set-Cookie"), "there is no place to keep")
	page := g.get("/shows/arena/seats", "Accept", "text/html", "Accept-Language", "en")
	assert.Equal(t, 503, page.status)
	assert.Equal(t, "5", page.header.Get("Retry-After"))
	assert.Contains(t, string(page.body), `<h1 id="title" tabindex="-1">Full just now`)
	require.Len(t, s.booking.all(), 1)
}

func TestARoomThatOnlyMeasuresLetsEverybodyThrough(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.Method, p.MaxActive, p.RatePerMinute = waitroom.MethodPassthrough, 1, 1 })
	g := s.start()
	for range 5 {
		assert.Equal(t, "upstream", string(g.get("/api/v1/shows/arena/seats").body))
	}
	for _, one := range s.booking.all() {
		assert.NotEmpty(t, one.header["Waitroom-Pass"], "the upstream wants one all the same")
	}
}

func TestWhatIsSoldOutIsSaidToEverybody(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.Mode = waitroom.ModeHold })
	g := s.start()
	waiting := g.join("arena")
	_, err := s.queue.End(t.Context(), "arena", waitroom.SoldOut)
	require.NoError(t, err)
	for lang, want := range map[string]string{"ko": "모두 매진되었어요", "en": "Everything is sold", "ja": "完売しました"} {
		require.Eventually(t, func() bool { // within a second, by the next tick
			page := g.get("/shows/arena/seats", "Accept", "text/html", "Accept-Language", lang, "Cookie", "wr_arena="+waiting.Ticket)
			return page.status == 200 && strings.Contains(string(page.body), `<h1 id="title" tabindex="-1">`+want)
		}, deadline, 20*time.Millisecond, lang)
		page := g.get("/shows/arena/seats", "Accept", "text/html", "Accept-Language", lang)
		assert.Equal(t, 410, page.status)
		assert.Contains(t, string(page.body), `<h1 id="title" tabindex="-1">`+want)
	}
	visit := g.get("/waitroom/v1/arena/status", "Cookie", "wr_arena="+waiting.Ticket).visit(t)
	assert.Equal(t, waitroom.Closed, visit.State)
	assert.Equal(t, waitroom.SoldOut, visit.Ended)
	assert.Equal(t, "room-sold-out", g.do("POST", "/waitroom/v1/arena/join", nil).problem(t))
	assert.Empty(t, s.booking.all())
}
