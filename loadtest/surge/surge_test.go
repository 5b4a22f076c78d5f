package surge_test

import (
	"context"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/launch"
	"anteroom/loadtest/surge"
)

// TestASmallSurgeKeepsEveryPromise runs the real programs, two gateways among them, on a Redis and a PostgreSQL of their own. The
// second half is its control: the same journal, spoilt in one place for each promise, must not pass.
func TestASmallSurgeKeepsEveryPromise(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	system, err := launch.Start(ctx, launch.Options{Gateways: 2, Fast: true, Progress: io.Discard})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, system.Stop()) })

	o := surge.Defaults()
	o.Visitors, o.JoinRate, o.Tries, o.ThinkMS, o.Connections, o.Deadline = 300, 300, 100, 20, 32, 2*time.Minute
	o.Policy.MaxActive, o.Policy.PollMinMS = 20, 200
	outcome, err := surge.Run(ctx, system.System, o)
	require.NoError(t, err)
	require.False(t, outcome.Cut, "%v", outcome.Outcomes)
	require.Greater(t, outcome.Outcomes["bought"], 200, "%v", outcome.Outcomes)
	for _, p := range check.Judge(outcome.Evidence) {
		assert.True(t, p.Kept(), "%+v", p)
	}

	for id, spoil := range map[string]func(e *check.Evidence){
		"P1": func(e *check.Evidence) {
			first, last := record(t, e, journal.Join, 0), record(t, e, journal.Join, 200)
			first.Number, last.Number = last.Number, first.Number
		},
		"P2": func(e *check.Evidence) { e.Policy.MaxActive = 2 },
		"P5": func(e *check.Evidence) { record(t, e, journal.Probe, 50).Reached = true },
		"P6": func(e *check.Evidence) {
			record(t, e, journal.Pay, 0).Seats = record(t, e, journal.Pay, 1).Seats
		},
	} {
		spoilt := outcome.Evidence
		spoilt.Records = slices.Clone(spoilt.Records)
		spoil(&spoilt)
		for _, p := range check.Judge(spoilt) {
			if p.ID == id {
				assert.False(t, p.Kept(), "%s did not notice that its journal was spoilt", id)
			}
		}
	}
}

// record finds the n-th answered record for an action.
func record(t *testing.T, e *check.Evidence, a journal.Action, n int) *journal.Record {
	t.Helper()
	for i := range e.Records {
		if r := &e.Records[i]; r.Action == a && !r.Lost() && r.Status/100 != 5 {
			if n == 0 {
				return r
			}
			n--
		}
	}
	require.Fail(t, "there are too few records", "%s", a)
	return nil
}
