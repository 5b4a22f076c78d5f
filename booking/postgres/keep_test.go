package postgres

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/fault"
)

func TestAHoldIsRenewedAFewTimesAndNeverAfterItsEnd(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann, ben := h.guest(), h.guest()
	hold := h.hold(ann, h.seats[0], h.seats[1])
	require.Equal(t, 2, hold.RenewalsLeft)
	for left := 1; left >= 0; left-- {
		h.exec(`WITH sooner AS (UPDATE holds SET expires_at = expires_at - interval '5 minutes' WHERE id = $1 RETURNING expires_at)
			UPDATE show_seats SET held_until = expires_at, version = version + 1 FROM sooner WHERE hold_id = $1`, hold.ID)
		renewed, err := h.RenewHold(t.Context(), ann, "small", hold.ID)
		require.NoError(t, err)
		require.Equal(t, left, renewed.RenewalsLeft)
		require.False(t, renewed.ExpiresAt.Before(hold.ExpiresAt), "five minutes were lost and are back")
		require.Equal(t, 2, query[int](h, `SELECT count(*) FROM show_seats s JOIN holds h ON h.id = s.hold_id WHERE h.id = $1 AND s.held_until = h.expires_at`, hold.ID))
	}
	_, err := h.RenewHold(t.Context(), ann, "small", hold.ID)
	require.ErrorIs(t, err, booking.ErrNotRenewable)
	_, err = h.RenewHold(t.Context(), ben, "small", hold.ID)
	require.ErrorIs(t, err, booking.ErrHoldUnknown)

	other := h.hold(ben, h.seats[5])
	h.expire(other.ID)
	_, err = h.RenewHold(t.Context(), ben, "small", other.ID)
	require.ErrorIs(t, err, booking.ErrHoldExpired, "what is over stays over")
	_, err = h.ChangeHold(t.Context(), ben, "small", other.ID, h.seats[6:7])
	require.ErrorIs(t, err, booking.ErrHoldExpired)

	h.place(ann, hold)
	_, err = h.RenewHold(t.Context(), ann, "small", hold.ID)
	require.ErrorIs(t, err, booking.ErrHoldOrdered)
	h.allZero()
}

func TestAHoldIsChangedAsAWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	h.seed("other", 1)
	ann, ben := h.guest(), h.guest()
	h.hold(ben, h.seats[9])
	hold := h.hold(ann, h.seats[0], h.seats[1], h.seats[2])
	change := func(seats ...int64) (booking.Hold, error) {
		return h.ChangeHold(context.Background(), ann, "small", hold.ID, seats)
	}
	_, err := change(h.seats[1], h.seats[9])
	require.ErrorIs(t, err, booking.ErrSeatTaken)
	require.Equal(t, []int64{h.seats[9]}, fault.From(err).Extra["seat_ids"])
	_, err = change(h.seatsOf("other")[0])
	require.ErrorIs(t, err, booking.ErrSeatElsewhere)
	_, err = change(1)
	require.ErrorIs(t, err, booking.ErrSeatUnknown)
	h.hold(ann, h.seats[20:25]...)
	_, err = change(h.seats[0], h.seats[1], h.seats[2], h.seats[3], h.seats[4], h.seats[5])
	require.ErrorIs(t, err, booking.ErrLimitReached)
	same, err := h.OwnHold(t.Context(), ann, "small", hold.ID)
	require.NoError(t, err)
	require.Equal(t, hold, same, "refused, so nothing has changed")

	changed, err := change(h.seats[2], h.seats[3])
	require.NoError(t, err)
	require.NotEqual(t, hold.ID, changed.ID)
	require.Equal(t, hold.ExpiresAt, changed.ExpiresAt)
	require.Len(t, changed.Seats, 2)
	_, err = change(h.seats[4])
	require.ErrorIs(t, err, booking.ErrHoldExpired, "its place is taken")
	h.hold(ben, h.seats[0], h.seats[1])

	mine, err := h.OwnHolds(t.Context(), ann, "small")
	require.NoError(t, err)
	require.Len(t, mine, 2)
	require.Equal(t, changed.ID, mine[1].ID)
	_, err = h.OwnHold(t.Context(), ben, "small", changed.ID)
	require.ErrorIs(t, err, booking.ErrHoldUnknown)
	h.place(ann, changed)
	mine, err = h.OwnHolds(t.Context(), ann, "small")
	require.NoError(t, err)
	require.Len(t, mine, 1, "what is ordered is an order")
	h.allZero()
}

// Two buyers each want to change to the seat the other has, and a third wants both: whoever comes first, no seat is in two holds.
func TestChangesThatCrossNeitherDeadlockNorShareASeat(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	a, b, c := h.seats[0], h.seats[1], h.seats[2]
	buyers := []booking.Session{h.guest(), h.guest()}
	holds := []booking.Hold{h.hold(buyers[0], a), h.hold(buyers[1], b)}
	together(2, func(i int) {
		for round := range 30 {
			// To the other's seat and the free one, named in opposite order; then back to one's own.
			want := [][]int64{{b, c}, {c, a}}[i]
			if round%2 == 1 {
				want = []int64{[]int64{a, b}[i]}
			}
			changed, err := h.ChangeHold(context.Background(), buyers[i], "small", holds[i].ID, want)
			switch {
			case err == nil:
				holds[i] = changed
			case errors.Is(err, booking.ErrBusy):
				require.NotContains(t, err.Error(), deadlockDetected)
			case !errors.Is(err, booking.ErrSeatTaken):
				t.Error(err)
			}
		}
	})
	h.allZero()
}

// A hold that runs out while its owner renews it and another wants its seat: one of them has the seat afterwards, never both.
func TestRenewalAtTheEndAgainstANewBuyer(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	clock := h.extra(map[string]string{"lock_timeout": "60s"}) // which does not give up after 300 ms
	for i := range 20 {
		ann, ben := h.guest(), h.guest()
		hold := h.hold(ann, h.seats[i])
		errs := make([]error, 3)
		together(3, func(k int) {
			switch k {
			case 0:
				_, errs[k] = clock.Exec(context.Background(), expireSQL+` AND renewals = 0 RETURNING id, expires_at)`+expireMore, hold.ID)
			case 1:
				_, errs[k] = h.RenewHold(context.Background(), ann, "small", hold.ID)
			case 2:
				_, errs[k] = h.HoldSeats(context.Background(), ben, "small", h.seats[i:i+1])
			}
		})
		require.NoError(t, errs[0])
		require.False(t, errs[1] == nil && errs[2] == nil, "renewed for one and given to the other")
	}
	h.allZero()
}
