package generator

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/stretchr/testify/require"
)

func TestHistogramKnowsEveryDurationToThreePercent(t *testing.T) {
	t.Parallel()
	require.Equal(t, counters-1, index(1<<62), "the longest fits")
	require.Zero(t, index(-time.Second), "sent before it was due: on time")
	for i := range counters - 1 {
		require.Equal(t, i, index(highest(i)))
		require.Equal(t, i+1, index(highest(i)+time.Microsecond), "counters follow each other without a gap")
	}
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(18*time.Hour)).Draw(t, "duration"))
		if high := highest(index(d)); high < d.Truncate(time.Microsecond) || float64(high) > 1.033*float64(d)+float64(time.Microsecond) {
			t.Fatalf("%s is counted as %s", d, high)
		}
	})
}

func TestPercentileIsThatOfTheSortedDurations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var h histogram
		all := rapid.SliceOfN(rapid.Int64Range(0, int64(time.Minute)), 1, 300).Draw(t, "durations")
		for _, d := range all {
			h.add(time.Duration(d))
		}
		slices.Sort(all)
		at, count := h.take(0.99)
		want := time.Duration(all[(99*len(all)+99)/100-1])
		if count != len(all) || at < want.Truncate(time.Microsecond) || float64(at) > 1.033*float64(want)+float64(time.Microsecond) {
			t.Fatalf("p99 of %d is %s, should be %s", count, at, want)
		}
		if at, count := h.take(0.99); at != 0 || count != 0 {
			t.Fatal("what was taken is still there")
		}
	})
}
