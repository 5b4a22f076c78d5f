package postgres

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

func TestWhatIsPaidFirstIsOnlySelected(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	h.exec(`UPDATE shows SET hold_policy = 'pay_first'`)
	ann, ben, cleo := h.guest(), h.guest(), h.guest()
	first := h.hold(ann, h.seats[0], h.seats[1])
	require.False(t, first.Exclusive)
	require.Zero(t, first.Others)
	require.Equal(t, 1, h.hold(ben, h.seats[1], h.seats[2]).Others)
	require.Equal(t, 2, h.hold(cleo, h.seats[0], h.seats[2]).Others)
	require.Equal(t, 60, query[int](h, `SELECT count(*) FROM show_seats WHERE state = 'free'`))
	_, err := h.HoldSeats(t.Context(), ann, "small", h.seats[10:19])
	require.ErrorIs(t, err, booking.ErrLimitReached, "a selection counts against the limit")

	renewed, err := h.RenewHold(t.Context(), ann, "small", first.ID)
	require.NoError(t, err)
	changed, err := h.ChangeHold(t.Context(), ann, "small", renewed.ID, h.seats[2:4])
	require.NoError(t, err)
	require.False(t, changed.Exclusive)
	require.Equal(t, 2, changed.Others)
	require.NoError(t, h.ReleaseHold(t.Context(), ann, "small", changed.ID))

	// The best are those that nobody else has selected, as long as there are such.
	row := func(s booking.Session) map[int64]bool {
		hold, err := h.HoldBest(t.Context(), s, "small", booking.BestAsk{Count: 2, Section: "C"})
		require.NoError(t, err)
		require.False(t, hold.Exclusive)
		return map[int64]bool{hold.Seats[0].SeatID: true, hold.Seats[1].SeatID: true}
	}
	mine, theirs := row(ann), row(ben)
	for seat := range mine {
		require.False(t, theirs[seat])
	}
	h.expire(query[string](h, `SELECT id::text FROM holds WHERE state = 'active' ORDER BY created_at LIMIT 1`))
	_, err = h.SweepHolds(t.Context(), 10)
	require.NoError(t, err)
	h.allZero()
}
