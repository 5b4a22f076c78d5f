package postgres

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

// TestTheVersionOfASeatStateGrowsWithEveryChange goes through all that changes what can be had, also by time alone.
func TestTheVersionOfASeatStateGrowsWithEveryChange(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	show := query[int64](h, `SELECT id FROM shows WHERE slug = 'small'`)
	byVersion := map[int64]booking.Bitmap{}
	last := int64(-1)
	look := func() booking.SeatState {
		t.Helper()
		s, err := h.SeatState(context.Background(), show)
		require.NoError(t, err)
		require.False(t, s.Stale)
		require.GreaterOrEqual(t, s.Version, last, "versions never go back")
		if before, seen := byVersion[s.Version]; seen {
			require.Equal(t, before, s.Unavailable, "two states with the version %d", s.Version)
		}
		byVersion[s.Version], last = s.Unavailable, s.Version
		return s
	}
	grown := func(seat int, taken bool) {
		t.Helper()
		before := last
		s := look()
		require.Greater(t, s.Version, before)
		require.Equal(t, taken, s.Unavailable.Get(seat))
	}
	ranOut := func(seat int) {
		t.Helper()
		// The hold's end comes near, and is not there yet when it is looked at, however slow the machine is.
		for left := 500 * time.Millisecond; ; left *= 2 {
			h.exec(`WITH near AS (UPDATE holds SET expires_at = clock_timestamp() + make_interval(secs => $2) WHERE id = (SELECT hold_id FROM show_seats WHERE id = $1)
				RETURNING id, expires_at) UPDATE show_seats s SET held_until = near.expires_at, version = version + 1 FROM near WHERE s.hold_id = near.id`, h.seats[seat], left.Seconds())
			if look().Unavailable.Get(seat) {
				break
			}
		}
		before := last
		require.Eventually(t, func() bool { return !look().Unavailable.Get(seat) }, patience, 50*time.Millisecond)
		require.Greater(t, last, before, "running out is a change, though no row has changed")
	}
	ann, ben := h.guest(), h.guest()
	require.Equal(t, look().Version, look().Version)

	h.hold(ann, h.seats[3])
	grown(3, true)
	ranOut(3)
	h.hold(ben, h.seats[3]) // takes over what has run out
	grown(3, true)
	ranOut(3)
	n, err := h.SweepHolds(context.Background(), 100)
	require.NoError(t, err)
	require.Positive(t, n)
	grown(3, false) // nothing else is to be had than before; the rows differ

	hold := h.hold(ann, h.seats[3], h.seats[4])
	grown(4, true)
	require.NoError(t, h.ReleaseHold(context.Background(), ann, "small", hold.ID))
	grown(4, false)
	h.buy(h.seats[4])
	grown(4, true)
	h.exec(`UPDATE show_seats SET state = 'blocked', version = version + 1 WHERE id = $1`, h.seats[5])
	grown(5, true)
	h.exec(`UPDATE show_seats SET state = 'free', version = version + 1 WHERE id = $1`, h.seats[5])
	grown(5, false)
}
