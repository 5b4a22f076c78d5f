package api

import (
	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/endpoint"
)

func (a *API) getSeatLayout(ctx *fasthttp.RequestCtx, show booking.Show) error {
	l, err := a.catalogue.layout(show)
	if err != nil {
		return err
	}
	h := &ctx.Response.Header
	h.Set(fasthttp.HeaderETag, l.etag)
	h.Set(fasthttp.HeaderCacheControl, "private, no-cache") // keep it, and ask whether it is still the one
	h.Set(fasthttp.HeaderVary, fasthttp.HeaderAcceptEncoding)
	if etagMatches(string(ctx.Request.Header.Peek(fasthttp.HeaderIfNoneMatch)), l.etag) {
		ctx.SetStatusCode(fasthttp.StatusNotModified)
		return nil
	}
	h.SetContentType("application/json")
	if ctx.Request.Header.HasAcceptEncoding("gzip") {
		h.Set(fasthttp.HeaderContentEncoding, "gzip")
		ctx.SetBody(l.zipped)
		return nil
	}
	ctx.SetBody(l.plain)
	return nil
}

// wholeState stands for a client that has no earlier state.
const wholeState = -1

func (a *API) getSeatState(ctx *fasthttp.RequestCtx, show booking.Show) error {
	since, err := endpoint.QueryInt(ctx, "since", wholeState, 0, 1<<53)
	if err != nil {
		return err
	}
	now, err := a.seats.of(show.ID).now.get()
	if err != nil {
		return err
	}
	body := now.full()
	if since != wholeState {
		body = now.since(since)
	}
	h := &ctx.Response.Header
	h.SetContentType("application/json")
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	h.Set(fasthttp.HeaderVary, fasthttp.HeaderAcceptEncoding)
	if ctx.Request.Header.HasAcceptEncoding("gzip") && len(body.plain) > smallBody {
		h.Set(fasthttp.HeaderContentEncoding, "gzip")
		ctx.Response.SetBodyRaw(body.zipped()) // shared, and not changed by anyone
		return nil
	}
	ctx.Response.SetBodyRaw(body.plain)
	return nil
}

// smallBody is how many bytes are not worth compressing.
const smallBody = 512
