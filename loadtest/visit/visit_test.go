package visit_test

import (
	"context"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/launch"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/visit"
)

// room is set so that a small crowd has to wait, however fast the machine is, and is through within seconds.
const room = `
room: { mode: queue, rate_per_minute: 3000, max_active: 30, session_idle_seconds: 6, session_limit_seconds: 45, ghost_seconds: 8, return_grace_seconds: 60, poll_min_ms: 150, poll_max_ms: 1000 }
connections: 32
`

// crowd is one of everybody.
const crowd = `
name: everybody
about: One of everybody.
arrivals: [ { at: 0s, per_second: 150 }, { at: 2s, per_second: 150 } ]
deadline: 4m
hostile_tries: 60
visitors:
  - { name: buyer, do: buy, weight: 80, think: { median: 5ms }, leave_percent: 3, vanish_percent: 2, reload_percent: 10, receipt_percent: 10, share_percent: 10, silent_percent: 2, decline_percent: 10, hot_percent: 30 }
  - { name: rusher, do: rush, weight: 10, think: { median: 2ms } }
  - { name: looker, do: browse, weight: 10, pages: 3, think: { median: 5ms } }
`

// TestVisits runs the real programs, two gateways among them, on a Redis and a PostgreSQL of their own, and lets several small crowds loose on them.
func TestVisits(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
	defer cancel()
	system, err := launch.Start(ctx, launch.Options{Gateways: 2, Fast: true, Progress: io.Discard})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, system.Stop()) })

	before := settings(t, system.Gateways[0])

	t.Run("a crowd of everybody keeps every promise", func(t *testing.T) {
		l := run(t, ctx, system.System, crowd+room, visit.Options{Seed: 1})
		require.Equal(t, visit.Done, l.End.Why, "%v", l.End.Outcomes)
		require.Equal(t, 300, l.End.Visitors)
		require.Greater(t, l.End.Outcomes["bought"], 180, "%v", l.End.Outcomes)
		require.Greater(t, l.End.Outcomes["looked around"], 10, "%v", l.End.Outcomes)
		require.Positive(t, l.End.Outcomes["left the line"], "%v", l.End.Outcomes)
		require.EqualValues(t, len(l.Records), l.End.Requests)
		require.Empty(t, l.Audit.Missing)
		verdict := check.Judge(l)
		for _, p := range verdict {
			assert.Equal(t, check.Kept, p.State(), "%+v", p)
		}
		require.Equal(t, "arena", l.Header.Room)
		require.Equal(t, 30, l.Header.Policy.MaxActive)
		for _, a := range []journal.Action{journal.Shared, journal.Rejoin, journal.Receipt, journal.Decline, journal.Hold, journal.ReadBack, journal.Release, journal.Probe} {
			require.NotNil(t, find(l, a), a)
		}
	})
	t.Run("the room is set back", func(t *testing.T) {
		require.True(t, testenv.Eventually(func() bool { return settings(t, system.Gateways[0]) == before }))
	})
	t.Run("who comes back late is admitted next", func(t *testing.T) { comeBackLate(t, ctx, system.System) })
	t.Run("bots come beside people", func(t *testing.T) { besideBots(t, ctx, system.System) })
	t.Run("an interrupted run is audited", func(t *testing.T) { interrupted(t, ctx, system.System) })
	t.Run("a draw is made", func(t *testing.T) { drawn(t, ctx, system.System) })
	t.Run("several generators share a run", func(t *testing.T) { shared(t, ctx, system.System) })
	t.Run("what cannot be known is said", func(t *testing.T) { withoutStaff(t, ctx, system.System) })
	t.Run("the room is set back after all", func(t *testing.T) {
		require.True(t, testenv.Eventually(func() bool { return settings(t, system.Gateways[0]) == before }))
	})
}

// run runs a profile and returns the journal.
func run(t *testing.T, ctx context.Context, s visit.System, text string, o visit.Options) *journal.Log {
	t.Helper()
	return runInto(t, ctx, filepath.Join(t.TempDir(), "run.journal"), s, text, o)
}

// runInto does so with the journal at a path, where it can be read while it is written.
func runInto(t *testing.T, ctx context.Context, path string, s visit.System, text string, o visit.Options) *journal.Log {
	t.Helper()
	p, err := profile.Parse("test.yaml", []byte(text))
	require.NoError(t, err)
	require.NoError(t, visit.Run(ctx, s, p, path, o))
	l, err := journal.Read(path)
	require.NoError(t, err)
	return l
}

func find(l *journal.Log, a journal.Action) *journal.Record {
	for i := range l.Records {
		if r := &l.Records[i]; r.Action == a && !r.Lost() {
			return r
		}
	}
	return nil
}
