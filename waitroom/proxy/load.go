package proxy

import (
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
)

// measure is a gated request on its way to the room's upstream. The zero value is one that nobody wants to know of.
type measure struct {
	to    waitroom.UnderWay
	start time.Time
}

// begin notes that a gated request goes to the upstream.
func (f *Front) begin(p *passage, in *entry) measure {
	if f.Load == nil || in.room == nil || p.Upstream == waitroom.ServeApps {
		return measure{}
	}
	if to := f.Load.Begin(in.room.View().Room); to != nil {
		return measure{to, time.Now()}
	}
	return measure{}
}

// end notes how it went: an answer that blames the upstream itself is a failure too.
func (m measure) end(ctx *fasthttp.RequestCtx, err error) {
	if m.to != nil {
		m.to.End(time.Since(m.start), err != nil || ctx.Response.StatusCode() >= fasthttp.StatusInternalServerError)
	}
}
