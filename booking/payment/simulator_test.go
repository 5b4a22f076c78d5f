package payment

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/testenv"
)

func newSimulator(t *testing.T) *Simulator {
	pool, err := pgxpool.New(context.Background(), testenv.Postgres(t))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	// The tables as the migration makes them, without the rest of the schema.
	body, err := os.ReadFile("../postgres/migrations/00005_simulator.sql")
	require.NoError(t, err)
	_, err = pool.Exec(context.Background(), strings.TrimPrefix(string(body), "-- +goose Up"))
	require.NoError(t, err)
	return NewSimulator(pool)
}

func charge(key, card string) booking.Charge {
	return booking.Charge{Key: key, Amount: booking.Money{Amount: 1000, Currency: "KRW"}, Card: card}
}

func TestEveryCallMayBeRepeated(t *testing.T) {
	t.Parallel()
	s, ctx := newSimulator(t), t.Context()
	for range 2 {
		state, err := s.Pay(ctx, charge("a", CardPays))
		require.NoError(t, err)
		require.Equal(t, booking.ChargeCaptured, state)
	}
	state, err := s.Pay(ctx, charge("a", CardDeclined))
	require.NoError(t, err)
	require.Equal(t, booking.ChargeCaptured, state, "the key decides, not the card")
	for _, card := range []string{CardDeclined, "5555555555554444"} {
		state, err = s.Pay(ctx, charge(card, card))
		require.NoError(t, err)
		require.Equal(t, booking.ChargeDeclined, state)
	}
	for range 2 {
		require.NoError(t, s.Refund(ctx, "r1", "a", booking.Money{Amount: 400, Currency: "KRW"}))
	}
	require.Error(t, s.Refund(ctx, "r2", "a", booking.Money{Amount: 601, Currency: "KRW"}), "no more than was charged")
	require.NoError(t, s.Refund(ctx, "r3", "a", booking.Money{Amount: 600, Currency: "KRW"}))
}

func TestALostAnswerIsFoundByLookup(t *testing.T) {
	t.Parallel()
	s, ctx := newSimulator(t), t.Context()
	_, err := s.Pay(ctx, charge("a", CardAnswerLost))
	require.ErrorIs(t, err, ErrNoAnswer)
	state, err := s.Lookup(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, booking.ChargeCaptured, state)
	state, err = s.Lookup(ctx, "b")
	require.NoError(t, err)
	require.Equal(t, booking.ChargeUnknown, state)
}

func TestAuthorisedIsCapturedOrVoidedOnce(t *testing.T) {
	t.Parallel()
	s, ctx := newSimulator(t), t.Context()
	for _, key := range []string{"a", "b"} {
		_, err := s.pool.Exec(ctx, `INSERT INTO simulator_charges (key, state, amount, currency) VALUES ($1, 'authorised', 1, 'KRW')`, key)
		require.NoError(t, err)
	}
	for range 2 {
		state, err := s.Capture(ctx, "a")
		require.NoError(t, err)
		require.Equal(t, booking.ChargeCaptured, state)
		state, err = s.Void(ctx, "b")
		require.NoError(t, err)
		require.Equal(t, booking.ChargeVoided, state)
	}
	state, err := s.Void(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, booking.ChargeCaptured, state, "too late")
	state, err = s.Capture(ctx, "b")
	require.NoError(t, err)
	require.Equal(t, booking.ChargeVoided, state, "too late")
}

// Pay and Void race under one key: whichever comes first decides, and both are told the same.
func TestPayAndVoidAgree(t *testing.T) {
	t.Parallel()
	s := newSimulator(t)
	for i := range 30 {
		key := string(rune('A' + i))
		var paid, voided booking.ChargeState
		var wait sync.WaitGroup
		wait.Go(func() {
			var err error
			paid, err = s.Pay(context.Background(), charge(key, CardPays))
			require.NoError(t, err)
		})
		wait.Go(func() {
			var err error
			voided, err = s.Void(context.Background(), key)
			require.NoError(t, err)
		})
		wait.Wait()
		require.Equal(t, paid, voided)
	}
}
