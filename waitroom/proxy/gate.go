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
	Page   Page
	Seen   Observer

	detours buckets
}

// Page writes the waiting page.
type Page interface {
	Write(ctx *fasthttp.RequestCtx, status int, w waitroom.Wait) error
}

// entry is how a request came in.
type entry struct {
	room  waitroom.Room // nil where the show has no room
	pass  string        // the token to show to the upstream
	visit *waitroom.Visit
}

// enter decides on a gated request. It returns nil when the visitor must wait or cannot be judged; then the answer has been given.
func (g *Gate) enter(ctx *fasthttp.RequestCtx, name []byte) (*entry, error) {
	room, err := g.Rooms.Find(name)
	if errors.Is(err, waitroom.ErrRoomUnknown) {
		return &entry{}, nil // a show without a room; the upstream wants no pass for it, or refuses by itself
	}
	if err != nil {
		return nil, g.turnAway(ctx, string(name), err, g.holdsTicket(ctx, name))
	}
	if view := room.View(); shut(view, time.Now()) {
		return nil, g.turnAway(ctx, view.Room, waitroom.ErrLineUnavailable, g.holdsTicket(ctx, name))
	}
	token, why := g.findPass(ctx, room)
	if why == nil {
		return &entry{room: room, pass: token}, nil
	}
	g.Seen.Refused(fault.From(why).Type)
	return g.admitNow(ctx, room)
}

// findPass returns the first good pass that the request bears. The error is that of the first that is not good.
// Any one good pass is enough: it is a bearer token, so who holds it could have sent it alone; and a forged cookie set by a neighbouring
// host must not shut out who holds a real one.
func (g *Gate) findPass(ctx *fasthttp.RequestCtx, room waitroom.Room) (string, error) {
	var why error = auth.ErrPassMissing
	tried := 0
	try := func(token []byte) bool {
		err := g.check(token, room)
		if tried++; err != nil && tried == 1 {
			why = err
		}
		return err == nil
	}
	if header := ctx.Request.Header.Peek(HeaderPass); len(header) > 0 && try(header) {
		return string(header), nil
	}
	name := room.View().Room
	for key, value := range ctx.Request.Header.Cookies() {
		if tried < waitroom.MaxTokens && g.isCookie(key, waitroom.PassCookie, name) && try(value) {
			return string(value), nil
		}
	}
	return "", why
}

// check is the whole of what makes a pass good: genuine, of this room, not run out, of this line, and not ended. It asks nobody.
func (g *Gate) check(token []byte, room waitroom.Room) error {
	view, now := room.View(), time.Now()
	pass, err := g.Passes.Verify(token, view.Room, view.LineTime(now))
	switch {
	case err != nil:
		return err
	case pass.Epoch != view.Epoch:
		return errPassSuperseded
	case room.Revoked(pass.Epoch, pass.Number):
		return errPassRevoked
	case pass.Number == 0: // see Keeper.Detour: there is no session behind it
		if !view.Stale(now) || view.Policy.OnOutage != waitroom.OutageOpen {
			return errPassOutage
		}
		return nil
	}
	room.Touch(pass.Epoch, pass.Number, pass.AdmittedAt)
	return nil
}

// admitNow asks the line for someone without a pass: who is admitted meanwhile goes through in this same request, everybody else
// is told to wait.
func (g *Gate) admitNow(ctx *fasthttp.RequestCtx, room waitroom.Room) (*entry, error) {
	view := room.View()
	tickets := g.tickets(ctx, view.Room)
	visit, err := g.Keeper.Join(context.Background(), view.Room, tickets, waitroom.Entrant{})
	if err != nil {
		if in, failed := g.detour(room, err); in != nil || failed != nil {
			return in, failed
		}
		return nil, g.turnAway(ctx, view.Room, err, len(tickets) > 0)
	}
	if visit.State == waitroom.Admitted {
		return &entry{room: room, pass: visit.Pass, visit: &visit}, nil
	}
	g.setCookies(ctx, &visit)
	return nil, g.tellToWait(ctx, view, &visit)
}

// setCookies gives the visitor what this request has earned.
func (g *Gate) setCookies(ctx *fasthttp.RequestCtx, visit *waitroom.Visit) {
	if visit.Ticket != "" {
		endpoint.Cookie(ctx, g.Secure, waitroom.TicketCookie+visit.Room, visit.Ticket, waitroom.TicketLife)
	}
	if visit.Pass != "" {
		endpoint.Cookie(ctx, g.Secure, waitroom.PassCookie+visit.Room, visit.Pass, max(time.Until(*visit.PassExpiresAt), time.Second))
	}
}

func (g *Gate) tickets(ctx *fasthttp.RequestCtx, room string) (all [][]byte) {
	if bearer := auth.BearerToken(ctx); len(bearer) > 0 {
		all = append(all, bytes.Clone(bearer))
	}
	for key, value := range ctx.Request.Header.Cookies() {
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
