package queuetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

func testOrder(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(3))
	for i := range int64(10) {
		p := f.Enter()
		require.Equal(t, waitroom.Place{
			Room: Room, Epoch: f.Epoch, Number: i + 1, Rank: i + 1, State: waitroom.Waiting, JoinedAt: f.Clock.Now(),
		}, p)
	}
	s := f.Do()
	require.Equal(t, []int64{10, 3, 3, 3, 3}, []int64{s.Issued, s.Serving, s.Active, s.AdmittedTotal, s.AdmittedLastMinute})
	require.EqualValues(t, 0, f.Crowded().Ahead(4))
	require.EqualValues(t, 6, f.Crowded().Ahead(10))
	for last := int64(3); last < 10; last++ {
		require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting}, f.States(last, last+1))
		require.NoError(t, f.Release(t.Context(), Room, f.Epoch, last))
		s := f.Do()
		require.Equal(t, last+1, s.Serving)
		require.Equal(t, last+1, s.AdmittedTotal)
	}
}

// testJoinMany: blocks follow one another and single joins without a gap, across the borders of the chunks.
func testJoinMany(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, mode(waitroom.ModeOpen), slots(3), rate(600_000)), t.Context()
	next := int64(1)
	for _, count := range []int64{1, 7, 8, 9, 1000, waitroom.MaxBlock, waitroom.MaxBlock, 3} {
		b, err := f.JoinMany(ctx, Room, count)
		require.NoError(t, err)
		require.Equal(t, waitroom.Block{Epoch: f.Epoch, First: next, Count: count, JoinedAt: f.Clock.Now()}, b)
		next += count
		require.Zero(t, f.Crowded().Ahead(1))
		require.Equal(t, next-1, f.Crowded().Count(), "all are here, none is admitted by the call itself")
	}
	for _, count := range []int64{0, -1, waitroom.MaxBlock + 1, 1 << 62} {
		_, err := f.JoinMany(ctx, Room, count)
		require.ErrorIs(t, err, waitroom.ErrBlockInvalid, "%d", count)
	}
	require.Equal(t, []int64{3, next - 1}, []int64{f.Do().Serving, f.Do().Issued})
	require.Equal(t, next-1-3, f.Crowded().Count())
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting, waitroom.Waiting}, f.States(3, 4, next-1))
	require.Equal(t, next, f.Enter().Number)
	f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeDraining)})
	_, err := f.JoinMany(ctx, Room, 5)
	require.ErrorIs(t, err, waitroom.ErrRoomClosed)
}

func testNoOvertaking(t *testing.T, open Open) {
	f := NewFixture(t, open, mode(waitroom.ModeOpen), slots(1))
	first := f.Enter()
	require.Equal(t, waitroom.Place{
		Room: Room, Epoch: f.Epoch, Number: 1, Rank: 1, State: waitroom.Admitted,
		JoinedAt: f.Clock.Now(), AdmittedAt: f.Clock.Now(), ExpiresAt: f.Clock.Now().Add(900 * time.Second),
	}, first)
	require.Equal(t, waitroom.Waiting, f.Enter().State)
	require.Equal(t, waitroom.Waiting, f.Enter().State)
	require.NoError(t, f.Release(t.Context(), Room, f.Epoch, 1))
	require.Equal(t, waitroom.Waiting, f.Enter().State, "numbers 2 and 3 still waited")
	f.Do()
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting, waitroom.Waiting}, f.States(2, 3, 4))
	f.Set(waitroom.PolicyChange{MaxActive: ptr(int64(100))})
	f.Do()
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Admitted}, f.States(3, 4))
	require.Equal(t, waitroom.Admitted, f.Enter().State, "nobody is ahead any more")
}

func testModes(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(2), mode(waitroom.ModeHold))
	set := func(m waitroom.Mode) waitroom.Snapshot {
		require.Equal(t, waitroom.Phase(m), f.Set(waitroom.PolicyChange{Mode: &m}).Phase)
		return f.Do()
	}
	require.Equal(t, waitroom.Waiting, f.Enter().State)
	require.EqualValues(t, 0, f.Do().Active, "hold admits no one")
	require.EqualValues(t, 1, set(waitroom.ModeQueue).Active)
	require.Equal(t, waitroom.Waiting, f.Enter().State, "queue admits no one in Join")
	f.EnterMany(2)

	s := set(waitroom.ModeDraining)
	require.EqualValues(t, []int64{2, 2}, []int64{s.Active, f.Crowded().Count()})
	_, err := f.Join(t.Context(), Room, waitroom.Entrant{})
	require.ErrorIs(t, err, waitroom.ErrRoomClosed)

	require.NoError(t, f.Release(t.Context(), Room, f.Epoch, 2))
	s = set(waitroom.ModeClosed)
	require.EqualValues(t, []int64{1, 2}, []int64{s.Active, f.Crowded().Count()})
	_, err = f.Join(t.Context(), Room, waitroom.Entrant{})
	require.ErrorIs(t, err, waitroom.ErrRoomClosed)
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Passed, waitroom.Closed, waitroom.Closed}, f.States(1, 2, 3, 4))

	s = set(waitroom.ModeOpen)
	require.EqualValues(t, []int64{2, 4, 1}, []int64{s.Active, s.Issued, f.Crowded().Count()}, "closing has cost no one the place")
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting}, f.States(3, 4))
}

// testChangesKeepOrder goes through every kind of change with 60 people in line, and admits one each time.
func testChangesKeepOrder(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(1), patient), t.Context()
	const people = 60
	f.EnterMany(people)
	changes := []waitroom.PolicyChange{
		{Mode: ptr(waitroom.ModeHold)}, {Mode: ptr(waitroom.ModeQueue), RatePerMinute: ptr(int64(600))}, {Mode: ptr(waitroom.ModeClosed)},
		{Mode: ptr(waitroom.ModeDraining)}, {Mode: ptr(waitroom.ModeOpen), MaxActive: ptr(int64(5))}, {MaxActive: ptr(int64(1))},
		{GhostSeconds: ptr(int64(3000))}, {GhostSeconds: ptr(int64(2000)), ReturnGraceSeconds: ptr(int64(0))}, {Message: ptr("soon")},
		{Method: ptr(waitroom.MethodReject)}, {Method: ptr(waitroom.MethodFIFO), BurstSeconds: ptr(int64(60))},
	}
	s := f.Do()
	for n := int64(1); n < people; n++ {
		require.Equal(t, []int64{n, n, 1}, []int64{s.Serving, s.AdmittedTotal, s.Active})
		require.Equal(t, []waitroom.State{waitroom.Admitted}, f.States(n))
		require.NoError(t, f.Release(ctx, Room, f.Epoch, n))
		f.Set(changes[n%int64(len(changes))])
		f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeQueue), MaxActive: ptr(int64(1)), Method: ptr(waitroom.MethodFIFO)})
		f.Clock.Advance(time.Second)
		for tries := 0; s.AdmittedTotal == n; tries++ {
			require.Less(t, tries, 100, "number %d is not admitted", n+1)
			f.Clock.Advance(100 * time.Millisecond)
			s = f.Do()
		}
	}
	require.Equal(t, []int64{people, people}, []int64{s.Serving, s.Issued})
}

func testLeave(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(1)), t.Context()
	f.EnterMany(4)
	f.Do()
	for range 2 {
		require.NoError(t, f.Leave(ctx, Room, f.Epoch, 1), "admitted: nothing changes")
		require.NoError(t, f.Leave(ctx, Room, f.Epoch, 2))
	}
	for _, number := range []int64{0, -1, 99, 1 << 62} {
		require.NoError(t, f.Leave(ctx, Room, f.Epoch, number))
	}
	require.NoError(t, f.Leave(ctx, Room, f.Epoch+1, 3))
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Expired, waitroom.Waiting}, f.States(1, 2, 3))
	require.NoError(t, f.Hear(ctx, Room, waitroom.Turn{Epoch: f.Epoch}, Chunks(2)))
	require.EqualValues(t, 1, f.Crowded().Ahead(4), "who has left is not heard")
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 1))
	require.EqualValues(t, 3, f.Do().Serving)
}

func testEvict(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(2)), t.Context()
	f.EnterMany(5)
	f.Do()
	for _, number := range []int64{0, -1, 99, 1 << 62} {
		require.NoError(t, f.Evict(ctx, Room, f.Epoch, number))
	}
	require.NoError(t, f.Evict(ctx, Room, f.Epoch-1, 1))
	for range 2 {
		require.NoError(t, f.Evict(ctx, Room, f.Epoch, 1))
		require.NoError(t, f.Evict(ctx, Room, f.Epoch, 4))
	}
	require.Equal(t, []int64{1}, f.revoked(time.Time{}), "a session is revoked, a place is given up")
	require.Equal(t, []waitroom.State{waitroom.Passed, waitroom.Admitted, waitroom.Admitted, waitroom.Expired, waitroom.Waiting},
		f.States(1, 2, 3, 4, 5))
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 2))
	require.EqualValues(t, 5, f.Do().Serving)
}

func testForeignTickets(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, mode(waitroom.ModeHold)), t.Context()
	f.EnterMany(2)
	for _, number := range []int64{0, -1, 3, 1 << 40, 1 << 52, 1 << 53, 1<<53 + 1, 1<<63 - 1, -1 << 63} {
		_, err := f.Look(ctx, Room, f.Epoch, number)
		require.ErrorIs(t, err, waitroom.ErrTicketInvalid, "number %d", number)
	}
	for _, epoch := range []int64{0, -1, f.Epoch - 1, f.Epoch + 1, 1<<63 - 1} {
		_, err := f.Look(ctx, Room, epoch, 1)
		require.ErrorIs(t, err, waitroom.ErrTicketSuperseded, "epoch %d", epoch)
	}
	require.EqualValues(t, 2, f.Crowded().Count())
	require.EqualValues(t, 2, f.Do().Issued)
}
