package postgres

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
)

func entry(reason string) adminapi.Entry {
	return adminapi.Entry{
		Actor: owner.Email, Role: owner.Role, Action: adminapi.ActionRoomChange, Target: "room/arena", Outcome: adminapi.Done, Reason: reason,
		Before: json.RawMessage(`{"version": 1}`), After: json.RawMessage(`{"version": 2}`),
	}
}

func TestAuditKeepsWhatItIsGiven(t *testing.T) {
	store, conn := newStore(t)
	ctx := context.Background()
	given := entry("because")
	given.At = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC) // the writer's time is not taken
	require.NoError(t, store.Append(ctx, given))
	_, err := conn.Exec(ctx, `INSERT INTO audit (at, actor, role, action, target, outcome) VALUES ('1999-01-01', 'x', '', 'x', 'x', 'done')`)
	require.NoError(t, err)
	entries, err := store.List(ctx, 0, 10)
	require.NoError(t, err)
	require.Len(t, entries, 2)
	for _, e := range entries {
		require.NotEqual(t, 1999, e.At.Year())
	}
	got := entries[1]
	given.ID, given.At = got.ID, got.At
	require.Equal(t, given, got)
}

func TestAuditTakesAnyText(t *testing.T) {
	store, _ := newStore(t)
	ctx := context.Background()
	e := entry("zero \x00 and \xff")
	e.Actor, e.Target, e.After = "\x00", "room/\xff", json.RawMessage(`{"message": "\u0000"}`)
	require.NoError(t, store.Append(ctx, e))
	intent, err := store.Intend(ctx, e)
	require.NoError(t, err)
	require.NoError(t, store.Settle(ctx, intent, e))
}

func TestAuditIsAppendOnly(t *testing.T) {
	store, conn := newStore(t)
	ctx := context.Background()
	require.NoError(t, store.Append(ctx, entry("")))
	attacks := []string{
		`UPDATE audit SET actor = 'somebody else'`,
		`UPDATE audit SET actor = 'nobody' WHERE false`,
		`DELETE FROM audit`,
		`TRUNCATE audit`,
		`INSERT INTO audit (id, at, actor, role, action, target, outcome) VALUES (1, now(), '', '', 'x', '', 'done')`,
	}
	for _, attack := range attacks {
		_, err := conn.Exec(ctx, attack)
		require.Error(t, err, attack)
	}
	_, err := conn.Exec(ctx, `DELETE FROM audit`)
	require.Equal(t, "23001", pgCode(err))

	// The control: without the trigger the same statements go through, so it is the trigger that stops them.
	_, err = conn.Exec(ctx, `DROP TRIGGER audit_append_only ON audit`)
	require.NoError(t, err)
	for _, attack := range attacks[:4] {
		_, err := conn.Exec(ctx, attack)
		require.NoError(t, err, attack)
	}
}

// A second writer must not commit a later id before the first has committed the earlier one.
func TestAuditIDsAreInTheOrderOfCommits(t *testing.T) {
	store, conn := newStore(t)
	ctx := context.Background()
	overtake := func() error {
		first, err := store.pool.Begin(ctx)
		require.NoError(t, err)
		defer first.Rollback(ctx) //nolint:errcheck // the end of the race
		require.NoError(t, appendEntry(ctx, first, entry("first")))
		_, err = conn.Exec(ctx, `SET lock_timeout = '100ms'`)
		require.NoError(t, err)
		return appendEntry(ctx, conn, entry("second"))
	}
	require.Equal(t, "55P03", pgCode(overtake()), "the second writer waits until it gives up")

	_, err := conn.Exec(ctx, `DROP TRIGGER audit_one_by_one ON audit`)
	require.NoError(t, err)
	require.NoError(t, overtake(), "the control: without the lock it overtakes")
}

func TestIntents(t *testing.T) {
	store, conn := newStore(t)
	ctx := context.Background()
	intents := func() (n int) {
		require.NoError(t, conn.QueryRow(ctx, `SELECT count(*) FROM audit_intents`).Scan(&n))
		return n
	}
	settled, err := store.Intend(ctx, entry(""))
	require.NoError(t, err)
	_, err = store.Intend(ctx, entry(""))
	require.NoError(t, err)
	require.NoError(t, store.Settle(ctx, settled, entry("settled")))
	require.Equal(t, 1, intents())

	recovered, err := store.Recover(ctx, time.Hour)
	require.NoError(t, err)
	require.Zero(t, recovered, "it may still be under way")
	recovered, err = store.Recover(ctx, 0)
	require.NoError(t, err)
	require.Equal(t, 1, recovered)
	require.Zero(t, intents())

	entries, err := store.List(ctx, 0, 10)
	require.NoError(t, err)
	require.Len(t, entries, 2)
	require.Equal(t, adminapi.Failed, entries[0].Outcome)
	require.Contains(t, entries[0].Reason, "end-unknown")
	require.Equal(t, auth.Owner, entries[0].Role)
	require.JSONEq(t, `{"version": 2}`, string(entries[0].After))
	require.Equal(t, "settled", entries[1].Reason)

	again, err := store.Recover(ctx, 0)
	require.NoError(t, err)
	require.Zero(t, again)
}

// A settlement is whole or not at all: where the entry cannot be written, the intent stays.
func TestSettleIsOneTransaction(t *testing.T) {
	store, conn := newStore(t)
	ctx := context.Background()
	intent, err := store.Intend(ctx, entry(""))
	require.NoError(t, err)
	wrong := entry("")
	wrong.Outcome = "perhaps"
	require.Error(t, store.Settle(ctx, intent, wrong))
	var left int
	require.NoError(t, conn.QueryRow(ctx, `SELECT count(*) FROM audit_intents`).Scan(&left))
	require.Equal(t, 1, left)
}

func TestListPages(t *testing.T) {
	store, _ := newStore(t)
	ctx := context.Background()
	for range 5 {
		require.NoError(t, store.Append(ctx, entry("")))
	}
	first, err := store.List(ctx, 0, 3)
	require.NoError(t, err)
	require.Len(t, first, 3)
	second, err := store.List(ctx, first[2].ID, 3)
	require.NoError(t, err)
	require.Len(t, second, 2)
	require.Greater(t, first[0].ID, first[1].ID)
	require.Greater(t, first[2].ID, second[0].ID)
}
