package proxy

import (
	"errors"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// errPassOutage is for a pass that was given without the line, once the line is back.
var errPassOutage = fault.New(fault.Forbidden, "pass-outage", "The pass was good only while the line could not be reached; join the line.")

// outageKey is where a request keeps what its route says about outages.
type outageKey struct{}

// declared are the behaviours as user values, made once so that no request pays for it.
var declared = map[waitroom.Outage]any{
	waitroom.OutageHold: waitroom.OutageHold, waitroom.OutageOpen: waitroom.OutageOpen, waitroom.OutageClosed: waitroom.OutageClosed,
}

// declareOutage says what the gate does with this request while the line cannot be reached; empty leaves it to the room.
func declareOutage(ctx *fasthttp.RequestCtx, o waitroom.Outage) {
	if o != "" {
		ctx.SetUserValue(outageKey{}, declared[o])
	}
}

// onOutage is what the gate does with a request while the line cannot be reached: as its route declares, else as the room does.
func onOutage(ctx *fasthttp.RequestCtx, view *waitroom.View) waitroom.Outage {
	if o, ok := ctx.UserValue(outageKey{}).(waitroom.Outage); ok {
		return o
	}
	return view.Policy.OnOutage
}

// shut reports whether nobody goes through: the line is down, and the route or the room is closed then.
func shut(ctx *fasthttp.RequestCtx, view *waitroom.View, now time.Time) bool {
	return onOutage(ctx, view) == waitroom.OutageClosed && view.Stale(now)
}

// detour lets someone through without the line, which failed for the reason why, when the room is one that stays open while its line is
// down: no faster than the room's rate, on each gateway by itself, for there is nobody to ask what the others do.
func (g *Gate) detour(ctx *fasthttp.RequestCtx, room waitroom.Room, why error) waitroom.Verdict {
	view, now := room.View(), time.Now()
	// A pass by the detour is good for as long as the view is stale: before that it would only be refused again.
	if onOutage(ctx, view) != waitroom.OutageOpen || !view.Stale(now) || !errors.Is(why, waitroom.ErrLineUnavailable) || !view.TakesIn(now) ||
		!g.detours.take(view, now) {
		return waitroom.Verdict{Room: room, Why: why}
	}
	visit, err := g.Keeper.Detour(room)
	if err != nil {
		return waitroom.Verdict{Room: room, Why: err}
	}
	return waitroom.Verdict{Room: room, Pass: visit.Pass, Visit: &visit}
}

// buckets hold, for each room, how many may go through without the line. The zero value is ready. Safe for concurrent use.
type buckets struct {
	mu    sync.Mutex
	rooms map[string]*bucket
}

// bucket fills at a rate up to a burst, and begins full.
type bucket struct {
	tokens float64
	at     time.Time
}

// take takes one token of a room, if there is one, at the rate that was last in force.
func (b *buckets) take(view *waitroom.View, now time.Time) bool {
	room, rate := view.Room, float64(view.Rate())/60
	burst := max(rate*float64(view.Policy.BurstSeconds), 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.rooms[room]
	if one == nil {
		if b.rooms == nil {
			b.rooms = make(map[string]*bucket)
		}
		one = &bucket{tokens: burst, at: now}
		b.rooms[room] = one
	}
	if passed := now.Sub(one.at); passed > 0 {
		one.tokens, one.at = min(one.tokens+passed.Seconds()*rate, burst), now
	}
	if one.tokens < 1 {
		return false
	}
	one.tokens--
	return true
}
