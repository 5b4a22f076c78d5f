package postgres

import (
	"context"

	"anteroom/booking"
)

// HoldSeats implements booking.Holds.
func (s *Store) HoldSeats(ctx context.Context, session booking.Session, show string, seats []int64) (booking.Hold, error) {
	a, err := s.call(ctx, `SELECT hold_seats($1, $2, $3)`, []byte(session), show, seats)
	return a.Hold, err
}

// ReleaseHold implements booking.Holds.
func (s *Store) ReleaseHold(ctx context.Context, session booking.Session, show, hold string) error {
	_, err := s.call(ctx, `SELECT release_hold($1, $2, $3)`, []byte(session), show, hold)
	return err
}

// SweepHolds tidies at most limit holds that have run out and returns how many. Nothing depends on it but tidiness.
// It fails with "seats-busy" when one of the seats is being worked on; the next sweep finds the rest.
func (s *Store) SweepHolds(ctx context.Context, limit int) (int, error) {
	var n int
	if err := s.pool.QueryRow(ctx, `SELECT sweep_holds($1)`, limit).Scan(&n); err != nil {
		return 0, failure(err)
	}
	return n, nil
}

// SweepSessions takes away at most limit sessions that have run out and returns how many.
func (s *Store) SweepSessions(ctx context.Context, limit int) (int, error) {
	tag, err := s.pool.Exec(ctx, `
		DELETE FROM buyer_sessions WHERE digest IN (
			SELECT digest FROM buyer_sessions WHERE expires_at <= clock_timestamp() ORDER BY expires_at LIMIT $1)`, limit)
	if err != nil {
		return 0, failure(err)
	}
	return int(tag.RowsAffected()), nil
}
