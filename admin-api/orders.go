package adminapi

import (
	"context"
	"encoding/json"

	"anteroom/internal/auth"
)

// OrderQuery says which orders are wanted; an empty field says nothing.
type OrderQuery struct {
	Show   string
	State  string
	Text   string // an e-mail address, or the start of an order reference
	Limit  int64  // 1 to 200
	Cursor string // Next of the page before
}

// OrderPage is a page of orders, newest first. What an order holds is booking's business; it passes through unread.
type OrderPage struct {
	Orders []json.RawMessage `json:"orders"`
	Next   string            `json:"next,omitempty"` // empty on the last page
}

// Orders is booking's control interface. Safe for concurrent use. It asks in the name of who, passes booking's own problems on
// as they are, and fails with "booking-unavailable" when it gets no answer that makes sense.
type Orders interface {
	Orders(ctx context.Context, who auth.Staff, query OrderQuery) (OrderPage, error)
}
