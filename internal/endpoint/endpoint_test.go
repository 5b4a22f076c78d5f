package endpoint

import (
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/fault"
)

func answer(t *testing.T, prepare func(*fasthttp.Request), h Handler) *fasthttp.RequestCtx {
	t.Helper()
	var ctx fasthttp.RequestCtx
	ctx.Request.Header.SetMethod(fasthttp.MethodPost)
	ctx.Request.SetRequestURI("http://shop.test/x")
	if prepare != nil {
		prepare(&ctx.Request)
	}
	Handle(slog.New(slog.DiscardHandler), h)(&ctx)
	return &ctx
}

func problem(t *testing.T, ctx *fasthttp.RequestCtx) map[string]any {
	t.Helper()
	require.Equal(t, "application/problem+json", string(ctx.Response.Header.ContentType()))
	var doc map[string]any
	require.NoError(t, json.Unmarshal(ctx.Response.Body(), &doc))
	require.EqualValues(t, ctx.Response.StatusCode(), doc["status"])
	return doc
}

func TestDecodeNamesWhatIsWrong(t *testing.T) {
	type body struct {
		Seats []int64 `json:"seats"`
		Name  string  `json:"name"`
	}
	cases := map[string]struct{ contentType, body, wantType, wantField string }{
		"no content type": {"", `{}`, "content-type", ""},
		"a form":          {"application/x-www-form-urlencoded", `a=b`, "content-type", ""},
		"empty":           {"application/json", ``, "json-malformed", ""},
		"broken":          {"application/json", `{"seats":[1,`, "json-malformed", ""},
		"two documents":   {"application/json", `{} {}`, "json-malformed", ""},
		"wrong type":      {"application/json", `{"seats":"all"}`, "json-type", "seats"},
		"number too big":  {"application/json", `{"seats":[1e99]}`, "json-type", "seats"},
		"unknown member":  {"application/json; charset=utf-8", `{"seat":[1]}`, "json-unknown-field", "seat"},
		"too large":       {"application/json", `{"name":"` + strings.Repeat("a", MaxBody) + `"}`, "body-too-large", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			ctx := answer(t, func(r *fasthttp.Request) {
				r.Header.SetContentType(c.contentType)
				r.SetBodyString(c.body)
			}, func(ctx *fasthttp.RequestCtx) error { return Decode(ctx, new(body)) })
			doc := problem(t, ctx)
			require.Equal(t, URN+c.wantType, doc["type"])
			if c.wantField != "" {
				require.Equal(t, c.wantField, doc["fields"].([]any)[0].(map[string]any)["name"])
			}
		})
	}
}

func TestProblemHidesTheCauseAndKeepsTheRest(t *testing.T) {
	ctx := answer(t, nil, func(*fasthttp.RequestCtx) error {
		return fault.Wrap(errors.New("secret of the database"), fault.Unavailable, "database-unavailable", "Try again.").After(1500*time.Millisecond).With("hint", 7)
	})
	doc := problem(t, ctx)
	require.Equal(t, 503, ctx.Response.StatusCode())
	require.Equal(t, "2", string(ctx.Response.Header.Peek("Retry-After")))
	require.EqualValues(t, 7, doc["hint"])
	require.NotContains(t, string(ctx.Response.Body()), "secret")

	ctx = answer(t, nil, func(*fasthttp.RequestCtx) error { return errors.New("secret of the database") })
	require.Equal(t, 500, ctx.Response.StatusCode())
	require.NotContains(t, string(ctx.Response.Body()), "secret")
}

func TestPanicIsAnAnswer(t *testing.T) {
	ctx := answer(t, nil, func(*fasthttp.RequestCtx) error { panic("secret") })
	require.Equal(t, 500, ctx.Response.StatusCode())
	require.NotContains(t, string(ctx.Response.Body()), "secret")
}

func TestSameOrigin(t *testing.T) {
	ok := SameOrigin(func(ctx *fasthttp.RequestCtx) error { ctx.SetStatusCode(204); return nil })
	cases := map[string]struct {
		method, origin, forwarded string
		want                      int
	}{
		"no browser":         {"POST", "", "", 204},
		"same host":          {"POST", "http://shop.test", "", 204},
		"another host":       {"POST", "http://evil.test", "", 403},
		"opaque":             {"POST", "null", "", 403},
		"behind the gateway": {"POST", "http://front.test", "front.test", 204},
		"foreign, gateway":   {"POST", "http://shop.test", "front.test", 403},
		"reading":            {"GET", "http://evil.test", "", 204},
		"delete":             {"DELETE", "http://evil.test", "", 403},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			ctx := answer(t, func(r *fasthttp.Request) {
				r.Header.SetMethod(c.method)
				if c.origin != "" {
					r.Header.Set("Origin", c.origin)
				}
				if c.forwarded != "" {
					r.Header.Set("X-Forwarded-Host", c.forwarded)
				}
			}, ok)
			require.Equal(t, c.want, ctx.Response.StatusCode())
		})
	}
}

func TestEveryCodeHasAStatus(t *testing.T) {
	for c := fault.Internal; c <= fault.BadGateway; c++ {
		require.NotZero(t, Status(c), "code %d", c)
	}
}

func TestCookieOverHTTPSIsBoundToTheHost(t *testing.T) {
	var ctx fasthttp.RequestCtx
	Cookie(&ctx, true, "an_buyer", "v", time.Hour)
	set := string(ctx.Response.Header.PeekCookie("__Host-an_buyer"))
	for _, want := range []string{"HttpOnly", "secure", "SameSite=Lax", "path=/", "max-age=3600"} {
		require.Contains(t, strings.ToLower(set), strings.ToLower(want))
	}
}
