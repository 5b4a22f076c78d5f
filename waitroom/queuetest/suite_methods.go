package queuetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

func testReject(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, mode(waitroom.ModeOpen), method(waitroom.MethodReject), slots(2)), t.Context()
	full := func() {
		t.Helper()
		issued := f.Do().Issued
		_, err := f.Join(ctx, Room, waitroom.Entrant{})
		require.ErrorIs(t, err, waitroom.ErrRoomFull)
		_, err = f.JoinMany(ctx, Room, 1)
		require.ErrorIs(t, err, waitroom.ErrRoomFull)
		require.Equal(t, issued, f.Do().Issued, "no number for who is turned away")
	}
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Admitted}, []waitroom.State{f.EnterAs(waitroom.Entrant{Key: "k"}).State, f.Enter().State})
	full()
	require.EqualValues(t, 1, f.EnterAs(waitroom.Entrant{Key: "k"}).Number, "who is in already is not turned away")
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 1))
	f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeQueue)})
	p := f.EnterAs(waitroom.Entrant{Key: "late"})
	require.Equal(t, []any{int64(3), waitroom.Admitted, false}, []any{p.Number, p.State, p.Again})
	full()
	s := f.Do()
	require.EqualValues(t, []int64{3, 3, 2}, []int64{s.Issued, s.AdmittedTotal, s.Active})

	// Someone who waits from before the method was changed goes first.
	f.Set(waitroom.PolicyChange{Method: ptr(waitroom.MethodFIFO)})
	require.Equal(t, waitroom.Waiting, f.Enter().State)
	f.Set(waitroom.PolicyChange{Method: ptr(waitroom.MethodReject), Mode: ptr(waitroom.ModeOpen)})
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 2))
	_, err := f.Join(ctx, Room, waitroom.Entrant{})
	require.ErrorIs(t, err, waitroom.ErrRoomFull)
	f.Do()
	require.Equal(t, waitroom.Admitted, f.At(4).State)

	f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeHold)})
	require.Equal(t, waitroom.Waiting, f.Enter().State, "hold takes everybody and admits nobody")
}

func testPassthrough(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, mode(waitroom.ModeOpen), method(waitroom.MethodPassthrough), slots(2)), t.Context()
	for i := range int64(6) {
		p := f.EnterAs(waitroom.Entrant{})
		require.Equal(t, waitroom.Place{
			Room: Room, Epoch: f.Epoch, Number: i + 1, Rank: i + 1, State: waitroom.Admitted,
			JoinedAt: f.Clock.Now(), AdmittedAt: f.Clock.Now(), ExpiresAt: f.Clock.Now().Add(900 * time.Second),
		}, p)
	}
	s := f.Do()
	require.Equal(t, []int64{6, 6, 2, 4}, []int64{s.Issued, s.Serving, s.Active, s.WouldQueue})
	require.Zero(t, f.Crowded().Count())
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 1))
	f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeQueue)})
	require.Equal(t, waitroom.Admitted, f.Enter().State)
	s = f.Do()
	require.Equal(t, []int64{7, 2, 4}, []int64{s.Issued, s.Active, s.WouldQueue}, "there was a slot")

	f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeHold)})
	require.Equal(t, waitroom.Waiting, f.Enter().State, "hold lets nobody through, whatever the method")
	f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeClosed)})
	_, err := f.Join(ctx, Room, waitroom.Entrant{})
	require.ErrorIs(t, err, waitroom.ErrRoomClosed)
}
