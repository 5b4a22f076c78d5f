package api

import (
	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/endpoint"
)

// listShows answers a page of the catalogue.
func (a *API) listShows(ctx *fasthttp.RequestCtx) error {
	query, err := showQuery(ctx)
	if err != nil {
		return err
	}
	body, err := a.catalogue.pages.get(query)
	if err != nil {
		return err
	}
	ctx.Response.Header.SetContentType("application/json")
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	ctx.Response.SetBodyRaw(body) // shared, and not changed by anyone
	return nil
}

func (a *API) getShow(ctx *fasthttp.RequestCtx) error {
	show, err := a.catalogue.show(param(ctx, "show"))
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, show)
	return nil
}

// showQuery reads what shows are looked for by. It fails with "query-invalid".
func showQuery(ctx *fasthttp.RequestCtx) (q booking.ShowQuery, err error) {
	args := ctx.QueryArgs()
	for name, text := range map[string]*string{"q": &q.Words, "city": &q.City, "category": &q.Category, "tag": &q.Tag} {
		var ok bool
		if *text, ok = booking.SearchText(string(args.Peek(name))); !ok {
			return q, errQuery.WithField(name, "must be at most %d characters", booking.MaxQuery)
		}
	}
	for name, day := range map[string]*string{"from": &q.From, "to": &q.To} {
		if *day = string(args.Peek(name)); *day != "" && !booking.ValidDay(*day) {
			return q, errQuery.WithField(name, "must be a day, YYYY-MM-DD")
		}
	}
	if cursor := string(args.Peek("cursor")); cursor != "" {
		var ok bool
		if q.After, ok = booking.ParseShowCursor(cursor); !ok {
			return q, errQuery.WithField("cursor", "must be the next of the page before")
		}
	}
	limit, err := endpoint.QueryInt(ctx, "limit", booking.DefaultShowPage, 1, booking.MaxShowPage)
	q.Limit = int(limit)
	return q, err
}
