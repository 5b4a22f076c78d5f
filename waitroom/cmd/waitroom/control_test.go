package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

// token is a staff token for the control API.
func (g *server) token(role auth.Role) string {
	g.t.Helper()
	token, err := g.staffKeys.SignStaff(auth.Staff{Email: "x@demo.test", Role: role}, "waitroom", time.Minute)
	require.NoError(g.t, err)
	return "Bearer " + token
}

func (g *server) control(role auth.Role, method, path, body string) answer {
	g.t.Helper()
	return g.do(method, g.opsURL+"/control/v1/rooms"+path, []byte(body), "Authorization", g.token(role), "Content-Type", "application/json")
}

func TestControl(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	g := s.start()

	made := g.control(auth.Owner, "PUT", "/arena", `{"mode":"queue","rate_per_minute":60}`)
	require.Equal(t, 200, made.status, string(made.body))
	var room struct {
		Room    string
		Version int64
		Policy  waitroom.Policy
		Live    map[string]any
	}
	require.NoError(t, json.Unmarshal(made.body, &room))
	assert.Equal(t, "arena", room.Room)
	assert.EqualValues(t, 60, room.Policy.RatePerMinute)
	assert.EqualValues(t, 500, room.Policy.MaxActive, "what is left out takes its default")
	assert.Contains(t, room.Live, "admitted_last_minute")

	changed := g.control(auth.EventManager, "PATCH", "/arena", `{"version":1,"message":"hello"}`)
	require.Equal(t, 200, changed.status, string(changed.body))
	require.NoError(t, json.Unmarshal(changed.body, &room))
	assert.EqualValues(t, 2, room.Version)
	assert.EqualValues(t, 60, room.Policy.RatePerMinute)
	assert.Equal(t, 200, g.control(auth.Auditor, "GET", "/arena", "").status)
	assert.Contains(t, string(g.control(auth.Auditor, "GET", "", "").body), `"rooms":[{"room":"arena"`)

	for _, c := range []struct {
		role               auth.Role
		method, path, body string
		status             int
		problem            string
	}{
		{auth.Finance, "GET", "", "", 403, "permission-denied"},
		{auth.Auditor, "PATCH", "/arena", `{"rate_per_minute":1}`, 403, "permission-denied"},
		{auth.CustomerService, "PUT", "/arena", `{}`, 403, "permission-denied"},
		{auth.Owner, "PATCH", "/arena", `{"version":1,"rate_per_minute":1}`, 409, "room-changed"},
		{auth.Owner, "PUT", "/arena", `{"version":1}`, 409, "room-changed"},
		{auth.Owner, "PATCH", "/nowhere", `{"rate_per_minute":1}`, 404, "room-unknown"},
		{auth.Owner, "GET", "/nowhere", "", 404, "room-unknown"},
		{auth.Owner, "PATCH", "/arena", `{"rate_per_minute":0}`, 422, "policy-invalid"},
		{auth.Owner, "PUT", "/arena", `{"ghost_seconds":5}`, 422, "policy-invalid"},
		{auth.Owner, "PATCH", "/arena", `{"rate_per_minute":"many"}`, 400, "json-type"},
		{auth.Owner, "PATCH", "/arena", `{"rate":1}`, 400, "json-unknown-field"},
		{auth.Owner, "PATCH", "/arena", `{`, 400, "json-malformed"},
		{auth.Owner, "DELETE", "/arena", "", 405, "method-not-allowed"},
	} {
		a := g.control(c.role, c.method, c.path, c.body)
		assert.Equal(t, c.status, a.status, "%s %s %s: %s", c.method, c.path, c.body, a.body)
		assert.Equal(t, c.problem, a.problem(t), "%s %s %s", c.method, c.path, c.body)
	}
	assert.Equal(t, "staff-token-missing", g.get(g.opsURL+"/control/v1/rooms").problem(t))
	own, err := s.keys.SignStaff(auth.Staff{Email: "x@demo.test", Role: auth.Owner}, "waitroom", time.Minute)
	require.NoError(t, err)
	assert.Equal(t, "staff-token-invalid", g.get(g.opsURL+"/control/v1/rooms", "Authorization", "Bearer "+own).problem(t))
	elsewhere, err := s.staff.SignStaff(auth.Staff{Email: "x@demo.test", Role: auth.Owner}, "booking", time.Minute)
	require.NoError(t, err)
	assert.Equal(t, "staff-token-invalid", g.get(g.opsURL+"/control/v1/rooms", "Authorization", "Bearer "+elsewhere).problem(t))
	assert.Equal(t, 404, g.get("/control/v1/rooms/arena/x", "Accept", "application/json").status, "the public port knows no control API")
}

func TestTwoGateways(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(*waitroom.Policy) {})
	a, b := s.start(), s.start()

	// A room made on one is known to the other.
	require.Equal(t, 200, a.control(auth.Owner, "PUT", "/later", `{"mode":"hold"}`).status)
	for _, g := range []*server{a, b} { // each looks for new rooms by itself, the one that made it too
		require.Eventually(t, func() bool { return g.do("POST", "/waitroom/v1/later/join", nil).status == 201 }, deadline, 10*time.Millisecond)
	}

	// Numbers come from one counter, and a ticket of one counts at the other.
	one, two := a.join("later"), b.join("later")
	assert.Equal(t, one.Number+1, two.Number)
	assert.Equal(t, one.Number, b.get("/waitroom/v1/later/status", "Cookie", "wr_later="+one.Ticket).visit(t).Number)

	// A pass given back at one opens nothing at the other.
	visit := a.join("arena")
	require.Equal(t, 200, b.get(seats, "Waitroom-Pass", visit.Pass).status)
	since := time.Now()
	require.Equal(t, 200, a.control(auth.Owner, "PATCH", "/arena", `{"mode":"hold","message":"paused"}`).status)
	require.Equal(t, 204, a.do("DELETE", "/waitroom/v1/arena/pass", nil, "Cookie", "wp_arena="+visit.Pass).status)
	require.NotEqual(t, "upstream", string(a.get(seats, "Waitroom-Pass", visit.Pass).body), "at once here")
	require.Eventually(t, func() bool { return string(b.get(seats, "Waitroom-Pass", visit.Pass).body) != "upstream" }, deadline, 5*time.Millisecond)
	t.Logf("revoked on the other gateway after %s", time.Since(since).Round(time.Millisecond))

	// A changed policy is in force on both.
	require.Eventually(t, func() bool {
		return a.join("arena").Message == "paused" && b.join("arena").Message == "paused"
	}, deadline, 5*time.Millisecond)
	t.Logf("policy in force on both after %s", time.Since(since).Round(time.Millisecond))
}
