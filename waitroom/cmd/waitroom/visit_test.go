package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

const seats = "/api/v1/shows/arena/seats"

func TestVisitorContract(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.Mode, p.Message = waitroom.ModeHold, "Doors at 7" })
	g := s.start()

	joined := g.do(http.MethodPost, "/waitroom/v1/arena/join", []byte("ignored"), "Idempotency-Key", rand.Text())
	require.Equal(t, http.StatusCreated, joined.status)
	first := joined.visit(t)
	assert.Equal(t, waitroom.Waiting, first.State)
	assert.EqualValues(t, 1, first.Number)
	assert.Nil(t, first.ETA, "nobody is being admitted")
	assert.Contains(t, string(joined.body), `"eta_seconds":null`)
	assert.Equal(t, "Doors at 7", first.Message)
	assert.Contains(t, joined.header.Get("Set-Cookie"), "wr_arena="+first.Ticket)
	assert.Contains(t, joined.header.Get("Set-Cookie"), "HttpOnly; SameSite=Lax")

	// With the ticket, by either way, the same place; without, the next.
	again := g.do(http.MethodPost, "/waitroom/v1/arena/join", nil, "Cookie", "wr_arena=junk; wr_arena="+first.Ticket)
	assert.Equal(t, first.Number, again.visit(t).Number)
	assert.Equal(t, first.Ticket, again.visit(t).Ticket)
	assert.Equal(t, first.Number, g.do(http.MethodPost, "/waitroom/v1/arena/join", nil, "Authorization", "Bearer "+first.Ticket).visit(t).Number)
	second := g.join("arena")
	assert.EqualValues(t, 2, second.Number)
	assert.EqualValues(t, 1, g.get("/waitroom/v1/arena/status", "Cookie", "wr_arena="+second.Ticket).visit(t).Ahead)

	receipt := g.get("/waitroom/v1/arena/receipt", "Authorization", "Bearer "+first.Ticket)
	assert.Equal(t, http.StatusOK, receipt.status)
	assert.Equal(t, 2, strings.Count(string(receipt.body), "."))

	require.Eventually(t, func() bool {
		return strings.Contains(string(g.get("/waitroom/v1/arena/serving").body), `"issued":2`)
	}, deadline, 20*time.Millisecond)
	serving := g.get("/waitroom/v1/arena/serving")
	assert.Equal(t, "public, max-age=1", serving.header.Get("Cache-Control"))
	assert.Contains(t, string(serving.body), `"state":"hold"`)

	for range 2 { // leaving is idempotent
		assert.Equal(t, http.StatusNoContent, g.do(http.MethodDelete, "/waitroom/v1/arena/ticket", nil, "Cookie", "wr_arena="+first.Ticket).status)
	}
	require.Eventually(t, func() bool { // who is ahead is counted anew about once a second
		return g.get("/waitroom/v1/arena/status", "Cookie", "wr_arena="+second.Ticket).visit(t).Ahead == 0
	}, deadline, 20*time.Millisecond)
}

func TestVisitorRefusals(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.Mode = waitroom.ModeHold })
	s.room("theatre", func(p *waitroom.Policy) { p.Mode = waitroom.ModeHold })
	s.room("shut", func(p *waitroom.Policy) { p.Mode = waitroom.ModeClosed })
	g := s.start()
	mine := g.join("arena")
	old, err := s.keys.SignTicket(auth.Ticket{Room: "arena", Epoch: mine.Epoch - 1, Number: 1})
	require.NoError(t, err)
	forged, err := s.staff.SignTicket(auth.Ticket{Room: "arena", Epoch: mine.Epoch, Number: 1})
	require.NoError(t, err)

	for _, c := range []struct {
		method, path, ticket string
		status               int
		problem              string
	}{
		{"GET", "/waitroom/v1/arena/status", "", 401, "ticket-missing"},
		{"GET", "/waitroom/v1/arena/status", "a.b.c", 401, "ticket-invalid"},
		{"GET", "/waitroom/v1/arena/status", forged, 401, "ticket-invalid"},
		{"GET", "/waitroom/v1/theatre/status", mine.Ticket, 401, "ticket-other-room"},
		{"GET", "/waitroom/v1/arena/status", old, 410, "ticket-superseded"},
		{"GET", "/waitroom/v1/nowhere/status", mine.Ticket, 404, "room-unknown"},
		{"POST", "/waitroom/v1/nowhere/join", "", 404, "room-unknown"},
		{"POST", "/waitroom/v1/NOT_A_ROOM/join", "", 404, "room-unknown"},
		{"POST", "/waitroom/v1/shut/join", "", 409, "room-closed"},
		{"GET", "/waitroom/v1/arena/receipt", "", 401, "ticket-missing"},
		{"DELETE", "/waitroom/v1/arena/ticket", "", 401, "ticket-missing"},
		{"DELETE", "/waitroom/v1/arena/pass", "", 401, "pass-missing"},
		{"PUT", "/waitroom/v1/arena/join", "", 405, "method-not-allowed"},
		{"GET", "/waitroom/v1/arena/join", "", 405, "method-not-allowed"},
		{"GET", "/waitroom/v1/arena/other", "", 404, "path-unknown"},
		{"GET", "/waitroom/v2/arena/status", "", 404, "path-unknown"},
	} {
		headers := []string{}
		if c.ticket != "" {
			headers = []string{"Authorization", "Bearer " + c.ticket}
		}
		a := g.do(c.method, c.path, nil, headers...)
		assert.Equal(t, c.status, a.status, "%s %s: %s", c.method, c.path, a.body)
		assert.Equal(t, c.problem, a.problem(t), "%s %s", c.method, c.path)
	}
	// A ticket that no longer counts does not keep anybody from joining.
	assert.EqualValues(t, 2, g.do("POST", "/waitroom/v1/arena/join", nil, "Cookie", "wr_arena="+old).visit(t).Number)
	// A page of another site cannot take a place or give one up.
	assert.Equal(t, 403, g.do("POST", "/waitroom/v1/arena/join", nil, "Origin", "https://elsewhere.test").status)
	// Bodies are bounded, and whoever is still sending one learns it.
	large := g.do("POST", "/waitroom/v1/arena/join", make([]byte, 8<<20))
	require.Equal(t, 413, large.status, string(large.body))
	assert.Equal(t, "body-too-large", large.problem(t))
}

func TestStraightThroughAndRelease(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.Mode, p.MaxActive = waitroom.ModeOpen, 1 })
	g := s.start()

	var in, wait answer
	s.undisturbed(g, "arena", func() {
		in = g.do("POST", "/api/v1/shows/arena/holds", []byte(`{"seats":["A1"]}`), "Content-Type", "application/json")
		wait = g.get(seats, "Accept", "application/json")
	})
	require.Equal(t, 200, in.status, string(in.body))
	require.Equal(t, "upstream", string(in.body))
	cookies := strings.Join(in.header.Values("Set-Cookie"), "\n")
	assert.Contains(t, cookies, "wr_arena=")
	assert.Equal(t, "no-store", in.header.Get("Cache-Control"))
	_, pass, ok := strings.Cut(cookies, "wp_arena=")
	require.True(t, ok, cookies)
	pass, _, _ = strings.Cut(pass, ";")
	got := s.booking.all()
	require.Len(t, got, 1)
	assert.Equal(t, pass, got[0].header["Waitroom-Pass"])
	assert.Equal(t, `{"seats":["A1"]}`, got[0].body)

	// The room is full: the next one waits, and a request that would change something is not answered with success.
	assert.Equal(t, 200, wait.status)
	assert.Equal(t, "waiting", wait.header.Get("Waitroom-State"))
	assert.NotEmpty(t, wait.header.Get("Retry-After"))
	ticket := wait.visit(t).Ticket
	post := g.do("POST", "/api/v1/shows/arena/holds", nil, "Cookie", "wr_arena="+ticket)
	assert.Equal(t, 429, post.status)
	assert.Equal(t, "waiting", post.problem(t))
	page := g.get("/shows/arena/seats", "Accept", "text/html", "Cookie", "wr_arena="+ticket)
	assert.Contains(t, page.header.Get("Content-Type"), "text/html")
	assert.NotContains(t, string(page.body), "the client app")
	require.Len(t, s.booking.all(), 1, "nobody who waits reaches the upstream")

	// Given back, the pass opens nothing at once; the slot goes to the one who waits, in the request that asks.
	for range 2 {
		require.Equal(t, 204, g.do("DELETE", "/waitroom/v1/arena/pass", nil, "Waitroom-Pass", pass).status)
	}
	assert.NotEqual(t, "upstream", string(g.get(seats, "Waitroom-Pass", pass, "Cookie", "wr_arena="+ticket+"x", "Accept", "application/json").body))
	require.Eventually(t, func() bool {
		return strings.Contains(string(g.get("/shows/arena/seats", "Accept", "text/html", "Cookie", "wr_arena="+ticket).body), "the client app")
	}, deadline, 20*time.Millisecond)
}

func TestUpstreamCanReleaseTheSlot(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(*waitroom.Policy) {})
	g := s.start()
	visit := g.join("arena")
	require.Equal(t, waitroom.Admitted, visit.State)
	s.booking.answerWith(withHeaders("Waitroom-Command", "release", "Connection", "X-Private", "X-Private", "secret", "Keep-Alive", "timeout=5"))
	done := g.get(seats, "Waitroom-Pass", visit.Pass)
	require.Equal(t, 200, done.status)
	for _, name := range []string{"Waitroom-Command", "X-Private", "Keep-Alive"} {
		assert.Empty(t, done.header.Get(name), name)
	}
	place, err := s.queue.Look(context.Background(), "arena", visit.Epoch, visit.Number)
	require.NoError(t, err)
	assert.Equal(t, waitroom.Passed, place.State)
}

func TestGateStatusIsTheRoomsChoice(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.Mode, p.GateStatus = waitroom.ModeHold, 202 })
	g := s.start()
	assert.Equal(t, 202, g.get(seats, "Accept", "application/json").status)
	assert.Equal(t, 202, g.get("/shows/arena/seats", "Accept", "text/html").status)
}

func TestClosedRoomSaysSo(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.Mode = waitroom.ModeClosed })
	g := s.start()
	assert.Equal(t, "room-closed", g.get(seats).problem(t))
	page := g.get("/shows/arena/seats", "Accept", "text/html", "Accept-Language", "en")
	assert.Equal(t, 409, page.status)
	assert.Contains(t, string(page.body), "The waiting room is closed")
	assert.Empty(t, s.booking.all())
}
