package queuetest

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

func adaptive(stage waitroom.Watch, least int64) func(*waitroom.Policy) {
	return func(p *waitroom.Policy) {
		p.Adaptive = waitroom.Adaptive{Stage: stage, MinRatePerMinute: least, TargetP95MS: 500, MaxErrorPercent: 5}
	}
}

const slow = "p95 840 ms > 500 ms"

func (f *Fixture) press() waitroom.Snapshot {
	f.Helper()
	s, err := f.Press(f.Context(), Room, slow)
	require.NoError(f, err)
	return s
}

// testPressure: the rate falls fast, not below its least, holds as exactly as the operator's does, and comes back slowly.
func testPressure(t *testing.T, open Open) {
	f := NewFixture(t, open, rate(600), slots(100_000), patient, adaptive(waitroom.WatchEnforce, 100))
	_, err := f.Press(t.Context(), "nowhere", slow)
	require.ErrorIs(t, err, waitroom.ErrRoomUnknown)
	f.EnterMany(2500)
	s := f.Do()
	require.Equal(t, []int64{600, 600}, []int64{s.RateNow, s.RateAdvised})
	require.Empty(t, s.RateWhy)

	for _, want := range []int64{420, 294, 205, 143, 100, 100} {
		s = f.press()
		require.Equal(t, []int64{want, want, 600}, []int64{s.RateNow, s.RateAdvised, s.Policy.RatePerMinute})
		require.Equal(t, slow, s.RateWhy)
		require.Equal(t, want, f.press().RateNow, "not twice at once")
		f.Pass(3 * time.Second)
	}
	// What the minute has used up counts against the lowered rate at once.
	journal, total := []int64{}, s.AdmittedTotal
	for range 600 {
		f.Clock.Advance(100 * time.Millisecond)
		if f.Clock.Now().UnixMilli()%3000 < 100 {
			s = f.press()
			require.EqualValues(t, 100, s.RateNow)
		}
		s = f.Do()
		journal = append(journal, s.AdmittedTotal-total)
		total = s.AdmittedTotal
	}
	require.LessOrEqual(t, s.AdmittedLastMinute, int64(100))
	require.LessOrEqual(t, sum(journal[len(journal)-300:]), int64(51), "and it is spread")

	f.press()
	require.EqualValues(t, 100, f.Pass(9999*time.Millisecond).RateNow, "calm for not quite long enough")
	require.EqualValues(t, 130, f.Pass(time.Millisecond).RateNow)
	require.EqualValues(t, 130, f.Pass(4999*time.Millisecond).RateNow)
	require.EqualValues(t, 160, f.Pass(time.Millisecond).RateNow)
	require.EqualValues(t, 112, f.press().RateNow, "down again")
	f.Clock.Advance(time.Hour)
	s = f.Do()
	require.Equal(t, []int64{600, 600}, []int64{s.RateNow, s.RateAdvised}, "and back in full, also when nobody looked meanwhile")
	require.Empty(t, s.RateWhy)
}

func sum(list []int64) (total int64) {
	for _, n := range list {
		total += n
	}
	return total
}

// testPressureOfMany: ten gateways that all see the same upstream lower the rate once, not ten times.
func testPressureOfMany(t *testing.T, open Open) {
	clock := NewClock()
	gateways, done := open(clock, 2)
	t.Cleanup(done)
	_, err := gateways[0].Create(t.Context(), Room, easyPolicy(rate(1000), adaptive(waitroom.WatchEnforce, 10)))
	require.NoError(t, err)
	var reporting sync.WaitGroup
	for i := range 20 {
		reporting.Go(func() {
			if _, err := gateways[i%2].Press(t.Context(), Room, slow); err != nil {
				t.Error(err)
			}
		})
	}
	reporting.Wait()
	s, _, err := gateways[0].Tick(t.Context(), Room, clock.Now())
	require.NoError(t, err)
	require.EqualValues(t, 700, s.RateNow)
}

// testPressureWatched: what is watched is told, and nothing else changes. A room that is not adaptive does not even tell it.
func testPressureWatched(t *testing.T, open Open) {
	f := NewFixture(t, open, rate(600), slots(100_000), patient, adaptive(waitroom.WatchOnly, 100))
	f.EnterMany(1500)
	f.Do()
	s := f.press()
	require.Equal(t, []int64{600, 420}, []int64{s.RateNow, s.RateAdvised})
	require.Equal(t, slow, s.RateWhy)
	for range 600 {
		f.Clock.Advance(100 * time.Millisecond)
		f.press()
		s = f.Do()
	}
	require.Equal(t, []int64{600, 100}, []int64{s.RateNow, s.RateAdvised})
	require.GreaterOrEqual(t, s.AdmittedLastMinute, int64(590))

	f.Set(waitroom.PolicyChange{Adaptive: &waitroom.Adaptive{}})
	s = f.press()
	require.Equal(t, []int64{600, 600}, []int64{s.RateNow, s.RateAdvised})
	require.Empty(t, s.RateWhy)
}

// testPressureAndChange: a rate that pressure has lowered stays low under another policy, within its bounds; a reset changes nothing about
// the upstream.
func testPressureAndChange(t *testing.T, open Open) {
	f := NewFixture(t, open, rate(600), patient, adaptive(waitroom.WatchEnforce, 60))
	require.EqualValues(t, 420, f.press().RateNow)
	require.EqualValues(t, 420, f.Set(waitroom.PolicyChange{RatePerMinute: ptr(int64(1200))}).RateNow)
	require.EqualValues(t, 300, f.Set(waitroom.PolicyChange{RatePerMinute: ptr(int64(300))}).RateNow)
	require.EqualValues(t, 900, f.Set(waitroom.PolicyChange{RatePerMinute: ptr(int64(900))}).RateNow, "at the operator's it follows the operator")
	f.Clock.Advance(3 * time.Second)
	require.EqualValues(t, 630, f.press().RateNow)
	s, err := f.Reset(t.Context(), Room)
	require.NoError(t, err)
	require.Equal(t, []any{int64(630), slow}, []any{s.RateNow, s.RateWhy})
	least := waitroom.Adaptive{Stage: waitroom.WatchEnforce, MinRatePerMinute: 800, TargetP95MS: 1, MaxErrorPercent: 1}
	require.EqualValues(t, 800, f.Set(waitroom.PolicyChange{Adaptive: &least}).RateNow)
	least.Stage = waitroom.WatchOnly
	s = f.Set(waitroom.PolicyChange{Adaptive: &least})
	require.Equal(t, []int64{900, 800}, []int64{s.RateNow, s.RateAdvised})
	require.EqualValues(t, 900, f.Set(waitroom.PolicyChange{Adaptive: &waitroom.Adaptive{}}).RateAdvised)
}
