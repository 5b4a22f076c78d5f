package proxy

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

type unseen struct{}

func (unseen) Refused(string, string)                 {}
func (unseen) Bypassed(string)                        {}
func (unseen) Waiting()                               {}
func (unseen) Admitted(bool)                          {}
func (unseen) Forwarded(string, time.Duration, error) {}

func (unseen) Estimated(string, waitroom.Outcome, time.Duration) {}
func (unseen) Served(waitroom.Place)                             {}

// noLine fails as a line does that cannot be reached.
type noLine struct{ waitroom.Queue }

func (noLine) Join(context.Context, string, waitroom.Entrant) (waitroom.Place, error) {
	return waitroom.Place{}, waitroom.ErrLineUnavailable
}

// cutOff is a gate whose line has been down for a while, in a room with this behaviour; the pass is a good one.
func cutOff(t *testing.T, outage waitroom.Outage, change func(*waitroom.View)) (*Gate, *stillRoom, string) {
	t.Helper()
	keys := authtest.Keys(t)
	now := time.Now()
	policy := waitroom.DefaultPolicy()
	policy.OnOutage, policy.RatePerMinute = outage, 120
	view := &waitroom.View{Received: now.Add(-time.Minute), Crowd: waitroom.NewCrowd(0, nil), Snapshot: waitroom.Snapshot{
		Room: "arena", Epoch: 3, Phase: waitroom.PhaseOpen, Policy: policy, AsOf: now.Add(-time.Minute),
	}}
	change(view)
	room := &stillRoom{view: view}
	passes := auth.NewPassVerifier(keys)
	desk := waitroom.NewDesk(noLine{}, room, keys, passes, unseen{})
	pass, err := keys.SignPass(auth.Pass{Room: "arena", Epoch: 3, Number: 9, AdmittedAt: now, ExpiresAt: now.Add(time.Hour)})
	require.NoError(t, err)
	return &Gate{Rooms: room, Keeper: desk, Passes: passes, Seen: unseen{}}, room, pass
}

// answers makes a view that of a line which answers, and still does when the test is slow.
func answers(v *waitroom.View) {
	soon := time.Now().Add(time.Hour)
	v.Received, v.AsOf = soon, soon
}

func enter(g *Gate, pass string) (*entry, string) {
	ctx := requestFor("/api/v1/shows/arena/seats")
	if pass != "" {
		ctx.Request.Header.Set(HeaderPass, pass)
	}
	in, through, err := g.enter(ctx, []byte("arena"))
	switch {
	case err != nil:
		return nil, fault.From(err).Type
	case !through:
		return nil, ""
	}
	return &in, ""
}

func TestDeclaredOutages(t *testing.T) {
	t.Parallel()
	asIs := func(*waitroom.View) {}
	for outage, want := range map[waitroom.Outage]struct{ withPass, without bool }{
		waitroom.OutageHold: {true, false}, waitroom.OutageOpen: {true, true}, waitroom.OutageClosed: {false, false},
	} {
		g, _, pass := cutOff(t, outage, asIs)
		in, why := enter(g, pass)
		assert.Equal(t, want.withPass, in != nil, outage)
		if !want.withPass {
			assert.Equal(t, "line-unavailable", why)
		}
		in, why = enter(g, "")
		assert.Equal(t, want.without, in != nil, outage)
		if !want.without {
			assert.Equal(t, "line-unavailable", why)
		}
		// As long as the line answers, it makes no difference.
		g, room, pass := cutOff(t, outage, answers)
		in, _ = enter(g, pass)
		assert.NotNil(t, in, outage)
		assert.Equal(t, 1, room.touches)
	}
}

func TestADetourIsForTheOutageOnly(t *testing.T) {
	t.Parallel()
	g, room, _ := cutOff(t, waitroom.OutageOpen, func(*waitroom.View) {})
	in, _ := enter(g, "")
	require.NotNil(t, in)
	require.NotNil(t, in.visit, "a pass of its own, so that the upstream takes it and the visitor goes on")
	assert.Zero(t, in.visit.Number)
	assert.Empty(t, in.visit.Ticket, "a ticket that the visitor holds is kept")
	_, err := g.Passes.Verify([]byte(in.pass), "arena", time.Now())
	require.NoError(t, err, "as the upstream judges it")

	again, _ := enter(g, in.pass)
	require.NotNil(t, again)
	assert.Nil(t, again.visit, "with the same pass")
	assert.Zero(t, room.touches, "no session is kept alive")

	// Given back, it takes nothing from the others who have the same number.
	require.NoError(t, g.Keeper.Release(t.Context(), "arena", [][]byte{[]byte(in.pass)}))
	assert.False(t, room.Revoked(3, 0))

	for name, change := range map[string]func(v *waitroom.View){
		"the line is back":    answers,
		"the room now holds":  func(v *waitroom.View) { v.Policy.OnOutage = waitroom.OutageHold },
		"the line began anew": func(v *waitroom.View) { v.Epoch++ },
	} {
		view := *room.view
		change(&view)
		other := &stillRoom{view: &view}
		ctx := &fasthttp.RequestCtx{}
		ctx.Request.Header.Set(HeaderPass, in.pass)
		_, err := g.findPass(ctx, other)
		assert.Equal(t, fault.Forbidden, fault.From(err).Code, name)
	}
}

func TestWhatWasShutStaysShutInAnOutage(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(v *waitroom.View){
		"hold":              func(v *waitroom.View) { v.Phase = waitroom.PhaseHold },
		"closed":            func(v *waitroom.View) { v.Phase = waitroom.PhaseClosed },
		"not yet open":      func(v *waitroom.View) { v.Phase = waitroom.PhasePrequeue },
		"draining":          func(v *waitroom.View) { v.Phase = waitroom.PhaseDraining },
		"closing time came": func(v *waitroom.View) { v.Schedule.CloseAt = v.AsOf.Add(30 * time.Second) },
	} {
		g, _, _ := cutOff(t, waitroom.OutageOpen, change)
		_, why := enter(g, "")
		assert.Equal(t, "line-unavailable", why, name)
	}
}

func TestDetoursKeepToTheRate(t *testing.T) {
	t.Parallel()
	policy := waitroom.DefaultPolicy()
	policy.RatePerMinute, policy.BurstSeconds = 120, 2
	var b buckets
	start, now := time.Now(), int64(0)
	taken := func(room string, at time.Duration) (n int) {
		for b.take(&waitroom.View{Snapshot: waitroom.Snapshot{Room: room, Policy: policy, RateNow: now}}, start.Add(at)) {
			n++
		}
		return n
	}
	assert.Equal(t, 4, taken("arena", 0), "two seconds' worth")
	assert.Equal(t, 4, taken("theatre", 0), "each room for itself")
	sum := 0
	for ms := range 60_000 {
		sum += taken("arena", time.Duration(ms)*time.Millisecond)
	}
	assert.InDelta(t, 120, sum, 1)
	assert.Equal(t, 4, taken("arena", time.Hour), "no more is saved up")
	assert.Zero(t, taken("arena", time.Minute), "nor for a clock that steps back")
	now = 60
	assert.Equal(t, 2, taken("pressed", 0), "at the rate that pressure has left")
	now, policy.RatePerMinute, policy.BurstSeconds = 0, 1, 1
	assert.Equal(t, 1, taken("slow", 0))
	assert.Zero(t, taken("slow", 59*time.Second))
	assert.Equal(t, 1, taken("slow", time.Minute+time.Millisecond))
}
