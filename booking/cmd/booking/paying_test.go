package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/payment"
	"anteroom/internal/testenv"
)

func (b *browser) pay(order booking.Order, card, key string) answer {
	b.t.Helper()
	return b.do("POST", "/api/v1/orders/"+order.ID+"/payment", `{"card_number":"`+card+`"}`, "Idempotency-Key", key)
}

// settled pays for an order with a card that pays, until that is done. When a lock is waited for too long after the provider was asked, the reconciler has to
// settle it; and when that takes a payment under way for one that was left alone, another has to be made.
func (b *browser) settled(order booking.Order, key string) answer {
	b.t.Helper()
	var a answer
	testenv.Eventually(func() bool {
		switch a = b.pay(order, payment.CardPays, key); {
		case a.status == http.StatusAccepted:
			_, _ = b.reconcile() // busy in its turn, it is asked again
		case a.is(http.StatusPaymentRequired, "payment-failed"):
			key += "-again"
		default:
			return !a.is(http.StatusConflict, "idempotency-key-in-flight")
		}
		return false
	})
	return a.want(200)
}

// paid is the order that was paid for.
func (b *browser) paid(order booking.Order, key string) booking.Order {
	b.t.Helper()
	return decode[booking.Order](b.settled(order, key))
}

// heardOfAll waits until nothing is under way from the provider to the service, which could meet what the test does next.
func (s *system) heardOfAll() {
	s.t.Helper()
	require.True(s.t, testenv.Eventually(func() bool {
		return query[int](s, `SELECT count(*) FROM simulator_events WHERE copies > 0`) == 0 && query[int](s, `SELECT count(*) FROM webhooks WHERE worked_at IS NULL`) == 0
	}))
}

func (s *system) reconcile() (booking.Reconciled, error) {
	checkout := booking.NewCheckout(s.store, payment.NewSimulator(s.pool), slog.New(slog.NewTextHandler(io.Discard, nil)))
	return checkout.Reconcile(context.Background(), 0)
}

// reconciled has the reconciler look until it has finished all, and returns what it did: a lock that it waits for too long it leaves for another time.
func (s *system) reconciled() (done booking.Reconciled) {
	s.t.Helper()
	require.True(s.t, testenv.Eventually(func() bool {
		more, err := s.reconcile()
		done.Captured, done.Reverted, done.Refunded = done.Captured+more.Captured, done.Reverted+more.Reverted, done.Refunded+more.Refunded
		if err != nil {
			require.ErrorIs(s.t, err, booking.ErrBusy)
		}
		return err == nil
	}))
	return done
}
