package endpoint

import (
	"bytes"

	"github.com/valyala/fasthttp"
)

// WantsPage reports whether a person is looking: a browser says that it navigates; what says nothing is judged by what it accepts.
func WantsPage(ctx *fasthttp.RequestCtx) bool {
	if mode := ctx.Request.Header.Peek("Sec-Fetch-Mode"); len(mode) > 0 && string(mode) != "navigate" {
		return false
	}
	return bytes.Contains(ctx.Request.Header.Peek(fasthttp.HeaderAccept), []byte("text/html"))
}
