package queuetest

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

// offer opens a move of a number by the ticket that says so many moves.
func (f *Fixture) offer(number, moves int64) (waitroom.MoveCode, error) {
	f.Helper()
	code, err := waitroom.NewMoveCode(f.Epoch, number)
	require.NoError(f, err)
	_, err = f.Offer(f.Context(), Room, waitroom.Offer{
		Digest: code.Digest(), ReturnTo: "/shows/arena/seats",
		Ticket: auth.Ticket{Room: Room, Epoch: f.Epoch, Number: number, JoinedAt: f.Clock.Now(), EstimateLow: 3, EstimateHigh: 9, Moves: moves},
	})
	return code, err
}

func (f *Fixture) claim(code waitroom.MoveCode, key string) (waitroom.Offer, error) {
	f.Helper()
	return f.Claim(f.Context(), Room, code, key)
}

func (f *Fixture) moves(number, known int64) int64 {
	f.Helper()
	moves, err := f.Moved(f.Context(), Room, f.Epoch, number, known)
	require.NoError(f, err)
	return moves
}

// followed is what a gateway learns of moves.
func (f *Fixture) followed() map[int64]int64 {
	f.Helper()
	all := map[int64]int64{}
	for from := int64(0); ; {
		moved, next, err := f.Moves(f.Context(), Room, from)
		require.NoError(f, err)
		for _, one := range moved {
			all[one.Number] = one.Moves
		}
		if next == from {
			return all
		}
		from = next
	}
}

func testMove(t *testing.T, open Open) {
	f := NewFixture(t, open, mode(waitroom.ModeHold))
	f.EnterMany(5)
	joined := f.Clock.Now()
	code, err := f.offer(2, 0)
	require.NoError(t, err)
	require.Zero(t, f.moves(2, 0), "an offer moves nothing")

	got, err := f.claim(code, "one")
	require.NoError(t, err)
	want := auth.Ticket{Room: Room, Epoch: f.Epoch, Number: 2, JoinedAt: joined.Local(), EstimateLow: 3, EstimateHigh: 9, Moves: 1}
	require.Equal(t, waitroom.Offer{Ticket: want, Digest: code.Digest(), ReturnTo: "/shows/arena/seats"}, got)
	again, err := f.claim(code, "one")
	require.NoError(t, err, "the answer was lost, and is given again")
	require.Equal(t, got, again)
	for _, key := range []string{"", "two"} {
		_, err = f.claim(code, key)
		require.ErrorIs(t, err, waitroom.ErrMoveSpent, "one use")
	}
	require.EqualValues(t, 1, f.moves(2, 0))
	_, err = f.offer(2, 0)
	require.ErrorIs(t, err, waitroom.ErrTicketMoved, "the old ticket moves nothing")

	// Without a key a claim cannot be repeated.
	code, err = f.offer(2, 1)
	require.NoError(t, err)
	_, err = f.claim(code, "")
	require.NoError(t, err)
	_, err = f.claim(code, "")
	require.ErrorIs(t, err, waitroom.ErrMoveSpent)

	// A later offer voids the one before, and so does time.
	first, err := f.offer(2, 2)
	require.NoError(t, err)
	second, err := f.offer(2, 2)
	require.NoError(t, err)
	_, err = f.claim(first, "")
	require.ErrorIs(t, err, waitroom.ErrMoveSpent)
	f.Clock.Advance(waitroom.MoveLife)
	_, err = f.claim(second, "")
	require.ErrorIs(t, err, waitroom.ErrMoveSpent)
	third, err := f.offer(2, 2)
	require.NoError(t, err)
	f.Clock.Advance(waitroom.MoveLife - time.Millisecond)
	_, err = f.claim(third, "")
	require.NoError(t, err)
	_, err = f.offer(2, 3)
	require.ErrorIs(t, err, waitroom.ErrMoveLimit)

	for number := int64(3); number <= 5; number++ {
		code, err = f.offer(number, 0)
		require.NoError(t, err)
		_, err = f.claim(code, "")
		require.NoError(t, err)
	}
	require.Equal(t, map[int64]int64{2: 3, 3: 1, 4: 1, 5: 1}, f.followed())
}

func testMoveServed(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(1))
	f.EnterMany(3)
	code, err := f.offer(1, 0)
	require.NoError(t, err)
	f.Do()
	require.Equal(t, waitroom.Admitted, f.At(1).State)
	_, err = f.claim(code, "k")
	require.ErrorIs(t, err, waitroom.ErrPlaceServed, "admitted meanwhile: the pass is where the ticket was")
	_, err = f.offer(1, 0)
	require.ErrorIs(t, err, waitroom.ErrPlaceServed)
	require.Zero(t, f.moves(1, 0))

	code, err = f.offer(2, 0)
	require.NoError(t, err)
	require.NoError(t, f.Leave(t.Context(), Room, f.Epoch, 2))
	_, err = f.claim(code, "k")
	require.ErrorIs(t, err, waitroom.ErrPlaceServed)

	// The answer to a claim is given again although the place has been admitted since: it was claimed before.
	code, err = f.offer(3, 0)
	require.NoError(t, err)
	_, err = f.claim(code, "k")
	require.NoError(t, err)
	require.NoError(t, f.Release(t.Context(), Room, f.Epoch, 1))
	f.Clock.Advance(time.Second)
	f.Do()
	require.Equal(t, waitroom.Admitted, f.At(3).State)
	_, err = f.claim(code, "k")
	require.NoError(t, err)

	other, err := waitroom.NewMoveCode(f.Epoch, 3)
	require.NoError(t, err)
	_, err = f.claim(other, "")
	require.ErrorIs(t, err, waitroom.ErrMoveSpent, "a code that was never given")
	unknown, err := waitroom.NewMoveCode(f.Epoch, 99)
	require.NoError(t, err)
	_, err = f.claim(unknown, "")
	require.ErrorIs(t, err, waitroom.ErrTicketInvalid)
	_, err = f.Reset(t.Context(), Room)
	require.NoError(t, err)
	_, err = f.claim(code, "k")
	require.ErrorIs(t, err, waitroom.ErrTicketSuperseded)
	_, err = f.Moved(t.Context(), Room, f.Epoch, 3, 0)
	require.ErrorIs(t, err, waitroom.ErrTicketSuperseded)
	require.Empty(t, f.followed())
	_, next, err := f.Moves(t.Context(), Room, 7)
	require.NoError(t, err)
	require.Zero(t, next, "the list was begun anew")
}

// testMoveForgotten: a failover can lose a move, but not the ticket that came of it.
func testMoveForgotten(t *testing.T, open Open) {
	f := NewFixture(t, open, mode(waitroom.ModeHold))
	f.EnterMany(1)
	require.EqualValues(t, 2, f.moves(1, 2))
	require.EqualValues(t, 2, f.moves(1, 0))
	require.Equal(t, map[int64]int64{1: 2}, f.followed())
}

// testMoveRace: of many who have the link one gets the place, and an admission at the same moment does not make it two.
func testMoveRace(t *testing.T, open Open) {
	for range 8 {
		clock := NewClock()
		lines, done := open(clock, 2)
		t.Cleanup(done)
		s, err := lines[0].Create(t.Context(), Room, easyPolicy())
		require.NoError(t, err)
		f := &Fixture{T: t, Line: lines[0], Clock: clock, Epoch: s.Epoch}
		f.Enter()
		code, err := f.offer(1, 0)
		require.NoError(t, err)
		var all sync.WaitGroup
		claimed := make([]bool, 8)
		for i := range claimed {
			all.Go(func() {
				_, err := lines[i%2].Claim(t.Context(), Room, code, "")
				claimed[i] = err == nil
			})
		}
		all.Go(func() { _, _, _ = lines[1].Tick(t.Context(), Room, time.Time{}) })
		all.Wait()
		wins := int64(0)
		for _, won := range claimed {
			if won {
				wins++
			}
		}
		require.LessOrEqual(t, wins, int64(1))
		require.Equal(t, wins, f.moves(1, 0))
	}
}
