package postgres

import (
	"context"
	"time"

	"anteroom/booking"
)

// versionShift leaves room for a million seats in the lower bits of a seat state's version.
//
// A state follows from the rows of the seats and from which of their holds have run out. Every change of a seat's row adds one to its own
// version, so their sum grows with each; while the rows stay, only more holds run out. The pair (sum, holds run out) in one number therefore grows with each
// change of the state, and two states with the same number are the same, in whichever process or replica they were read. It costs the sales nothing.
const versionShift = 20

const seatStateSQL = `
WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS at)
SELECT y.version, m.at, r.replica, CASE WHEN r.replica THEN (SELECT at FROM pulse) ELSE m.at END, n.total, n.taken, (n.changes << $2::int) + n.lapsed
  FROM moment m, pg_is_in_recovery() AS r (replica), shows w JOIN layouts y ON y.id = w.layout_id,
  LATERAL (SELECT count(*) AS total,
                  coalesce(array_agg(s.ordinal) FILTER (WHERE NOT seat_free(s.state, s.held_until, m.at)), '{}') AS taken,
                  coalesce(sum(s.version), 0)::bigint AS changes,
                  count(*) FILTER (WHERE s.state = 'held' AND s.held_until <= m.at) AS lapsed
             FROM show_seats s WHERE s.show_id = w.id) n
 WHERE w.id = $1`

// SeatState implements booking.Catalogue.
func (s *Store) SeatState(ctx context.Context, show int64) (booking.SeatState, error) {
	var state booking.SeatState
	var total int
	var taken []int32
	var readAt, asOf time.Time
	err := s.pool.QueryRow(ctx, seatStateSQL, show, versionShift).Scan(&state.LayoutVersion, &readAt, &state.Stale, &asOf, &total, &taken, &state.Version)
	if isNoRows(err) {
		return state, booking.ErrShowUnknown
	}
	if err != nil {
		return state, failure(err)
	}
	state.ReadAt, state.AsOf = readAt.UTC(), asOf.UTC()
	state.Available = total - len(taken)
	state.Unavailable = booking.NewBitmap(total)
	for _, i := range taken {
		state.Unavailable.Set(int(i))
	}
	return state, nil
}

// Pulse writes the time for a replica to tell its age by.
func (s *Store) Pulse(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `UPDATE pulse SET at = clock_timestamp()`)
	if err != nil {
		return failure(err)
	}
	return nil
}
