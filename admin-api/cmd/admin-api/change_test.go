package main

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	adminapi "anteroom/admin-api"
	"anteroom/admin-api/postgres"
	"anteroom/internal/testenv"
)

const arena = "/admin/api/v1/rooms/arena"

func rate(perMinute int) map[string]any { return map[string]any{"rate_per_minute": perMinute} }

func TestChangeIsMadeAndRecorded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.as("manager").do("PATCH", arena, rate(120))
	require.Equal(t, 200, a.status, a.body)
	require.JSONEq(t, `{"room":"arena","version":2,"policy":{"mode":"queue","rate_per_minute":120},"live":{"epoch":1,"phase":"queue","waiting":3}}`, a.body)
	entries := o.audit(adminapi.ActionRoomChange)
	require.Len(t, entries, 1)
	policy := func(version, rate float64) map[string]any {
		return map[string]any{"version": version, "policy": map[string]any{"mode": "queue", "rate_per_minute": rate}}
	}
	require.Equal(t, entry{
		ID: entries[0].ID, Actor: "manager@demo.test", Role: "event-manager", Action: "room.change", Target: "room/arena", Outcome: "done",
		Before: policy(1, 60), After: policy(2, 120),
	}, entries[0])
	o.gateway.set(func() {
		require.Equal(t, "manager@demo.test", o.gateway.asked[0].Email, "the gateway hears who asks")
	})
}

// Every way a change can be refused or fail leaves an entry that says so, and no change.
func TestChangeThatIsNotMadeIsRecorded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	foreign := http.Header{"Origin": {"https://elsewhere.test"}}
	for _, c := range []struct {
		name, who, path string
		body            any
		header          http.Header
		broken          bool
		status          int
		problem         string
		outcome         string
	}{
		{name: "no permission", who: "service", body: rate(120), status: 403, problem: "permission-denied", outcome: "refused"},
		{name: "another origin", who: "owner", body: rate(120), header: foreign, status: 403, problem: "origin-mismatch", outcome: "refused"},
		{name: "malformed", who: "owner", body: `{`, status: 400, problem: "json-malformed", outcome: "refused"},
		{name: "not acceptable", who: "owner", body: rate(0), status: 422, problem: "policy-invalid", outcome: "refused"},
		{name: "empty", who: "owner", body: `{"version":1}`, status: 422, problem: "change-empty", outcome: "refused"},
		{name: "old version", who: "owner", body: `{"version":0,"rate_per_minute":5}`, status: 409, problem: "room-changed", outcome: "refused"},
		{name: "no such room", who: "owner", path: "/admin/api/v1/rooms/opera", body: rate(120), status: 404, problem: "room-unknown", outcome: "refused"},
		{name: "no possible room", who: "owner", path: "/admin/api/v1/rooms/%00%ff", body: rate(120), status: 404, problem: "room-unknown", outcome: "refused"},
		{name: "gateway away", who: "owner", body: rate(120), broken: true, status: 503, problem: "gateway-unavailable", outcome: "failed"},
	} {
		v := o.as(c.who)
		before := len(o.audit(adminapi.ActionRoomChange))
		o.gateway.set(func() { o.gateway.broken = c.broken })
		v.header = c.header
		path := arena
		if c.path != "" {
			path = c.path
		}
		a := v.do("PATCH", path, c.body)
		require.Equal(t, c.status, a.status, "%s: %s", c.name, a.body)
		require.Equal(t, c.problem, a.problem(), c.name)
		entries := o.audit(adminapi.ActionRoomChange)
		require.Len(t, entries, before+1, c.name)
		require.Equal(t, c.outcome, entries[0].Outcome, c.name)
		require.Contains(t, entries[0].Reason, c.problem, c.name)
		require.Equal(t, c.who+"@demo.test", entries[0].Actor, c.name)
		require.Nil(t, entries[0].Before, c.name)
	}
	require.Zero(t, o.gateway.changed())
	require.Equal(t, 401, o.visitor().do("PATCH", arena, rate(120)).status)
	require.Zero(t, o.gateway.changed())
}

func TestValidationIsPassedOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.as("owner").do("PATCH", arena, rate(0))
	require.Equal(t, 422, a.status)
	require.Equal(t, []any{map[string]any{"name": "x", "message": "is wrong"}}, a.doc["fields"])
	after := o.audit(adminapi.ActionRoomChange)[0].After
	require.Equal(t, map[string]any{"policy": map[string]any{"rate_per_minute": float64(0)}}, after, "what was asked for is kept")
}

// While the audit cannot be written, nothing is changed.
func TestNoChangeWithoutAudit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.as("owner")
	o.exec(`ALTER TABLE audit_intents RENAME TO away`)
	a := v.do("PATCH", arena, rate(120))
	require.Equal(t, 503, a.status, a.body)
	require.Equal(t, "database-unavailable", a.problem())
	require.Zero(t, o.gateway.changed())

	o.exec(`ALTER TABLE away RENAME TO audit_intents`) // the control
	require.Equal(t, 200, v.do("PATCH", arena, rate(120)).status)
	require.Equal(t, 1, o.gateway.changed())
}

// The audit goes away while the gateway is making the change: the answer says so, and the record is completed later.
func TestChangeWhoseEndWasNotRecorded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.as("owner")
	o.gateway.set(func() { o.gateway.onChange = func() { o.exec(`ALTER TABLE audit RENAME TO away`) } })
	a := v.do("PATCH", arena, rate(120))
	require.Equal(t, 500, a.status)
	require.Equal(t, "audit-incomplete", a.problem())
	require.Contains(t, a.doc["detail"], "is in force")
	require.Equal(t, 1, o.gateway.changed())
	o.exec(`ALTER TABLE away RENAME TO audit`)
	require.Empty(t, o.audit(adminapi.ActionRoomChange))

	o.exec(`UPDATE audit_intents SET at = at - interval '1 hour'`)
	store, err := postgres.Open(o.databaseURL, patience)
	require.NoError(t, err)
	defer store.Close()
	_, err = store.Recover(context.Background(), intentLost) // unless the service is just doing so itself
	require.NoError(t, err)
	require.True(t, testenv.Eventually(func() bool { return len(o.audit(adminapi.ActionRoomChange)) > 0 }))
	entries := o.audit(adminapi.ActionRoomChange)
	require.Len(t, entries, 1)
	e := entries[0]
	require.Equal(t, "failed", e.Outcome)
	require.Contains(t, e.Reason, "may be in force")
	require.Equal(t, map[string]any{"policy": map[string]any{"rate_per_minute": float64(120)}}, e.After)
}

// Changes at the same moment follow one another: each entry's before is exactly the entry before's after.
func TestChangesAtTheSameMoment(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.as("owner")
	const changes = 3 // fewer than the tries, so that each gets through
	// All of them read the room before any of them changes it.
	var read sync.WaitGroup
	read.Add(changes)
	var reads atomic.Int64
	o.gateway.set(func() {
		o.gateway.afterRead = func() {
			if reads.Add(1) <= changes {
				read.Done()
				read.Wait()
			}
		}
	})
	var group sync.WaitGroup
	for i := range changes {
		group.Go(func() {
			own := &visitor{office: o, cookie: v.cookie}
			if a := own.do("PATCH", arena, rate(100+i)); a.status != 200 {
				t.Error(a.body)
			}
		})
	}
	group.Wait()
	require.Equal(t, changes, o.gateway.changed())
	require.Greater(t, reads.Load(), int64(changes), "some had to look again")
	seen := map[float64]bool{}
	for _, e := range o.audit(adminapi.ActionRoomChange) {
		require.Equal(t, "done", e.Outcome)
		before, after := e.Before["version"].(float64), e.After["version"].(float64)
		require.Equal(t, before+1, after)
		require.False(t, seen[after])
		seen[after] = true
	}
	require.Len(t, seen, changes)
}
