package queuetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

func testCap(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(3), mode(waitroom.ModeOpen))
	f.EnterMany(10)
	require.EqualValues(t, 3, f.Do().Active)
	f.Set(waitroom.PolicyChange{MaxActive: ptr(2)})
	require.EqualValues(t, 3, f.Do().Active, "nobody is thrown out")
	require.NoError(t, f.Release(t.Context(), Room, f.Epoch, 1))
	require.EqualValues(t, 2, f.Do().Active)
	require.NoError(t, f.Release(t.Context(), Room, f.Epoch, 2))
	s := f.Do()
	require.EqualValues(t, []int64{2, 4}, []int64{s.Active, s.Serving})
}

func testWindow(t *testing.T, open Open) {
	f := NewFixture(t, open, rate(1), func(p *waitroom.Policy) { p.GhostSeconds = 3600 })
	f.EnterMany(5)
	require.EqualValues(t, 1, f.Do().AdmittedTotal)
	for admitted := int64(1); admitted < 5; admitted++ {
		f.Clock.Advance(59_999 * time.Millisecond)
		require.EqualValues(t, admitted, f.Do().AdmittedTotal, "59,999 ms apart is one window")
		f.Clock.Advance(time.Millisecond)
		s := f.Do()
		require.EqualValues(t, admitted+1, s.AdmittedTotal, "60,000 ms apart is not")
		require.EqualValues(t, 1, s.AdmittedLastMinute)
	}
}

func testLoweredRate(t *testing.T, open Open) {
	f := NewFixture(t, open, rate(600))
	f.EnterMany(100)
	require.EqualValues(t, 20, f.Pass(2*time.Second).AdmittedTotal)
	f.Set(waitroom.PolicyChange{RatePerMinute: ptr(21)})
	total := f.Do().AdmittedTotal
	for range 57 {
		total = f.Pass(time.Second, 99, 100).AdmittedTotal
		require.LessOrEqual(t, total, int64(21), "the window holds for the new rate too")
	}
	require.EqualValues(t, 21, total)
}

func testSpread(t *testing.T, open Open) {
	f := NewFixture(t, open, rate(600), slots(10_000), func(p *waitroom.Policy) { p.GhostSeconds = 3600 })
	f.Clock.Advance(time.Hour)
	f.EnterMany(800)
	require.EqualValues(t, 10, f.Do().AdmittedTotal, "an idle room has saved up one second, not an hour")
	last := int64(10)
	for second := range 75 {
		for range 10 {
			f.Clock.Advance(100 * time.Millisecond)
			total := f.Do().AdmittedTotal
			require.LessOrEqual(t, total-last, int64(3), "second %d: what the rate says, and the slack of the hour's first tick", second)
			last = total
		}
	}
	require.GreaterOrEqual(t, last, int64(742), "99 %% of what 75 s allow")
}
