package proxy

import (
	"bytes"
	"math"
	"strconv"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// tellToWait answers a gated request of someone who has a place. The status is the room's, so that a host can choose what its
// monitors see; but a request that would have changed something is never answered with success.
func (g *Gate) tellToWait(ctx *fasthttp.RequestCtx, view *waitroom.View, visit *waitroom.Visit) error {
	g.Seen.Waiting()
	ctx.Response.Header.Set(HeaderState, string(visit.State))
	ctx.Response.Header.Set(fasthttp.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(float64(visit.PollAfterMS)/1000))))
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	switch {
	case !safe(ctx):
		return errWait.With("waitroom", visit)
	case wantsPage(ctx):
		return g.Page.Write(ctx, int(view.Policy.GateStatus), waitroom.Wait{Room: view.Room, Visit: visit})
	default:
		endpoint.JSON(ctx, int(view.Policy.GateStatus), visit)
		return nil
	}
}

// errWait carries the visitor's place as its member "waitroom".
var errWait = fault.New(fault.TooMany, "waiting", "This path is behind the waiting room; it is not your turn yet.")

// turnAway answers a gated request of someone who has no place and can get none now: the room is closed, or the line cannot be asked.
func (g *Gate) turnAway(ctx *fasthttp.RequestCtx, room string, err error, holdsTicket bool) error {
	f := fault.From(err)
	g.Seen.Refused(f.Type)
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	if f.Code == fault.Internal || !safe(ctx) || !wantsPage(ctx) {
		return err
	}
	if f.RetryAfter > 0 {
		ctx.Response.Header.Set(fasthttp.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	return g.Page.Write(ctx, endpoint.Status(f.Code), waitroom.Wait{Room: room, Fault: f, Kept: holdsTicket})
}

// safe reports whether a request changes nothing.
func safe(ctx *fasthttp.RequestCtx) bool { return ctx.IsGet() || ctx.IsHead() }

// wantsPage reports whether a person is looking: a browser says that it navigates; what says nothing is judged by what it accepts.
func wantsPage(ctx *fasthttp.RequestCtx) bool {
	if mode := ctx.Request.Header.Peek("Sec-Fetch-Mode"); len(mode) > 0 && string(mode) != "navigate" {
		return false
	}
	return bytes.Contains(ctx.Request.Header.Peek(fasthttp.HeaderAccept), []byte("text/html"))
}
