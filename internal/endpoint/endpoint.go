// Package endpoint is what every HTTP endpoint of ours does alike: decode a request strictly, answer
// in JSON, and turn an error into a problem document (RFC 9457).
package endpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/fault"
)

// MaxBody bounds the JSON bodies we read, in bytes.
const MaxBody = 64 << 10

// URN is the prefix of every problem type.
const URN = "urn:anteroom:problem:"

// Handler answers a request or returns the error that Handle renders.
type Handler func(ctx *fasthttp.RequestCtx) error

// Handle turns h into a fasthttp handler: an error becomes a problem document, a panic becomes a
// logged 500. What the caller did wrong is not logged; what we did wrong is, once, here.
func Handle(log *slog.Logger, h Handler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		defer func() {
			if r := recover(); r != nil {
				Logger(ctx, log).Error("panic in handler", "method", string(ctx.Method()), "path", LogPath(ctx), "panic", r, "stack", string(debug.Stack()))
				ctx.Response.Reset()
				Problem(ctx, fault.From(errors.New("panic")))
			}
		}()
		err := h(ctx)
		if err == nil {
			return
		}
		f := fault.From(err)
		ctx.SetUserValue(failureKey{}, f) // for the access log
		if f.Code == fault.Internal {
			Logger(ctx, log).Error("defect", "method", string(ctx.Method()), "path", LogPath(ctx), "err", err)
		}
		Problem(ctx, f)
	}
}

var statuses = map[fault.Code]int{
	fault.Internal:         fasthttp.StatusInternalServerError,
	fault.Malformed:        fasthttp.StatusBadRequest,
	fault.Invalid:          fasthttp.StatusUnprocessableEntity,
	fault.Unauthenticated:  fasthttp.StatusUnauthorized,
	fault.Forbidden:        fasthttp.StatusForbidden,
	fault.NotFound:         fasthttp.StatusNotFound,
	fault.MethodNotAllowed: fasthttp.StatusMethodNotAllowed,
	fault.Conflict:         fasthttp.StatusConflict,
	fault.Gone:             fasthttp.StatusGone,
	fault.PaymentRequired:  fasthttp.StatusPaymentRequired,
	fault.TooLarge:         fasthttp.StatusRequestEntityTooLarge,
	fault.HeadTooLarge:     fasthttp.StatusRequestHeaderFieldsTooLarge,
	fault.TooSlow:          fasthttp.StatusRequestTimeout,
	fault.TooMany:          fasthttp.StatusTooManyRequests,
	fault.Unavailable:      fasthttp.StatusServiceUnavailable,
	fault.BadGateway:       fasthttp.StatusBadGateway,
	fault.GatewayTimeout:   fasthttp.StatusGatewayTimeout,
	fault.Misdirected:      fasthttp.StatusMisdirectedRequest,
	fault.Needed:           fasthttp.StatusPreconditionRequired,
}

// Status is the HTTP status of a code.
func Status(c fault.Code) int { return statuses[c] }

// Problem answers with err as a problem document, which also names the request. Anything that is not a fault.Error is shown as an
// internal error.
func Problem(ctx *fasthttp.RequestCtx, err error) {
	f := fault.From(err)
	status := Status(f.Code)
	doc := make(map[string]any, len(f.Extra)+4)
	for k, v := range f.Extra {
		doc[k] = v
	}
	doc["type"] = URN + f.Type
	doc["title"] = fasthttp.StatusMessage(status)
	doc["status"] = status
	doc["detail"] = f.Message
	doc["request_id"] = RequestID(ctx)
	if len(f.Fields) > 0 {
		doc["fields"] = f.Fields
	}
	if f.RetryAfter > 0 {
		ctx.Response.Header.Set(fasthttp.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	JSON(ctx, status, doc)
	ctx.Response.Header.SetContentType("application/problem+json")
}

// JSON answers with v.
func JSON(ctx *fasthttp.RequestCtx, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // a type of ours that cannot be encoded is a defect; Handle logs it
	}
	head(ctx, status)
	ctx.Response.SetBodyRaw(body)
}

// Appended is JSON for what can write itself.
func Appended(ctx *fasthttp.RequestCtx, status int, v interface{ AppendJSON(b []byte) []byte }) {
	head(ctx, status)
	ctx.Response.SetBodyRaw(v.AppendJSON(make([]byte, 0, appendedSize)))
}

// appendedSize is enough for most answers, in bytes, and a size of which the allocator keeps a list.
const appendedSize = 768

// head is what all answers in JSON have. Answers are about one caller, so nothing on the way may keep them unless the handler has said
// otherwise in Cache-Control.
func head(ctx *fasthttp.RequestCtx, status int) {
	ctx.SetStatusCode(status)
	ctx.Response.Header.SetContentType("application/json")
	if len(ctx.Response.Header.PeekCanonical(headerCacheControl)) == 0 {
		ctx.Response.Header.SetCanonical(headerCacheControl, noStore)
	}
}

var (
	headerCacheControl = []byte(fasthttp.HeaderCacheControl)
	noStore            = []byte("no-store")
)

// Decode reads the request's JSON body into dst and refuses what the contract does not know: another content type
// (415 would be lost on most clients; it is named in a 400), an unknown member, a wrong type, a second document.
func Decode(ctx *fasthttp.RequestCtx, dst any) error {
	mediaType, _, _ := strings.Cut(string(ctx.Request.Header.ContentType()), ";")
	if !strings.EqualFold(strings.TrimSpace(mediaType), "application/json") {
		return fault.New(fault.Malformed, "content-type", "The body must be application/json.")
	}
	body := ctx.PostBody()
	if len(body) > MaxBody {
		return fault.New(fault.TooLarge, "body-too-large", "The body is larger than %d bytes.", MaxBody)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(dst); err != nil {
		return malformed(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Malformed, "json-malformed", "The body holds more than one JSON document.")
	}
	return nil
}

func malformed(err error) error {
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &typ):
		f := fault.Wrap(err, fault.Malformed, "json-type", "A value in the body has the wrong type.")
		return f.WithField(typ.Field, "is a %s, must be a %s", typ.Value, typ.Type)
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		name := strings.Trim(strings.TrimPrefix(err.Error(), "json: unknown field "), `"`)
		return fault.Wrap(err, fault.Malformed, "json-unknown-field", "The body has a member that this call does not know.").WithField(name, "is not known")
	case errors.Is(err, io.EOF):
		return fault.Wrap(err, fault.Malformed, "json-malformed", "The body is empty; a JSON document is required.")
	default:
		return fault.Wrap(err, fault.Malformed, "json-malformed", "The body is not valid JSON: %s.", strings.TrimPrefix(err.Error(), "json: "))
	}
}

// QueryInt reads an optional whole number from the query string; absent gives def.
func QueryInt(ctx *fasthttp.RequestCtx, name string, def, low, high int64) (int64, error) {
	raw := ctx.QueryArgs().Peek(name)
	if len(raw) == 0 {
		return def, nil
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < low || n > high {
		return 0, fault.New(fault.Malformed, "query-invalid", "The query is not acceptable.").
			WithField(name, "must be a whole number from %d to %d", low, high)
	}
	return n, nil
}

// SameOrigin refuses a request that changes something and comes from a page of another host: the protection against
// cross-site request forgery for sessions in cookies. A client that is no browser sends no Origin and passes.
func SameOrigin(next Handler) Handler {
	return func(ctx *fasthttp.RequestCtx) error {
		if ctx.IsGet() || ctx.IsHead() || ctx.IsOptions() {
			return next(ctx)
		}
		origin := ctx.Request.Header.Peek(fasthttp.HeaderOrigin)
		if len(origin) == 0 {
			return next(ctx)
		}
		u, err := url.Parse(string(origin))
		if err != nil || u.Host == "" || !strings.EqualFold(u.Host, requestHost(ctx)) {
			return fault.New(fault.Forbidden, "origin-mismatch", "A page of another site may not do this.")
		}
		return next(ctx)
	}
}

// requestHost is the host the visitor's browser asked for: the gateway in front says it in X-Forwarded-Host,
// having overwritten whatever the visitor sent there.
func requestHost(ctx *fasthttp.RequestCtx) string {
	if h := ctx.Request.Header.Peek(fasthttp.HeaderXForwardedHost); len(h) > 0 {
		return string(h)
	}
	return string(ctx.Host())
}

// NotFound answers for a path that no route knows.
func NotFound(ctx *fasthttp.RequestCtx) {
	Problem(ctx, fault.New(fault.NotFound, "path-unknown", "There is nothing at this path."))
}

// MethodNotAllowed answers for a known path with another method.
func MethodNotAllowed(ctx *fasthttp.RequestCtx) {
	Problem(ctx, fault.New(fault.MethodNotAllowed, "method-not-allowed", "This path does not take this method."))
}

// Cookie sets a cookie as all of ours are set: HttpOnly, SameSite=Lax, Path=/, and over HTTPS Secure with the
// __Host- prefix, which binds it to this very host. A maxAge of zero makes it end with the browser session, a negative one deletes it.
func Cookie(ctx *fasthttp.RequestCtx, secure bool, name, value string, maxAge time.Duration) {
	c := fasthttp.AcquireCookie()
	defer fasthttp.ReleaseCookie(c)
	c.SetKey(CookieName(secure, name))
	c.SetValue(value)
	c.SetPath("/")
	c.SetHTTPOnly(true)
	c.SetSecure(secure)
	c.SetSameSite(fasthttp.CookieSameSiteLaxMode)
	switch {
	case maxAge < 0:
		c.SetExpire(fasthttp.CookieExpireDelete)
	case maxAge > 0:
		c.SetMaxAge(int(maxAge.Seconds()))
	}
	ctx.Response.Header.SetCookie(c)
}

// CookieName is the name a cookie of ours goes by: with the __Host- prefix over HTTPS.
func CookieName(secure bool, name string) string {
	if secure {
		return "__Host-" + name
	}
	return name
}
