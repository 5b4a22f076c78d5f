package api

import (
	"context"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/valyala/fasthttp"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
)

const (
	pageDefault = 50
	pageMax     = 200
	maxText     = 254 // characters of a search
	maxCursor   = 1 << 10
)

var orderStates = []string{"", "pending", "confirming", "paid", "cancelled", "expired"}

func (a *api) listOrders(limit context.Context, ctx *fasthttp.RequestCtx, who auth.Staff) error {
	args := ctx.QueryArgs()
	query := adminapi.OrderQuery{
		Show: string(args.Peek("show")), State: string(args.Peek("state")), Text: string(args.Peek("q")), Cursor: string(args.Peek("cursor")),
	}
	var err error
	if query.Limit, err = endpoint.QueryInt(ctx, "limit", pageDefault, 1, pageMax); err != nil {
		return err
	}
	switch {
	case !slices.Contains(orderStates, query.State):
		return queryInvalid("state", "must be one of pending, confirming, paid, cancelled, expired")
	case utf8.RuneCountInString(query.Text) > maxText:
		return queryInvalid("q", "must be at most 254 characters")
	case query.Show != "" && !adminapi.ValidRoom(query.Show): // shows are named as rooms are
		return queryInvalid("show", "is not the name of a show")
	case len(query.Cursor) > maxCursor:
		return queryInvalid("cursor", "is not one of ours")
	}
	page, err := a.Orders.Orders(limit, who, query)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, page)
	return nil
}

func (a *api) listAudit(limit context.Context, ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	count, err := endpoint.QueryInt(ctx, "limit", pageDefault, 1, pageMax)
	if err != nil {
		return err
	}
	before, err := endpoint.QueryInt(ctx, "before", 0, 1, math.MaxInt64)
	if err != nil {
		return err
	}
	entries, err := a.Audit.List(limit, before, int(count)+1) // one more tells whether there is a next page
	if err != nil {
		return err
	}
	page := struct {
		Entries    []adminapi.Entry `json:"entries"`
		NextBefore int64            `json:"next_before,omitempty"`
	}{Entries: entries}
	if len(entries) > int(count) {
		page.Entries = entries[:count]
		page.NextBefore = page.Entries[count-1].ID
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, page)
	return nil
}
