package report_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/loadtest/report"
)

// TestHistogramAgreesWithSorting holds the percentiles beside those of the sorted values: they may differ by the three digits only.
func TestHistogramAgreesWithSorting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(1, time.Hour.Microseconds()), 1, 300).Draw(t, "microseconds")
		parts := []*report.Histogram{report.NewHistogram(), report.NewHistogram()}
		for i, v := range values {
			parts[i%2].Add(time.Duration(v) * time.Microsecond)
		}
		whole := parts[0]
		whole.Merge(parts[1])
		slices.Sort(values)
		require.Equal(t, len(values), whole.Count())
		for _, p := range []float64{1, 50, 90, 95, 99, 99.9, 100} {
			rank := max(int(math.Ceil(p/100*float64(len(values)))), 1)
			exact := float64(values[rank-1]) / 1000
			require.InEpsilon(t, exact, whole.Percentile(p), 0.002, "p%v of %d values", p, len(values))
		}
	})
}

func TestHistogramSurvivesWriting(t *testing.T) {
	t.Parallel()
	h := report.NewHistogram()
	require.Zero(t, h.Percentile(99))
	for i := range 1000 {
		h.Add(time.Duration(i) * time.Millisecond)
	}
	h.Add(-time.Second)
	h.Add(3 * time.Hour)
	body, err := json.Marshal(h)
	require.NoError(t, err)
	var read report.Histogram
	require.NoError(t, json.Unmarshal(body, &read))
	require.Equal(t, h.Count(), read.Count())
	require.Equal(t, h.Percentile(99), read.Percentile(99))
	require.InEpsilon(t, 3_600_000.0, read.Percentile(100), 0.002)
	require.Error(t, json.Unmarshal([]byte(`"nonsense"`), &read))
}
