package tenmillion_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/loadtest/launch"
	"anteroom/loadtest/report"
	"anteroom/loadtest/tenmillion"
	"anteroom/loadtest/tenmillion/proof"
)

// TestASmallLineKeepsEveryPromise runs the real programs, two gateways and the drill, on a Redis of their own. The second half is its
// control: the same evidence, spoilt in one place for each promise, must not pass.
func TestASmallLineKeepsEveryPromise(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	line, err := launch.StartLine(ctx, launch.LineOptions{Gateways: 2, Fsync: "no", Progress: func(line string) { t.Log(line) }})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, line.Stop()) })

	o := tenmillion.Defaults()
	o.Visitors, o.HTTPVisitors, o.Connections, o.Deadline = 20_000, 2000, 16, 5*time.Minute
	o.Progress = func(line string) { t.Log(line) }
	outcome, err := tenmillion.Run(ctx, line.System, o)
	require.NoError(t, err)
	assert.False(t, outcome.Cut)
	e := outcome.Evidence
	verdict := proof.Judge(e)
	for _, p := range verdict {
		assert.True(t, p.Kept(), "%+v", p)
	}
	var r report.Report
	outcome.Fill(&r)
	r.Judge(verdict)
	require.Len(t, r.Phases, 8)
	require.NoError(t, r.WriteText(t.Output()))

	for id, spoil := range map[string]func(e *proof.Evidence){
		"P1": func(e *proof.Evidence) {
			first, last := &e.Joins[0], &e.Joins[len(e.Joins)-1] // a block of the drill, and one over HTTP
			first.Sent, first.Answered, last.Sent, last.Answered = last.Sent, last.Answered, first.Sent, first.Answered
		},
		"P2": func(e *proof.Evidence) { e.Limits = []proof.Limits{{RatePerMinute: 1000, MaxActive: 1000}} },
		"P3": func(e *proof.Evidence) { e.Admissions.After[e.Visitors[0].Number] = 0 },
		"P4": func(e *proof.Evidence) { e.GhostEvery = 1 }, // as if nobody was meant to be heard after the silence
	} {
		spoilt := e
		spoilt.Joins = slices.Clone(e.Joins)
		spoilt.Admissions.After = slices.Clone(e.Admissions.After)
		spoil(&spoilt)
		for _, p := range proof.Judge(spoilt) {
			if p.ID == id {
				assert.False(t, p.Kept(), "%s did not notice that its evidence was spoilt", id)
			}
		}
	}
}
