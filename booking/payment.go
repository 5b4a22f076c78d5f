package booking

import "context"

// Charge is what a provider is asked to charge. Key makes it the same charge however often it is asked.
type Charge struct {
	Key    string // the id of the payment
	Ref    string // the provider's own name of the charge, once it has told one
	Amount Money

	// For Authorise only: one of the two, and never stored or logged here.
	Card   string // digits only
	Method string // what the provider's own form in the browser made of a card

	ReturnTo string // path of the page to which the buyer comes back after acting
}

// ChargeState is what a provider says of a charge.
type ChargeState string

// The states of a charge.
const (
	ChargeUnknown    ChargeState = "unknown" // the provider has never been asked to authorise it
	ChargePending    ChargeState = "pending" // the provider has not decided yet, and cannot be hurried
	ChargeAction     ChargeState = "action"  // the buyer has to act first, as for 3-D Secure
	ChargeAuthorised ChargeState = "authorised"
	ChargeCaptured   ChargeState = "captured"
	ChargeDeclined   ChargeState = "declined"
	ChargeVoided     ChargeState = "voided"
)

// ChargeStatus is how a charge stands at the provider.
type ChargeStatus struct {
	State     ChargeState
	Ref       string // the provider's own name of it; empty: it goes by our key
	ActionURL string // where the buyer acts, of ChargeAction; a path of ours or a whole URL
}

// ChargeEvent is a webhook: a provider's hint that something became of a charge.
type ChargeEvent struct {
	ID   string // the provider's, the same however often it is sent
	Kind string // the provider's word for what happened
	Key  string // the charge's; empty when it is about none of ours
}

// Provider is a payment provider. Every call but Event may be repeated with the same key and then does nothing further. An error means
// that the outcome is not known; what did happen is told by Lookup. Safe for concurrent use.
type Provider interface {
	// Name is the provider's name in paths and tables.
	Name() string

	// Authorise has the money set aside. It returns authorised, declined, action or pending; voided when Void came first.
	Authorise(ctx context.Context, charge Charge) (ChargeStatus, error)

	// Capture takes the money of an authorised charge. It returns the state afterwards.
	Capture(ctx context.Context, charge Charge) (ChargeState, error)

	// Void makes sure that nothing is ever charged under this key, even when an Authorise is still on its way, unless it is captured
	// already. It returns the state afterwards.
	Void(ctx context.Context, charge Charge) (ChargeState, error)

	// Refund gives back a part of a captured charge; key is the refund's own.
	Refund(ctx context.Context, key string, charge Charge, amount Money) error

	// Lookup tells how a charge stands.
	Lookup(ctx context.Context, charge Charge) (ChargeStatus, error)

	// Event verifies a webhook and reads it; header looks up one of its headers. It fails with "webhook-signature-invalid" and "webhook-invalid".
	Event(header func(name string) string, body []byte) (ChargeEvent, error)
}
