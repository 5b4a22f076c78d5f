// Package proxy is the front of the gateway: it finds out what a request is for, keeps who has no pass from what is gated, and
// forwards the rest.
package proxy

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// MaxBody bounds the body of a request that the gateway itself answers, in bytes. What is forwarded is bounded by its upstream.
const MaxBody = 1 << 20

// Observer is told what happens at the gate, for metrics. Safe for concurrent use.
type Observer interface {
	// Refused counts a pass that was not good, or a visitor turned away, by the type of the error. Of the room nothing is known but
	// that the path names it.
	Refused(room, reason string)
	// Bypassed counts a gated request that went past the gate, and by what: "rule", "staff" or "link".
	Bypassed(by string)
	// Waiting counts an answer that tells to wait.
	Waiting()
	// Admitted counts a gated request let through; straight says that its visitor had no pass before.
	Admitted(straight bool)
	// Forwarded measures a forwarded request; the error is nil when the upstream answered at all.
	Forwarded(upstream string, took time.Duration, err error)
}

// Forwarder hands requests on to one upstream. Safe for concurrent use.
type Forwarder interface {
	// Forward hands the request on and answers it. An error's text may be shown; nothing has been answered then.
	Forward(ctx *fasthttp.RequestCtx, on waitroom.Onward) (waitroom.Reply, error)
}

// Clients finds out who a request comes from where something stands in front of the gateway. Safe for concurrent use.
type Clients interface {
	// Read returns the client's address, not valid where it is not known, and what the visitor uses and asked for; both are empty where
	// the connection itself tells.
	Read(ctx *fasthttp.RequestCtx) (client netip.Addr, proto string, host []byte)
}

// Setup is what a configuration makes of the front. It is never changed, only replaced as a whole, so that each request is judged by one.
type Setup struct {
	Routes     waitroom.Router
	Upstreams  map[string]Forwarder // all that the routes lead to
	Clients    Clients              // nil: the connection's own address counts
	LinkKeys   *auth.BypassKeys     // nil: there are no bypass links
	CookieLife time.Duration        // of the cookie that a bypass link leaves behind
}

// Front takes every request of the public port.
type Front struct {
	Gate    *Gate
	Visitor fasthttp.RequestHandler // /waitroom/v1/… and the published keys
	Apps    fasthttp.RequestHandler // static files
	Staff   *auth.StaffVerifier     // whose tokens go past the gate where a route says so; nil: nobody's
	HTTPS   bool                    // what visitors use, where neither the connection nor a trusted proxy says
	Log     *slog.Logger
	Seen    Observer
	Load    waitroom.Load // how the rooms' upstreams do; may be nil

	setup atomic.Pointer[Setup]
}

// Use puts a setup into force, for requests that come from now on. It must be called before the first.
func (f *Front) Use(s *Setup) { f.setup.Store(s) }

// Handler is the request path.
func (f *Front) Handler() fasthttp.RequestHandler {
	return endpoint.Handle(f.Log, f.serve)
}

// passage is a request on its way through.
type passage struct {
	*Setup
	waitroom.Route
	host  []byte // as the visitor asked for it
	proto string
	still func() bool // whether a lasting answer may go on; nil: it may
}

// serve is the request path, from top to bottom: refuse what can be read in two ways, find out who asks, find the route, pass the gate where
// there is one, and hand the request on.
func (f *Front) serve(ctx *fasthttp.RequestCtx) error {
	if ctx.IsConnect() || ctx.IsTrace() {
		return errMethod
	}
	if err := checkWire(ctx); err != nil {
		return err
	}
	path, err := cleanPath(ctx)
	if err != nil {
		return err
	}
	p := passage{Setup: f.setup.Load()}
	ask := waitroom.Ask{Path: path, Method: ctx.Method(), Client: f.whoAsks(ctx, &p)}
	ask.Host = p.host
	if p.Route, err = p.Routes.Match(ask); err != nil {
		return err
	}
	if len(p.Room) == 0 {
		return f.open(ctx, &p)
	}
	if leave, ok := f.bypass(ctx, &p, path); ok {
		return f.past(ctx, &p, leave)
	}
	declareOutage(ctx, p.OnOutage)
	in, through, err := f.Gate.enter(ctx, p.Room)
	switch {
	case err != nil || !through:
		return err
	case in.room == nil && !p.Optional: // a gate that a slip of the pen could leave open is none
		return waitroom.ErrRoomUnknown
	}
	return f.gated(ctx, &p, &in)
}

var errMethod = fault.New(fault.MethodNotAllowed, "method-not-allowed", "This path does not take this method.")

// whoAsks finds out who the client is, and notes it for all who limit by address.
func (f *Front) whoAsks(ctx *fasthttp.RequestCtx, p *passage) (client netip.Addr) {
	if p.Clients != nil {
		client, p.proto, p.host = p.Clients.Read(ctx)
	} else {
		client = endpoint.ConnAddr(ctx)
	}
	endpoint.SetClientAddr(ctx, client)
	if len(p.host) == 0 {
		p.host = ctx.Host()
	}
	if p.proto == "" {
		p.proto = "http"
		if f.HTTPS || ctx.IsTLS() {
			p.proto = "https"
		}
	}
	return client
}

// open answers what is behind no room.
func (f *Front) open(ctx *fasthttp.RequestCtx, p *passage) error {
	if p.Upstream == waitroom.ServeVisitor {
		if err := whole(ctx, MaxBody); err != nil {
			return err
		}
		f.Visitor(ctx)
		return nil
	}
	_, err := f.serveFrom(ctx, p, "")
	return err
}

// gated answers someone who has passed the gate.
func (f *Front) gated(ctx *fasthttp.RequestCtx, p *passage, in *entry) error {
	defer f.Gate.leave(in)
	if in.room != nil {
		f.Seen.Admitted(in.visit != nil && !in.renewed)
	}
	underWay := f.begin(p, in)
	p.still = f.Gate.still(ctx, in)
	command, err := f.serveFrom(ctx, p, in.pass)
	underWay.end(ctx, err)
	if in.visit != nil { // after the answer, which begins by clearing what was there
		f.Gate.SetCookies(ctx, in.visit)
		ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	}
	if command == "release" && in.room != nil {
		if err := f.Gate.Keeper.Release(context.Background(), in.room.View().Room, [][]byte{[]byte(in.pass)}); err != nil {
			f.Log.Warn("an upstream's release failed; the slot is freed when the session falls silent", "err", err)
		}
	}
	return err
}

// serveFrom answers from where the route leads to, with the pass that the request came in by, and returns what the upstream asks of us.
func (f *Front) serveFrom(ctx *fasthttp.RequestCtx, p *passage, pass string) (command string, err error) {
	if p.Upstream == waitroom.ServeApps {
		f.Apps(ctx)
		return "", nil
	}
	to, ok := p.Upstreams[p.Upstream]
	if !ok {
		return "", fmt.Errorf("route %s leads to %q, which is not there", p.Name, p.Upstream)
	}
	start := time.Now()
	reply, err := to.Forward(ctx, waitroom.Onward{Pass: pass, Client: endpoint.ClientAddr(ctx), Proto: p.proto, Host: p.host, Still: p.still})
	f.Seen.Forwarded(p.Upstream, time.Since(start), err)
	return reply.Command, err
}

// OnError answers what could not even be read as a request.
func OnError(ctx *fasthttp.RequestCtx, err error) { endpoint.Unreadable(ctx, err, MaxBody) }
