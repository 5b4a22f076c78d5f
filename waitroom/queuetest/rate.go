package queuetest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// RunRates lets two simulated minutes go by with ticks about every 100 ms through two gateways in turn, everyone waiting: no window and no
// moment admits too many, and what the rate allows is used, evenly. More rates, per minute, can be given. The jitter is the same whenever a rate is
// tried: how evenly they go depends on it, and another one each time might be, once in a very long while, one that does not look even.
func RunRates(t *testing.T, open Open, more ...int64) {
	rates := append([]int64{60, 61, 90, 119, 600, 6000}, more...)
	for range 3 { // and some that nobody has thought of
		rates = append(rates, 60+rand.Int64N(5000))
	}
	for _, rate := range rates {
		for _, jitter := range []int64{0, 60} {
			t.Run(fmt.Sprintf("rate %d jitter %d ms", rate, jitter), func(t *testing.T) {
				t.Parallel()
				journal := simulate(t, open, rate, jitter, rand.New(rand.NewPCG(uint64(rate), uint64(jitter))))
				checkLimits(t, rate, journal)
				checkUse(t, rate, journal)
			})
		}
	}
}

// simulated is how long, in ms.
const simulated = 120_000

// admission is how many were admitted in one ms, counted from the start.
type admission struct{ at, count int64 }

func simulate(t *testing.T, open Open, rate, jitter int64, random *rand.Rand) (journal []admission) {
	t.Helper()
	clock := NewClock()
	start := clock.Now()
	gateways, done := open(clock, 2)
	t.Cleanup(done)
	_, err := gateways[0].Create(t.Context(), Room, easyPolicy(patient, slots(1_000_000), func(p *waitroom.Policy) { p.RatePerMinute = rate }))
	require.NoError(t, err)
	for left := rate * 5 / 2; left > 0; left -= waitroom.MaxBlock {
		_, err = gateways[0].JoinMany(t.Context(), Room, min(left, waitroom.MaxBlock))
		require.NoError(t, err)
	}
	total := int64(0)
	for i := 0; clock.Now().Sub(start).Milliseconds() < simulated; i++ {
		before := total
		for behind := true; behind; {
			s, _, err := gateways[i%2].Tick(t.Context(), Room, clock.Now())
			require.NoError(t, err)
			require.Equal(t, s.AdmittedTotal, s.Serving, "the lowest numbers and no others")
			total, behind = s.AdmittedTotal, s.Behind
		}
		if total > before {
			journal = append(journal, admission{clock.Now().Sub(start).Milliseconds(), total - before})
		}
		clock.Advance(time.Duration(100+random.Int64N(2*jitter+1)-jitter) * time.Millisecond)
	}
	return journal
}

func checkLimits(t *testing.T, rate int64, journal []admission) {
	t.Helper()
	window, oldest := int64(0), 0
	for _, a := range journal {
		require.LessOrEqual(t, a.count, max(1, rate/60), "at %d ms: more than one second's worth at once", a.at)
		for window += a.count; journal[oldest].at <= a.at-minute; oldest++ {
			window -= journal[oldest].count
		}
		require.LessOrEqual(t, window, rate, "the minute up to %d ms", a.at)
	}
}

func checkUse(t *testing.T, rate int64, journal []admission) {
	t.Helper()
	total := int64(0)
	seconds := make([]int64, simulated/1000)
	for _, a := range journal {
		total += a.count
		seconds[a.at/1000] += a.count
	}
	require.GreaterOrEqual(t, float64(total), 0.99*float64(rate*simulated/minute), "what the rate allows is used")

	// The first second carries what an idle room had saved, so the window makes a pause of a second when the first minute
	// is full. From then on it goes evenly: each second has its share, give or take one tick and the rounding.
	share := float64(rate) / 60
	for i, count := range seconds[62:] {
		require.InDelta(t, share, float64(count), 0.35*share+1, "second %d of %d a minute", i+62, rate)
	}
}
