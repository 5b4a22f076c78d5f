package api

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

func (g *gateway) room(a answer) (doc roomDoc) {
	g.t.Helper()
	require.Equal(g.t, 200, a.status, string(a.body))
	a.into(g.t, &doc)
	return doc
}

func TestResetIsMadeOnce(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, plain)
	_, err := g.Join(t.Context(), "arena", waitroom.Entrant{})
	require.NoError(t, err)
	var before roomDoc
	require.Eventually(t, func() bool {
		before = g.room(g.control(auth.Developer, "GET", "", ""))
		return before.Live.Waiting == 1
	}, patience, pause)
	body := fmt.Sprintf(`{"version":%d}`, before.Version)
	after := g.room(g.control(auth.EventManager, "POST", "/reset", body))
	assert.Greater(t, after.Live.Epoch, before.Live.Epoch)
	assert.Zero(t, after.Live.Issued)
	assert.Zero(t, after.Live.Waiting)
	again := g.control(auth.EventManager, "POST", "/reset", body)
	require.Equal(t, 409, again.status)
	require.Equal(t, "room-changed", again.problem(t))
	assert.Equal(t, after.Live.Epoch, g.room(g.control(auth.Developer, "GET", "", "")).Live.Epoch)
}

func TestEndResumeAndEvict(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, plain)
	place, err := g.Join(t.Context(), "arena", waitroom.Entrant{})
	require.NoError(t, err)

	ended := g.room(g.control(auth.Owner, "POST", "/end", `{"reason":"sold_out"}`))
	assert.Equal(t, waitroom.SoldOut, ended.Live.Ended)
	assert.Equal(t, waitroom.PhaseClosed, ended.Live.Phase)
	resumed := g.room(g.control(auth.Owner, "DELETE", "/end", ""))
	assert.Empty(t, resumed.Live.Ended)
	assert.Equal(t, waitroom.PhaseHold, resumed.Live.Phase)

	g.room(g.control(auth.CustomerService, "DELETE", "/visitors/1", ""))
	look, err := g.Look(t.Context(), "arena", place.Epoch, 1)
	require.NoError(t, err)
	assert.Equal(t, waitroom.Expired, look.State)

	for _, c := range []struct {
		role               auth.Role
		method, path, body string
		status             int
		problem            string
	}{
		{auth.DevOps, "POST", "/reset", `{"version":1}`, 403, "permission-denied"},
		{auth.CustomerService, "POST", "/end", `{"reason":"over"}`, 403, "permission-denied"},
		{auth.BoxOffice, "DELETE", "/end", ``, 403, "permission-denied"},
		{auth.DevOps, "POST", "/draw/beacon", `{"value":"x"}`, 403, "permission-denied"},
		{auth.BoxOffice, "DELETE", "/visitors/1", ``, 403, "permission-denied"},
		{auth.Owner, "POST", "/reset", `{}`, 422, "version-missing"},
		{auth.Owner, "POST", "/reset", `{"version":"x"}`, 400, "json-type"},
		{auth.Owner, "POST", "/end", `{"reason":""}`, 422, "end-reason-invalid"},
		{auth.Owner, "POST", "/end", `{"reason":"bored"}`, 422, "end-reason-invalid"},
		{auth.Owner, "POST", "/end", `{"why":"over"}`, 400, "json-unknown-field"},
		{auth.Owner, "POST", "/draw/beacon", `{"value":"1"}`, 409, "draw-state"},
		{auth.Owner, "POST", "/draw/beacon", `{"value":" 1"}`, 422, "beacon-invalid"},
		{auth.Owner, "POST", "/draw/beacon", `{}`, 422, "beacon-invalid"},
		{auth.Owner, "DELETE", "/visitors/2", ``, 404, "number-unknown"},
		{auth.Owner, "DELETE", "/visitors/0", ``, 404, "number-unknown"},
		{auth.Owner, "DELETE", "/visitors/one", ``, 404, "number-unknown"},
		{auth.Owner, "DELETE", "/visitors/1?epoch=1", ``, 410, "ticket-superseded"},
		{auth.Owner, "DELETE", "/visitors/1?epoch=x", ``, 400, "query-invalid"},
	} {
		a := g.control(c.role, c.method, c.path, c.body)
		assert.Equal(t, c.status, a.status, "%s %s %s: %s", c.method, c.path, c.body, a.body)
		assert.Equal(t, c.problem, a.problem(t), "%s %s %s", c.method, c.path, c.body)
	}
}

// Every setting goes in and comes out, by PUT and by PATCH.
func TestEverySettingPassesThrough(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, plain)
	body := `{"mode":"queue","method":"draw","rate_per_minute":61,"max_active":62,"burst_seconds":3,"session_idle_seconds":64,"session_limit_seconds":65,
		"ghost_seconds":66,"return_grace_seconds":67,"poll_min_ms":168,"poll_max_ms":169,"gate_status":202,"on_outage":"closed","end_when_sold_out":true,
		"prequeue_at":"2026-12-01T19:00:00","open_at":"2026-12-01T20:00:00","close_at":"2026-12-01T23:00:00","time_zone":"Asia/Seoul",
		"beacon":"drand 1","message":"m","pass_life_seconds":70,"pass_rate_per_second":71,"pass_concurrency":72}`
	want := waitroom.Policy{
		Mode: "queue", Method: "draw", RatePerMinute: 61, MaxActive: 62, BurstSeconds: 3, SessionIdleSeconds: 64, SessionLimitSeconds: 65,
		GhostSeconds: 66, ReturnGraceSeconds: 67, PollMinMS: 168, PollMaxMS: 169, GateStatus: 202, OnOutage: "closed", EndWhenSoldOut: true,
		PrequeueAt: "2026-12-01T19:00:00", OpenAt: "2026-12-01T20:00:00", CloseAt: "2026-12-01T23:00:00", TimeZone: "Asia/Seoul", Beacon: "drand 1", Message: "m",
		PassLifeSeconds: 70, PassRatePerSecond: 71, PassConcurrency: 72,
	}
	assert.Equal(t, want, g.room(g.control(auth.Owner, "PUT", "", body)).Policy)
	first := g.room(g.control(auth.Owner, "PUT", "", `{}`))
	assert.Equal(t, waitroom.DefaultPolicy(), first.Policy)
	assert.Equal(t, want, g.room(g.control(auth.DevOps, "PATCH", "", body)).Policy)
	versioned := fmt.Sprintf(`{"version":%d,"message":"only"}`, first.Version+1)
	want = waitroom.DefaultPolicy()
	want.Message = "only"
	assert.Equal(t, want, g.room(g.control(auth.Owner, "PUT", "", versioned)).Policy, "what is left out takes its default")

	for range 3 {
		_, err := g.Join(t.Context(), "arena", waitroom.Entrant{})
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool {
		s, _, err := g.Tick(t.Context(), "arena", time.Now())
		require.NoError(t, err)
		return s.Active > 1
	}, patience, pause)
	a := g.control(auth.Owner, "PATCH", "", `{"max_active":1}`)
	require.Equal(t, 422, a.status)
	assert.Contains(t, string(a.body), `"name":"max_active"`)
}
