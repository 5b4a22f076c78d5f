package main

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
	"anteroom/waitroom/draw"
	"anteroom/waitroom/ledger"
)

// A draw on the real line, performed by two gateways, and judged from what anybody can fetch of either.
func TestADrawIsHeldAndCanBeVerified(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	a, b := s.start(), s.start()
	at := func(d time.Duration) string { return time.Now().UTC().Add(d).Format(waitroom.ScheduleLayout) }
	made := a.control(auth.Owner, "PUT", "/arena", fmt.Sprintf(
		`{"mode":"queue","method":"draw","beacon":"drand quicknet round 1","open_at":%q,"rate_per_minute":6000,"poll_min_ms":100}`, at(time.Hour)))
	require.Equal(t, 200, made.status, string(made.body))
	document := func(g *server) (d draw.Document) {
		answer := g.get("/waitroom/v1/arena/draw")
		if answer.status != 200 {
			return d // the gateway has not heard of the room yet
		}
		d, err := draw.Parse(answer.body)
		require.NoError(t, err, string(answer.body))
		return d
	}
	var early draw.Document
	var tickets []waitroom.Visit
	for _, g := range []*server{a, b} { // each looks for new rooms by itself
		require.Eventually(t, func() bool { early = document(g); return early.State == draw.Committed }, deadline, 10*time.Millisecond)
	}
	for range 10 {
		tickets = append(tickets, a.join("arena"), b.join("arena"))
	}
	require.Equal(t, waitroom.Prequeue, tickets[0].State)
	require.NotNil(t, tickets[0].OpensAt)

	require.Equal(t, draw.Committed, document(a).State, "not before the opening")
	opened := b.control(auth.Owner, "PATCH", "/arena", fmt.Sprintf(`{"open_at":%q}`, at(-time.Minute)))
	require.Equal(t, 200, opened.status, string(opened.body))

	var sealed, done draw.Document
	require.Eventually(t, func() bool { sealed = document(a); return sealed.State == draw.Sealed }, deadline, 10*time.Millisecond)
	require.NoError(t, draw.Follows(early, sealed))
	given := b.control(auth.EventManager, "POST", "/arena/draw/beacon", `{"value":"0123abcd"}`)
	require.Equal(t, 200, given.status, string(given.body))
	require.Equal(t, 409, a.control(auth.EventManager, "POST", "/arena/draw/beacon", `{"value":"other"}`).status, "once")
	require.Eventually(t, func() bool { done = document(b); return done.State == draw.Drawn }, deadline, 10*time.Millisecond)
	require.NoError(t, draw.Follows(sealed, done))
	require.Equal(t, "0123abcd", done.BeaconValue)
	report, err := draw.Verify(done)
	require.NoError(t, err)
	require.EqualValues(t, len(tickets), report.N)
	for _, visit := range tickets {
		require.Eventually(t, func() bool {
			return b.get("/waitroom/v1/arena/status", "Cookie", "wr_arena="+visit.Ticket).visit(t).State == waitroom.Admitted
		}, deadline, 20*time.Millisecond, "number %d", visit.Number)
	}

	// The ledger has every step, and holds by the published keys alone.
	keys, err := auth.ParseJWKS(a.get("/.well-known/jwks.json").body)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		var page ledger.Document
		require.NoError(t, json.Unmarshal(a.get("/waitroom/v1/arena/ledger").body, &page))
		if len(page.Lines) == 0 {
			return false
		}
		_, err := ledger.Verify(t.Context(), keys, page.Lines)
		require.NoError(t, err)
		last, err := ledger.Decode(t.Context(), keys, page.Lines[len(page.Lines)-1])
		require.NoError(t, err)
		return last.DrawRoot == done.EntrantsRoot.String() && last.DrawCommitment == early.Commitment.String() && last.Mode == "queue"
	}, deadline, 50*time.Millisecond)
}

// A reset over HTTP makes every ticket worthless, once.
func TestAResetOnTheRealLine(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.Mode = waitroom.ModeHold })
	g := s.start()
	before := g.join("arena")
	require.Equal(t, 200, g.control(auth.Owner, "POST", "/arena/reset", `{"version":1}`).status)
	require.Equal(t, "room-changed", g.control(auth.Owner, "POST", "/arena/reset", `{"version":1}`).problem(t))
	require.Eventually(t, func() bool {
		return g.get("/waitroom/v1/arena/status", "Cookie", "wr_arena="+before.Ticket).status == 410
	}, deadline, 10*time.Millisecond)
	require.EqualValues(t, 1, g.join("arena").Number)
}
