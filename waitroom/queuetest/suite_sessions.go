package queuetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// revoked returns all numbers whose revocation is told, in order.
func (f *Fixture) revoked(since time.Time) []int64 {
	f.Helper()
	_, revocations, err := f.Tick(f.Context(), Room, since)
	require.NoError(f, err)
	numbers := []int64{}
	for _, r := range revocations {
		require.Equal(f, f.Epoch, r.Epoch)
		numbers = append(numbers, r.Number)
	}
	return numbers
}

func (f *Fixture) touch(epoch int64, numbers ...int64) {
	f.Helper()
	sessions := []waitroom.Session{}
	for _, number := range numbers {
		sessions = append(sessions, waitroom.Session{Number: number, AdmittedAt: f.Clock.Now().Add(-time.Second)})
	}
	require.NoError(f, f.Touch(f.Context(), Room, epoch, sessions))
}

func testIdle(t *testing.T, open Open) {
	f := NewFixture(t, open)
	f.EnterMany(3)
	f.Do()
	f.Pass(100*time.Second, 1)
	f.touch(f.Epoch)
	f.touch(f.Epoch, 2, 77)
	f.touch(f.Epoch+1, 3)
	f.Clock.Advance(4 * time.Second)
	f.Pass(15999 * time.Millisecond)
	require.EqualValues(t, 3, f.Do().Active)
	f.Clock.Advance(time.Millisecond)
	require.EqualValues(t, 2, f.Do().Active, "120 s of silence end a session")
	require.Equal(t, []int64{3}, f.revoked(time.Time{}))
	f.touch(f.Epoch, 3)
	require.EqualValues(t, 2, f.Do().Active)
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Admitted, waitroom.Passed}, f.States(1, 2, 3), "ended is ended")
}

func testLimit(t *testing.T, open Open) {
	f := NewFixture(t, open, func(p *waitroom.Policy) { p.SessionLimitSeconds = 300 })
	f.Enter()
	f.Do()
	expires := f.Clock.Now().Add(300 * time.Second)
	f.Pass(299*time.Second, 1)
	p := f.At(1)
	require.Equal(t, waitroom.Admitted, p.State)
	require.Equal(t, expires, p.ExpiresAt)
	require.Equal(t, expires.Add(-300*time.Second), p.AdmittedAt)
	f.Clock.Advance(time.Second)
	require.Equal(t, waitroom.Passed, f.At(1).State, "the pass has run out, ticked or not")
	require.EqualValues(t, 0, f.Do().Active)
	require.Empty(t, f.revoked(time.Time{}), "the pass has run out by itself")
}

func testShortenedLimit(t *testing.T, open Open) {
	f := NewFixture(t, open, func(p *waitroom.Policy) { p.SessionLimitSeconds = 300 })
	f.Enter()
	f.Pass(100*time.Second, 1)
	f.Set(waitroom.PolicyChange{SessionLimitSeconds: ptr(int64(99))})
	f.Enter()
	s := f.Do()
	require.EqualValues(t, []int64{1, 2}, []int64{s.Active, s.Serving})
	require.Equal(t, []int64{1}, f.revoked(time.Time{}))
	require.Equal(t, waitroom.Passed, f.At(1).State)
	f.Pass(259*time.Second, 2)
	require.Contains(t, f.revoked(time.Time{}), int64(1), "its pass was good for 300 s, so its revocation is, and a minute more")
}

func testLengthenedLimit(t *testing.T, open Open) {
	f := NewFixture(t, open, func(p *waitroom.Policy) { p.SessionLimitSeconds = 100 })
	f.Enter()
	f.Do()
	begun := f.Clock.Now()
	f.Pass(50*time.Second, 1)
	f.Set(waitroom.PolicyChange{SessionLimitSeconds: ptr(int64(200))})
	require.Equal(t, []time.Time{begun, begun.Add(200 * time.Second)}, []time.Time{f.At(1).AdmittedAt, f.At(1).ExpiresAt})
	require.EqualValues(t, 1, f.Pass(149*time.Second, 1).Active)
	require.EqualValues(t, 0, f.Pass(time.Second).Active)
}

func testRelease(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(1)), t.Context()
	f.EnterMany(2)
	f.Do()
	require.NoError(t, f.Release(ctx, Room, f.Epoch+1, 1), "another epoch: nothing changes")
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 2), "waiting: nothing changes")
	for _, number := range []int64{0, -1, 99, 1 << 62} {
		require.NoError(t, f.Release(ctx, Room, f.Epoch, number))
	}
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting}, f.States(1, 2))
	for range 2 {
		require.NoError(t, f.Release(ctx, Room, f.Epoch, 1))
	}
	require.Equal(t, []int64{1}, f.revoked(time.Time{}))
	require.Equal(t, []waitroom.State{waitroom.Passed, waitroom.Admitted}, f.States(1, 2))
}

func testRevocations(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, func(p *waitroom.Policy) { p.SessionLimitSeconds = 100 }), t.Context()
	f.EnterMany(3)
	f.Do()
	first := f.Clock.Now()
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 2))
	f.Clock.Advance(time.Second)
	second := f.Clock.Now()
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 1))

	require.Equal(t, []int64{2, 1}, f.revoked(time.Time{}), "in order of time")
	require.Equal(t, []int64{2, 1}, f.revoked(first), "from the moment given on, that moment included")
	require.Equal(t, []int64{1}, f.revoked(second))
	f.Clock.Advance(time.Second)
	require.Empty(t, f.revoked(f.Clock.Now()))
	require.Equal(t, []int64{2, 1}, f.revoked(f.Clock.Now().Add(time.Minute)), "a cursor from the future: the clock went back, all are told")

	f.Pass(98*time.Second, 3)
	require.Equal(t, []int64{2, 1}, f.revoked(time.Time{}), "the passes would have run out by now")
	f.Pass(59 * time.Second)
	require.Equal(t, []int64{2, 1}, f.revoked(time.Time{}), "but a gateway's clock may be behind by a minute")
	f.Pass(101 * time.Second)
	require.Empty(t, f.revoked(time.Time{}), "100 s and a minute after the last release")
}
