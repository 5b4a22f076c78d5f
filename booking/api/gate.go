package api

import (
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
)

const (
	passHeader    = "Waitroom-Pass"
	passCookie    = "wp_" // and the room's name
	sessionCookie = "an_buyer"
)

// passEnds names, among the values of a request, when its pass runs out.
type passEnds struct{}

// gated lets a request through that carries a pass for the show's room. The gateway has checked it already; this service does not
// rely on being behind it. A show without a room is open to all.
func (a *API) gated(next func(ctx *fasthttp.RequestCtx, show booking.Show) error) endpoint.Handler {
	return func(ctx *fasthttp.RequestCtx) error {
		show, err := a.catalogue.show(param(ctx, "show"))
		if err != nil {
			return err
		}
		if show.Room != "" {
			pass := ctx.Request.Header.Peek(passHeader)
			if len(pass) == 0 {
				pass = ctx.Request.Header.Cookie(endpoint.CookieName(a.Secure, passCookie+show.Room))
			}
			p, err := a.Passes.Verify(pass, show.Room, time.Now())
			if err != nil {
				return err
			}
			ctx.SetUserValue(passEnds{}, p.ExpiresAt)
		}
		return next(ctx, show)
	}
}

// session is the session of the request. It fails with "session-missing" when it carries none; whether it is one
// of ours is told by the database, in the same round trip as the work.
func (a *API) session(ctx *fasthttp.RequestCtx) (booking.Session, error) {
	token := ctx.Request.Header.Cookie(endpoint.CookieName(a.Secure, sessionCookie))
	if len(token) == 0 {
		return nil, booking.ErrSessionMissing
	}
	return auth.Digest(token), nil
}

// signedIn lets a request through that carries a session.
func (a *API) signedIn(next func(ctx *fasthttp.RequestCtx, s booking.Session) error) endpoint.Handler {
	return func(ctx *fasthttp.RequestCtx) error {
		s, err := a.session(ctx)
		if err != nil {
			return err
		}
		return next(ctx, s)
	}
}
