package queuetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

func patient(p *waitroom.Policy) {
	p.GhostSeconds, p.SessionIdleSeconds, p.SessionLimitSeconds = 3600, 86_400, 86_400
}

func testCap(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(3), mode(waitroom.ModeOpen))
	f.EnterMany(10)
	require.EqualValues(t, 3, f.Do().Active)
	version := f.Do().Version
	_, err := f.Change(t.Context(), Room, waitroom.PolicyChange{MaxActive: ptr(int64(2)), Message: ptr("less")})
	require.Equal(t, "policy-invalid", fault.From(err).Type)
	require.Len(t, fault.From(err).Fields, 1)
	require.Equal(t, "max_active", fault.From(err).Fields[0].Name)
	_, err = f.Create(t.Context(), Room, easyPolicy(slots(2)))
	require.Equal(t, "max_active", fault.From(err).Fields[0].Name)
	s := f.Do()
	require.Equal(t, []int64{version, 3}, []int64{s.Version, s.Policy.MaxActive}, "nobody is thrown out, nothing is changed")
	require.NoError(t, f.Release(t.Context(), Room, f.Epoch, 1))
	f.Set(waitroom.PolicyChange{MaxActive: ptr(int64(2))})
	require.EqualValues(t, 2, f.Do().Active)
	require.NoError(t, f.Release(t.Context(), Room, f.Epoch, 2))
	s = f.Do()
	require.EqualValues(t, []int64{2, 4}, []int64{s.Active, s.Serving})
}

func testWindow(t *testing.T, open Open) {
	f := NewFixture(t, open, rate(1), patient)
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
	f := NewFixture(t, open, rate(600), patient)
	f.EnterMany(100)
	f.Do()
	require.EqualValues(t, 20, f.Pass(time.Second).AdmittedTotal)
	f.Set(waitroom.PolicyChange{RatePerMinute: ptr(int64(21))})
	total := f.Do().AdmittedTotal
	for range 58 {
		total = f.Pass(time.Second).AdmittedTotal
		require.LessOrEqual(t, total, int64(21), "the window holds for the new rate too")
	}
	require.EqualValues(t, 21, total)
}

func testSpread(t *testing.T, open Open) {
	f := NewFixture(t, open, rate(600), slots(10_000), patient)
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

// testBurst: what an idle room saves up is what its settings say, and the minute's rate holds all the same.
func testBurst(t *testing.T, open Open) {
	for seconds, want := range map[int64]int64{1: 2, 10: 20, 60: 120} {
		f := NewFixture(t, open, rate(120), slots(10_000), patient, func(p *waitroom.Policy) { p.BurstSeconds = seconds })
		f.EnterMany(300)
		f.Clock.Advance(time.Hour)
		total := f.Do().AdmittedTotal
		require.Equal(t, want, total, "%d s of 120 a minute", seconds)
		for range 599 {
			f.Clock.Advance(100 * time.Millisecond)
			total = f.Do().AdmittedTotal
			require.LessOrEqual(t, total, int64(120))
		}
		require.GreaterOrEqual(t, total, int64(119))
	}
}

// testBehind: one call admits and ends a bounded number, says that there is more to do, and the next goes on.
func testBehind(t *testing.T, open Open) {
	f := NewFixture(t, open, rate(10_000_000), slots(1_000_000), func(p *waitroom.Policy) { p.SessionLimitSeconds = 100 })
	_, err := f.JoinMany(t.Context(), Room, 2500)
	require.NoError(t, err)
	work := func(left func(waitroom.Snapshot) int64) (calls int) {
		for before := int64(2500); ; calls++ {
			s := f.Do()
			after := left(s)
			require.LessOrEqual(t, before-after, int64(1000))
			if before = after; after == 0 && !s.Behind {
				return calls + 1
			}
			require.True(t, s.Behind || after == 0, "%d are left and the call does not say so", after)
			require.Less(t, calls, 1000)
		}
	}
	require.Greater(t, work(func(s waitroom.Snapshot) int64 { return 2500 - s.AdmittedTotal }), 2)
	require.EqualValues(t, 2500, f.Do().Active)
	f.Clock.Advance(100 * time.Second)
	require.Greater(t, work(func(s waitroom.Snapshot) int64 { return s.Active }), 2)
	require.Empty(t, f.revoked(time.Time{}), "their passes have run out")
}
