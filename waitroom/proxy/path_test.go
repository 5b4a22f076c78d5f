package proxy

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
	"anteroom/waitroom/routes"
)

func requestFor(raw string) *fasthttp.RequestCtx {
	ctx := &fasthttp.RequestCtx{}
	ctx.Request.Header.SetHost("localhost")
	ctx.Request.SetRequestURI(raw)
	return ctx
}

func TestCleanPath(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"/":                                   "/",
		"/api/v1/shows?x=%2f":                 "/api/v1/shows",
		"//api///v1/./shows/x/../arena/seats": "/api/v1/shows/arena/seats",
		"/%61pi/%2e%2e/api/v1":                "/api/v1",
		"/a%20b/%ED%95%9C":                    "/a b/한",
		"/x/../../../api/v1":                  "/api/v1",
	} {
		got, err := cleanPath(requestFor(raw))
		require.NoError(t, err, raw)
		assert.Equal(t, want, string(got), raw)
	}
	for _, raw := range []string{"/a%2fb", "/a%2Fb", `/a\b`, "/a%5cb", "/a%5Cb", "/a;b", "/a%3bb", "/a%00", "/a%0ab", "/a%7f", "/a%252f", "/a%", "/a%2", "/a%zz", "/a#b"} {
		_, err := cleanPath(requestFor(raw))
		assert.ErrorIs(t, err, errPath, raw)
	}
}

// FuzzPath: what is decided on is what is forwarded, and a reader who reads it once more sees the same.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{"/api/v1/shows/arena/seats", "//x/../api/v1/./shows/a/b", "/%2e%2e/%61", "/a%25b", "/a%2f..%2fb", "/한글/%ED", "/..;/x", "http://h/api/v1/shows/a/b"} {
		f.Add(seed)
	}
	table := routes.Builtin()
	f.Fuzz(func(t *testing.T, raw string) {
		if strings.ContainsAny(raw, "\r\n\x00 ") {
			t.Skip() // no such thing can be a request's target
		}
		ctx := requestFor(raw)
		path, err := cleanPath(ctx)
		if err != nil {
			return
		}
		decided := bytes.Clone(path)
		way, _ := table.Match(waitroom.Ask{Path: path})
		again := requestFor(string(ctx.URI().RequestURI()))
		second, err := cleanPath(again)
		if err != nil {
			t.Fatalf("%q is forwarded as %q, which would be refused", raw, ctx.URI().RequestURI())
		}
		if !bytes.Equal(decided, second) {
			t.Fatalf("%q: decided on %q, forwarded %q", raw, decided, second)
		}
		lower := strings.ToLower(string(decided))
		rest, gated := strings.CutPrefix(lower, "/api/v1/shows/")
		if gated && strings.Contains(rest, "/") && way.Upstream == routes.Booking && len(way.Room) == 0 {
			t.Fatalf("%q: %q goes to the upstream without a gate", raw, decided)
		}
		if strings.Contains(lower, "/../") || strings.Contains(lower, "//") || strings.Contains(lower, "/./") {
			t.Fatalf("%q: %q is not clean", raw, decided)
		}
	})
}

func TestIsCookie(t *testing.T) {
	t.Parallel()
	plain, secure := &Gate{}, &Gate{Secure: true}
	assert.True(t, plain.isCookie([]byte("wp_arena"), "wp_", "arena"))
	assert.False(t, plain.isCookie([]byte("wp_arena2"), "wp_", "arena"))
	assert.False(t, plain.isCookie([]byte("__Host-wp_arena"), "wp_", "arena"))
	assert.True(t, secure.isCookie([]byte("__Host-wp_arena"), "wp_", "arena"))
	assert.False(t, secure.isCookie([]byte("wp_arena"), "wp_", "arena"), "one that any neighbour could set")
}
