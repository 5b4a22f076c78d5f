package proxy

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// Errors of a pass that is genuine and opens nothing any more.
var (
	errPassRevoked    = fault.New(fault.Forbidden, "pass-revoked", "The pass was given back or has been ended.")
	errPassSuperseded = fault.New(fault.Forbidden, "pass-superseded", "The line was started anew; the pass is of an earlier one.")
)

// Gate lets a request through when it bears a pass, or when its visitor is admitted just now. Safe for concurrent use.
type Gate struct {
	Rooms  waitroom.Rooms
	Keeper waitroom.Gatekeeper
	Passes *auth.PassVerifier
	Secure bool // cookies for HTTPS only, with the __Host- prefix
	Edges  bool // passes for edges are given beside passes
	Page   Page
	Seen   Observer

	detours buckets
	limits  limits
	escorts escorts
}

// Page writes the waiting page.
type Page interface {
	Write(ctx *fasthttp.RequestCtx, status int, w waitroom.Wait) error
}

// entry is how a request came in.
type entry struct {
	room    waitroom.Room // nil where the show has no room
	pass    string        // the token to show to the upstream
	visit   *waitroom.Visit
	renewed bool // the visit is of someone who came with a pass
	session waitroom.SessionID
	counted bool // see Gate.leave
}

// enter decides on a gated request. It reports false when the visitor must wait or cannot be judged; then the answer has been given.
func (g *Gate) enter(ctx *fasthttp.RequestCtx, name []byte) (in entry, through bool, err error) {
	v := g.Judge(ctx, name)
	switch {
	case errors.Is(v.Why, waitroom.ErrRoomUnknown):
		return entry{}, true, nil // a show without a room; the upstream wants no pass for it, or refuses by itself
	case v.Through():
		in = entry{room: v.Room, pass: v.Pass, visit: v.Visit, renewed: v.Renewed, session: v.Session}
		if err := g.begin(&in); err != nil {
			return entry{}, false, g.Refuse(ctx, name, waitroom.Verdict{Room: v.Room, Why: err}, "")
		}
		return in, true, nil
	default:
		return entry{}, false, g.Refuse(ctx, name, v, "")
	}
}

// Judge decides whether the request may pass into a room, and joins its visitor to the line where that is due. It answers nothing: who asks
// on behalf of another proxy answers in that proxy's words.
func (g *Gate) Judge(ctx *fasthttp.RequestCtx, name []byte) waitroom.Verdict {
	room, err := g.Rooms.Find(name)
	if err != nil {
		return waitroom.Verdict{Why: err}
	}
	if view := room.View(); shut(ctx, view, time.Now()) {
		return waitroom.Verdict{Room: room, Why: waitroom.ErrLineUnavailable}
	}
	found, why := g.findPass(ctx, room)
	if why == nil {
		return g.within(g.renew(ctx, room, found), time.Now())
	}
	g.Seen.Refused(room.View().Room, fault.From(why).Type)
	v := g.admitNow(ctx, room)
	if v.Through() {
		v.Session = v.Visit.SessionID()
	}
	return g.within(v, time.Now())
}

// Refuse answers a visitor whom Judge did not let through. The waiting page leads to back, or to the path of the request when back is empty.
func (g *Gate) Refuse(ctx *fasthttp.RequestCtx, name []byte, v waitroom.Verdict, back string) error {
	if errors.Is(v.Why, errPassTooMany) { // no page, for its holder is in and waits for nothing
		g.Seen.Refused(v.Room.View().Room, errPassTooMany.Type)
		ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
		return v.Why
	}
	if v.Why != nil {
		return g.turnAway(ctx, string(name), v.Why, g.holdsTicket(ctx, name), back)
	}
	g.SetCookies(ctx, v.Visit)
	return g.tellToWait(ctx, v.Room.View(), v.Visit, back)
}

// findPass returns the first good pass that the request bears. The error is that of the first that is not good.
// Any one good pass is enough: it is a bearer token, so who holds it could have sent it alone; and a forged cookie set by a neighbouring
// host must not shut out who holds a real one.
func (g *Gate) findPass(ctx *fasthttp.RequestCtx, room waitroom.Room) (found held, err error) {
	var why error = auth.ErrPassMissing
	tried := 0
	try := func(token []byte) (good bool) {
		pass, err := g.check(ctx, token, room)
		if tried++; err != nil && tried == 1 {
			why = err
		}
		found.pass = pass
		return err == nil
	}
	if header := ctx.Request.Header.Peek(HeaderPass); len(header) > 0 && try(header) {
		found.inHeader = true
		return found, nil
	}
	name := room.View().Room
	for key, value := range endpoint.Cookies(ctx) {
		if tried < waitroom.MaxTokens && g.isCookie(key, waitroom.PassCookie, name) && try(value) {
			return found, nil
		}
	}
	return held{}, why
}

// check is the whole of what makes a pass good: genuine, of this room, not run out, of this line, and not ended. It asks nobody.
func (g *Gate) check(ctx *fasthttp.RequestCtx, token []byte, room waitroom.Room) (pass auth.Pass, err error) {
	view, now := room.View(), time.Now()
	pass, err = g.Passes.Verify(token, view.Room, view.LineTime(now))
	switch {
	case err != nil:
		return pass, err
	case pass.Epoch != view.Epoch:
		return pass, errPassSuperseded
	case room.Revoked(pass.Epoch, pass.Number):
		return pass, errPassRevoked
	case pass.Number == 0: // see Keeper.Detour: there is no session behind it
		if !view.Stale(now) || onOutage(ctx, view) != waitroom.OutageOpen {
			return pass, errPassOutage
		}
		return pass, nil
	}
	room.Touch(pass.Epoch, pass.Number, pass.AdmittedAt)
	return pass, nil
}

// admitNow asks the line for someone without a pass: who is admitted meanwhile goes through in this same request, everybody else
// has to wait.
func (g *Gate) admitNow(ctx *fasthttp.RequestCtx, room waitroom.Room) waitroom.Verdict {
	view := room.View()
	visit, err := g.Keeper.Join(context.Background(), view.Room, g.tickets(ctx, view.Room), applicant(ctx))
	if err != nil {
		return g.detour(ctx, room, err)
	}
	v := waitroom.Verdict{Room: room, Visit: &visit}
	if visit.State == waitroom.Admitted {
		v.Pass = visit.Pass
	}
	return v
}

// SetCookies gives the visitor what this request has earned.
func (g *Gate) SetCookies(ctx *fasthttp.RequestCtx, visit *waitroom.Visit) {
	if visit.Ticket != "" {
		endpoint.Cookie(ctx, g.Secure, waitroom.TicketCookie+visit.Room, visit.Ticket, waitroom.TicketLife)
	}
	if visit.InHeader { // a program keeps no cookies, and has no edge in front of it that asks for one
		ctx.Response.Header.Set(HeaderPass, visit.Pass)
		return
	}
	if visit.Pass != "" {
		endpoint.Cookie(ctx, g.Secure, waitroom.PassCookie+visit.Room, visit.Pass, visit.PassLeft())
	}
	if visit.EdgePass != "" {
		endpoint.Cookie(ctx, g.Secure, waitroom.EdgeCookie+visit.Room, visit.EdgePass, visit.PassLeft())
	}
}

func (g *Gate) tickets(ctx *fasthttp.RequestCtx, room string) (all [][]byte) {
	if bearer := auth.BearerToken(ctx); len(bearer) > 0 {
		all = append(all, bytes.Clone(bearer))
	}
	for key, value := range endpoint.Cookies(ctx) {
		if len(all) < waitroom.MaxTokens && g.isCookie(key, waitroom.TicketCookie, room) && len(value) > 0 {
			all = append(all, bytes.Clone(value))
		}
	}
	return all
}

func (g *Gate) holdsTicket(ctx *fasthttp.RequestCtx, room []byte) bool {
	return len(g.tickets(ctx, string(room))) > 0
}

const hostPrefix = "__Host-"

// isCookie compares a cookie's name without making a string.
func (g *Gate) isCookie(key []byte, prefix, room string) bool {
	if g.Secure {
		if len(key) < len(hostPrefix) || string(key[:len(hostPrefix)]) != hostPrefix {
			return false
		}
		key = key[len(hostPrefix):]
	}
	return len(key) == len(prefix)+len(room) && string(key[:len(prefix)]) == prefix && string(key[len(prefix):]) == room
}
