package postgres

import (
	"context"

	"anteroom/booking"
)

var _ booking.Acts = (*Store)(nil)

// BeginAct implements booking.Acts.
func (s *Store) BeginAct(ctx context.Context, actor, action, target string) (id int64, err error) {
	if err := s.pool.QueryRow(ctx, `SELECT record_act($1, $2, $3, 'asked', NULL)`, actor, action, target).Scan(&id); err != nil {
		return 0, failure(err)
	}
	return id, nil
}

// EndAct implements booking.Acts.
func (s *Store) EndAct(ctx context.Context, act int64, outcome string) error {
	var id int64
	err := s.pool.QueryRow(ctx, `SELECT record_act(a.actor, a.action, a.target, $2, a.id) FROM acts a WHERE a.id = $1`, act, outcome).Scan(&id)
	if err != nil {
		return failure(err)
	}
	return nil
}
