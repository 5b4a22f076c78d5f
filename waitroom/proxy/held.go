package proxy

import (
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// held is a good pass that a request bears.
type held struct {
	pass     auth.Pass
	inHeader bool // not in a cookie
}

// renew lets the holder of a good pass through, with a new one where the old one is getting short. Nobody is asked for it.
func (g *Gate) renew(ctx *fasthttp.RequestCtx, room waitroom.Room, h held) waitroom.Verdict {
	v := waitroom.Verdict{Room: room, Pass: h.pass.Token(), Session: waitroom.SessionIDOf(&h.pass)}
	view := room.View()
	now := view.LineTime(time.Now())
	if !view.Policy.RenewalDue(&h.pass, now) && !g.lacksEdgePass(ctx, view.Room, h) {
		return v
	}
	visit, err := g.Keeper.Renew(view, h.pass, now)
	if err != nil { // the pass is good all the same
		g.Seen.Refused(view.Room, "pass-renewal-failed")
		return v
	}
	visit.InHeader = h.inHeader
	if visit.Pass != "" {
		v.Pass = visit.Pass
	}
	v.Visit, v.Renewed = &visit, true
	return v
}

// lacksEdgePass reports whether a browser holds a pass and not the one for edges that belongs to it, which the edge in front of us would send
// to the waiting room.
func (g *Gate) lacksEdgePass(ctx *fasthttp.RequestCtx, room string, h held) bool {
	if !g.Edges || h.inHeader || h.pass.Number == 0 {
		return false
	}
	for key, value := range endpoint.Cookies(ctx) {
		if g.isCookie(key, waitroom.EdgeCookie, room) && len(value) > 0 {
			return false
		}
	}
	return true
}

// within takes the pass away from a verdict when its session is over its rate.
func (g *Gate) within(v waitroom.Verdict, now time.Time) waitroom.Verdict {
	if !v.Through() {
		return v
	}
	rate := v.Room.View().Policy.PassRatePerSecond
	if rate <= 0 {
		return v
	}
	wait, ok := g.limits.take(v.Session, rate, now)
	if !ok {
		return waitroom.Verdict{Room: v.Room, Why: tooMany(wait)}
	}
	return v
}

// tooMany is errPassTooMany with the time to wait, in whole seconds.
func tooMany(wait time.Duration) *fault.Error {
	return errPassTooMany.After(max(wait.Round(time.Second), time.Second))
}

// begin counts a request that goes on to the upstream; leave must follow. It fails with "pass-too-many" when the session has as many under
// way as it may.
func (g *Gate) begin(in *entry) error {
	most := in.room.View().Policy.PassConcurrency
	if most <= 0 {
		return nil
	}
	if !g.limits.begin(in.session, most, time.Now()) {
		return errPassTooMany
	}
	in.counted = true
	return nil
}

// leave ends what begin began: the answer of the upstream has begun, or there is none.
func (g *Gate) leave(in *entry) {
	if in.counted {
		g.limits.end(in.session)
	}
}
