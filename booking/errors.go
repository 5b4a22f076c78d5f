package booking

import (
	"time"

	"anteroom/internal/fault"
)

// Errors of the domain. Their types are stable: clients act on them.
var (
	ErrUnavailable = fault.New(fault.Unavailable, "database-unavailable", "The booking database does not answer just now; try again.").After(2 * time.Second)
	ErrBusy        = fault.New(fault.Unavailable, "seats-busy", "Many people want these seats at this moment; try again.").After(time.Second)

	ErrShowUnknown = fault.New(fault.NotFound, "show-unknown", "There is no such show.")
	ErrNotOnSale   = fault.New(fault.Conflict, "not-on-sale", "The show is not on sale at this time.")

	ErrSeatsInvalid  = fault.New(fault.Invalid, "seats-invalid", "The list of seats is not acceptable.")
	ErrSeatUnknown   = fault.New(fault.Invalid, "seat-unknown", "There is no such seat.")
	ErrSeatElsewhere = fault.New(fault.Invalid, "seat-of-another-show", "A seat belongs to another show.")
	ErrSeatTaken     = fault.New(fault.Conflict, "seat-taken", "Someone else has a seat you asked for.")
	ErrLimitReached  = fault.New(fault.Conflict, "limit-reached", "That is more seats than one buyer may have for this show.")

	ErrHoldUnknown = fault.New(fault.NotFound, "hold-unknown", "You have no such hold.")
	ErrHoldInvalid = fault.New(fault.Invalid, "hold-invalid", "That is no id of a hold.")
	ErrHoldExpired = fault.New(fault.Gone, "hold-expired", "The time to buy these seats is over.")
	ErrHoldOrdered = fault.New(fault.Conflict, "hold-ordered", "There is an order for this hold already.")

	ErrOrderUnknown        = fault.New(fault.NotFound, "order-unknown", "You have no such order.")
	ErrOrderNotPayable     = fault.New(fault.Conflict, "order-not-payable", "The order does not await a payment.")
	ErrOrderNotCancellable = fault.New(fault.Conflict, "order-not-cancellable", "The order cannot be cancelled in its state.")
	ErrShowStarted         = fault.New(fault.Conflict, "show-started", "The show has begun; the order cannot be cancelled any more.")

	ErrCardInvalid     = fault.New(fault.Invalid, "card-invalid", "The card number is not acceptable.")
	ErrPaymentDeclined = fault.New(fault.PaymentRequired, "payment-declined", "The payment was declined. The seats are still yours until the hold runs out; try another card.")
	ErrPaymentFailed   = fault.New(fault.PaymentRequired, "payment-failed", "The payment did not go through and nothing was charged. Try again with a new Idempotency-Key.")

	ErrKeyMissing  = fault.New(fault.Malformed, "idempotency-key-missing", "This call wants the header Idempotency-Key.")
	ErrKeyInvalid  = fault.New(fault.Malformed, "idempotency-key-invalid", "The Idempotency-Key must be 1 to 255 visible ASCII characters.")
	ErrKeyReused   = fault.New(fault.Invalid, "idempotency-key-reused", "This Idempotency-Key was used for another request.")
	ErrKeyInFlight = fault.New(fault.Conflict, "idempotency-key-in-flight", "A request with this Idempotency-Key is still running.").After(time.Second)

	ErrSessionMissing   = fault.New(fault.Unauthenticated, "session-missing", "This call wants a session: sign in, or start as a guest.")
	ErrEmailTaken       = fault.New(fault.Conflict, "email-taken", "There is an account with this e-mail address already.")
	ErrAccountInvalid   = fault.New(fault.Invalid, "account-invalid", "The account cannot be made like this.")
	ErrCredentialsWrong = fault.New(fault.Unauthenticated, "credentials-wrong", "E-mail address or password are wrong.")
	ErrTooManyAttempts  = fault.New(fault.TooMany, "too-many-attempts", "Too many attempts to sign in; wait a while.")
)
