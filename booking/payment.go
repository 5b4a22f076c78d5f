package booking

import "context"

// Charge is what a provider is asked to charge. Key makes it the same charge however often it is asked.
type Charge struct {
	Key    string // the id of the payment
	Amount Money
	Card   string // digits only; never stored or logged here
}

// ChargeState is what a provider says of a charge.
type ChargeState string

// The states of a charge.
const (
	ChargeUnknown    ChargeState = "unknown" // the provider has never heard of it
	ChargeAuthorised ChargeState = "authorised"
	ChargeCaptured   ChargeState = "captured"
	ChargeDeclined   ChargeState = "declined"
	ChargeVoided     ChargeState = "voided"
)

// Provider is a payment provider. Every call may be repeated with the same key and then does nothing further. An error means
// that the outcome is not known; what did happen is told by Lookup. Safe for concurrent use.
type Provider interface {
	// Pay authorises the charge and captures it in the same step. It returns captured, declined, or voided when Void came first.
	Pay(ctx context.Context, charge Charge) (ChargeState, error)

	// Capture takes the money of an authorised charge. It returns the state afterwards.
	Capture(ctx context.Context, key string) (ChargeState, error)

	// Void makes sure that nothing is ever charged under this key, even when a Pay is still on its way, unless it is captured
	// already. It returns the state afterwards.
	Void(ctx context.Context, key string) (ChargeState, error)

	// Refund gives back a part of a captured charge; key is the refund's own.
	Refund(ctx context.Context, key, chargeKey string, amount Money) error

	// Lookup tells the state of a charge.
	Lookup(ctx context.Context, key string) (ChargeState, error)
}
