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
	Catalogue  booking.Catalogue
	Holds      booking.Holds
	Waiting    booking.WaitingList
	Orders     booking.Orders
	Buyers     booking.Buyers
	Acts       booking.Acts // of staff
	Tickets    booking.Tickets
	Privacy    booking.Privacy
	Keys       *auth.Keys // that tickets are signed with; nil: they have codes only, and cannot be handed on
	Entries    booking.Entries
	Checkout   *booking.Checkout
	Quotes     booking.Quotes
	Challenges booking.Challenges  // of the simulated provider; nil: there is none
	Simulated  booking.Simulated   // the simulated provider; nil: it is a real one
	Passes     *auth.PassVerifier  // of the waiting room's passes
	Staff      *auth.StaffVerifier // of staff tokens for the audience "booking"
	Contract   Contract            // nil: requests are held against nothing but what their handlers ask
	Watchers   int                 // streams of seats at once; 0: DefaultWatchers
	Secure     bool                // cookies are for HTTPS only
	Log        *slog.Logger
}

// API answers requests. Safe for concurrent use.
type API struct {
	Options
	catalogue  *catalogue
	seats      *seatViews
	feeds      *seatFeeds
	attempts   *attempts
	operations []string // of the routes made so far
}

// New makes an API.
func New(o Options) *API {
	c := newCatalogue(o.Catalogue)
	seats := newSeatViews(o.Catalogue.SeatState, c.sectionsOf)
	return &API{Options: o, catalogue: c, seats: seats, feeds: newSeatFeeds(seats, o.Watchers), attempts: newAttempts()}
}

// Public answers on the public port.
func (a *API) Public() fasthttp.RequestHandler {
	r := a.router()
	get := func(path, name string, h endpoint.Handler) { r.GET(path, a.measured(name, h)) }
	post := func(path, name string, h endpoint.Handler) { r.POST(path, a.measured(name, h, endpoint.SameOrigin)) }
	del := func(path, name string, h endpoint.Handler) {
		r.DELETE(path, a.measured(name, h, endpoint.SameOrigin))
	}

	get("/api/v1/shows", "listShows", a.listShows)
	get("/api/v1/shows/{show}", "getShow", a.getShow)

	get("/api/v1/shows/{show}/seats", "getSeatLayout", a.gated(a.getSeatLayout))
	get("/api/v1/shows/{show}/seats/state", "getSeatState", a.gated(a.getSeatState))
	get("/api/v1/shows/{show}/seats/events", "watchSeats", a.gated(a.watchSeats))
	post("/api/v1/shows/{show}/holds", "holdSeats", a.gated(a.holdSeats))
	get("/api/v1/shows/{show}/holds", "listHolds", a.gated(a.listHolds))
	get("/api/v1/shows/{show}/holds/{hold}", "getHold", a.gated(a.getHold))
	r.PUT("/api/v1/shows/{show}/holds/{hold}", a.measured("changeHold", a.gated(a.changeHold), endpoint.SameOrigin))
	del("/api/v1/shows/{show}/holds/{hold}", "releaseHold", a.gated(a.releaseHold))
	post("/api/v1/shows/{show}/holds/{hold}/renew", "renewHold", a.gated(a.renewHold))

	post("/api/v1/shows/{show}/waiting-list", "joinWaitingList", a.gated(a.joinWaitingList))
	get("/api/v1/shows/{show}/waiting-list", "getWaitingPlace", a.gated(a.getWaitingPlace))
	del("/api/v1/shows/{show}/waiting-list", "leaveWaitingList", a.gated(a.leaveWaitingList))

	get("/api/v1/orders", "listOrders", a.signedIn(a.listOrders))
	post("/api/v1/orders", "placeOrder", a.signedIn(a.placeOrder))
	get("/api/v1/orders/{order}", "getOrder", a.signedIn(a.getOrder))
	post("/api/v1/orders/{order}/payment", "payOrder", a.signedIn(a.payOrder))
	post("/api/v1/orders/{order}/cancel", "cancelOrder", a.signedIn(a.cancelOrder))
	get("/api/v1/shows/{show}/holds/{hold}/quote", "quoteHold", a.gated(a.quoteHold))
	post("/api/v1/webhooks/{provider}", "receiveWebhook", a.receiveWebhook)
	get("/api/v1/simulator/challenges/{charge}", "showChallenge", a.showChallenge)
	post("/api/v1/simulator/challenges/{charge}", "decideChallenge", a.decideChallenge)

	post("/api/v1/accounts", "signUp", a.signUp)
	post("/api/v1/guests", "startGuest", a.startGuest)
	get("/api/v1/session", "getSession", a.signedIn(a.getSession))
	post("/api/v1/session", "signIn", a.signIn)
	del("/api/v1/session", "signOut", a.signOut)
	a.enterTickets(get, post, del)
	a.enterPrivacy(get, del)
	return r.Handler
}

// Control answers the back office on the private port.
func (a *API) Control() fasthttp.RequestHandler {
	r := a.router()
	r.GET("/control/v1/orders", a.measured("staffListOrders", auth.RequireStaff(a.Staff, auth.OrderRead, a.staffListOrders)))
	r.POST("/control/v1/orders/{order}/refunds", a.measured("staffRefund", a.act(auth.OrderWrite, "staffRefund", a.staffRefund)))
	a.enterCatalogue(r)
	a.enterDoor(r)
	a.enterSimulator(r)
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
