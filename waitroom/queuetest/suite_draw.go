package queuetest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/fault"
	"anteroom/waitroom"
	"anteroom/waitroom/draw"
)

// opening is when the rooms of these tests open, an hour after the clock's start.
var opening = NewClock().Now().Add(time.Hour).Truncate(time.Minute)

func drawn(p *waitroom.Policy) {
	p.Method, p.Beacon, p.OpenAt = waitroom.MethodDraw, "drand quicknet 12345678", opening.Format(waitroom.ScheduleLayout)
	p.GhostSeconds = 3600
}

// finish does what a gateway does once the beacon is known, with the public library, and returns the order that must come of it.
func (f *Fixture) finish() *draw.Permutation {
	f.Helper()
	d, err := f.Drawing(f.Context(), Room)
	require.NoError(f, err)
	bitmap, err := f.Entrants(f.Context(), Room)
	require.NoError(f, err)
	entrants, err := draw.NewEntrants(d.Entrants, bitmap)
	require.NoError(f, err)
	order, err := DrawnOrder(Room, d, entrants.Root())
	require.NoError(f, err)
	present := draw.PermuteBitmap(order, entrants.Bitmap(), d.Entrants)
	done, err := f.Finish(f.Context(), Room, entrants.Root(), present)
	require.NoError(f, err)
	require.Equal(f, waitroom.DrawDone, done.State)
	require.Equal(f, [32]byte(entrants.Root()), done.Root)
	return order
}

func testDraw(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, drawn, slots(1)), t.Context()
	d, err := f.Drawing(ctx, Room)
	require.NoError(t, err)
	require.Equal(t, []any{waitroom.DrawCommitted, f.Epoch, "drand quicknet 12345678", int64(0)}, []any{d.State, d.Epoch, d.BeaconName, d.Entrants})
	require.NotZero(t, d.Seed)
	seed := d.Seed

	const people = 40
	for number := int64(1); number <= people; number++ {
		require.Equal(t, waitroom.Prequeue, f.Enter().State)
	}
	require.NoError(t, f.Leave(ctx, Room, f.Epoch, 7))
	f.Clock.AdvanceTo(opening.Add(-time.Millisecond))
	_, err = f.Seal(ctx, Room)
	require.ErrorIs(t, err, waitroom.ErrDrawState, "before the opening")
	f.Clock.Advance(time.Millisecond)
	require.Equal(t, waitroom.PhasePrequeue, f.Do().Phase, "until the draw is done")
	require.Zero(t, f.Do().Active)
	d, err = f.Seal(ctx, Room)
	require.NoError(t, err)
	require.Equal(t, []any{waitroom.DrawSealed, int64(people), f.Clock.Now()}, []any{d.State, d.Entrants, d.SealedAt.UTC()})

	late := f.Enter()
	require.Equal(t, []any{int64(people + 1), waitroom.Prequeue}, []any{late.Number, late.State})
	require.Zero(t, f.Do().Active)
	f.Enter()
	require.NoError(t, f.Leave(ctx, Room, f.Epoch, 9), "an entrant, after the sealing")
	require.NoError(t, f.Evict(ctx, Room, f.Epoch, people+2), "who came after the sealing")
	d, err = f.Beacon(ctx, Room, "5eed")
	require.NoError(t, err)
	require.Equal(t, "5eed", d.BeaconValue)
	require.Equal(t, seed, d.Seed, "the seed is the one that was committed to")
	order := f.finish()

	s := f.Do()
	require.Equal(t, []any{waitroom.DrawDone, waitroom.PhaseQueue, int64(1)}, []any{s.Draw, s.Phase, s.Active})
	require.Equal(t, waitroom.Turn{Epoch: f.Epoch, Drawn: true}, s.Turn())
	for number := int64(1); number <= people+4; number++ {
		require.Equal(t, order.Rank(number), s.Rank(number), "the order is the one that anybody can recompute")
	}
	require.EqualValues(t, people+3, f.Enter().Rank, "later ones follow")
	require.ErrorIs(t, f.Hear(ctx, Room, waitroom.Turn{Epoch: f.Epoch}, Chunks(1)), waitroom.ErrTicketSuperseded, "ranks of before the draw")

	gone := []int64{7, 9, people + 2}
	require.EqualValues(t, people+3-len(gone)-1, f.Crowded().Count(), "one is admitted")
	admitted := []int64{}
	for range people {
		for number := int64(1); number <= people+3; number++ {
			if p := f.At(number); p.State == waitroom.Admitted {
				require.Equal(t, s.Rank(number), p.Rank)
				require.False(t, number <= people && f.Crowded().Present(p.Rank))
				admitted = append(admitted, number)
				require.NoError(t, f.Release(ctx, Room, f.Epoch, number))
			}
		}
		f.Clock.Advance(100 * time.Millisecond)
		f.Do()
	}
	want := []int64{}
	for rank := int64(1); rank <= people+3; rank++ {
		if number := order.Number(rank); !slices.Contains(gone, number) {
			want = append(want, number)
		}
	}
	require.Equal(t, want, admitted)
	require.Equal(t, []waitroom.State{waitroom.Expired, waitroom.Expired, waitroom.Expired}, f.States(gone...))
	require.Len(t, f.revoked(time.Time{}), people)

	reset, err := f.Reset(ctx, Room)
	require.NoError(t, err)
	require.Equal(t, []any{waitroom.DrawCommitted, waitroom.PhasePrequeue}, []any{reset.Draw, reset.Phase})
	d, err = f.Drawing(ctx, Room)
	require.NoError(t, err)
	require.NotEqual(t, seed, d.Seed, "another epoch, another seed")
	require.Empty(t, d.BeaconValue)
}

func testDrawStates(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open), t.Context()
	refused := func(names ...string) {
		t.Helper()
		for _, name := range names {
			var err error
			switch name {
			case "seal":
				_, err = f.Seal(ctx, Room)
			case "beacon":
				_, err = f.Beacon(ctx, Room, "value")
			case "finish":
				_, err = f.Finish(ctx, Room, [32]byte{1}, []byte{0xff})
			}
			require.ErrorIs(t, err, waitroom.ErrDrawState, name)
		}
	}
	d, err := f.Drawing(ctx, Room)
	require.NoError(t, err)
	require.Empty(t, d.State)
	refused("seal", "beacon", "finish")
	f.Enter()
	require.EqualValues(t, 1, f.Do().Serving)
	toDraw := waitroom.PolicyChange{Method: ptr(waitroom.MethodDraw), Beacon: ptr("b"), OpenAt: ptr("2026-11-22T00:00:00")}
	_, err = f.Change(ctx, Room, toDraw)
	require.Equal(t, "policy-invalid", fault.From(err).Type, "no draw after the first admission")
	require.Equal(t, "method", fault.From(err).Fields[0].Name)

	_, err = f.Reset(ctx, Room)
	require.NoError(t, err)
	s := f.Set(toDraw)
	f.Epoch = s.Epoch
	require.Equal(t, []any{waitroom.DrawCommitted, waitroom.PhasePrequeue}, []any{s.Draw, s.Phase})
	refused("beacon", "finish")
	f.EnterMany(3)
	_, err = f.Seal(ctx, Room)
	require.NoError(t, err)
	refused("seal", "finish")
	_, err = f.Beacon(ctx, Room, "value")
	require.NoError(t, err)
	refused("seal", "beacon")
	f.finish()
	refused("seal", "beacon", "finish")
	require.EqualValues(t, 3, f.Do().AdmittedTotal)
}

// A draw that nobody came for binds nobody. Who is let in by another method before it is done keeps what that led to.
func testDrawOfNobody(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, drawn), t.Context()
	f.Clock.AdvanceTo(opening)
	_, err := f.Seal(ctx, Room)
	require.NoError(t, err)
	f.Set(waitroom.PolicyChange{Method: ptr(waitroom.MethodPassthrough)})
	admitted, released, without := f.Enter(), f.Enter(), f.Enter()
	require.NoError(t, f.Release(ctx, Room, f.Epoch, released.Number))
	f.Set(waitroom.PolicyChange{Method: ptr(waitroom.MethodFIFO), Mode: ptr(waitroom.ModeHold)})
	waiting, left := f.Enter(), f.Enter()
	require.NoError(t, f.Leave(ctx, Room, f.Epoch, left.Number))

	_, err = f.Beacon(ctx, Room, "5eed")
	require.NoError(t, err)
	f.finish()
	want := []waitroom.State{waitroom.Admitted, waitroom.Passed, waitroom.Admitted, waitroom.Waiting, waitroom.Expired}
	require.Equal(t, want, f.States(admitted.Number, released.Number, without.Number, waiting.Number, left.Number))
	f.Do()
	require.EqualValues(t, 1, f.Crowded().Count())
	require.NoError(t, f.Evict(ctx, Room, f.Epoch, released.Number))
	require.NoError(t, f.Evict(ctx, Room, f.Epoch, without.Number))
	require.Len(t, f.revoked(time.Time{}), 2)
}
