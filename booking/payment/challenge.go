package payment

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

var _ booking.Challenges = (*Simulator)(nil)

const challengeColumns = ` key, state, amount, currency, coalesce(return_to, '')`

// Challenge implements booking.Challenges.
func (s *Simulator) Challenge(ctx context.Context, key string) (booking.Challenge, error) {
	return s.challenge(ctx, `SELECT`+challengeColumns+` FROM simulator_charges WHERE key = $1`, key)
}

// Decide implements booking.Challenges.
func (s *Simulator) Decide(ctx context.Context, key string, approve bool) (booking.Challenge, error) {
	state := booking.ChargeDeclined
	if approve {
		state = booking.ChargeAuthorised
	}
	decided, err := s.challenge(ctx, `UPDATE simulator_charges SET state = $2 WHERE key = $1 AND state = 'action' RETURNING`+challengeColumns, key, string(state))
	if errors.Is(err, booking.ErrChargeUnknown) {
		return s.Challenge(ctx, key) // decided before, or voided meanwhile
	}
	return decided, err
}

func (s *Simulator) challenge(ctx context.Context, sql string, args ...any) (booking.Challenge, error) {
	var c booking.Challenge
	err := s.pool.QueryRow(ctx, sql, args...).Scan(&c.Key, &c.State, &c.Amount.Amount, &c.Amount.Currency, &c.ReturnTo)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, booking.ErrChargeUnknown
	}
	if err != nil {
		return c, fmt.Errorf("simulated provider: %w", err)
	}
	return c, nil
}
