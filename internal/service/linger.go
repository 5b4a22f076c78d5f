package service

import (
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
)

// lingerAfter makes connections linger after the answers of error handlers. Only fasthttp's error path comes there, which always ends the
// connection; requests that are read whole pay nothing.
func lingerAfter(l endpoint.Lingering) func(func(*fasthttp.RequestCtx, error)) func(*fasthttp.RequestCtx, error) {
	return func(h func(*fasthttp.RequestCtx, error)) func(*fasthttp.RequestCtx, error) {
		return func(ctx *fasthttp.RequestCtx, err error) {
			h(ctx, err)
			l.After(ctx)
		}
	}
}
