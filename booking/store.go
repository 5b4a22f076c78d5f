package booking

import "context"

// Catalogue is what can be looked at. Every method fails with "database-unavailable" while that is so.
type Catalogue interface {
	// SearchShows returns the published shows that the query finds, by start time; at most as many as its limit.
	SearchShows(ctx context.Context, q ShowQuery) (ShowPage, error)

	// Show returns a published show by its slug. It fails with "show-unknown".
	Show(ctx context.Context, slug string) (Show, error)

	// Layout returns the drawing of a show's hall. It fails with "show-unknown".
	Layout(ctx context.Context, show int64) (SeatLayout, error)

	// SeatState says which seats can be had now. It fails with "show-unknown".
	SeatState(ctx context.Context, show int64) (SeatState, error)
}

// Key is an idempotency key with the fingerprint of the request it was sent with.
type Key struct {
	Name        string
	Fingerprint []byte
}

// Orders places orders and finds them. Besides what each method names, they fail with "session-missing", "database-unavailable" and
// "seats-busy"; those with a Key also with "idempotency-key-reused" and "idempotency-key-in-flight".
type Orders interface {
	// PlaceOrder turns a hold into a pending order. It fails with "hold-unknown", "hold-expired", "hold-ordered".
	PlaceOrder(ctx context.Context, s Session, hold string, key Key) (Order, error)

	// Order returns one of the buyer's own orders. It fails with "order-unknown".
	Order(ctx context.Context, s Session, order string) (Order, error)

	// Orders lists the buyer's own orders, newest first.
	Orders(ctx context.Context, s Session) ([]Order, error)

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
