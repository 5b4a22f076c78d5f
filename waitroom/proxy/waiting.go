package proxy

import (
	"math"
	"strconv"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// tellToWait answers a gated request of someone who has a place. The status is the room's, so that a host can choose what its
// monitors see; but a request that would have changed something is never answered with success.
func (g *Gate) tellToWait(ctx *fasthttp.RequestCtx, view *waitroom.View, visit *waitroom.Visit, back string) error {
	g.Seen.Waiting()
	ctx.Response.Header.Set(HeaderState, string(visit.State))
	ctx.Response.Header.Set(fasthttp.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(float64(visit.PollAfterMS)/1000))))
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	switch {
	case !safe(ctx):
		return waitroom.ErrWaiting.With("waitroom", visit)
	case endpoint.WantsPage(ctx):
		return g.Page.Write(ctx, int(view.Policy.GateStatus), waitroom.Wait{Room: view.Room, Visit: visit, Return: back, Brand: view.Policy.Brand})
	default:
		endpoint.Appended(ctx, int(view.Policy.GateStatus), visit)
		return nil
	}
}

// turnAway answers a gated request of someone who has no place and can get none now: the room is closed, or the line cannot be asked.
func (g *Gate) turnAway(ctx *fasthttp.RequestCtx, room string, err error, holdsTicket bool, back string) error {
	f := fault.From(err)
	g.Seen.Refused(room, f.Type)
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	if f.Code == fault.Internal || !safe(ctx) || !endpoint.WantsPage(ctx) {
		return err
	}
	if f.RetryAfter > 0 {
		ctx.Response.Header.Set(fasthttp.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	var view *waitroom.View
	if known, err := g.Rooms.Find([]byte(room)); err == nil {
		view = known.View()
	}
	w := waitroom.Refusal(room, view, f, holdsTicket, time.Now())
	w.Return = back
	return g.Page.Write(ctx, endpoint.Status(f.Code), w)
}

// safe reports whether a request changes nothing.
func safe(ctx *fasthttp.RequestCtx) bool { return ctx.IsGet() || ctx.IsHead() }
