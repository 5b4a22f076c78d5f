package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	adminapi "anteroom/admin-api"
)

// What is done to a line reaches the gateway as it was asked for, and is on the record with how the line stood before and after.
func TestActsAreMadeAndRecorded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	line := func(epoch float64) map[string]any { return map[string]any{"epoch": epoch, "phase": "queue"} }
	for i, c := range []struct {
		who, method, path string
		body              any
		action, target    string
		asked             map[string]any
		heard             string
	}{
		{"owner", "POST", "/reset", map[string]any{"version": 1}, adminapi.ActionRoomReset, "", map[string]any{"version": float64(1)}, `POST /reset {"version":1}`},
		{"manager", "POST", "/end", map[string]any{"reason": "sold_out"}, adminapi.ActionRoomEnd, "", map[string]any{"reason": "sold_out"}, `POST /end {"reason":"sold_out"}`},
		{"manager", "DELETE", "/end", nil, adminapi.ActionRoomResume, "", nil, `DELETE /end `},
		{"owner", "POST", "/draw/beacon", map[string]any{"value": "0123"}, adminapi.ActionDrawBeacon, "", map[string]any{"value": "0123"}, `POST /draw/beacon {"value":"0123"}`},
		{"service", "DELETE", "/visitors/17?epoch=4", nil, adminapi.ActionEvict, "/visitor/17", map[string]any{"epoch": float64(4)}, `DELETE /visitors/17?epoch=4 `},
		{"service", "DELETE", "/visitors/17", nil, adminapi.ActionEvict, "/visitor/17", nil, `DELETE /visitors/17 `},
	} {
		a := o.as(c.who).do(c.method, arena+c.path, c.body)
		require.Equal(t, 200, a.status, a.body)
		e := o.audit(c.action)[0]
		require.Equal(t, "done", e.Outcome)
		require.Equal(t, c.who+"@demo.test", e.Actor)
		require.Equal(t, "room/arena"+c.target, e.Target)
		require.Equal(t, map[string]any{"line": line(float64(i + 1))}, e.Before)
		after := map[string]any{"line": line(float64(i + 2))}
		for name, value := range c.asked {
			after[name] = value
		}
		require.Equal(t, after, e.After)
		o.gateway.set(func() { require.Equal(t, c.heard, o.gateway.acts[i]) })
	}
}

// Every way an act can be refused or fail leaves an entry that says so.
func TestActsThatAreNotMadeAreRecorded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, c := range []struct {
		who, method, path string
		body              any
		refuses           string
		broken            bool
		status            int
		problem, outcome  string
		action            string
	}{
		{who: "service", method: "POST", path: "/reset", body: `{"version":1}`, status: 403, problem: "permission-denied", outcome: "refused", action: adminapi.ActionRoomReset},
		{who: "boxoffice", method: "DELETE", path: "/visitors/17", status: 403, problem: "permission-denied", outcome: "refused", action: adminapi.ActionEvict},
		{who: "owner", method: "POST", path: "/reset", body: `{}`, status: 422, problem: "version-missing", outcome: "refused", action: adminapi.ActionRoomReset},
		{who: "owner", method: "POST", path: "/reset", body: `{"version":1}`, refuses: "room-changed", status: 409, problem: "room-changed", outcome: "refused", action: adminapi.ActionRoomReset},
		{who: "owner", method: "POST", path: "/end", body: `{"why":"x"}`, status: 400, problem: "json-unknown-field", outcome: "refused", action: adminapi.ActionRoomEnd},
		{who: "owner", method: "POST", path: "/draw/beacon", body: `{"value":"1"}`, refuses: "draw-state", status: 409, problem: "draw-state", outcome: "refused", action: adminapi.ActionDrawBeacon},
		{who: "owner", method: "DELETE", path: "/visitors/x", status: 404, problem: "number-unknown", outcome: "refused", action: adminapi.ActionEvict},
		{who: "owner", method: "DELETE", path: "/visitors/17?epoch=0", status: 400, problem: "query-invalid", outcome: "refused", action: adminapi.ActionEvict},
		{who: "owner", method: "DELETE", path: "/end", broken: true, status: 503, problem: "gateway-unavailable", outcome: "failed", action: adminapi.ActionRoomResume},
	} {
		v := o.as(c.who)
		before := len(o.audit(c.action))
		o.gateway.set(func() { o.gateway.broken, o.gateway.refuses = c.broken, c.refuses })
		a := v.do(c.method, arena+c.path, c.body)
		require.Equal(t, c.status, a.status, "%s %s: %s", c.method, c.path, a.body)
		require.Equal(t, c.problem, a.problem())
		entries := o.audit(c.action)
		require.Len(t, entries, before+1, "%s %s", c.method, c.path)
		require.Equal(t, c.outcome, entries[0].Outcome)
		require.Contains(t, entries[0].Reason, c.problem)
		require.Nil(t, entries[0].Before)
	}
	require.Zero(t, o.gateway.changed())
}

// Every setting that the gateway knows may be changed from the back office.
func TestEverySettingPassesThrough(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	all := map[string]any{
		"mode": "queue", "method": "draw", "rate_per_minute": 61.0, "max_active": 62.0, "burst_seconds": 3.0, "session_idle_seconds": 64.0,
		"session_limit_seconds": 65.0, "ghost_seconds": 66.0, "return_grace_seconds": 67.0, "poll_min_ms": 168.0, "poll_max_ms": 169.0, "gate_status": 202.0,
		"on_outage": "closed", "end_when_sold_out": true, "prequeue_at": "2026-12-01T19:00:00", "open_at": "2026-12-01T20:00:00",
		"close_at": "2026-12-01T23:00:00", "time_zone": "Asia/Seoul", "beacon": "drand 1", "message": "m",
		"pass_life_seconds": 170.0, "pass_rate_per_second": 71.0, "pass_concurrency": 72.0,
		"brand":    map[string]any{"name": "Halle", "texts": map[string]any{"ko": map[string]any{"title": "안녕"}}, "learnt_later": 1.0},
		"guards":   map[string]any{"proof_of_work": "watch", "proof_bits": 18.0, "presale_until_open": true},
		"adaptive": map[string]any{"stage": "enforce", "target_p95_ms": 500.0},
	}
	require.Equal(t, 200, o.as("devops").do("PATCH", arena, all).status)
	o.gateway.set(func() {
		for name, value := range all {
			require.Equal(t, value, o.gateway.change[name], name)
		}
		require.Len(t, o.gateway.change, len(all)+1, "and the version")
	})

	// What was asked for and refused is in the audit as it was asked for.
	all["rate_per_minute"] = 0.0
	require.Equal(t, 422, o.as("devops").do("PATCH", arena, all).status)
	require.Equal(t, map[string]any{"policy": all}, o.audit(adminapi.ActionRoomChange)[0].After)
}
