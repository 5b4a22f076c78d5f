package api

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

// errQuery is what a bad query string gets, with the fields that are wrong.
var errQuery = fault.New(fault.Malformed, "query-invalid", "The query is not acceptable.")

const cursorBase = 36

func (a *API) staffListOrders(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	filter, err := orderFilter(ctx)
	if err != nil {
		return err
	}
	size := filter.Limit
	filter.Limit++ // one more tells whether there is a next page
	limit, cancel := deadline()
	defer cancel()
	orders, err := a.Orders.SearchOrders(limit, filter)
	if err != nil {
		return err
	}
	page := struct {
		Orders []booking.StaffOrder `json:"orders"`
		Next   string               `json:"next,omitempty"`
	}{Orders: orders}
	if len(orders) > size {
		page.Orders = orders[:size]
		page.Next = strconv.FormatInt(orders[size-1].Position, cursorBase)
	}
	if page.Orders == nil {
		page.Orders = []booking.StaffOrder{}
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, page)
	return nil
}

func orderFilter(ctx *fasthttp.RequestCtx) (booking.OrderFilter, error) {
	q := ctx.QueryArgs()
	f := booking.OrderFilter{Show: string(q.Peek("show")), Query: string(q.Peek("q"))}
	size, err := endpoint.QueryInt(ctx, "limit", 50, 1, 200)
	if err != nil {
		return f, err
	}
	f.Limit = int(size)
	if f.Show != "" && !booking.ValidSlug(f.Show) {
		return f, errQuery.WithField("show", "must be the slug of a show")
	}
	if !utf8.ValidString(f.Query) || len(f.Query) > 254 || strings.ContainsRune(f.Query, 0) {
		return f, errQuery.WithField("q", "must be at most 254 characters")
	}
	if raw := string(q.Peek("state")); raw != "" {
		state, ok := booking.ParseOrderState(raw)
		if !ok {
			return f, errQuery.WithField("state", "must be a state of an order")
		}
		f.State = state
	}
	if raw := string(q.Peek("cursor")); raw != "" {
		if f.Before, err = strconv.ParseInt(raw, cursorBase, 64); err != nil || f.Before < 1 {
			return f, errQuery.WithField("cursor", "must be the next of the page before")
		}
	}
	return f, nil
}
