package redisqueue

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// admission is how many were admitted by one tick, and when (ms).
type admission struct{ at, count int64 }

// TestRateIsExactAndUsed lets two simulated minutes go by with ticks about every 100 ms, everyone waiting: no
// window and no tick admits too many, and what the rate allows is used, evenly.
func TestRateIsExactAndUsed(t *testing.T) {
	t.Parallel()
	rates := []int64{60, 61, 90, 119, 600, 6000, 60_000}
	for range 3 { // and some that nobody has thought of
		rates = append(rates, 60+rand.Int64N(5000))
	}
	for _, rate := range rates {
		for _, jitter := range []int64{0, 60} {
			t.Run(fmt.Sprintf("rate %d jitter %d ms", rate, jitter), func(t *testing.T) {
				t.Parallel()
				seed := rand.Uint64()
				t.Logf("seed of the jitter: %d", seed)
				journal := simulate(t, rate, 120_000, jitter, rand.New(rand.NewPCG(seed, 0)))
				checkLimits(t, rate, journal)
				checkUse(t, rate, 120_000, journal)
			})
		}
	}
}

// simulate fills a room with people who never go and ticks for so many ms.
func simulate(t *testing.T, rate, duration, jitter int64, random *rand.Rand) (journal []admission) {
	t.Helper()
	env := testenv.Redis(t)
	client, err := Dial(env.URL)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	start := time.UnixMilli(1_795_000_000_000)
	now := start
	q := New(client, env.Prefix, WithClock(func() time.Time { return now }), WithTimeout(20*time.Second))
	policy := waitroom.DefaultPolicy()
	policy.Mode, policy.RatePerMinute, policy.MaxActive = waitroom.ModeQueue, rate, 1_000_000
	policy.SessionIdleSeconds, policy.SessionLimitSeconds, policy.GhostSeconds = 86_400, 86_400, 3600
	_, err = q.Create(t.Context(), "arena", policy)
	require.NoError(t, err)
	fill(t, client, q, now, rate*5/2)

	total := int64(0)
	for now.Sub(start).Milliseconds() < duration {
		s, _, err := q.Tick(t.Context(), "arena", now)
		require.NoError(t, err)
		if s.AdmittedTotal > total {
			journal = append(journal, admission{now.UnixMilli() - start.UnixMilli(), s.AdmittedTotal - total})
			total = s.AdmittedTotal
		}
		now = now.Add(time.Duration(100+random.Int64N(2*jitter+1)-jitter) * time.Millisecond)
	}
	return journal
}

// fill puts people into the line directly, a thousand a call; joining one by one would take the test's whole time.
func fill(t testing.TB, client rueidis.Client, q *Queue, heard time.Time, count int64) {
	t.Helper()
	script := rueidis.NewLuaScript(`
		local from = redis.call('HGET', KEYS[1], 'issued') + 1
		local upto = redis.call('HINCRBY', KEYS[1], 'issued', ARGV[2])
		for n = from, upto do
			redis.call('ZADD', KEYS[2], n, n)
			redis.call('ZADD', KEYS[3], ARGV[1], n)
		end
		return upto`)
	for left := count; left > 0; left -= 1000 {
		args := []string{decimal(heard.UnixMilli()), decimal(min(left, 1000))}
		require.NoError(t, script.Exec(context.Background(), client, q.keys("arena")[:3], args).Error())
	}
}

func checkLimits(t *testing.T, rate int64, journal []admission) {
	t.Helper()
	window, oldest := int64(0), 0
	for _, a := range journal {
		require.LessOrEqual(t, a.count, max(1, rate/60), "at %d ms: more than one second's worth at once", a.at)
		for window += a.count; journal[oldest].at <= a.at-60_000; oldest++ {
			window -= journal[oldest].count
		}
		require.LessOrEqual(t, window, rate, "the minute up to %d ms", a.at)
	}
}

func checkUse(t *testing.T, rate, duration int64, journal []admission) {
	t.Helper()
	total := int64(0)
	seconds := make([]int64, duration/1000)
	for _, a := range journal {
		total += a.count
		seconds[a.at/1000] += a.count
	}
	require.GreaterOrEqual(t, float64(total), 0.99*float64(rate*duration/60_000), "what the rate allows is used")

	// The first second carries what an idle room had saved, so the window makes a pause of a second when the first minute
	// is full. From then on it goes evenly: each second has its share, give or take one tick and the rounding.
	share := float64(rate) / 60
	for i, count := range seconds[62:] {
		require.InDelta(t, share, float64(count), 0.35*share+1, "second %d of %d a minute", i+62, rate)
	}
}
