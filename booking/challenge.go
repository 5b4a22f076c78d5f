package booking

import "context"

// Challenge is what the simulator's page, which stands for a bank's, asks a buyer about.
type Challenge struct {
	Key      string // of the charge
	State    ChargeState
	Amount   Money
	ReturnTo string // path of the page to go back to
}

// Challenges is a provider whose challenge page is ours to serve.
type Challenges interface {
	// Challenge tells about a charge. It fails with "charge-unknown".
	Challenge(ctx context.Context, key string) (Challenge, error)

	// Decide is the buyer's answer. One that comes too late changes nothing. It fails with "charge-unknown".
	Decide(ctx context.Context, key string, approve bool) (Challenge, error)
}
