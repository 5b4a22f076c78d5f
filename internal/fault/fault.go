// Package fault holds the one error type that crosses package borders: a code that a
// machine can act on, a message that is safe to show, and the cause kept inside.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Code says what kind of failure it is; package endpoint maps each to one HTTP status.
type Code uint8

// The codes, from the caller's mistakes to ours.
const (
	Internal         Code = iota // a defect of ours; the message shown is generic
	Malformed                    // could not be read at all: broken JSON, wrong type
	Invalid                      // read, but a value is not acceptable
	Unauthenticated              // no credentials, or not valid ones
	Forbidden                    // valid credentials that do not allow this
	NotFound                     // no such thing, or not the caller's
	MethodNotAllowed             // the path is known, the method is not
	Conflict                     // true now, maybe not later: taken, already done
	Gone                         // was there and has ended: expired, superseded
	PaymentRequired              // the payment was declined
	TooLarge                     // body over the bound
	HeadTooLarge                 // request line and headers over the bound
	TooSlow                      // the request did not arrive in time
	TooMany                      // over a rate limit
	Unavailable                  // something we depend on does not answer
	BadGateway                   // an upstream does not answer, or not properly
	GatewayTimeout               // an upstream does not answer in time
	Misdirected                  // for a host that is not served here
	Needed                       // something else must be done first, as the problem says
)

// Field names one value that was wrong and says why.
type Field struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Error is a failure with a stable name.
//
// Type is the last part of the problem's URN, for example "seat-taken": clients act on it,
// so it never changes. Message is shown to the caller; the cause is not.
type Error struct {
	Code       Code
	Type       string
	Message    string
	Fields     []Field
	Extra      map[string]any // further members of the problem document
	RetryAfter time.Duration  // when asking again makes sense; zero: not said
	cause      error
}

// New makes an Error without a cause. The message may be shown to the caller.
func New(code Code, typ, format string, args ...any) *Error {
	return &Error{Code: code, Type: typ, Message: fmt.Sprintf(format, args...)}
}

// Wrap makes an Error that keeps its cause inside: errors.Is and errors.As see it, the caller does not.
func Wrap(cause error, code Code, typ, format string, args ...any) *Error {
	e := New(code, typ, format, args...)
	e.cause = cause
	return e
}

// Error is for logs: it includes the cause.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Type, e.Message, e.cause)
	}
	return e.Type + ": " + e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is an Error of the same Type, so that a sentinel made with New can be compared with.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Type == e.Type
}

// With returns a copy that carries a further member of the problem document.
func (e *Error) With(key string, value any) *Error {
	c := *e
	c.Extra = make(map[string]any, len(e.Extra)+1)
	for k, v := range e.Extra {
		c.Extra[k] = v
	}
	c.Extra[key] = value
	return &c
}

// WithField returns a copy that names one more value that was wrong.
func (e *Error) WithField(name, format string, args ...any) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), Field{Name: name, Message: fmt.Sprintf(format, args...)})
	return &c
}

// After returns a copy that tells the caller when to try again.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

// From finds the Error in err's chain. Anything else becomes an Internal error with a generic
// message and err as its cause, so that nothing of ours leaks to a caller.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return Wrap(err, Internal, "internal-error", "Something went wrong on our side.")
}
