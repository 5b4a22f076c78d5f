package api

import (
	"bytes"
	"errors"
	"log/slog"
	"math"
	"net/url"
	"strconv"

	"github.com/fasthttp/router"
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// Headers of the answers to a proxy, beside Waitroom-Pass. A proxy that can copy one value of a header only, as nginx, takes the cookies
// from here; Set-Cookie has them too.
const (
	headerPass         = "Waitroom-Pass"
	headerState        = "Waitroom-State"
	headerTicket       = "Waitroom-Ticket" // what the visitor waits with, for the proxy's own call of …/wait
	headerTicketCookie = "Waitroom-Ticket-Cookie"
	headerPassCookie   = "Waitroom-Pass-Cookie"
)

// Gate judges requests: proxy.Gate, so that a pass is as good at a site's own proxy as it is here.
type Gate interface {
	// Judge decides whether the request may pass into a room, and joins its visitor to the line where that is due.
	Judge(ctx *fasthttp.RequestCtx, room []byte) waitroom.Verdict
	// Refuse answers who was not let through, with the waiting page or as a program understands it. The page leads to back.
	Refuse(ctx *fasthttp.RequestCtx, room []byte, v waitroom.Verdict, back string) error
	// SetCookies gives the visitor what the request has earned.
	SetCookies(ctx *fasthttp.RequestCtx, visit *waitroom.Visit)
}

// ForwardAuth answers the proxies of sites that keep their own: each asks about every request, here, and forwards it or not. It also shows
// the waiting page to those sites' visitors. Safe for concurrent use.
type ForwardAuth struct {
	Gate Gate
	// Trusted reports whether the request comes from a proxy that is believed where the visitor wants to go. That lets nobody through: it is only
	// where the page leads back to, and whether a person or a program is answered. May be nil: none is.
	Trusted func(ctx *fasthttp.RequestCtx) bool
	// Waive decides whether the request that a proxy asks about goes past the gate, as it might on a route of the gateway's own, and returns the pass
	// to show to the site, empty for none. It believes those proxies only that are declared for it. May be nil: nothing goes past.
	Waive func(ctx *fasthttp.RequestCtx, room []byte, method, target string) (pass string, ok bool)
	// Admitted counts a request let through; straight says that its visitor had no pass before. May be nil.
	Admitted func(straight bool)
	Log      *slog.Logger
}

// register adds /waitroom/v1/{room}/auth and …/wait. They take any method, for the request may have had any; and a page of another site may
// cause one as it may cause the request itself.
func (f *ForwardAuth) register(r *router.Router) {
	r.ANY("/waitroom/v1/{room}/auth", endpoint.Handle(f.Log, inRoom(f.auth)))
	r.ANY("/waitroom/v1/{room}/wait", endpoint.Handle(f.Log, inRoom(f.wait)))
}

// notAsked lets the pages of other sites make the visitor's calls, by pages, but for the question: a proxy sends the visitor's method and
// headers along, and what answers a browser's OPTIONS with success would let the request through.
func notAsked(question, pages fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		if bytes.HasSuffix(ctx.Path(), []byte("/auth")) {
			question(ctx)
			return
		}
		pages(ctx)
	}
}

// auth answers 200 with the pass when the request may go on. No other answer is a success, whatever status the room shows to those who wait:
// to a proxy every success means to let the request through.
func (f *ForwardAuth) auth(ctx *fasthttp.RequestCtx, room string) error {
	bare, err := wantsBare(ctx)
	if err != nil {
		return err
	}
	asked := f.original(ctx)
	h := &ctx.Response.Header
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	if pass, ok := f.waived(ctx, room); ok {
		if pass != "" {
			h.Set(headerPass, pass)
		}
		ctx.SetStatusCode(fasthttp.StatusOK)
		return nil
	}
	v := f.Gate.Judge(ctx, []byte(room))
	if v.Visit != nil {
		f.giveCookies(ctx, v.Visit)
	}
	if v.Through() {
		if f.Admitted != nil {
			f.Admitted(v.Visit != nil && !v.Renewed)
		}
		h.Set(headerPass, v.Pass)
		ctx.SetStatusCode(fasthttp.StatusOK)
		return nil
	}
	refusal := refusalOf(ctx, v)
	if refusal.Code == fault.Internal || (refusal.Code == fault.NotFound && !bare) {
		return refusal
	}
	h.Set(fasthttp.HeaderLocation, "/waitroom/v1/"+room+"/wait?return="+url.QueryEscape(asked.path))
	switch {
	case bare:
		f := *refusal
		f.Code = fault.Unauthenticated
		return &f
	case asked.reads && endpoint.WantsPage(ctx) && refusal.Type != waitroom.ErrPassTooMany.Type: // who is in waits for nothing
		ctx.SetStatusCode(fasthttp.StatusFound)
		return nil
	default:
		h.Del(fasthttp.HeaderLocation)
		return refusal
	}
}

// waived reports whether the request goes past the gate.
func (f *ForwardAuth) waived(ctx *fasthttp.RequestCtx, room string) (pass string, ok bool) {
	if f.Waive == nil {
		return "", false
	}
	method, target, ok := told(ctx)
	if !ok {
		return "", false
	}
	return f.Waive(ctx, []byte(room), method, target)
}

// wait is where a visitor waits who came by another proxy. It answers as the gate does, and who is let in is led back.
func (f *ForwardAuth) wait(ctx *fasthttp.RequestCtx, room string) error {
	back, err := f.whereBack(ctx)
	if err != nil {
		return err
	}
	v := f.Gate.Judge(ctx, []byte(room))
	if errors.Is(v.Why, waitroom.ErrRoomUnknown) {
		return v.Why
	}
	asOne(ctx, room, back)
	if !v.Through() {
		return f.Gate.Refuse(ctx, []byte(room), v, back)
	}
	if v.Visit != nil {
		f.Gate.SetCookies(ctx, v.Visit)
	}
	if !ctx.IsGet() && !ctx.IsHead() { // to be sent again, which is the visitor's to do
		return refusalOf(ctx, v)
	}
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	ctx.Response.Header.Set(fasthttp.HeaderLocation, back)
	ctx.SetStatusCode(fasthttp.StatusFound)
	return nil
}

// wantsBare reports whether the proxy hands no answer of ours on and understands one status only: with ?refuse=401.
func wantsBare(ctx *fasthttp.RequestCtx) (bool, error) {
	switch string(ctx.QueryArgs().Peek("refuse")) {
	case "":
		return false, nil
	case "401":
		return true, nil
	default:
		return false, fault.New(fault.Malformed, "query-invalid", "The query is not acceptable.").WithField("refuse", "must be 401 or absent")
	}
}

// giveCookies sets the visitor's cookies, and says each once more in a header of its own.
func (f *ForwardAuth) giveCookies(ctx *fasthttp.RequestCtx, visit *waitroom.Visit) {
	f.Gate.SetCookies(ctx, visit)
	h := &ctx.Response.Header
	if visit.Ticket != "" {
		h.Set(headerTicket, visit.Ticket)
	}
	for name, cookie := range h.Cookies() {
		switch cookieKind(string(name), visit.Room) {
		case waitroom.TicketCookie:
			h.SetBytesV(headerTicketCookie, cookie)
		case waitroom.PassCookie:
			h.SetBytesV(headerPassCookie, cookie)
		}
	}
}

// cookieKind tells what a cookie of a room holds, by the beginning of its name; empty for any other cookie.
func cookieKind(name, room string) string {
	for _, kind := range []string{waitroom.TicketCookie, waitroom.PassCookie} {
		if name == endpoint.CookieName(false, kind+room) || name == endpoint.CookieName(true, kind+room) {
			return kind
		}
	}
	return ""
}

// refusalOf is what a program is told that may not go on, and the proxy beside it.
func refusalOf(ctx *fasthttp.RequestCtx, v waitroom.Verdict) *fault.Error {
	if v.Why != nil {
		return fault.From(v.Why)
	}
	if v.Visit == nil {
		return waitroom.ErrWaiting
	}
	h := &ctx.Response.Header
	h.Set(headerState, string(v.Visit.State))
	h.Set(fasthttp.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(float64(v.Visit.PollAfterMS)/1000))))
	return waitroom.ErrWaiting.With("waitroom", v.Visit)
}
