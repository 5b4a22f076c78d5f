package api

import (
	"context"
	"crypto/sha256"
	"regexp"
	"strings"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/endpoint"
)

var cardForm = regexp.MustCompile(`^[0-9]{12,19}$`)

func (a *API) placeOrder(ctx *fasthttp.RequestCtx, s booking.Session) error {
	var body struct {
		HoldID string `json:"hold_id"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return err
	}
	if !booking.ValidID(body.HoldID) {
		return booking.ErrHoldInvalid.WithField("hold_id", "must be a UUID")
	}
	key, err := idempotencyKey(ctx, "placeOrder", strings.ToLower(body.HoldID))
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	order, err := a.Orders.PlaceOrder(limit, s, body.HoldID, key)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusCreated, order)
	return nil
}

func (a *API) payOrder(ctx *fasthttp.RequestCtx, s booking.Session) error {
	order, err := orderID(ctx)
	if err != nil {
		return err
	}
	with, told, err := means(ctx, order)
	if err != nil {
		return err
	}
	key, err := idempotencyKey(ctx, append([]string{"payOrder", strings.ToLower(order)}, told...)...)
	if err != nil {
		return err
	}
	paid, err := a.Checkout.Pay(context.Background(), s, order, with, key) // bounds its own steps
	if err != nil {
		return err
	}
	status := fasthttp.StatusOK
	if paid.State == booking.Confirming {
		status = fasthttp.StatusAccepted
	}
	endpoint.JSON(ctx, status, paid)
	return nil
}

func (a *API) cancelOrder(ctx *fasthttp.RequestCtx, s booking.Session) error {
	order, err := orderID(ctx)
	if err != nil {
		return err
	}
	cancelled, err := a.Checkout.Cancel(context.Background(), s, order) // bounds its own steps
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, cancelled)
	return nil
}

func (a *API) getOrder(ctx *fasthttp.RequestCtx, s booking.Session) error {
	id, err := orderID(ctx)
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	order, err := a.Orders.Order(limit, s, id)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, order)
	return nil
}

func (a *API) listOrders(ctx *fasthttp.RequestCtx, s booking.Session) error {
	limit, cancel := deadline()
	defer cancel()
	orders, err := a.Orders.Orders(limit, s)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, map[string]any{"orders": orders})
	return nil
}

// orderID is the order of the path. What has not the form of an id is no order of anyone's.
func orderID(ctx *fasthttp.RequestCtx) (string, error) {
	id := param(ctx, "order")
	if !booking.ValidID(id) {
		return "", booking.ErrOrderUnknown
	}
	return id, nil
}

// idempotencyKey reads the key of the request and fingerprints what the request asks for: the operation and its values, not its bytes, so that
// a retry by another route through the client's code is the same request.
func idempotencyKey(ctx *fasthttp.RequestCtx, values ...string) (booking.Key, error) {
	name := string(ctx.Request.Header.Peek("Idempotency-Key"))
	switch {
	case name == "":
		return booking.Key{}, booking.ErrKeyMissing
	case len(name) > 255 || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }):
		return booking.Key{}, booking.ErrKeyInvalid
	}
	sum := sha256.Sum256([]byte(strings.Join(values, "\n")))
	return booking.Key{Name: name, Fingerprint: sum[:]}, nil
}
