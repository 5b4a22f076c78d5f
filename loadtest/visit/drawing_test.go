package visit_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/check"
	"anteroom/loadtest/visit"
)

func drawn(t *testing.T, ctx context.Context, s visit.System) {
	l := run(t, ctx, s, `
name: drawing
about: People gather before a draw.
arrivals: [ { at: 0s, per_second: 30 }, { at: 8s, per_second: 30 } ]
deadline: 4m
visitors: [ { name: buyer, do: buy, think: { median: 2ms }, hot_percent: 100, reload_percent: 10 } ]
room: { mode: queue, method: draw, open_in: 4s, rate_per_minute: 6000, max_active: 50, session_idle_seconds: 6, ghost_seconds: 20, poll_min_ms: 150, poll_max_ms: 800 }
connections: 16
requires: [P1]
`, visit.Options{Seed: 5})
	require.Equal(t, visit.Done, l.End.Why, "%v", l.End.Outcomes)
	require.Equal(t, "draw", l.Header.Policy.Method)
	require.Empty(t, l.Audit.Missing["draw"])
	require.Len(t, l.Audit.Draw.Earlier, 2, "when it was committed, and when it was sealed")
	kept(t, l, "P1", "P2", "P3", "P6")
	told := "drawn numbers told are those of the draw"
	of := map[string]check.Check{}
	for _, p := range check.Judge(l) {
		for _, c := range p.Checks {
			of[c.Name] = c
		}
	}
	for _, name := range []string{
		"the draw recomputes from what was published", "the draw is the one that was announced", told, "who came after the sealing was not drawn",
		"who gathered takes part in the draw", "order of admission", "nobody present passed over",
	} {
		require.True(t, of[name].Kept(), "%s: %+v", name, of[name])
	}
	swapped := map[int64]int64{} // the control: the first two who were told what they drew are told each other's
	var first int64
	for _, r := range l.Records {
		if r.Drawn > 0 && first == 0 {
			first = r.Drawn
		}
		if r.Drawn > 0 && r.Drawn != first {
			swapped[first], swapped[r.Drawn] = r.Drawn, first
			break
		}
	}
	require.Len(t, swapped, 2)
	for i := range l.Records {
		if other, is := swapped[l.Records[i].Drawn]; is {
			l.Records[i].Drawn = other
		}
	}
	var wrong []string
	for _, p := range check.Judge(l) {
		for _, c := range p.Checks {
			if c.State() == check.Broken {
				wrong = append(wrong, c.Name)
			}
		}
	}
	require.Equal(t, []string{told}, wrong)
}
