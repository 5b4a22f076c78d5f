package upstream

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
)

// Booking asks booking's control interface.
type Booking struct{ client *client }

var _ adminapi.Orders = (*Booking)(nil)

// NewBooking makes a client of the booking service whose private port is at base, for example http://127.0.0.1:9081. A question takes no
// longer than timeout, answer included.
func NewBooking(base string, keys *auth.Keys, timeout time.Duration) *Booking {
	return &Booking{newClient(base, "booking", "booking service", "booking", keys, timeout)}
}

// Orders implements adminapi.Orders.
func (b *Booking) Orders(ctx context.Context, who auth.Staff, query adminapi.OrderQuery) (adminapi.OrderPage, error) {
	args := url.Values{}
	for name, value := range map[string]string{"show": query.Show, "state": query.State, "q": query.Text, "cursor": query.Cursor} {
		if value != "" {
			args.Set(name, value)
		}
	}
	if query.Limit > 0 {
		args.Set("limit", strconv.FormatInt(query.Limit, 10))
	}
	var page adminapi.OrderPage
	if err := b.client.ask(ctx, who, http.MethodGet, "/control/v1/orders?"+args.Encode(), nil, &page); err != nil {
		return adminapi.OrderPage{}, err
	}
	if page.Orders == nil {
		return adminapi.OrderPage{}, b.client.unavailable(errors.New("no orders"), "The booking service gave an answer that makes no sense.")
	}
	return page, nil
}
