package booking

import "context"

// Cancel cancels an order and refunds what the show's policy says. When the provider does not answer, the order is cancelled all
// the same and the refund follows. It fails as Payments.CancelOrder does.
func (c *Checkout) Cancel(ctx context.Context, s Session, order string) (Order, error) {
	limit, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	cancelled, owed, err := c.payments.CancelOrder(limit, s, order)
	if err != nil {
		return cancelled, err
	}
	return c.giveBack(ctx, cancelled, owed), nil
}

// RefundTickets gives single tickets back, for staff. When the provider does not answer, the tickets are cancelled all the same and
// the refund follows. It fails as Payments.RefundTickets does.
func (c *Checkout) RefundTickets(ctx context.Context, order string, tickets []string) (Order, error) {
	limit, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	after, owed, err := c.payments.RefundTickets(limit, order, tickets)
	if err != nil {
		return after, err
	}
	return c.giveBack(ctx, after, owed), nil
}

// giveBack makes a refund now if that goes, and returns the order as it is then.
func (c *Checkout) giveBack(ctx context.Context, order Order, owed *OwedRefund) Order {
	if owed == nil {
		return order
	}
	refunded, err := c.refund(ctx, *owed)
	if err != nil {
		c.log.Warn("a refund is outstanding", "refund", owed.ID, "err", err)
		return order
	}
	return refunded
}

func (c *Checkout) refund(ctx context.Context, owed OwedRefund) (Order, error) {
	limit, cancel := context.WithTimeout(ctx, providerTimeout)
	defer cancel()
	if err := c.provider.Refund(limit, owed.ID, Charge{Key: owed.PaymentID, Ref: owed.Ref}, owed.Amount); err != nil {
		return Order{}, err
	}
	return c.payments.FinishRefund(limit, owed.ID)
}
