// Package api answers the visitor's calls on the public port and the back office's on the private one, as
// waitroom/openapi.yaml says.
package api

import (
	"context"
	"log/slog"

	"github.com/fasthttp/router"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// Visitor answers the visitor's calls.
type Visitor struct {
	Desk   *waitroom.Desk
	Keys   *auth.Keys // their public half is published
	Secure bool       // cookies for HTTPS only, with the __Host- prefix
	Log    *slog.Logger
}

// call is a visitor's call that names a room.
type call func(ctx *fasthttp.RequestCtx, room string) error

// Handler serves /waitroom/v1/… and /.well-known/jwks.json.
func (v *Visitor) Handler() fasthttp.RequestHandler {
	r := newRouter()
	handle := func(method, name string, h call) {
		r.Handle(method, "/waitroom/v1/{room}/"+name, endpoint.Handle(v.Log, endpoint.SameOrigin(inRoom(h))))
	}
	handle(fasthttp.MethodPost, "join", v.join)
	handle(fasthttp.MethodGet, "status", v.status)
	handle(fasthttp.MethodGet, "receipt", v.receipt)
	handle(fasthttp.MethodGet, "serving", v.serving)
	handle(fasthttp.MethodDelete, "ticket", v.leave)
	handle(fasthttp.MethodDelete, "pass", v.release)
	r.GET("/.well-known/jwks.json", v.jwks)
	return r.Handler
}

// newRouter makes a router that guesses nothing: a path is known as it is written, or not.
func newRouter() *router.Router {
	r := router.New()
	r.RedirectTrailingSlash = false
	r.RedirectFixedPath = false
	r.HandleOPTIONS = false
	r.NotFound = endpoint.NotFound
	r.MethodNotAllowed = endpoint.MethodNotAllowed
	return r
}

// inRoom gives h the room that the path names.
func inRoom(h call) endpoint.Handler {
	return func(ctx *fasthttp.RequestCtx) error {
		room, _ := ctx.UserValue("room").(string)
		if !waitroom.ValidRoom(room) {
			return waitroom.ErrRoomUnknown
		}
		return h(ctx, room)
	}
}

func (v *Visitor) join(ctx *fasthttp.RequestCtx, room string) error {
	visit, err := v.Desk.Join(context.Background(), room, v.tickets(ctx, room))
	if err != nil {
		return err
	}
	endpoint.Cookie(ctx, v.Secure, waitroom.TicketCookie+room, visit.Ticket, waitroom.TicketLife)
	v.passCookie(ctx, visit)
	endpoint.JSON(ctx, fasthttp.StatusCreated, visit)
	return nil
}

func (v *Visitor) status(ctx *fasthttp.RequestCtx, room string) error {
	visit, err := v.Desk.Status(context.Background(), room, v.tickets(ctx, room))
	if err != nil {
		return err
	}
	v.passCookie(ctx, visit)
	endpoint.JSON(ctx, fasthttp.StatusOK, visit)
	return nil
}

func (v *Visitor) receipt(ctx *fasthttp.RequestCtx, room string) error {
	receipt, err := v.Desk.Receipt(room, v.tickets(ctx, room))
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, map[string]string{"receipt": receipt})
	return nil
}

func (v *Visitor) serving(ctx *fasthttp.RequestCtx, room string) error {
	view, err := v.Desk.Serving(room)
	if err != nil {
		return err
	}
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "public, max-age=1")
	endpoint.JSON(ctx, fasthttp.StatusOK, servingOf(view))
	return nil
}

func (v *Visitor) leave(ctx *fasthttp.RequestCtx, room string) error {
	if err := v.Desk.Leave(context.Background(), room, v.tickets(ctx, room)); err != nil {
		return err
	}
	endpoint.Cookie(ctx, v.Secure, waitroom.TicketCookie+room, "", -1)
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	return nil
}

func (v *Visitor) release(ctx *fasthttp.RequestCtx, room string) error {
	if err := v.Desk.Release(context.Background(), room, v.passes(ctx, room)); err != nil {
		return unauthenticated(err)
	}
	endpoint.Cookie(ctx, v.Secure, waitroom.PassCookie+room, "", -1)
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	return nil
}

// unauthenticated turns "this pass opens nothing" (403, at a gate) into "you have not shown a pass" (401, where the pass is
// the credential of the call itself).
func unauthenticated(err error) error {
	f := *fault.From(err)
	if f.Code == fault.Forbidden {
		f.Code = fault.Unauthenticated
	}
	return &f
}

func (v *Visitor) jwks(ctx *fasthttp.RequestCtx) {
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "public, max-age=60")
	ctx.SetContentType("application/json")
	ctx.SetBody(v.Keys.PublicJWKS())
}
