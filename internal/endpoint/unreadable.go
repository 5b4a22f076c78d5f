package endpoint

import (
	"errors"
	"net"

	"github.com/valyala/fasthttp"

	"anteroom/internal/fault"
)

// Unreadable answers what the server could not even read as a request because of err; maxBody is the server's bound in bytes.
func Unreadable(ctx *fasthttp.RequestCtx, err error, maxBody int) {
	var small *fasthttp.ErrSmallBuffer
	var network net.Error
	switch {
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		err = fault.New(fault.TooLarge, "body-too-large", "The body is larger than %d bytes.", maxBody)
	case errors.As(err, &small):
		err = fault.New(fault.HeadTooLarge, "headers-too-large", "The head of the request is too large.")
	case errors.As(err, &network) && network.Timeout():
		err = fault.New(fault.TooSlow, "request-timeout", "The request did not arrive in time.")
	default:
		err = fault.New(fault.Malformed, "request-malformed", "This is not a proper HTTP request.")
	}
	Problem(ctx, err)
}
