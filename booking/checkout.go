package booking

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Bounds of one step of a checkout.
const (
	providerTimeout = 10 * time.Second
	storeTimeout    = 5 * time.Second
)

// Checkout pays and gives back: a transaction, then the provider, then another transaction. What a crash
// leaves in between is finished by Reconcile. Safe for concurrent use.
//
// The money is captured directly, not through the outbox: it is taken before any ticket is out, so that no ticket ever waits for
// its money, and the reconciler already does whatever a queue of captures would do after a crash.
type Checkout struct {
	payments Payments
	provider Provider
	log      *slog.Logger
	rung     chan struct{} // a webhook has come
}

// NewCheckout makes a checkout of these payments with this provider.
func NewCheckout(payments Payments, provider Provider, log *slog.Logger) *Checkout {
	return &Checkout{payments: payments, provider: provider, log: log, rung: make(chan struct{}, 1)}
}

// Means is what a buyer pays with: a card's digits, or what the provider's own form made of a card.
type Means struct {
	Card     string
	Method   string
	ReturnTo string // path of the page to come back to, should the buyer have to act
}

// Pay pays for an order. The order it returns is paid, or still confirming: when the provider's answer or our writing it down is
// outstanding, which settles by itself, or when the buyer has to act first, at the order's ActionURL. It fails as Payments.StartPayment and
// Payments.SettlePayment do.
func (c *Checkout) Pay(ctx context.Context, s Session, order string, means Means, key Key) (Order, error) {
	start, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	started, answer, err := c.payments.StartPayment(start, s, order, key)
	if err != nil || started == nil {
		return answer, err
	}
	charge := Charge{Key: started.ID, Amount: started.Order.Total, Card: means.Card, Method: means.Method, ReturnTo: means.ReturnTo}
	status, err := c.authorise(ctx, charge)
	if err != nil {
		c.log.Warn("the provider's answer is outstanding", "payment", started.ID, "err", err)
		return started.Order, nil
	}
	if status.State == ChargeAuthorised && started.Secured && status.Ref == "" {
		// Nothing is to be written down before the capture: the seats are ours and the charge goes by our key.
		status.State, err = c.capture(ctx, charge)
	}
	after := started.Order
	if err == nil {
		after, err = c.follow(ctx, Payment{ID: started.ID, Amount: charge.Amount}, status)
	}
	if err == nil || isVerdict(err) {
		if after.ID == "" {
			after = started.Order
		}
		return after, err
	}
	// The provider has answered and we could not write it down: the buyer must not be told that it failed.
	c.log.Error("a payment is not settled yet", "payment", started.ID, "provider_says", status.State, "err", err)
	return started.Order, nil
}

// isVerdict reports whether the error is how a payment ended, and not that it could not be ended.
func isVerdict(err error) bool {
	return errors.Is(err, ErrPaymentDeclined) || errors.Is(err, ErrPaymentFailed) || errors.Is(err, ErrSeatsLost)
}

// authorise asks the provider; what costs nothing needs nobody's leave.
func (c *Checkout) authorise(ctx context.Context, charge Charge) (ChargeStatus, error) {
	if charge.Amount.Amount == 0 {
		return ChargeStatus{State: ChargeAuthorised}, nil
	}
	limit, cancel := context.WithTimeout(ctx, providerTimeout)
	defer cancel()
	return c.provider.Authorise(limit, charge)
}

func (c *Checkout) capture(ctx context.Context, charge Charge) (ChargeState, error) {
	if charge.Amount.Amount == 0 {
		return ChargeCaptured, nil
	}
	limit, cancel := context.WithTimeout(ctx, providerTimeout)
	defer cancel()
	return c.provider.Capture(limit, charge)
}

func (c *Checkout) void(ctx context.Context, charge Charge) (ChargeState, error) {
	if charge.Amount.Amount == 0 {
		return ChargeVoided, nil
	}
	limit, cancel := context.WithTimeout(ctx, providerTimeout)
	defer cancel()
	return c.provider.Void(limit, charge)
}

func (c *Checkout) lookup(ctx context.Context, charge Charge) (ChargeStatus, error) {
	if charge.Amount.Amount == 0 {
		return ChargeStatus{State: ChargeUnknown}, nil
	}
	limit, cancel := context.WithTimeout(ctx, providerTimeout)
	defer cancel()
	return c.provider.Lookup(limit, charge)
}

// follow does what follows from how a charge stands: it brings the payment to its end, or to where it waits for someone else. It
// returns the order when it is known, zero else; and fails as Payments.SettlePayment does.
func (c *Checkout) follow(ctx context.Context, p Payment, status ChargeStatus) (Order, error) {
	store, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	charge := p.Charge()
	if status.Ref != "" {
		charge.Ref = status.Ref
	}
	state := status.State
	switch state {
	case ChargePending, ChargeUnknown:
		return Order{}, nil
	case ChargeAction:
		order, err := c.payments.AwaitAction(store, p.ID, status)
		if err != nil || order == nil {
			return Order{}, err
		}
		return *order, nil
	case ChargeAuthorised:
		verdict, err := c.payments.AuthorisePayment(store, p.ID, charge.Ref)
		if err != nil || verdict == AlreadySettled {
			return Order{}, err
		}
		if verdict == CaptureIt {
			state, err = c.capture(ctx, charge)
		} else {
			state, err = c.void(ctx, charge)
		}
		if err != nil {
			return Order{}, err
		}
	}
	settle, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return c.payments.SettlePayment(settle, p.ID, state)
}
