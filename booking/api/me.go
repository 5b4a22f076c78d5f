package api

import (
	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/endpoint"
)

// enterPrivacy adds what buyers may do with the data about them.
func (a *API) enterPrivacy(get, del func(path, name string, h endpoint.Handler)) {
	get("/api/v1/me/export", "exportMe", a.signedIn(a.exportMe))
	del("/api/v1/me", "deleteMe", a.signedIn(a.deleteMe))
}

func (a *API) exportMe(ctx *fasthttp.RequestCtx, s booking.Session) error {
	limit, cancel := deadline()
	defer cancel()
	export, err := a.Privacy.ExportBuyer(limit, s)
	if err != nil {
		return err
	}
	h := &ctx.Response.Header
	h.SetContentType("application/json")
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	h.Set(fasthttp.HeaderContentDisposition, `attachment; filename="anteroom-export.json"`)
	ctx.SetBody(export)
	return nil
}

func (a *API) deleteMe(ctx *fasthttp.RequestCtx, s booking.Session) error {
	giveUp := false
	switch string(ctx.QueryArgs().Peek("give_up_tickets")) {
	case "", "false":
	case "true":
		giveUp = true
	default:
		return errQuery.WithField("give_up_tickets", "must be true or false")
	}
	limit, cancel := deadline()
	defer cancel()
	if err := a.Privacy.DeleteBuyer(limit, s, giveUp); err != nil {
		return err
	}
	endpoint.Cookie(ctx, a.Secure, sessionCookie, "", -1)
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	return nil
}
