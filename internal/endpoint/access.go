package endpoint

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/fault"
)

// Access names a server's requests and logs some of them, one structured line each. A surge must not drown in its own log: ordinary
// answers are sampled, errors and refusals go at a bounded rate, and what is left out is counted and said in the next line.
//
// A line has the method, the path without its query, the status, the time until the answer began and the request's id. It never holds a
// header, a cookie or a query; a part of the path that could be a token is left out. The zero value logs nothing; what is set may not be
// changed once Handler was called.
type Access struct {
	Log    *slog.Logger // nil: nothing is logged
	Sample int          // one of so many ordinary answers is logged; 0: none
	// Trusted says whose HeaderRequestID is taken over; nil: nobody's.
	Trusted func(*fasthttp.RequestCtx) bool
	// Quiet says which answers are never sampled and no refusals: those to waiting visitors' polls. It is asked after the answer;
	// nil: none.
	Quiet func(*fasthttp.RequestCtx) bool

	answers  [6]atomic.Int64 // by the first digit of the status; 0: any other
	sampled  atomic.Uint64
	failures ration
	refusals ration
}

// Anybody is for the field Trusted of a service that only the gateway can reach: whoever asks is the gateway.
func Anybody(*fasthttp.RequestCtx) bool { return true }

// Tally is how many answers there were.
type Tally struct {
	Answers    [6]int64 // by the first digit of the status; index 0: any other
	Suppressed int64    // errors and refusals that were not logged
}

// Tally counts since the start. Safe for concurrent use.
func (a *Access) Tally() (t Tally) {
	for i := range a.answers {
		t.Answers[i] = a.answers[i].Load()
	}
	t.Suppressed = a.failures.suppressed.Load() + a.refusals.suppressed.Load()
	return t
}

// Handler is next with the request's id, which also goes into the answer, and the log.
func (a *Access) Handler(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		var kept [maxRequestID]byte
		id := Identify(kept[:0], ctx, a.Trusted != nil && a.Trusted(ctx))
		next(ctx)
		ctx.Response.Header.SetCanonical(headerRequestID, id)
		a.note(ctx, id)
	}
}

// Unreadable is Handler for what the server could not read as a request.
func (a *Access) Unreadable(next func(*fasthttp.RequestCtx, error)) func(*fasthttp.RequestCtx, error) {
	return func(ctx *fasthttp.RequestCtx, err error) {
		id := Identify(nil, ctx, false)
		next(ctx, err)
		ctx.Response.Header.SetCanonical(headerRequestID, id)
		a.note(ctx, id)
	}
}

// note counts an answer and logs it if it is one to be logged.
func (a *Access) note(ctx *fasthttp.RequestCtx, id []byte) {
	status := ctx.Response.StatusCode()
	class := status / 100
	if class < 1 || class > 5 {
		class = 0
	}
	a.answers[class].Add(1)
	switch {
	case a.Log == nil:
	case class == 5:
		a.tell(ctx, id, status, slog.LevelError, "request failed", &a.failures)
	case class == 4:
		if a.Quiet == nil || !a.Quiet(ctx) {
			a.tell(ctx, id, status, slog.LevelWarn, "request refused", &a.refusals)
		}
	case a.Sample > 0 && a.sampled.Add(1)%uint64(a.Sample) == 0: //nolint:gosec // Not negative.
		if a.Quiet == nil || !a.Quiet(ctx) {
			a.tell(ctx, id, status, slog.LevelInfo, "request", nil)
		}
	}
}

// tell writes a line, if the ration allows it.
func (a *Access) tell(ctx *fasthttp.RequestCtx, id []byte, status int, level slog.Level, message string, r *ration) {
	attrs := []slog.Attr{slog.String("request_id", string(id))}
	if r != nil {
		ok, left := r.take(time.Now())
		if !ok {
			return
		}
		if left > 0 {
			attrs = append(attrs, slog.Int64("suppressed", left))
		}
	}
	attrs = append(attrs, slog.String("method", string(ctx.Method())), slog.String("path", LogPath(ctx)), slog.Int("status", status))
	if began := ctx.Time(); !began.IsZero() {
		attrs = append(attrs, slog.Float64("took_ms", float64(time.Since(began).Microseconds())/1000))
	}
	if f, ok := ctx.UserValue(failureKey{}).(*fault.Error); ok {
		attrs = append(attrs, slog.String("problem", f.Type))
		if status >= fasthttp.StatusInternalServerError {
			attrs = append(attrs, slog.String("err", f.Error()))
		}
	}
	a.Log.LogAttrs(context.Background(), level, message, attrs...)
}

// failureKey is where Handle leaves the error that it has answered with, as a request's user value.
type failureKey struct{}
