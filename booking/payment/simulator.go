// Package payment holds the adapters of payment providers: Stripe, and a simulator with a memory of its own (the simulator_… tables), so
// that a crash between its answer and ours can be looked into afterwards, as with a real one.
package payment

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"anteroom/booking"
	"anteroom/internal/fault"
)

// The cards the simulator knows. Any other is declined.
const (
	CardPays          = "4242424242424242"
	CardDeclined      = "4000000000000002"
	CardChallenge     = "4000002500003155" // the buyer has to act first, at the simulator's challenge page
	CardAnswerLost    = "4000000000000341" // authorised, and the answer never arrives; a webhook does
	CardLate          = "4000000000000077" // the answer is pending; two seconds later it is authorised, and a webhook says so
	CardWebhooksTwice = "4000000000000101" // pays, and every webhook comes three times
	CardReversed      = "4000000000000119" // pays, its answer is lost, and the webhook of an earlier state comes after that of a later one
	CardWebhookLate   = "4000000000000127" // pays, and its webhooks come three seconds later
)

// scenario is what a card makes the simulator do.
type scenario struct {
	state    booking.ChargeState
	webhooks string // which, see the migration
	lost     bool   // the answer to Authorise
}

var scenarios = map[string]scenario{
	CardPays:          {booking.ChargeAuthorised, "none", false}, // the answer says it all, and a crowd pays with this card
	CardChallenge:     {booking.ChargeAction, "plain", false},
	CardAnswerLost:    {booking.ChargeAuthorised, "plain", true},
	CardLate:          {booking.ChargePending, "plain", false},
	CardWebhooksTwice: {booking.ChargeAuthorised, "twice", false},
	CardReversed:      {booking.ChargeAuthorised, "reversed", true},
	CardWebhookLate:   {booking.ChargeAuthorised, "late", false},
}

// pendingFor is how long the simulator is undecided about CardLate.
const pendingFor = 2 * time.Second

// ErrNoAnswer says that the provider did not answer in time; whether it charged is not known.
var ErrNoAnswer = fault.New(fault.BadGateway, "payment-provider-silent", "The payment provider has not answered.")

// Simulator implements booking.Provider without money. Safe for concurrent use.
type Simulator struct {
	// Secret signs its webhooks: random, unless it is set before the first use, as it must be where several instances share a database.
	Secret    []byte
	pool      *pgxpool.Pool
	condition atomic.Pointer[booking.Condition] // nil: up
}

var _ booking.Provider = (*Simulator)(nil)

// NewSimulator makes a simulator that remembers its charges through the pool.
func NewSimulator(pool *pgxpool.Pool) *Simulator {
	return &Simulator{pool: pool, Secret: []byte(rand.Text())}
}

// Name implements booking.Provider.
func (s *Simulator) Name() string { return "simulator" }

// authorise is one statement, so a repetition and a Void in between are decided by its one row.
func (s *Simulator) authorise(ctx context.Context, charge booking.Charge) (booking.ChargeStatus, error) {
	plan, known := scenarios[charge.Card]
	if !known {
		plan = scenario{booking.ChargeDeclined, "none", false}
	}
	state := plan.state
	err := s.pool.QueryRow(ctx, `
		INSERT INTO simulator_charges (key, state, amount, currency, webhooks, return_to, ready_at)
		VALUES ($1, $2::text, $3, $4, $5, $6, CASE WHEN $2::text = 'pending' THEN clock_timestamp() + $7::interval END)
		ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING state`,
		charge.Key, string(state), charge.Amount.Amount, charge.Amount.Currency, plan.webhooks, charge.ReturnTo, pendingFor).Scan(&state)
	if err != nil {
		return booking.ChargeStatus{}, fmt.Errorf("simulated provider: %w", err)
	}
	if plan.lost {
		return booking.ChargeStatus{}, ErrNoAnswer
	}
	return status(charge.Key, state), nil
}

// status adds to a state where the buyer acts.
func status(key string, state booking.ChargeState) booking.ChargeStatus {
	st := booking.ChargeStatus{State: state}
	if state == booking.ChargeAction {
		st.ActionURL = "/api/v1/simulator/challenges/" + key
	}
	return st
}

func (s *Simulator) capture(ctx context.Context, charge booking.Charge) (booking.ChargeState, error) {
	return s.move(ctx, charge, `UPDATE simulator_charges SET state = 'captured' WHERE key = $1 AND state = 'authorised' RETURNING state`)
}

func (s *Simulator) void(ctx context.Context, charge booking.Charge) (booking.ChargeState, error) {
	return s.move(ctx, charge, `
		INSERT INTO simulator_charges AS c (key, state, amount, currency) VALUES ($1, 'voided', 0, '')
		ON CONFLICT (key) DO UPDATE SET state = 'voided' WHERE c.state IN ('pending', 'action', 'authorised') RETURNING state`)
}

// move makes a step and returns the state afterwards; when the step is not for the state it is in, that state.
func (s *Simulator) move(ctx context.Context, charge booking.Charge, step string) (booking.ChargeState, error) {
	var state booking.ChargeState
	err := s.pool.QueryRow(ctx, step, charge.Key).Scan(&state)
	if errors.Is(err, pgx.ErrNoRows) {
		st, err := s.lookup(ctx, charge)
		return st.State, err
	}
	if err != nil {
		return "", fmt.Errorf("simulated provider: %w", err)
	}
	return state, nil
}

func (s *Simulator) refund(ctx context.Context, key string, charge booking.Charge, amount booking.Money) error {
	_, err := s.pool.Exec(ctx, `
		WITH fresh AS (INSERT INTO simulator_refunds (key, charge_key, amount) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING charge_key, amount)
		UPDATE simulator_charges c SET refunded = c.refunded + f.amount FROM fresh f WHERE c.key = f.charge_key`, key, charge.Key, amount.Amount)
	if err != nil {
		return fmt.Errorf("simulated provider: %w", err)
	}
	return nil
}

func (s *Simulator) lookup(ctx context.Context, charge booking.Charge) (booking.ChargeStatus, error) {
	if err := s.ripen(ctx); err != nil {
		return booking.ChargeStatus{}, err
	}
	var state booking.ChargeState
	err := s.pool.QueryRow(ctx, `SELECT state FROM simulator_charges WHERE key = $1`, charge.Key).Scan(&state)
	if errors.Is(err, pgx.ErrNoRows) {
		return booking.ChargeStatus{State: booking.ChargeUnknown}, nil
	}
	if err != nil {
		return booking.ChargeStatus{}, fmt.Errorf("simulated provider: %w", err)
	}
	return status(charge.Key, state), nil
}

// ripen authorises what has been pending for long enough.
func (s *Simulator) ripen(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `UPDATE simulator_charges SET state = 'authorised' WHERE state = 'pending' AND ready_at <= clock_timestamp()`)
	if err != nil {
		return fmt.Errorf("simulated provider: %w", err)
	}
	return nil
}
