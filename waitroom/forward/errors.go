package forward

import (
	"errors"
	"fmt"
	"net"
	"time"

	"anteroom/internal/fault"
)

// What Pool.Forward fails with. Compare with errors.Is: each carries its cause.
var (
	ErrFailed   = fault.New(fault.BadGateway, "upstream-failed", "The service behind the gateway does not answer properly.")
	ErrBusy     = fault.New(fault.Unavailable, "upstream-busy", "The service behind the gateway has no connection free.").After(time.Second)
	ErrTimeout  = fault.New(fault.GatewayTimeout, "upstream-timeout", "The service behind the gateway did not answer in time.")
	ErrTooLarge = fault.New(fault.TooLarge, "body-too-large", "The body is larger than may be sent here.")
	ErrBroken   = fault.New(fault.Malformed, "request-malformed", "The body of the request did not arrive as it was announced.")
	ErrSlow     = fault.New(fault.TooSlow, "request-timeout", "The request did not arrive in time.")
	ErrHeaders  = fault.New(fault.Malformed, "headers-malformed", "The request carries headers that are not understood.")
	// ErrGone is for a visitor who has left; nobody sees the answer.
	ErrGone = fault.New(fault.TooSlow, "visitor-gone", "The visitor has left.")
)

// because keeps the cause of a failure inside.
func because(what *fault.Error, cause error) error {
	if cause == nil {
		return what
	}
	e := fault.Wrap(cause, what.Code, what.Type, "%s", what.Message)
	e.RetryAfter = what.RetryAfter
	return e
}

// Why a connection to an upstream was given up while it was in use.
var (
	errSilent   = errors.New("nothing came for too long")
	errGone     = errors.New("the visitor has left")
	errStopping = errors.New("the server stops")
	errEnded    = errors.New("the visitor may not stay")
)

// inOrder reports whether it is the gateway that ends an answer, and not something that went wrong: then the visitor is told the end.
func inOrder(why error) bool { return errors.Is(why, errStopping) || errors.Is(why, errEnded) }

// answerError is an answer that cannot be trusted.
type answerError string

func (e answerError) Error() string { return "not a proper answer: " + string(e) }

func badAnswer(format string, args ...any) error { return answerError(fmt.Sprintf(format, args...)) }

// explain finds the failure of ours that an error is, and whether the upstream is answerable for it.
func explain(err error) (what *fault.Error, upstreams bool) {
	var timeout net.Error
	var own *fault.Error
	switch {
	case errors.As(err, &own):
		return own, false
	case errors.Is(err, errGone):
		return ErrGone, false
	case errors.Is(err, errStopping), errors.Is(err, errEnded), errors.Is(err, net.ErrClosed):
		return ErrFailed, false
	case errors.Is(err, errSilent), errors.As(err, &timeout) && timeout.Timeout():
		return ErrTimeout, true
	default:
		return ErrFailed, true
	}
}
