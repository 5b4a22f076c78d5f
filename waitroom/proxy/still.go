package proxy

import (
	"bytes"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

var eventStream = []byte("text/event-stream")

// lasting reports whether the answer may go on for as long as both sides like: a stream of events, or a WebSocket.
func lasting(ctx *fasthttp.RequestCtx) bool {
	h := &ctx.Request.Header
	return len(h.Peek(fasthttp.HeaderUpgrade)) > 0 || bytes.Contains(h.Peek(fasthttp.HeaderAccept), eventStream)
}

// still is asked once a second while such an answer goes on, and ends it when its visitor could not come in any more: a gate that looks at
// the beginning only would be none for whoever stays. Meanwhile the visitor is here, as if requests came. It is nil for answers that end by
// themselves.
func (g *Gate) still(ctx *fasthttp.RequestCtx, in *entry) func() bool {
	if in.room == nil || !lasting(ctx) {
		return nil
	}
	view := in.room.View()
	pass, err := g.Passes.Verify([]byte(in.pass), view.Room, view.LineTime(time.Now()))
	if err != nil { // it was good a moment ago
		return func() bool { return false }
	}
	routeSays, _ := ctx.UserValue(outageKey{}).(waitroom.Outage)
	room := in.room
	return func() bool { return stillIn(room, &pass, routeSays, time.Now()) }
}

// stillIn reports whether the session of a pass goes on. The pass itself may run out meanwhile: it is renewed by requests, of which there are none.
func stillIn(room waitroom.Room, pass *auth.Pass, routeSays waitroom.Outage, now time.Time) bool {
	view := room.View()
	if routeSays == "" {
		routeSays = view.Policy.OnOutage
	}
	switch {
	case pass.Epoch != view.Epoch, room.Revoked(pass.Epoch, pass.Number):
		return false
	case view.Stale(now) && routeSays == waitroom.OutageClosed:
		return false
	case pass.Number == 0: // see Keeper.Detour: it has no session
		return view.Stale(now) && routeSays == waitroom.OutageOpen && view.LineTime(now).Before(pass.ExpiresAt)
	case !view.LineTime(now).Before(pass.EndsAt): // and not the room's limit as it is today: requests with this pass are not judged by that either
		return false
	}
	room.Touch(pass.Epoch, pass.Number, pass.AdmittedAt)
	return true
}
