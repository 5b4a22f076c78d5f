package proxy

import (
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/waitroom"
)

// applicant is who asks for a place by a gated request, with what a guard may want to see.
func applicant(ctx *fasthttp.RequestCtx) waitroom.Applicant {
	h := &ctx.Request.Header
	return waitroom.Applicant{
		Addr:     endpoint.ClientAddr(ctx),
		Solution: string(h.Peek(waitroom.HeaderProof)), Code: string(h.Peek(waitroom.HeaderCode)),
	}
}
