package queuetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

func testReset(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(1)), t.Context()
	f.EnterAs(waitroom.Entrant{Account: "kim", Key: "k"})
	f.EnterMany(3)
	f.Do()
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 1))
	require.NoError(t, f.Leave(ctx, Room, f.Epoch, 3))
	before := f.Do()
	require.EqualValues(t, 2, before.Serving)
	_, err := f.End(ctx, Room, waitroom.Over)
	require.NoError(t, err)
	old := f.Epoch
	for range 2 { // twice in the same millisecond: each is another epoch
		s, err := f.Reset(ctx, Room)
		require.NoError(t, err)
		require.Greater(t, s.Epoch, f.Epoch)
		f.Epoch = s.Epoch
		require.Equal(t, before.Policy, s.Policy)
		require.Equal(t, []int64{0, 0, 0, 0}, []int64{s.Issued, s.Serving, s.Active, s.AdmittedTotal})
		require.Empty(t, s.Ended)
		require.Equal(t, waitroom.PhaseQueue, s.Phase)
	}
	require.Zero(t, f.Crowded().Count())
	require.Empty(t, f.revoked(time.Time{}), "revocations of passes that are worthless anyway")
	for number := int64(1); number <= 4; number++ {
		_, err = f.Look(ctx, Room, old, number)
		require.ErrorIs(t, err, waitroom.ErrTicketSuperseded)
		require.NoError(t, f.Leave(ctx, Room, old, number))
		require.NoError(t, f.Release(ctx, Room, old, number))
		require.NoError(t, f.Evict(ctx, Room, old, number))
		require.NoError(t, f.Touch(ctx, Room, old, []waitroom.Session{{Number: number, AdmittedAt: f.Clock.Now()}}))
	}
	require.ErrorIs(t, f.Hear(ctx, Room, waitroom.Turn{Epoch: old}, Chunks(1, 2)), waitroom.ErrTicketSuperseded)
	p := f.EnterAs(waitroom.Entrant{Account: "kim", Key: "k"})
	require.EqualValues(t, 1, p.Number, "accounts and keys of before mean nothing")
	require.False(t, p.Again)
	f.EnterMany(3)
	f.Clock.Advance(time.Second)
	require.EqualValues(t, 1, f.Do().Serving)
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting, waitroom.Waiting, waitroom.Waiting}, f.States(1, 2, 3, 4))
}

// testResetKeepsRate: what is behind the room knows nothing of epochs, so the minute's limit spans them.
func testResetKeepsRate(t *testing.T, open Open) {
	f := NewFixture(t, open, rate(10), patient, func(p *waitroom.Policy) { p.BurstSeconds = 60 })
	admitted := int64(0)
	for range 3 {
		f.EnterMany(20)
		s := f.Pass(10 * time.Second)
		admitted += s.AdmittedTotal
		require.LessOrEqual(t, admitted, int64(10))
		_, err := f.Reset(t.Context(), Room)
		require.NoError(t, err)
	}
	require.EqualValues(t, 10, admitted)
}

func testSoldOut(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(1)), t.Context()
	f.EnterMany(3)
	f.Do()
	s, err := f.End(ctx, Room, waitroom.SoldOut)
	require.NoError(t, err)
	require.Equal(t, waitroom.PhaseClosed, s.Phase)
	require.Equal(t, waitroom.SoldOut, s.Ended)
	require.Equal(t, waitroom.ModeQueue, s.Policy.Mode, "the mode is the operator's")
	_, err = f.Join(ctx, Room, waitroom.Entrant{})
	require.ErrorIs(t, err, waitroom.ErrRoomSoldOut)
	_, err = f.JoinMany(ctx, Room, 2)
	require.ErrorIs(t, err, waitroom.ErrRoomSoldOut)
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Closed}, f.States(1, 2))
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 1))
	require.EqualValues(t, 0, f.Do().Active, "nobody is admitted any more")
	require.Equal(t, waitroom.SoldOut, f.Do().Ended)
}

func testOver(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(1)), t.Context()
	f.EnterMany(3)
	f.Do()
	_, err := f.End(ctx, Room, waitroom.Over)
	require.NoError(t, err)
	_, err = f.Join(ctx, Room, waitroom.Entrant{})
	require.ErrorIs(t, err, waitroom.ErrRoomClosed)
	f.Pass(10*time.Minute, 1, 3)
	s, err := f.End(ctx, Room, "")
	require.NoError(t, err)
	require.Equal(t, waitroom.PhaseQueue, s.Phase)
	require.Empty(t, s.Ended)
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting, waitroom.Waiting}, f.States(1, 2, 3), "nobody has lost the place")
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 1))
	require.EqualValues(t, 2, f.Do().Serving)
	require.EqualValues(t, 4, f.Enter().Number)
}

// testSchedule opens and closes a room by New York's clocks, five hours behind UTC in winter.
func testSchedule(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(2), func(p *waitroom.Policy) {
		p.TimeZone, p.PrequeueAt, p.OpenAt, p.CloseAt = "America/New_York", "2026-11-23T09:00:00", "2026-11-23T10:00:00", "2026-11-23T20:00:00"
	}), t.Context()
	refused := func() {
		t.Helper()
		_, err := f.Join(ctx, Room, waitroom.Entrant{})
		require.ErrorIs(t, err, waitroom.ErrRoomClosed)
	}
	require.Equal(t, waitroom.PhaseClosed, f.Do().Phase)
	refused()
	pre := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	f.Clock.AdvanceTo(pre.Add(-time.Millisecond))
	require.Equal(t, waitroom.PhaseClosed, f.Do().Phase)
	refused()
	f.Clock.Advance(time.Millisecond)
	require.Equal(t, waitroom.Prequeue, f.Enter().State, "from the moment itself on, ticked or not")
	f.EnterMany(2)
	require.Equal(t, waitroom.PhasePrequeue, f.Do().Phase)
	require.Zero(t, f.Do().Active)
	f.Clock.AdvanceTo(pre.Add(time.Hour - time.Millisecond))
	s := f.Do()
	require.Zero(t, s.Active, "a millisecond before the opening")
	require.Equal(t, []waitroom.State{waitroom.Prequeue, waitroom.Prequeue, waitroom.Prequeue}, f.States(1, 2, 3))
	f.Clock.Advance(time.Millisecond)
	require.Equal(t, waitroom.Waiting, f.At(3).State)
	s = f.Do()
	require.Equal(t, waitroom.PhaseQueue, s.Phase)
	require.EqualValues(t, []int64{2, 2}, []int64{s.Serving, s.Active})
	f.Clock.AdvanceTo(pre.Add(11*time.Hour - time.Millisecond))
	require.EqualValues(t, 4, f.Enter().Number)
	f.Clock.Advance(time.Millisecond)
	refused()
	require.Equal(t, waitroom.Closed, f.At(4).State)
	require.Equal(t, waitroom.PhaseClosed, f.Do().Phase)
	require.Equal(t, waitroom.PhaseQueue, f.Set(waitroom.PolicyChange{CloseAt: ptr("2026-11-23T22:00:00")}).Phase, "an hour more")
	require.Equal(t, waitroom.Waiting, f.At(4).State)
	require.Equal(t, waitroom.PhaseHold, f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeHold)}).Phase)
}

func testLedger(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open), t.Context()
	seq, line, err := f.LastLine(ctx, Room)
	require.NoError(t, err)
	require.Equal(t, []any{int64(0), ""}, []any{seq, line})
	lines := []string{}
	for i := range int64(5) {
		text := fmt.Sprintf("line %d: \x00\xff\r\n{\"é\"}", i+1)
		for _, wrong := range []int64{i, i + 2, 0, -1} {
			require.ErrorIs(t, f.Append(ctx, Room, wrong, "wrong"), waitroom.ErrLedgerMoved, "line %d as number %d", i+1, wrong)
		}
		require.NoError(t, f.Append(ctx, Room, i+1, text))
		require.ErrorIs(t, f.Append(ctx, Room, i+1, "another"), waitroom.ErrLedgerMoved)
		seq, line, err = f.LastLine(ctx, Room)
		require.NoError(t, err)
		require.Equal(t, []any{i + 1, text}, []any{seq, line})
		lines = append(lines, text)
	}
	_, err = f.Reset(ctx, Room)
	require.NoError(t, err)
	for _, ask := range []struct{ from, limit, upto int64 }{{1, 100, 5}, {1, 5, 5}, {1, 2, 2}, {4, 1, 4}, {5, 9, 5}} {
		got, err := f.Ledger(ctx, Room, ask.from, ask.limit)
		require.NoError(t, err)
		require.Equal(t, lines[ask.from-1:ask.upto], got, "%+v: the ledger outlives a reset", ask)
	}
	got, err := f.Ledger(ctx, Room, 6, 10)
	require.NoError(t, err)
	require.Empty(t, got)
}
