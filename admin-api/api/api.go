// Package api is the back office over HTTP, as openapi.yaml has it. File routes.go is the one place that says which call
// wants which permission.
package api

import (
	"context"
	"log/slog"
	"time"

	"github.com/fasthttp/router"
	"github.com/valyala/fasthttp"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

// requestLimit bounds the work for one request; a stream is bounded otherwise. It does not end with the server's shutdown:
// a change under way is drained, not cut.
const requestLimit = 15 * time.Second

// Config is what the API works with. All fields are wanted.
type Config struct {
	Log      *slog.Logger
	Sessions *adminapi.Sessions
	Rooms    *adminapi.Rooms
	Live     *adminapi.Live
	Orders   adminapi.Orders
	Audit    adminapi.Audit
	JWKS     []byte // the public keys of staff tokens, to be published
	Secure   bool   // cookies with Secure and the __Host- prefix
}

type api struct{ Config }

// New makes the handler of the public port.
func New(c Config) fasthttp.RequestHandler {
	a := &api{c}
	r := router.New()
	r.RedirectTrailingSlash, r.RedirectFixedPath = false, false // the paths of the contract, and no others
	r.NotFound, r.MethodNotAllowed = endpoint.NotFound, endpoint.MethodNotAllowed
	for _, route := range Routes() {
		r.Handle(route.Method, route.Path, counted(route, endpoint.Handle(a.Log, a.chain(route))))
	}
	return r.Handler
}

// chain is the way of every request: same origin, session, permission, and then the call itself. Whoever is signed in and wants to
// change something that is refused on this way is written to the audit.
func (a *api) chain(route Route) endpoint.Handler {
	return func(ctx *fasthttp.RequestCtx) error {
		limit, cancel := context.WithTimeout(context.Background(), requestLimit)
		defer cancel()
		if route.Public {
			if err := sameOrigin(ctx); err != nil {
				return err
			}
			return route.call(a, limit, ctx, auth.Staff{})
		}
		who, err := a.Sessions.Who(limit, a.token(ctx))
		if err != nil {
			return err
		}
		err = sameOrigin(ctx)
		if err == nil && route.Permission != "" {
			err = auth.RequirePermission(who, route.Permission)
		}
		if err != nil {
			return a.refused(limit, ctx, route, who, err)
		}
		return route.call(a, limit, ctx, who)
	}
}

// refused puts a change that is refused before the domain sees it into the audit, and returns why it is refused. When
// that cannot be recorded, this is the answer instead.
func (a *api) refused(limit context.Context, ctx *fasthttp.RequestCtx, route Route, who auth.Staff, why error) error {
	if route.Action == "" {
		return why
	}
	_, reason := adminapi.Judge(why)
	err := a.Audit.Append(limit, adminapi.Entry{
		Actor: who.Email, Role: who.Role, Action: route.Action, Target: "room/" + roomName(ctx), Outcome: adminapi.Refused, Reason: reason,
	})
	if err != nil {
		return err
	}
	return why
}

// sameOrigin fails with "origin-mismatch" for a change that a page of another site asks for.
var sameOrigin = endpoint.SameOrigin(func(*fasthttp.RequestCtx) error { return nil })

const sessionCookie = "an_staff"

// token is a copy of the session token of the request, nil when there is none.
func (a *api) token(ctx *fasthttp.RequestCtx) []byte {
	return append([]byte(nil), ctx.Request.Header.Cookie(endpoint.CookieName(a.Secure, sessionCookie))...)
}

// roomName is the room of the path, shortened to what a room's name can be, as it may be written to the audit.
func roomName(ctx *fasthttp.RequestCtx) string {
	name, _ := ctx.UserValue("room").(string)
	return name[:min(len(name), 63)]
}

// room is the room of the path. It fails with "room-unknown" for what cannot be one's name.
func room(ctx *fasthttp.RequestCtx) (string, error) {
	name, _ := ctx.UserValue("room").(string)
	if !adminapi.ValidRoom(name) {
		return "", adminapi.ErrRoomUnknown
	}
	return name, nil
}

func queryInvalid(name, message string) error {
	return fault.New(fault.Malformed, "query-invalid", "The query is not acceptable.").WithField(name, "%s", message)
}
