package booking

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"anteroom/internal/fault"
)

// Bounds of one step of a checkout.
const (
	providerTimeout = 10 * time.Second
	storeTimeout    = 5 * time.Second
)

// Checkout pays and cancels: a transaction, then the provider, then another transaction. What a crash
// leaves in between is finished by Reconcile. Safe for concurrent use.
type Checkout struct {
	orders   Orders
	provider Provider
	log      *slog.Logger
}

// NewCheckout makes a checkout of these orders with this provider.
func NewCheckout(orders Orders, provider Provider, log *slog.Logger) *Checkout {
	return &Checkout{orders: orders, provider: provider, log: log}
}

// Pay pays for an order. The order it returns is paid, or still confirming when the provider's answer or our writing it down is
// outstanding; that settles by itself. It fails as Orders.StartPayment and Orders.SettlePayment do.
func (c *Checkout) Pay(ctx context.Context, s Session, order, card string, key Key) (Order, error) {
	start, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	started, answer, err := c.orders.StartPayment(start, s, order, key)
	if err != nil || started == nil {
		return answer, err
	}
	state, err := c.charge(ctx, Charge{Key: started.ID, Amount: started.Order.Total, Card: card})
	if err != nil {
		c.log.Warn("the provider's answer is outstanding", "payment", started.ID, "err", err)
		return started.Order, nil
	}
	settle, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	paid, err := c.orders.SettlePayment(settle, started.ID, state)
	if err == nil || errors.Is(err, ErrPaymentDeclined) || errors.Is(err, ErrPaymentFailed) {
		return paid, err
	}
	// The provider has answered and we could not write it down: the buyer must not be told that it failed.
	c.log.Error("a payment is not settled yet", "payment", started.ID, "provider_says", state, "err", err)
	return started.Order, nil
}

func (c *Checkout) charge(ctx context.Context, charge Charge) (ChargeState, error) {
	limit, cancel := context.WithTimeout(ctx, providerTimeout)
	defer cancel()
	return c.provider.Pay(limit, charge)
}

// Cancel cancels an order and refunds it in full. When the provider does not answer, the order is cancelled all the same and
// the refund follows. It fails as Orders.CancelOrder does.
func (c *Checkout) Cancel(ctx context.Context, s Session, order string) (Order, error) {
	limit, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	cancelled, owed, err := c.orders.CancelOrder(limit, s, order)
	if err != nil || owed == nil {
		return cancelled, err
	}
	refunded, err := c.refund(ctx, *owed)
	if err != nil {
		c.log.Warn("a refund is outstanding", "refund", owed.ID, "err", err)
		return cancelled, nil
	}
	return refunded, nil
}

func (c *Checkout) refund(ctx context.Context, owed OwedRefund) (Order, error) {
	limit, cancel := context.WithTimeout(ctx, providerTimeout)
	defer cancel()
	if err := c.provider.Refund(limit, owed.ID, owed.PaymentID, owed.Amount); err != nil {
		return Order{}, err
	}
	return c.orders.FinishRefund(limit, owed.ID)
}

// Reconciled counts what Reconcile has finished.
type Reconciled struct {
	Captured int // payments the provider had taken; the tickets are out now
	Reverted int // payments that will never be taken; the order awaits payment again, or its time is over
	Refunded int
}

const reconcileBatch = 100

// Reconcile finishes payments and refunds that have been under way for longer than the age given, by what the provider says of them. It is
// safe beside a payment that is merely slow: what the provider has not heard of by then it is told never to take.
// Failures of single ones are joined in the error; the others are done.
func (c *Checkout) Reconcile(ctx context.Context, age time.Duration) (Reconciled, error) {
	var done Reconciled
	var failures []error
	payments, err := c.orders.Unsettled(ctx, age, reconcileBatch)
	if err != nil {
		return done, err
	}
	for _, id := range payments {
		state, err := c.settle(ctx, id)
		switch {
		case err != nil:
			failures = append(failures, err)
		case state == ChargeCaptured:
			done.Captured++
		default:
			done.Reverted++
		}
	}
	refunds, err := c.orders.OwedRefunds(ctx, age, reconcileBatch)
	if err != nil {
		return done, errors.Join(append(failures, err)...)
	}
	for _, owed := range refunds {
		if _, err := c.refund(ctx, owed); err != nil {
			failures = append(failures, err)
			continue
		}
		done.Refunded++
	}
	return done, errors.Join(failures...)
}

// settle brings one payment to its end.
func (c *Checkout) settle(ctx context.Context, payment string) (ChargeState, error) {
	limit, cancel := context.WithTimeout(ctx, providerTimeout)
	defer cancel()
	state, err := c.provider.Lookup(limit, payment)
	if err == nil && state == ChargeAuthorised {
		state, err = c.provider.Capture(limit, payment)
	}
	if err == nil && state == ChargeUnknown {
		state, err = c.provider.Void(limit, payment)
	}
	if err != nil {
		return state, err
	}
	_, err = c.orders.SettlePayment(limit, payment, state)
	if f := fault.From(err); f != nil && f.Code == fault.PaymentRequired {
		err = nil // that is what was to be written down
	}
	return state, err
}
