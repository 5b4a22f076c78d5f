package booking

import (
	"context"
	"time"
)

// Catalogue is what can be looked at. Every method fails with "database-unavailable" while that is so.
type Catalogue interface {
	// Shows lists all shows by start time.
	Shows(ctx context.Context) ([]Show, error)

	// Layout returns the drawing of a show's hall. It fails with "show-unknown".
	Layout(ctx context.Context, show int64) (SeatLayout, error)

	// SeatState says which seats can be had now. It fails with "show-unknown".
	SeatState(ctx context.Context, show int64) (SeatState, error)
}

// Holds keeps seats for buyers. Besides what each method names, they fail with "session-missing",
// "database-unavailable", and "seats-busy" when a lock could not be had in time.
type Holds interface {
	// HoldSeats takes all the seats or none. The seats must be distinct and 1 to MaxSeatsPerHold. It fails with "show-unknown", "not-on-sale", "seat-unknown",
	// "seat-of-another-show", "seat-taken" (each with seat_ids) and "limit-reached".
	HoldSeats(ctx context.Context, s Session, show string, seats []int64) (Hold, error)

	// ReleaseHold gives seats back; of a hold that is over it does nothing. It fails with "hold-unknown" and "hold-ordered".
	ReleaseHold(ctx context.Context, s Session, show, hold string) error
}

// Key is an idempotency key with the fingerprint of the request it was sent with.
type Key struct {
	Name        string
	Fingerprint []byte
}

// StartedPayment is a payment that the provider is to be asked for.
type StartedPayment struct {
	ID    string
	Order Order // confirming
}

// OwedRefund is a refund that the provider is to be asked for.
type OwedRefund struct {
	ID        string
	PaymentID string
	Amount    Money
}

// Orders are the steps of a sale after the hold, each one transaction. Besides what each method names, they fail with "session-missing",
// "database-unavailable" and "seats-busy"; those with a Key also with "idempotency-key-reused" and "idempotency-key-in-flight".
type Orders interface {
	// PlaceOrder turns a hold into a pending order. It fails with "hold-unknown", "hold-expired", "hold-ordered".
	PlaceOrder(ctx context.Context, s Session, hold string, key Key) (Order, error)

	// StartPayment makes an order confirming. When the key was settled before, started is nil and the answer is what
	// it was then. It fails with "order-unknown", "order-not-payable", "hold-expired".
	StartPayment(ctx context.Context, s Session, order string, key Key) (started *StartedPayment, answer Order, err error)

	// SettlePayment does what the provider said; captured, declined or voided. It returns the paid order, or fails
	// with "payment-declined" or "payment-failed"; then the order is pending again. Repeating it changes nothing.
	SettlePayment(ctx context.Context, payment string, state ChargeState) (Order, error)

	// CancelOrder cancels, and returns the refund that is owed, if one is. It fails with "order-unknown", "order-not-cancellable", "show-started".
	CancelOrder(ctx context.Context, s Session, order string) (Order, *OwedRefund, error)

	// FinishRefund writes down that the provider has made the refund. Repeating it changes nothing.
	FinishRefund(ctx context.Context, refund string) (Order, error)

	// Order returns one of the buyer's own orders. It fails with "order-unknown".
	Order(ctx context.Context, s Session, order string) (Order, error)

	// Orders lists the buyer's own orders, newest first.
	Orders(ctx context.Context, s Session) ([]Order, error)

	// Unsettled lists payments that have awaited the provider's answer for longer than the age given, oldest first.
	Unsettled(ctx context.Context, age time.Duration, limit int) ([]string, error)

	// OwedRefunds lists refunds that have been owed for longer than the age given, oldest first.
	OwedRefunds(ctx context.Context, age time.Duration, limit int) ([]OwedRefund, error)

	// SearchOrders lists orders of all buyers for the back office, newest first.
	SearchOrders(ctx context.Context, f OrderFilter) ([]StaffOrder, error)
}

// Buyers are the people who buy. All methods fail with "database-unavailable" while that is so.
type Buyers interface {
	// StartGuest makes a guest and the session with this digest.
	StartGuest(ctx context.Context, email string, digest []byte) (Buyer, error)

	// CreateAccount makes an account and the session with this digest; the guest of the session s, if it is one, becomes the account
	// and that session ends. It fails with "email-taken".
	CreateAccount(ctx context.Context, s Session, email, name, passwordHash string, digest []byte) (Buyer, error)

	// PasswordHash returns the account's id and password hash; id 0 when there is no such account.
	PasswordHash(ctx context.Context, email string) (id int64, hash string, err error)

	// StartSession signs the account in under this digest.
	StartSession(ctx context.Context, account int64, digest []byte) (Buyer, error)

	// Buyer tells whose the session is. It fails with "session-missing".
	Buyer(ctx context.Context, s Session) (Buyer, error)

	// EndSession signs out. A session that is no more is no failure.
	EndSession(ctx context.Context, s Session) error
}
