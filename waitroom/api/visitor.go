// Package api answers the visitor's calls on the public port and the back office's on the private one, as
// waitroom/openapi.yaml says.
package api

import (
	"bytes"
	"context"
	"log/slog"
	"sync/atomic"

	"github.com/fasthttp/router"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// Visitor answers the visitor's calls, and what everybody may know of a line.
type Visitor struct {
	Desk    *waitroom.Desk
	Line    Public
	Fair    Fairness     // may be nil: then nothing is said of it
	Keys    *auth.Keys   // their public half is published
	Streams int          // how many event streams there are at once; 0 takes DefaultStreams
	Secure  bool         // cookies for HTTPS only, with the __Host- prefix
	Auth    *ForwardAuth // may be nil: then no other proxy is answered
	Pages   MovePages    // what people see of a move
	Origins Origins      // of other sites whose pages may make these calls
	Log     *slog.Logger

	streams atomic.Pointer[streams]
}

// Watchers is how many event streams are being served.
func (v *Visitor) Watchers() int64 {
	if s := v.streams.Load(); s != nil {
		return int64(s.feeds.Open())
	}
	return 0
}

// Public is what a Visitor needs of the line beyond the desk.
type Public interface {
	waitroom.Notary
	waitroom.Drawer
}

// Fairness gives the live score of a room: the share of its latest admissions that came in the order of the line, 0 to 1. It reports
// false while there is nothing to judge. Safe for concurrent use.
type Fairness interface {
	Fairness(room string) (score float64, ok bool)
}

// call is a visitor's call that names a room.
type call func(ctx *fasthttp.RequestCtx, room string) error

// Handler serves /waitroom/v1/… and /.well-known/jwks.json. It is asked for once.
func (v *Visitor) Handler() fasthttp.RequestHandler {
	all := v.frequent(v.routes().Handler)
	return notAsked(all, v.Origins.allow(all))
}

// frequent answers joins and polls, which a crowd makes by the ten thousand a second, without the router's search for what is asked.
func (v *Visitor) frequent(rest fasthttp.RequestHandler) fasthttp.RequestHandler {
	join, status := v.handle(v.join), v.handle(v.status)
	return func(ctx *fasthttp.RequestCtx) {
		room, name := cutCall(ctx.Path())
		switch {
		case string(name) == "status" && ctx.IsGet():
			ctx.SetUserValue("room", string(room))
			status(ctx)
		case string(name) == "join" && ctx.IsPost():
			ctx.SetUserValue("room", string(room))
			join(ctx)
		default:
			rest(ctx)
		}
	}
}

// cutCall takes the path of a visitor's call apart: the room, and the call's name, which is empty when it is none.
func cutCall(path []byte) (room, name []byte) {
	of, ok := bytes.CutPrefix(path, callPrefix)
	slash := bytes.IndexByte(of, '/')
	if !ok || slash <= 0 {
		return nil, nil
	}
	return of[:slash], of[slash+1:]
}

var callPrefix = []byte("/waitroom/v1/")

// handle is a call as the server is given it.
func (v *Visitor) handle(h call) fasthttp.RequestHandler {
	return endpoint.Handle(v.Log, v.Origins.sameOrigin(inRoom(h)))
}

func (v *Visitor) routes() *router.Router {
	draws, pages, events := newDraws(v.Line), newPages(v.Line), newStreams(v.head, v.Streams)
	v.streams.Store(events)
	r := newRouter()
	handle := func(method, name string, h call) {
		r.Handle(method, "/waitroom/v1/{room}/"+name, v.handle(h))
	}
	handle(fasthttp.MethodPost, "join", v.join)
	handle(fasthttp.MethodGet, "challenge", v.challenge)
	handle(fasthttp.MethodGet, "status", v.status)
	handle(fasthttp.MethodPost, "move", v.offerMove)
	handle(fasthttp.MethodGet, "move/{code}", v.askMove)
	handle(fasthttp.MethodPost, "move/{code}", v.claimMove)
	handle(fasthttp.MethodGet, "receipt", v.receipt)
	handle(fasthttp.MethodGet, "serving", v.serving)
	handle(fasthttp.MethodGet, "events", events.serve)
	handle(fasthttp.MethodGet, "draw", v.known(draws.document))
	handle(fasthttp.MethodGet, "draw/entrants", v.known(draws.entrants))
	handle(fasthttp.MethodGet, "ledger", v.known(pages.ledger))
	handle(fasthttp.MethodDelete, "ticket", v.leave)
	handle(fasthttp.MethodDelete, "pass", v.release)
	r.GET("/.well-known/jwks.json", v.jwks)
	if v.Auth != nil {
		v.Auth.register(r)
	}
	return r
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

// known calls h for rooms that there are, without asking the line.
func (v *Visitor) known(h call) call {
	return func(ctx *fasthttp.RequestCtx, room string) error {
		if _, err := v.Desk.Serving(room); err != nil {
			return err
		}
		return h(ctx, room)
	}
}

func (v *Visitor) join(ctx *fasthttp.RequestCtx, room string) error {
	who, err := applicant(ctx)
	if err != nil {
		return err
	}
	visit, err := v.Desk.Join(context.Background(), room, v.tickets(ctx, room), who)
	if err != nil {
		return err
	}
	endpoint.Cookie(ctx, v.Secure, waitroom.TicketCookie+room, visit.Ticket, waitroom.TicketLife)
	v.passCookie(ctx, visit)
	endpoint.Appended(ctx, fasthttp.StatusCreated, &visit)
	return nil
}

func (v *Visitor) status(ctx *fasthttp.RequestCtx, room string) error {
	visit, err := v.Desk.Status(context.Background(), room, v.tickets(ctx, room))
	if err != nil {
		return err
	}
	if visit.Ticket != "" { // signed anew, as its key was replaced
		endpoint.Cookie(ctx, v.Secure, waitroom.TicketCookie+room, visit.Ticket, waitroom.TicketLife)
	}
	v.passCookie(ctx, visit)
	endpoint.Appended(ctx, fasthttp.StatusOK, &visit)
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
	head, err := v.head(room)
	if err != nil {
		return err
	}
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "public, max-age=1")
	endpoint.JSON(ctx, fasthttp.StatusOK, head)
	return nil
}

// head is what everybody may know of how far the line has come.
func (v *Visitor) head(room string) (servingDoc, error) {
	view, err := v.Desk.Serving(room)
	if err != nil {
		return servingDoc{}, err
	}
	doc := servingOf(view)
	if v.Fair != nil {
		if score, ok := v.Fair.Fairness(room); ok {
			doc.Fairness = &score
		}
	}
	return doc, nil
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
	if edge := waitroom.EdgeCookie + room; len(tokens(ctx, nil, endpoint.CookieName(v.Secure, edge))) > 0 {
		endpoint.Cookie(ctx, v.Secure, edge, "", -1)
	}
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
