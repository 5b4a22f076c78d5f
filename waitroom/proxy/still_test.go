package proxy

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

func TestALastingAnswerEndsWithItsSession(t *testing.T) {
	t.Parallel()
	now := time.Now()
	pass := &auth.Pass{Room: "arena", Epoch: 3, Number: 9, AdmittedAt: now.Add(-time.Minute), ExpiresAt: now.Add(-time.Second), EndsAt: now.Add(time.Minute)}
	over := &auth.Pass{Room: "arena", Epoch: 3, Number: 9, AdmittedAt: now.Add(-time.Minute), ExpiresAt: now.Add(-time.Second), EndsAt: now}
	detour := &auth.Pass{Room: "arena", Epoch: 3, AdmittedAt: now, ExpiresAt: now.Add(time.Minute)}
	stale := func(v *waitroom.View) { v.Received, v.AsOf = now.Add(-time.Minute), now.Add(-time.Minute) }
	for name, c := range map[string]struct {
		pass    *auth.Pass
		route   waitroom.Outage
		change  func(*waitroom.View)
		revoked bool
		want    bool
	}{
		"goes on, though the pass ran out": {pass, "", func(*waitroom.View) {}, false, true},
		"evicted":                          {pass, "", func(*waitroom.View) {}, true, false},
		"the line began anew":              {pass, "", func(v *waitroom.View) { v.Epoch++ }, false, false},
		"the session's own end":            {over, "", func(*waitroom.View) {}, false, false},
		"and no longer limit puts it off":  {over, "", func(v *waitroom.View) { v.Policy.SessionLimitSeconds = 86_400 }, false, false},
		"nor does a shorter one bring it":  {pass, "", func(v *waitroom.View) { v.Policy.SessionLimitSeconds = 59 }, false, true},
		"the line is down":                 {pass, "", stale, false, true},
		"and the room closed then":         {pass, "", func(v *waitroom.View) { stale(v); v.Policy.OnOutage = waitroom.OutageClosed }, false, false},
		"or the route":                     {pass, waitroom.OutageClosed, stale, false, false},
		"by no place, in an outage":        {detour, waitroom.OutageOpen, stale, false, true},
		"by no place, the line is back":    {detour, waitroom.OutageOpen, func(*waitroom.View) {}, false, false},
	} {
		view := &waitroom.View{Received: now, Snapshot: waitroom.Snapshot{Room: "arena", Epoch: 3, AsOf: now, Policy: waitroom.DefaultPolicy()}}
		c.change(view)
		room := &stillRoom{view: view, revoked: c.revoked}
		assert.Equal(t, c.want, stillIn(room, c.pass, c.route, now), name)
		assert.Equal(t, c.want && c.pass == pass, room.touches == 1, name)
	}
}

func TestOnlyLastingAnswersAreWatched(t *testing.T) {
	t.Parallel()
	g, room, pass := newGate(t)
	in := &entry{room: room, pass: pass}
	ctx := requestFor("/x")
	assert.Nil(t, g.still(ctx, in))
	ctx.Request.Header.Set("Accept", "text/event-stream")
	require.NotNil(t, g.still(ctx, in))
	assert.Nil(t, g.still(ctx, &entry{}), "there is no room")
	ctx = requestFor("/x")
	ctx.Request.Header.Set("Upgrade", "websocket")
	require.NotNil(t, g.still(ctx, in))
	assert.False(t, g.still(ctx, &entry{room: room, pass: "x"})())
}
