// Package payment holds the adapters of payment providers. So far it is the simulator: a provider with a memory of its own (the simulator_…
// tables), so that a crash between its answer and ours can be looked into afterwards, as with a real one.
package payment

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"anteroom/booking"
	"anteroom/internal/fault"
)

// The cards the simulator knows. Any other is declined.
const (
	CardPays       = "4242424242424242"
	CardDeclined   = "4000000000000002"
	CardAnswerLost = "4000000000000341" // the money is taken and the answer never arrives
)

// ErrNoAnswer says that the provider did not answer in time; whether it charged is not known.
var ErrNoAnswer = fault.New(fault.BadGateway, "payment-provider-silent", "The payment provider has not answered.")

// Simulator implements booking.Provider without money. Safe for concurrent use.
type Simulator struct {
	pool *pgxpool.Pool
}

var _ booking.Provider = (*Simulator)(nil)

// NewSimulator makes a simulator that remembers its charges through the pool.
func NewSimulator(pool *pgxpool.Pool) *Simulator { return &Simulator{pool: pool} }

// Pay implements booking.Provider: one statement, so a repetition and a Void in between are decided by its one row.
func (s *Simulator) Pay(ctx context.Context, charge booking.Charge) (booking.ChargeState, error) {
	state := booking.ChargeDeclined
	if charge.Card == CardPays || charge.Card == CardAnswerLost {
		state = booking.ChargeCaptured
	}
	state, err := s.put(ctx, charge.Key, state, charge.Amount)
	if err == nil && charge.Card == CardAnswerLost {
		return "", ErrNoAnswer
	}
	return state, err
}

// Capture implements booking.Provider.
func (s *Simulator) Capture(ctx context.Context, key string) (booking.ChargeState, error) {
	if _, err := s.pool.Exec(ctx, `UPDATE simulator_charges SET state = 'captured' WHERE key = $1 AND state = 'authorised'`, key); err != nil {
		return "", fmt.Errorf("simulated provider: %w", err)
	}
	return s.Lookup(ctx, key)
}

// Void implements booking.Provider. Of an unknown charge it keeps a tombstone, which a later Pay finds.
func (s *Simulator) Void(ctx context.Context, key string) (booking.ChargeState, error) {
	if _, err := s.pool.Exec(ctx, `UPDATE simulator_charges SET state = 'voided' WHERE key = $1 AND state = 'authorised'`, key); err != nil {
		return "", fmt.Errorf("simulated provider: %w", err)
	}
	return s.put(ctx, key, booking.ChargeVoided, booking.Money{})
}

// Refund implements booking.Provider.
func (s *Simulator) Refund(ctx context.Context, key, chargeKey string, amount booking.Money) error {
	_, err := s.pool.Exec(ctx, `
		WITH fresh AS (INSERT INTO simulator_refunds (key, charge_key, amount) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING charge_key, amount)
		UPDATE simulator_charges c SET refunded = c.refunded + f.amount FROM fresh f WHERE c.key = f.charge_key`, key, chargeKey, amount.Amount)
	if err != nil {
		return fmt.Errorf("simulated provider: %w", err)
	}
	return nil
}

// Lookup implements booking.Provider.
func (s *Simulator) Lookup(ctx context.Context, key string) (booking.ChargeState, error) {
	var state booking.ChargeState
	err := s.pool.QueryRow(ctx, `SELECT state FROM simulator_charges WHERE key = $1`, key).Scan(&state)
	if errors.Is(err, pgx.ErrNoRows) {
		return booking.ChargeUnknown, nil
	}
	if err != nil {
		return "", fmt.Errorf("simulated provider: %w", err)
	}
	return state, nil
}

// put remembers a charge unless there is one under this key, and returns the state of the one there is.
func (s *Simulator) put(ctx context.Context, key string, state booking.ChargeState, amount booking.Money) (booking.ChargeState, error) {
	err := s.pool.QueryRow(ctx, `
		INSERT INTO simulator_charges (key, state, amount, currency) VALUES ($1, $2, $3, $4)
		ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING state`,
		key, string(state), amount.Amount, amount.Currency).Scan(&state)
	if err != nil {
		return "", fmt.Errorf("simulated provider: %w", err)
	}
	return state, nil
}
