package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"anteroom/booking"
	"anteroom/internal/fault"
)

var _ booking.Letters = (*Store)(nil)

// Letter implements booking.Letters.
func (s *Store) Letter(ctx context.Context, m booking.OutboxMessage) (booking.Letter, error) {
	var l booking.Letter
	var body []byte
	if err := s.pool.QueryRow(ctx, `SELECT letter($1, $2)`, m.Kind, m.Payload).Scan(&body); err != nil {
		return l, failure(err)
	}
	if body == nil {
		return l, fault.New(booking.ErrUndeliverable.Code, booking.ErrUndeliverable.Type, "There is nothing to tell any more.")
	}
	if err := json.Unmarshal(body, &l); err != nil {
		return l, fmt.Errorf("decode letter: %w", err)
	}
	if !booking.ValidEmail(l.To) {
		return l, fault.New(booking.ErrUndeliverable.Code, booking.ErrUndeliverable.Type, "There is no address to write to.")
	}
	return l, nil
}
