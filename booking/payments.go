package booking

import (
	"context"
	"time"
)

// StartedPayment is a payment that the provider is to be asked for.
type StartedPayment struct {
	ID      string
	Order   Order // confirming
	Secured bool  // its seats are confirming too: an authorised charge may be captured at once
}

// Payment is a payment that is under way.
type Payment struct {
	ID      string
	Ref     string
	Amount  Money
	Voiding bool // its seats are lost: it is to be voided
	Overdue bool // the time to pay is over
}

// Charge is the payment as the provider knows it.
func (p Payment) Charge() Charge { return Charge{Key: p.ID, Ref: p.Ref, Amount: p.Amount} }

// OwedRefund is a refund that the provider is to be asked for.
type OwedRefund struct {
	ID        string
	PaymentID string
	Ref       string // of the charge
	Amount    Money
}

// Webhook is one that waits to be worked on.
type Webhook struct {
	Provider string
	EventID  string
	Payment  string // empty: about none of ours
}

// Payments are the steps of paying and giving back, each one transaction. Besides what each method names, they fail with
// "database-unavailable" and "seats-busy", and those of a buyer with "session-missing".
type Payments interface {
	// StartPayment makes an order confirming. When the key was settled before, started is nil and the answer is what it was then. It fails with
	// "order-unknown", "order-not-payable", "hold-expired", "seat-taken", "idempotency-key-reused" and "idempotency-key-in-flight".
	StartPayment(ctx context.Context, s Session, order string, key Key) (started *StartedPayment, answer Order, err error)

	// AwaitAction writes down that the buyer has to act. The seats run out with the hold meanwhile. It returns the order; nil when the
	// payment has gone further already.
	AwaitAction(ctx context.Context, payment string, status ChargeStatus) (*Order, error)

	// AuthorisePayment makes sure of the seats of a payment that the provider has authorised, and says what to do with the money.
	AuthorisePayment(ctx context.Context, payment, ref string) (Verdict, error)

	// SettlePayment writes down how a payment ended: captured, declined or voided. It returns the paid order, or fails with "payment-declined" or
	// "payment-failed", and the order is pending again; or with "seats-lost", and it is cancelled. Repeating it changes nothing.
	SettlePayment(ctx context.Context, payment string, state ChargeState) (Order, error)

	// PaymentUnderWay returns a payment that has not ended; nil when it has, or when there is none of this id.
	PaymentUnderWay(ctx context.Context, payment string) (*Payment, error)

	// Unsettled lists payments that have awaited the provider's answer for longer than the age given, oldest first, and those whose buyer has let
	// the time to act pass.
	Unsettled(ctx context.Context, age time.Duration, limit int) ([]Payment, error)

	// CancelOrder cancels by the show's policy, and returns the refund that is owed, if one is. It fails with "order-unknown", "order-not-cancellable", "show-started",
	// "cancellation-closed".
	CancelOrder(ctx context.Context, s Session, order string) (Order, *OwedRefund, error)

	// RefundTickets gives single tickets of an order back, and returns the refund that is owed, if one is. It fails with "order-unknown", "order-not-refundable",
	// "ticket-unknown". Repeating it changes nothing.
	RefundTickets(ctx context.Context, order string, tickets []string) (Order, *OwedRefund, error)

	// FinishRefund writes down that the provider has made the refund. Repeating it changes nothing.
	FinishRefund(ctx context.Context, refund string) (Order, error)

	// OwedRefunds lists refunds that have been owed for longer than the age given, oldest first.
	OwedRefunds(ctx context.Context, age time.Duration, limit int) ([]OwedRefund, error)

	// StoreWebhook writes a verified webhook down. One that is there already is counted and changes nothing.
	StoreWebhook(ctx context.Context, provider string, e ChargeEvent, body []byte) error

	// TakeWebhooks takes webhooks to work on. They come again, after a while, unless FinishWebhook is called.
	TakeWebhooks(ctx context.Context, limit int) ([]Webhook, error)

	// FinishWebhook writes down that a webhook was worked on, or why it could not be.
	FinishWebhook(ctx context.Context, w Webhook, failure error) error
}

// Verdict is what to do with a charge that the provider has authorised.
type Verdict string

// The verdicts.
const (
	CaptureIt      Verdict = "capture"
	VoidIt         Verdict = "void"    // its seats are lost
	AlreadySettled Verdict = "settled" // by someone else, meanwhile
)
