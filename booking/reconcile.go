package booking

import (
	"context"
	"errors"
	"time"
)

// Reconciled counts what Reconcile has finished.
type Reconciled struct {
	Captured int // payments the provider had taken or authorised; the tickets are out now
	Reverted int // payments that will never be taken; the order awaits payment again, or its time is over, or its seats are lost
	Refunded int
}

const reconcileBatch = 100

// Reconcile finishes payments and refunds that have been under way for longer than the age given, by what the provider says of them. It is
// safe beside a payment that is merely slow: what the provider has not heard of by then it is told never to take.
// Failures of single ones are joined in the error; the others are done.
func (c *Checkout) Reconcile(ctx context.Context, age time.Duration) (Reconciled, error) {
	var done Reconciled
	var failures []error
	payments, err := c.payments.Unsettled(ctx, age, reconcileBatch)
	if err != nil {
		return done, err
	}
	for _, p := range payments {
		order, err := c.finish(ctx, p)
		switch {
		case isVerdict(err):
			done.Reverted++
		case err != nil:
			failures = append(failures, err)
		case order.State == Paid:
			done.Captured++
		}
	}
	refunds, err := c.payments.OwedRefunds(ctx, age, reconcileBatch)
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

// finish brings one payment that was left alone to its end, if there is one to be had: what nobody has decided yet is voided. It returns as
// follow does.
func (c *Checkout) finish(ctx context.Context, p Payment) (Order, error) {
	status, err := c.lookup(ctx, p.Charge())
	if err != nil {
		return Order{}, err
	}
	if status.Ref != "" {
		p.Ref = status.Ref
	}
	if p.Voiding || status.State == ChargeUnknown || (status.State == ChargeAction && p.Overdue) {
		if status.State, err = c.void(ctx, p.Charge()); err != nil {
			return Order{}, err
		}
	}
	return c.follow(ctx, p, status)
}
