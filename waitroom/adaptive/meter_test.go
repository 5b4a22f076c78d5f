package adaptive

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

func TestBucketsLieSideBySide(t *testing.T) {
	t.Parallel()
	last := time.Duration(0)
	for b := range buckets {
		low, high := borders(b)
		require.Equal(t, last, low, b)
		require.Greater(t, high, low)
		require.Equal(t, b, bucketOf(low), b)
		require.Equal(t, b, bucketOf(high-time.Microsecond), b)
		if low >= time.Millisecond {
			require.LessOrEqual(t, float64(high-low), 0.126*float64(low), "no bucket is wider than an eighth")
		}
		last = high
	}
	require.Greater(t, last, 2*time.Minute)
	require.Equal(t, buckets-1, bucketOf(time.Hour))
	require.Equal(t, 0, bucketOf(-time.Second))
}

func TestThePercentileIsNearTheExactOne(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		m := newMeter()
		times := make([]time.Duration, 1+random.IntN(3000))
		for i := range times {
			times[i] = time.Duration(random.ExpFloat64() * float64(time.Duration(1+random.IntN(500))*time.Millisecond))
			m.begin()
			m.End(times[i], false)
		}
		slices.Sort(times)
		exact := times[(95*len(times)+99)/100-1]
		assert.InEpsilon(t, float64(exact+time.Millisecond), float64(m.read().p95+time.Millisecond), 0.15)
	}
}

func TestTheWindowForgets(t *testing.T) {
	t.Parallel()
	m := newMeter()
	for range 100 {
		m.begin()
		m.End(time.Second, true)
	}
	for range slots - 1 {
		m.turn()
		r := m.read()
		require.EqualValues(t, []int64{100, 100, 0}, []int64{r.answers, r.failures, r.underWay})
		require.InEpsilon(t, float64(time.Second), float64(r.p95), 0.13)
	}
	m.turn()
	require.Equal(t, reading{}, m.read())
	m.turn() // clears, and begins again where it began
	m.turn()
	require.Equal(t, reading{}, m.read())
}

func TestManyMeasureAtOnce(t *testing.T) {
	t.Parallel()
	m := newMeter()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 5000 {
				m.begin()
				m.End(time.Duration(i%100)*time.Millisecond, i%10 == 0)
			}
		})
	}
	all.Wait()
	r := m.read()
	require.Equal(t, []int64{40_000, 4_000, 0}, []int64{r.answers, r.failures, r.underWay})
}

func TestMeasuringAllocatesNothing(t *testing.T) {
	w := New(nil, nil, nil)
	w.meters.Store(&map[string]*meter{"arena": newMeter()})
	assert.Zero(t, testing.AllocsPerRun(1000, func() {
		for _, room := range []string{"arena", "theatre"} {
			if u := w.Begin(room); u != nil {
				u.End(3*time.Millisecond, false)
			}
		}
	}))
}

func TestPressure(t *testing.T) {
	t.Parallel()
	p := waitroom.Adaptive{TargetP95MS: 500, MaxErrorPercent: 5, MaxInFlight: 200}
	for name, c := range map[string]struct {
		reading reading
		want    string
	}{
		"nothing":               {reading{}, ""},
		"well":                  {reading{answers: 1000, failures: 50, p95: 500 * time.Millisecond, underWay: 200}, ""},
		"slow":                  {reading{answers: 1000, p95: 840 * time.Millisecond}, "p95 840 ms > 500 ms"},
		"slow, but hardly used": {reading{answers: 9, p95: time.Minute, failures: 9}, ""},
		"failing":               {reading{answers: 1000, failures: 51}, "errors 5.1 % > 5 %"},
		"crowded":               {reading{underWay: 201}, "201 requests under way > 200"},
		"silent":                {reading{underWay: 50, silent: 7 * time.Second}, "no answer for 7 s, 50 requests under way"},
		"silent for a moment":   {reading{underWay: 50, silent: 4 * time.Second}, ""},
	} {
		assert.Equal(t, c.want, pressure(p, c.reading), name)
	}
	p.MaxInFlight, p.TargetP95MS = 0, 60_000
	assert.Empty(t, pressure(p, reading{underWay: 1_000_000, silent: time.Minute}), "where such times are what is expected")
}

func TestSilenceIsNoticed(t *testing.T) {
	t.Parallel()
	m := newMeter()
	for range 20 {
		m.begin()
	}
	for i := range 6 {
		require.Equal(t, time.Duration(i)*turn, m.read().silent)
		m.turn()
	}
	m.End(time.Second, false)
	m.turn()
	require.Zero(t, m.read().silent)
}
