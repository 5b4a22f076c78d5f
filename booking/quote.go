package booking

import (
	"context"
	"time"
)

// Quote is what a hold costs, before it is an order.
type Quote struct {
	HoldID       string       `json:"hold_id"`
	Show         string       `json:"show"`
	Lines        []Line       `json:"lines"`
	Subtotal     Money        `json:"subtotal"`
	Fees         []Fee        `json:"fees"`
	Tax          *Tax         `json:"tax,omitempty"`
	Total        Money        `json:"total"`
	Cancellation Cancellation `json:"cancellation"`
	ExpiresAt    time.Time    `json:"expires_at"`
}

// Fee is what is asked beside the price of the seats.
type Fee struct {
	Kind   string `json:"kind"` // tickets: for each of them; order: once
	Amount Money  `json:"amount"`
}

// Tax is the tax of an order.
type Tax struct {
	Amount      Money `json:"amount"`
	BasisPoints int   `json:"basis_points"` // 1000 are 10 %
	Included    bool  `json:"included"`     // in prices and fees; else it is added to them
}

// Cancellation is how a buyer may cancel a paid order.
type Cancellation struct {
	Until *time.Time `json:"until,omitempty"` // nil: not at all
	Fee   Money      `json:"fee"`             // what is kept, at most what was paid
}

// Quotes tells what holds cost.
type Quotes interface {
	// Quote reckons what the hold costs. It fails with "session-missing", "hold-unknown", "hold-expired" and "database-unavailable".
	Quote(ctx context.Context, s Session, show, hold string) (Quote, error)
}
