package payment

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/testenv"
)

// patience is how long a test waits for what must happen; nothing is concluded from how long it took.
const patience = time.Minute

func newSimulator(t *testing.T) *Simulator {
	pool, err := pgxpool.New(context.Background(), testenv.Postgres(t))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	// The tables as the migrations make them, without the rest of the schema.
	for _, name := range []string{"00005_simulator.sql", "00032_simulator.sql"} {
		body, err := os.ReadFile("../postgres/migrations/" + name)
		require.NoError(t, err)
		_, err = pool.Exec(context.Background(), strings.TrimPrefix(string(body), "-- +goose Up"))
		require.NoError(t, err)
	}
	return NewSimulator(pool)
}

func charge(key, card string) booking.Charge {
	return booking.Charge{Key: key, Amount: booking.Money{Amount: 1000, Currency: "KRW"}, Card: card, ReturnTo: "/bookings/x"}
}

func TestEveryCallMayBeRepeated(t *testing.T) {
	t.Parallel()
	s, ctx := newSimulator(t), t.Context()
	a := charge("a", CardPays)
	for range 2 {
		st, err := s.Authorise(ctx, a)
		require.NoError(t, err)
		require.Equal(t, booking.ChargeAuthorised, st.State)
	}
	for range 2 {
		state, err := s.Capture(ctx, a)
		require.NoError(t, err)
		require.Equal(t, booking.ChargeCaptured, state)
	}
	st, err := s.Authorise(ctx, charge("a", CardDeclined))
	require.NoError(t, err)
	require.Equal(t, booking.ChargeCaptured, st.State, "the key decides, not the card")
	for _, card := range []string{CardDeclined, "5555555555554444"} {
		st, err = s.Authorise(ctx, charge(card, card))
		require.NoError(t, err)
		require.Equal(t, booking.ChargeDeclined, st.State)
	}
	won := func(n int64) booking.Money { return booking.Money{Amount: n, Currency: "KRW"} }
	for range 2 {
		require.NoError(t, s.Refund(ctx, "r1", a, won(400)))
	}
	require.Error(t, s.Refund(ctx, "r2", a, won(601)), "no more than was charged")
	require.NoError(t, s.Refund(ctx, "r3", a, won(600)))
}

func TestALostAnswerIsFoundByLookup(t *testing.T) {
	t.Parallel()
	s, ctx := newSimulator(t), t.Context()
	_, err := s.Authorise(ctx, charge("a", CardAnswerLost))
	require.ErrorIs(t, err, ErrNoAnswer)
	for key, want := range map[string]booking.ChargeState{"a": booking.ChargeAuthorised, "b": booking.ChargeUnknown} {
		st, err := s.Lookup(ctx, booking.Charge{Key: key})
		require.NoError(t, err)
		require.Equal(t, want, st.State)
	}
}

func TestAuthorisedIsCapturedOrVoidedOnce(t *testing.T) {
	t.Parallel()
	s, ctx := newSimulator(t), t.Context()
	for _, key := range []string{"a", "b"} {
		_, err := s.Authorise(ctx, charge(key, CardPays))
		require.NoError(t, err)
	}
	check := func(step func(context.Context, booking.Charge) (booking.ChargeState, error), key string, want booking.ChargeState) {
		state, err := step(ctx, booking.Charge{Key: key})
		require.NoError(t, err)
		require.Equal(t, want, state)
	}
	for range 2 {
		check(s.Capture, "a", booking.ChargeCaptured)
		check(s.Void, "b", booking.ChargeVoided)
	}
	check(s.Void, "a", booking.ChargeCaptured) // too late
	check(s.Capture, "b", booking.ChargeVoided)
	check(s.Capture, "unknown", booking.ChargeUnknown)
}

func TestAChallengeIsDecidedOnceAndAPendingChargeRipens(t *testing.T) {
	t.Parallel()
	s, ctx := newSimulator(t), t.Context()
	for _, key := range []string{"a", "b", "c"} {
		st, err := s.Authorise(ctx, charge(key, CardChallenge))
		require.NoError(t, err)
		require.Equal(t, booking.ChargeStatus{State: booking.ChargeAction, ActionURL: "/api/v1/simulator/challenges/" + key}, st)
	}
	state, err := s.Capture(ctx, booking.Charge{Key: "a"})
	require.NoError(t, err)
	require.Equal(t, booking.ChargeAction, state, "nothing is captured that was not authorised")
	for range 2 {
		c, err := s.Decide(ctx, "a", true)
		require.NoError(t, err)
		require.Equal(t, booking.ChargeAuthorised, c.State)
		require.Equal(t, "/bookings/x", c.ReturnTo)
	}
	c, err := s.Decide(ctx, "b", false)
	require.NoError(t, err)
	require.Equal(t, booking.ChargeDeclined, c.State)
	c, err = s.Decide(ctx, "b", true)
	require.NoError(t, err)
	require.Equal(t, booking.ChargeDeclined, c.State, "it does not change its mind")
	_, err = s.Void(ctx, booking.Charge{Key: "c"})
	require.NoError(t, err)
	c, err = s.Decide(ctx, "c", true)
	require.NoError(t, err)
	require.Equal(t, booking.ChargeVoided, c.State, "too late")
	_, err = s.Decide(ctx, "none", true)
	require.ErrorIs(t, err, booking.ErrChargeUnknown)

	st, err := s.Authorise(ctx, charge("late", CardLate))
	require.NoError(t, err)
	require.Equal(t, booking.ChargePending, st.State)
	require.Eventually(t, func() bool {
		st, err := s.Lookup(ctx, booking.Charge{Key: "late"})
		return err == nil && st.State == booking.ChargeAuthorised
	}, patience, 50*time.Millisecond)
}

// Authorise and Void race under one key: whichever comes first decides, and both are told what became of it.
func TestAuthoriseAndVoidAgree(t *testing.T) {
	t.Parallel()
	s := newSimulator(t)
	for i := range 30 {
		c := charge(fmt.Sprint(i), CardPays)
		var wait sync.WaitGroup
		var authorised booking.ChargeStatus
		var voided booking.ChargeState
		wait.Go(func() {
			var err error
			authorised, err = s.Authorise(context.Background(), c)
			require.NoError(t, err)
		})
		wait.Go(func() {
			var err error
			voided, err = s.Void(context.Background(), c)
			require.NoError(t, err)
		})
		wait.Wait()
		require.Equal(t, booking.ChargeVoided, voided)
		require.Contains(t, []booking.ChargeState{booking.ChargeAuthorised, booking.ChargeVoided}, authorised.State)
		st, err := s.Capture(context.Background(), c)
		require.NoError(t, err)
		require.Equal(t, booking.ChargeVoided, st)
	}
}

func TestADownProviderDoesNothingAndASlowOneAnswersLate(t *testing.T) {
	t.Parallel()
	s, ctx := newSimulator(t), t.Context()
	a := charge("a", CardPays)

	s.SetCondition(booking.Condition{State: booking.ProviderDown})
	_, err := s.Authorise(ctx, a)
	require.ErrorIs(t, err, ErrNoAnswer)
	_, err = s.Void(ctx, a)
	require.ErrorIs(t, err, ErrNoAnswer)
	s.SetCondition(booking.Condition{State: booking.ProviderUp})
	st, err := s.Lookup(ctx, a)
	require.NoError(t, err)
	require.Equal(t, booking.ChargeUnknown, st.State, "nothing has reached it, not even the tombstone")

	// Slower than anybody waits: who gives up does not know what was done, and it was.
	s.SetCondition(booking.Condition{State: booking.ProviderSlow, DelayMS: booking.MaxProviderDelay})
	limited, giveUp := context.WithCancel(ctx)
	defer giveUp()
	gaveUp := make(chan error, 1)
	go func() {
		_, err := s.Authorise(limited, a)
		gaveUp <- err
	}()
	seen := NewSimulator(s.pool) // the same charges, and no delay
	require.True(t, testenv.Eventually(func() bool {
		st, err := seen.Lookup(ctx, a)
		require.NoError(t, err)
		return st.State == booking.ChargeAuthorised
	}))
	giveUp() // as a deadline does
	require.Error(t, <-gaveUp)
	s.SetCondition(booking.Condition{State: booking.ProviderSlow, DelayMS: 50})
	began := time.Now()
	st, err = s.Lookup(ctx, a)
	require.NoError(t, err)
	require.Equal(t, booking.ChargeAuthorised, st.State)
	require.GreaterOrEqual(t, time.Since(began), 50*time.Millisecond)
}
