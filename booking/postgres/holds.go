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

// HoldBest implements booking.Holds.
func (s *Store) HoldBest(ctx context.Context, session booking.Session, show string, ask booking.BestAsk) (booking.Hold, error) {
	a, err := s.call(ctx, `SELECT hold_best($1, $2, $3::integer, nullif($4::bigint, 0), nullif($5::text, ''), $6, $7)`,
		[]byte(session), show, ask.Count, ask.Band, ask.Section, ask.Accessible, ask.AllowSplit)
	return a.Hold, err
}

// HoldGeneral implements booking.Holds.
func (s *Store) HoldGeneral(ctx context.Context, session booking.Session, show, section string, count int) (booking.Hold, error) {
	a, err := s.call(ctx, `SELECT hold_general($1, $2, $3, $4::integer)`, []byte(session), show, section, count)
	return a.Hold, err
}

// RenewHold implements booking.Holds.
func (s *Store) RenewHold(ctx context.Context, session booking.Session, show, hold string) (booking.Hold, error) {
	a, err := s.call(ctx, `SELECT renew_hold($1, $2, $3::uuid)`, []byte(session), show, hold)
	return a.Hold, err
}

// ChangeHold implements booking.Holds.
func (s *Store) ChangeHold(ctx context.Context, session booking.Session, show, hold string, seats []int64) (booking.Hold, error) {
	a, err := s.call(ctx, `SELECT change_hold($1, $2, $3::uuid, $4)`, []byte(session), show, hold, seats)
	return a.Hold, err
}

// OwnHolds implements booking.Holds.
func (s *Store) OwnHolds(ctx context.Context, session booking.Session, show string) ([]booking.Hold, error) {
	a, err := s.call(ctx, `SELECT own_holds($1, $2, NULL)`, []byte(session), show)
	return a.Holds, err
}

// OwnHold implements booking.Holds.
func (s *Store) OwnHold(ctx context.Context, session booking.Session, show, hold string) (booking.Hold, error) {
	a, err := s.call(ctx, `SELECT own_holds($1, $2, $3::uuid)`, []byte(session), show, hold)
	if err != nil {
		return booking.Hold{}, err
	}
	return a.Holds[0], nil
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
