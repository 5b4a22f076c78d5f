// Package api serves the booking contract (openapi.yaml) over HTTP: the public calls and, on the private port, those of the back office.
package api

import (
	"context"
	"log/slog"
	"time"

	"github.com/fasthttp/router"
	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
)

// storeTimeout bounds what one request asks of the database.
const storeTimeout = 5 * time.Second

// Options are the parts an API is made of.
type Options struct {
	Catalogue booking.Catalogue
	Holds     booking.Holds
	Orders    booking.Orders
	Buyers    booking.Buyers
	Checkout  *booking.Checkout
	Passes    *auth.PassVerifier  // of the waiting room's passes
	Staff     *auth.StaffVerifier // of staff tokens for the audience "booking"
	Secure    bool                // cookies are for HTTPS only
	Log       *slog.Logger
}

// API answers requests. Safe for concurrent use.
type API struct {
	Options
	catalogue *catalogue
	attempts  *attempts
}

// New makes an API.
func New(o Options) *API {
	return &API{Options: o, catalogue: newCatalogue(o.Catalogue), attempts: newAttempts()}
}

// Public answers on the public port.
func (a *API) Public() fasthttp.RequestHandler {
	r := a.router()
	get := func(path, name string, h endpoint.Handler) { r.GET(path, a.measured(name, h)) }
	post := func(path, name string, h endpoint.Handler) { r.POST(path, a.measured(name, endpoint.SameOrigin(h))) }
	del := func(path, name string, h endpoint.Handler) {
		r.DELETE(path, a.measured(name, endpoint.SameOrigin(h)))
	}

	get("/api/v1/shows", "listShows", a.listShows)
	get("/api/v1/shows/{show}", "getShow", a.getShow)

	get("/api/v1/shows/{show}/seats", "getSeatLayout", a.gated(a.getSeatLayout))
	get("/api/v1/shows/{show}/seats/state", "getSeatState", a.gated(a.getSeatState))
	post("/api/v1/shows/{show}/holds", "holdSeats", a.gated(a.holdSeats))
	del("/api/v1/shows/{show}/holds/{hold}", "releaseHold", a.gated(a.releaseHold))

	get("/api/v1/orders", "listOrders", a.signedIn(a.listOrders))
	post("/api/v1/orders", "placeOrder", a.signedIn(a.placeOrder))
	get("/api/v1/orders/{order}", "getOrder", a.signedIn(a.getOrder))
	post("/api/v1/orders/{order}/payment", "payOrder", a.signedIn(a.payOrder))
	post("/api/v1/orders/{order}/cancel", "cancelOrder", a.signedIn(a.cancelOrder))

	post("/api/v1/accounts", "signUp", a.signUp)
	post("/api/v1/guests", "startGuest", a.startGuest)
	get("/api/v1/session", "getSession", a.signedIn(a.getSession))
	post("/api/v1/session", "signIn", a.signIn)
	del("/api/v1/session", "signOut", a.signOut)
	return r.Handler
}

// Control answers the back office on the private port.
func (a *API) Control() fasthttp.RequestHandler {
	r := a.router()
	r.GET("/control/v1/orders", a.measured("staffListOrders", auth.RequireStaff(a.Staff, auth.OrderRead, a.staffListOrders)))
	return r.Handler
}

func (a *API) router() *router.Router {
	r := router.New()
	// A path is what the contract says or nothing: a redirect would lose the body of a POST.
	r.RedirectTrailingSlash, r.RedirectFixedPath, r.HandleOPTIONS = false, false, false
	r.NotFound, r.MethodNotAllowed = endpoint.NotFound, endpoint.MethodNotAllowed
	return r
}

// deadline is the context of one request's work. It does not come from the request: fasthttp's ends only when the server does.
func deadline() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), storeTimeout)
}

func param(ctx *fasthttp.RequestCtx, name string) string {
	s, _ := ctx.UserValue(name).(string)
	return s
}
