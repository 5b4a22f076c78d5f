package proxy

import (
	"errors"
	"io"
	"net"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

// whole reads the body of a request, which the server leaves on the connection, for handlers that want it in one piece. It fails when the body
// is larger than most bytes, or does not arrive as it was announced; then the connection closes.
func whole(ctx *fasthttp.RequestCtx, most int) error {
	stream, n := ctx.RequestBodyStream(), ctx.Request.Header.ContentLength()
	if stream == nil {
		return nil
	}
	if n == 0 { // a POST that says nothing, as most joins are
		ctx.Request.SetBody(nil)
		return nil
	}
	var err error
	var body []byte
	if n <= most {
		body, err = io.ReadAll(io.LimitReader(stream, int64(most)+1))
	}
	var timeout net.Error
	switch {
	case n > most, len(body) > most:
		err = fault.New(fault.TooLarge, "body-too-large", "The body is larger than %d bytes.", most)
	case errors.As(err, &timeout) && timeout.Timeout():
		err = fault.New(fault.TooSlow, "request-timeout", "The request did not arrive in time.")
	case err != nil || len(body) < n:
		err = fault.New(fault.Malformed, "request-malformed", "This is not a proper HTTP request.")
	default:
		ctx.Request.SetBody(body)
		return nil
	}
	ctx.SetConnectionClose()
	endpoint.Linger(ctx)
	return err
}
