package benchmarks

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheOutcomeNeedsBothTheLimitAndTheTest(t *testing.T) {
	t.Parallel()
	before := []float64{1.00, 1.01, 1.02, 1.03, 1.04, 1.05}
	times := func(factor float64) (all []float64) {
		for _, v := range before {
			all = append(all, v*factor)
		}
		return all
	}
	for name, c := range map[string]struct {
		now  []float64
		want Outcome
	}{
		"the same":                            {times(1), OK},
		"worse, surely, but within the limit": {times(1.08), OK},
		"worse, surely, beyond the limit":     {times(1.15), Regression},
		"better beyond the limit":             {times(0.85), Faster},
		"worse on average, but mixed":         {[]float64{0.9, 0.95, 1, 1.3, 1.4, 1.5}, Noise},
		"too few":                             {[]float64{2, 2}, Skipped},
	} {
		require.Equal(t, c.want, judge("m", before, c.now, 0.1, 0.01).Outcome, name)
	}
	// Counts that never vary are no reason to stop: the same is the same, one more in every round is one more.
	same := []float64{5, 5, 5, 5, 5, 5}
	require.Equal(t, OK, judge("m", same, same, 0.1, 0.01).Outcome)
	require.Equal(t, Regression, judge("m", same, []float64{6, 6, 6, 6, 6, 6}, 0.1, 0.01).Outcome)
	none := make([]float64, 6)
	v := judge("m", none, []float64{1, 1, 1, 1, 1, 1}, 0.1, 0.01)
	require.Equal(t, Regression, v.Outcome)
	require.InDelta(t, 1, v.Worse, 1e-9)
}

// The least P for some sizes, as tables of the U test have it: 2/924 for six and six, 2/252 for five and five, 2/70 for four and four.
func TestTheLeastP(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 2.0/924, leastP(6, 6), 1e-12)
	require.InDelta(t, 2.0/252, leastP(5, 5), 1e-12)
	require.InDelta(t, 2.0/70, leastP(4, 4), 1e-12)
	apart := judge("m", []float64{1, 2, 3, 4, 5, 6}, []float64{11, 12, 13, 14, 15, 16}, 0.1, 0.01)
	require.InDelta(t, leastP(6, 6), apart.P, 1e-12) // the library agrees
}

func slower(values []float64, factor float64) (all []float64) {
	for _, v := range values {
		all = append(all, v*factor)
	}
	return all
}
