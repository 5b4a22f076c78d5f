package postgres

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

var _ booking.Outbox = (*Store)(nil)

// ClaimOutbox implements booking.Outbox.
func (s *Store) ClaimOutbox(ctx context.Context, kinds []string, limit int, lease time.Duration) ([]booking.OutboxMessage, error) {
	return collect(ctx, s, func(row pgx.CollectableRow) (m booking.OutboxMessage, err error) {
		err = row.Scan(&m.ID, &m.Kind, &m.Key, &m.Payload, &m.Attempt)
		return m, err
	}, `SELECT id, kind, key, payload, attempt FROM claim_outbox($1, $2, $3::interval)`, kinds, limit, lease)
}

// FinishOutbox implements booking.Outbox.
func (s *Store) FinishOutbox(ctx context.Context, m booking.OutboxMessage, d booking.Delivery) error {
	// What a receiver answers may hold anything; PostgreSQL takes UTF-8 without NUL.
	_, err := s.pool.Exec(ctx, `SELECT finish_outbox($1, $2, $3, $4)`, m.ID, m.Attempt, string(d.Outcome), storable(d.Detail))
	if err != nil {
		return failure(err)
	}
	return nil
}

// OutboxState tells how many messages wait, and for how long the oldest has been due.
func (s *Store) OutboxState(ctx context.Context) (waiting int, oldest time.Duration, err error) {
	var seconds float64
	err = s.pool.QueryRow(ctx, `
		SELECT count(*), coalesce(greatest(0, extract(epoch FROM clock_timestamp() - min(created_at))), 0)::float8
		  FROM outbox WHERE delivered_at IS NULL AND given_up_at IS NULL`).Scan(&waiting, &seconds)
	if err != nil {
		return 0, 0, failure(err)
	}
	return waiting, time.Duration(seconds * float64(time.Second)), nil
}

// storable makes any text one that PostgreSQL takes.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
