package ops

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAQuantileIsOffByAQuarterAtMost(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	h := NewLatency()
	var all []float64
	for range 20_000 {
		v := 0.0002 * (1 + 9*random.ExpFloat64())
		all = append(all, v)
		h.Observe(v)
	}
	slices.Sort(all)
	c := h.Counts()
	require.EqualValues(t, len(all), c.N())
	for _, q := range []float64{0.01, 0.5, 0.95, 0.99} {
		require.InEpsilon(t, all[int(q*float64(len(all)))-1], c.Quantile(q), 0.25, q)
	}
	mean := 0.0
	for _, v := range all {
		mean += v / float64(len(all))
	}
	require.InEpsilon(t, mean, c.Mean(), 1e-9)
}

func TestCountsBetweenTwoReadings(t *testing.T) {
	t.Parallel()
	h := NewLatency()
	h.Took(time.Hour) // beyond every bound
	require.EqualValues(t, 30, h.Counts().Quantile(0.5))
	before := h.Counts()
	require.Zero(t, before.Since(before).N())
	require.Zero(t, before.Since(before).Quantile(0.99))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				h.Took(2 * time.Millisecond)
			}
		})
	}
	wg.Wait()
	since := h.Counts().Since(before)
	require.EqualValues(t, 8000, since.N())
	require.InDelta(t, 0.002, since.Mean(), 1e-9)
	require.LessOrEqual(t, since.Quantile(0.99), 0.002)
	require.EqualValues(t, 8001, h.Counts().Since(Counts{}).N())
}

func TestTheTextFormIsCumulative(t *testing.T) {
	t.Parallel()
	h := NewSizes()
	for _, v := range []float64{1, 1, 3, 100_000} {
		h.Observe(v)
	}
	var b strings.Builder
	h.Counts().Expose(&b, "batch", `room="arena"`)
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	require.Equal(t, `batch_bucket{room="arena",le="1"} 2`, lines[0])
	require.Equal(t, `batch_bucket{room="arena",le="4"} 3`, lines[2])
	require.Equal(t, []string{
		`batch_bucket{room="arena",le="65536"} 3`, `batch_bucket{room="arena",le="+Inf"} 4`, `batch_sum{room="arena"} 100005`, `batch_count{room="arena"} 4`,
	}, lines[len(lines)-4:])
	b.Reset()
	NewLatency().Counts().Expose(&b, "x", "")
	require.Contains(t, b.String(), `x_bucket{le="0.0015"} 0`)
	require.Contains(t, b.String(), `x_bucket{le="30"} 0`)
	require.Contains(t, b.String(), "\nx_sum 0\nx_count 0\n")
}
