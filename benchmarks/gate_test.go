package benchmarks

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/machine"
)

var pair = []Figure{{"a", "One", "", "X"}, {"a", "X", "", ""}, {"b", "Two", "", "X"}, {"b", "X", "", ""}}

var strict = &Thresholds{Alpha: 0.01, Default: 10}

// noises are of three measurements of the same.
var noises = [][]float64{{1, 1.01, 0.99, 1.02, 0.98, 1.005}, {1.015, 0.985, 1.01, 1.03, 0.995, 1}, {0.97, 1.025, 1, 0.99, 1.005, 1.012}}

// taken is a measurement of pair in which a.One costs so much of its calibrator, and b.Two is as ever.
func taken(t *testing.T, which int, one float64) *Measurement {
	t.Helper()
	noise := noises[which]
	calibrator := []float64{100, 100, 100, 100, 100, 100}
	none := make([]float64, 6)
	return &Measurement{Schema: Schema, Rounds: 6, BenchTime: "1s", Date: time.Unix(0, 0).UTC(), Commit: "abc", Machine: machine.Machine{CPU: "one", Cores: 2},
		Benchmarks: []Benchmark{
			{Package: "a", Name: "One", Runs: Runs{"ns/op": slower(noise, 100*one), "allocs/op": none}},
			{Package: "a", Name: "X", Runs: Runs{"ns/op": calibrator, "allocs/op": none}},
			{Package: "b", Name: "Two", Runs: Runs{"ns/op": slower(noise, 100), "allocs/op": none}},
			{Package: "b", Name: "X", Runs: Runs{"ns/op": calibrator, "allocs/op": none}},
		}}
}

func recorded(t *testing.T) *Baseline {
	b := &Baseline{Schema: Schema, Metrics: map[string]Recorded{}}
	b.Record(taken(t, 0, 1), Metrics(pair), strict, false)
	require.Len(t, b.Metrics, 4)
	return b
}

// gate runs the gate over measurements that were taken before, and says what it asked to be measured.
func gate(t *testing.T, b *Baseline, atLeast int, all ...*Measurement) (*Comparison, [][]Figure) {
	var asked [][]Figure
	c, err := Gate(t.Context(), pair, b, strict, atLeast, func(_ context.Context, figures []Figure) (*Measurement, error) {
		asked = append(asked, figures)
		require.LessOrEqual(t, len(asked), len(all))
		return all[len(asked)-1], nil
	})
	require.NoError(t, err)
	return c, asked
}

func TestTheGateWantsToSeeARegressionTwice(t *testing.T) {
	t.Parallel()
	c, asked := gate(t, recorded(t), 0, taken(t, 1, 1))
	require.False(t, c.Failed())
	require.Len(t, asked, 1)
	require.Equal(t, "4 ok", c.summary())

	c, asked = gate(t, recorded(t), 0, taken(t, 1, 1.15), taken(t, 2, 1.15))
	require.True(t, c.Failed())
	require.Equal(t, [][]Figure{pair, pair[:2]}, asked) // the second time only the group it is about
	require.Equal(t, "1 REGRESSION, 3 ok", c.summary())
	require.Equal(t, "a.One/X", c.Verdicts[0].Metric)
	require.Contains(t, c.Verdicts[0].Note, "measured again: +1")
	require.Contains(t, c.Text(), "REGRESSION")
	require.Contains(t, c.Markdown(), "| `a.One/X` |")
	require.Contains(t, c.Markdown(), "**REGRESSION**")

	c, _ = gate(t, recorded(t), 0, taken(t, 1, 1.15), taken(t, 2, 1)) // the machine was busy the first time
	require.False(t, c.Failed())
	require.Equal(t, Noise, c.Verdicts[0].Outcome)

	c, _ = gate(t, recorded(t), 0, taken(t, 1, 0.8))
	require.Equal(t, Faster, c.Verdicts[0].Outcome)
}

func TestASharedMachineIsAllowedMore(t *testing.T) {
	t.Parallel()
	c, _ := gate(t, recorded(t), 35, taken(t, 1, 1.25))
	require.False(t, c.Failed())
	c, _ = gate(t, recorded(t), 35, taken(t, 1, 1.5), taken(t, 2, 1.5))
	require.True(t, c.Failed())
}

func TestWhatCannotBeComparedIsSaid(t *testing.T) {
	t.Parallel()
	m := taken(t, 1, 1)
	m.Benchmarks[1] = Benchmark{Package: "a", Name: "X", Skipped: "X is not on this machine"}
	m.Machine.CPU = "another"
	m.BenchTime = "1ms"
	c, _ := gate(t, recorded(t), 0, m)
	require.Equal(t, Skipped, c.Verdicts[0].Outcome)
	require.Equal(t, "X is not on this machine", c.Verdicts[0].Note)
	require.Equal(t, "3 ok, 1 skipped", c.summary())
	require.Len(t, c.Remarks, 2)
	require.Contains(t, c.Text(), "another machine: one, 2 cores")

	// A gate that compared nothing has not passed.
	_, err := Gate(t.Context(), pair, &Baseline{}, strict, 0, func(context.Context, []Figure) (*Measurement, error) { return m, nil })
	require.ErrorContains(t, err, "nothing could be compared")
}

func TestTheBaselineFollowsNoSlowdownUnasked(t *testing.T) {
	t.Parallel()
	b := recorded(t)
	old := b.Metrics["a.One/X"]
	c := b.Record(taken(t, 1, 1.2), Metrics(pair), strict, false)
	require.Equal(t, Regression, c.Verdicts[0].Outcome)
	require.Equal(t, "kept the old one", c.Verdicts[0].Note)
	require.Equal(t, old, b.Metrics["a.One/X"])
	require.NotEqual(t, old.Values, b.Metrics["b.Two/X"].Values)

	b.Record(taken(t, 1, 0.8), Metrics(pair), strict, false)
	require.Less(t, b.Metrics["a.One/X"].Values[0], old.Values[0])
	b.Record(taken(t, 1, 1.2), Metrics(pair), strict, true)
	require.Greater(t, spreadOf(b.Metrics["a.One/X"].Values).median, spreadOf(old.Values).median)

	path := filepath.Join(t.TempDir(), "baseline.json")
	require.NoError(t, b.Write(path))
	again, err := ReadBaseline(path, false)
	require.NoError(t, err)
	require.Equal(t, b, again)
	require.NoError(t, again.Valid(Metrics(pair), 0.01))
	require.ErrorContains(t, again.Valid(Metrics(pair[:2]), 0.01), `there is no metric "b.Two/`)
	again.Forget(Metrics(pair[:2]))
	require.NoError(t, again.Valid(Metrics(pair[:2]), 0.01))
	again.Metrics["a.One/X"] = Recorded{Values: []float64{1, 2, 3}}
	require.ErrorContains(t, again.Valid(Metrics(pair), 0.01), "a.One/X: 3 values are too few")

	_, err = ReadBaseline(filepath.Join(t.TempDir(), "none.json"), false)
	require.ErrorContains(t, err, "make bench-baseline")
}
