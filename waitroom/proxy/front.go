// Package proxy is the front of the gateway: it finds out what a request is for, keeps who has no pass from what is gated, and
// forwards the rest.
package proxy

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

// MaxBody bounds a request's body, in bytes.
const MaxBody = 1 << 20

// Observer is told what happens at the gate, for metrics. Safe for concurrent use.
type Observer interface {
	// Refused counts a pass that was not good, or a visitor turned away, by the type of the error.
	Refused(reason string)
	// Waiting counts an answer that tells to wait.
	Waiting()
	// Admitted counts a gated request let through; straight says that its visitor had no pass before.
	Admitted(straight bool)
	// Forwarded measures a forwarded request; the error is nil when the upstream answered at all.
	Forwarded(upstream string, took time.Duration, err error)
}

// Front takes every request of the public port.
type Front struct {
	Gate    *Gate
	Visitor fasthttp.RequestHandler // /waitroom/v1/… and the published keys
	Apps    fasthttp.RequestHandler // static files
	Booking *Upstream
	Admin   *Upstream
	HTTPS   bool // what visitors use, as told to the upstreams
	Log     *slog.Logger
	Seen    Observer
}

// Handler is the request path.
func (f *Front) Handler() fasthttp.RequestHandler {
	return endpoint.Handle(f.Log, f.serve)
}

// serve is the request path, from top to bottom: refuse what can be read in two ways, find the route, pass the gate where
// there is one, take away what only the gateway may say, and hand the request on.
func (f *Front) serve(ctx *fasthttp.RequestCtx) error {
	if ctx.IsConnect() || ctx.IsTrace() {
		return errMethod
	}
	path, err := cleanPath(ctx)
	if err != nil {
		return err
	}
	way := match(path)
	if way.target == toNowhere {
		return errNowhere
	}
	if len(way.room) == 0 {
		return f.open(ctx, way)
	}
	in, err := f.Gate.enter(ctx, way.room)
	if in == nil || err != nil {
		return err
	}
	return f.gated(ctx, way, in)
}

var (
	errMethod  = fault.New(fault.MethodNotAllowed, "method-not-allowed", "This path does not take this method.")
	errNowhere = fault.New(fault.NotFound, "path-unknown", "There is nothing at this path.")
)

// open answers what is behind no room.
func (f *Front) open(ctx *fasthttp.RequestCtx, way route) error {
	switch way.target {
	case toVisitorAPI:
		f.Visitor(ctx)
	case toApps:
		f.Apps(ctx)
	case toAdmin:
		_, err := f.forward(ctx, f.Admin, "")
		return err
	default:
		_, err := f.forward(ctx, f.Booking, "")
		return err
	}
	return nil
}

// gated answers someone who has passed the gate.
func (f *Front) gated(ctx *fasthttp.RequestCtx, way route, in *entry) (err error) {
	command := ""
	if in.room != nil {
		f.Seen.Admitted(in.visit != nil)
	}
	if way.target == toApps {
		f.Apps(ctx)
	} else {
		command, err = f.forward(ctx, f.Booking, in.pass)
	}
	if in.visit != nil { // after the answer, which begins by clearing what was there
		f.Gate.setCookies(ctx, in.visit)
		ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	}
	if command == "release" && in.room != nil {
		if err := f.Gate.Keeper.Release(context.Background(), in.room.View().Room, [][]byte{[]byte(in.pass)}); err != nil {
			f.Log.Warn("an upstream's release failed; the slot is freed when the session falls silent", "err", err)
		}
	}
	return err
}

// forward hands the request to an upstream, with the pass it came in by.
func (f *Front) forward(ctx *fasthttp.RequestCtx, u *Upstream, pass string) (command string, err error) {
	h := &ctx.Request.Header
	// Before ours are set: a visitor's Connection header may name them.
	if err := cleanRequest(h); err != nil {
		return "", err
	}
	h.SetBytesV(fasthttp.HeaderXForwardedHost, ctx.Host())
	h.Set(fasthttp.HeaderXForwardedFor, ctx.RemoteIP().String())
	h.Set(fasthttp.HeaderXForwardedProto, f.proto())
	h.Set("X-Request-Id", requestID())
	if pass != "" {
		h.Set(HeaderPass, pass)
	}
	start := time.Now()
	command, err = u.forward(ctx)
	f.Seen.Forwarded(u.name, time.Since(start), err)
	if errors.Is(err, errUpstreamTimeout) {
		gatewayTimeout(ctx, errUpstreamTimeout)
		return "", nil
	}
	return command, err
}

func (f *Front) proto() string {
	if f.HTTPS {
		return "https"
	}
	return "http"
}

// OnError answers what could not even be read as a request.
func OnError(ctx *fasthttp.RequestCtx, err error) { endpoint.Unreadable(ctx, err, MaxBody) }
