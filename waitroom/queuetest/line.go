package queuetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

func mode(m waitroom.Mode) func(*waitroom.Policy) { return func(p *waitroom.Policy) { p.Mode = m } }
func slots(n int64) func(*waitroom.Policy)        { return func(p *waitroom.Policy) { p.MaxActive = n } }
func rate(n int64) func(*waitroom.Policy)         { return func(p *waitroom.Policy) { p.RatePerMinute = n } }

func testOrder(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(3))
	for i := range int64(10) {
		p := f.Enter()
		require.Equal(t, waitroom.Place{
			Room: Room, Epoch: f.Epoch, Number: i + 1, State: waitroom.Waiting, Ahead: i, JoinedAt: f.Clock.Now(),
		}, p)
	}
	require.EqualValues(t, 10, f.Do().Waiting+3)
	require.EqualValues(t, 0, f.At(4).Ahead)
	require.EqualValues(t, 6, f.At(10).Ahead)
	for last := int64(3); last < 10; last++ {
		require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting}, f.States(last, last+1))
		require.NoError(t, f.Release(t.Context(), Room, f.Epoch, last))
		s := f.Do()
		require.Equal(t, last+1, s.Serving)
		require.Equal(t, last+1, s.AdmittedTotal)
	}
}

func testNoOvertaking(t *testing.T, open Open) {
	f := NewFixture(t, open, mode(waitroom.ModeOpen), slots(1))
	first := f.Enter()
	require.Equal(t, waitroom.Place{
		Room: Room, Epoch: f.Epoch, Number: 1, State: waitroom.Admitted,
		JoinedAt: f.Clock.Now(), AdmittedAt: f.Clock.Now(), ExpiresAt: f.Clock.Now().Add(900 * time.Second),
	}, first)
	require.Equal(t, waitroom.Waiting, f.Enter().State)
	f.Set(waitroom.PolicyChange{MaxActive: ptr(100)})
	require.Equal(t, waitroom.Waiting, f.Enter().State, "number 2 still waits")
	require.EqualValues(t, 0, f.Do().Waiting)
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Admitted}, f.States(2, 3))
	require.Equal(t, waitroom.Admitted, f.Enter().State)
}

func testModes(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(2), mode(waitroom.ModeHold))
	set := func(m waitroom.Mode) waitroom.Snapshot {
		f.Set(waitroom.PolicyChange{Mode: &m})
		return f.Do()
	}
	require.Equal(t, waitroom.Waiting, f.Enter().State)
	require.EqualValues(t, 1, f.Do().Waiting, "hold admits no one")
	require.EqualValues(t, 0, set(waitroom.ModeQueue).Waiting)
	require.Equal(t, waitroom.Waiting, f.Enter().State, "queue admits no one in Join")
	f.EnterMany(2)

	s := set(waitroom.ModeDraining)
	require.EqualValues(t, []int64{2, 2}, []int64{s.Active, s.Waiting})
	_, err := f.Join(t.Context(), Room)
	require.ErrorIs(t, err, waitroom.ErrRoomClosed)

	require.NoError(t, f.Release(t.Context(), Room, f.Epoch, 2))
	s = set(waitroom.ModeClosed)
	require.EqualValues(t, []int64{1, 2}, []int64{s.Active, s.Waiting})
	_, err = f.Join(t.Context(), Room)
	require.ErrorIs(t, err, waitroom.ErrRoomClosed)
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Passed, waitroom.Closed, waitroom.Closed}, f.States(1, 2, 3, 4))

	s = set(waitroom.ModeOpen)
	require.EqualValues(t, []int64{2, 1, 4}, []int64{s.Active, s.Waiting, s.Issued}, "closing has cost no one the place")
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting}, f.States(3, 4))
}

func testLeave(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(1)), t.Context()
	f.EnterMany(4)
	f.Do()
	for range 2 {
		require.NoError(t, f.Leave(ctx, Room, f.Epoch, 1), "admitted: nothing changes")
		require.NoError(t, f.Leave(ctx, Room, f.Epoch, 2))
	}
	for _, number := range []int64{0, -1, 99} {
		require.NoError(t, f.Leave(ctx, Room, f.Epoch, number))
	}
	require.NoError(t, f.Leave(ctx, Room, f.Epoch+1, 3))
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Expired, waitroom.Waiting}, f.States(1, 2, 3))
	require.EqualValues(t, 1, f.At(4).Ahead)
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 1))
	require.EqualValues(t, 3, f.Do().Serving)
}

func testForeignTickets(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, mode(waitroom.ModeHold)), t.Context()
	f.EnterMany(2)
	for _, number := range []int64{0, -1, 3, 1 << 40, 1<<63 - 1, -1 << 63} {
		_, err := f.Status(ctx, Room, f.Epoch, number)
		require.ErrorIs(t, err, waitroom.ErrTicketInvalid, "number %d", number)
	}
	for _, epoch := range []int64{0, f.Epoch - 1, f.Epoch + 1} {
		_, err := f.Status(ctx, Room, epoch, 1)
		require.ErrorIs(t, err, waitroom.ErrTicketSuperseded, "epoch %d", epoch)
	}
	require.EqualValues(t, 2, f.Do().Waiting)
}

func testGhost(t *testing.T, open Open) {
	f := NewFixture(t, open, mode(waitroom.ModeHold), slots(1))
	f.EnterMany(3)
	require.EqualValues(t, 3, f.Pass(45*time.Second, 2).Waiting, "45 s are not longer than 45 s")
	f.Clock.Advance(time.Millisecond)
	require.EqualValues(t, 1, f.Do().Waiting)
	require.EqualValues(t, 0, f.At(2).Ahead)
	queue := waitroom.ModeQueue
	f.Set(waitroom.PolicyChange{Mode: &queue})
	require.EqualValues(t, 2, f.Do().Serving, "number 1 does not hold up the line")
}

func testReturn(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(1))
	f.EnterMany(2)
	require.EqualValues(t, 1, f.Do().Serving)
	f.EnterMany(1)
	require.EqualValues(t, 1, f.Pass(46*time.Second, 1, 3).Waiting, "number 2 was silent")
	f.EnterMany(1)
	f.Pass(299*time.Second, 1, 3, 4)
	require.Equal(t, waitroom.Waiting, f.At(2).State)
	require.EqualValues(t, 1, f.At(3).Ahead)
	require.NoError(t, f.Release(t.Context(), Room, f.Epoch, 1))
	require.EqualValues(t, 2, f.Do().Serving, "the lowest number present is next")
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting, waitroom.Waiting}, f.States(2, 3, 4))
}

func testReturnTooLate(t *testing.T, open Open) {
	f := NewFixture(t, open, mode(waitroom.ModeHold))
	f.EnterMany(2)
	f.Pass(46*time.Second, 2)
	f.Pass(301*time.Second, 2)
	require.Equal(t, []waitroom.State{waitroom.Expired, waitroom.Waiting}, f.States(1, 2))
	require.EqualValues(t, 1, f.Do().Waiting)
}

func testOutage(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(1))
	f.EnterMany(3)
	f.Do()
	f.Clock.Advance(10 * time.Minute) // nothing ticks, so nobody could have been heard
	s := f.Do()
	require.EqualValues(t, []int64{1, 2}, []int64{s.Active, s.Waiting})
	s = f.Pass(46 * time.Second)
	require.EqualValues(t, []int64{1, 0}, []int64{s.Active, s.Waiting}, "silence counts from when ticking went on")
}
