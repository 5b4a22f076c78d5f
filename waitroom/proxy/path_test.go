package proxy

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
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

func TestMatch(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]struct {
		target target
		room   string
	}{
		"/":                         {toApps, ""},
		"/shows/arena":              {toApps, ""},
		"/shows/arena/seats":        {toApps, "arena"},
		"/shows/arena/seats/":       {toApps, "arena"},
		"/shows/arena/seats/x":      {toApps, "arena"},
		"/shows/arena/seatsx":       {toApps, ""},
		"/shows/arena/Seats":        {toNowhere, ""},
		"/Shows/arena/seats":        {toNowhere, ""},
		"/api/v1/shows":             {toBooking, ""},
		"/api/v1/shows/arena":       {toBooking, ""},
		"/api/v1/shows/arena/":      {toBooking, "arena"},
		"/api/v1/shows/arena/seats": {toBooking, "arena"},
		"/api/v1/shows/arena/x/y":   {toBooking, "arena"},
		"/api/v1/shows/ARENA/seats": {toNowhere, ""},
		"/api/v1/shows//seats":      {toNowhere, ""},
		"/API/v1/shows/arena/seats": {toNowhere, ""},
		"/api/v1/orders/1":          {toBooking, ""},
		"/Api/v1/orders":            {toNowhere, ""},
		"/admin/api/session":        {toAdmin, ""},
		"/ADMIN/api/session":        {toNowhere, ""},
		"/admin/rooms":              {toApps, ""},
		"/waitroom/v1/arena/join":   {toVisitorAPI, ""},
		"/.well-known/jwks.json":    {toVisitorAPI, ""},
		"/.well-known/anything":     {toApps, ""},
		"/control/v1/rooms":         {toNowhere, ""},
	} {
		got := match([]byte(path))
		assert.Equal(t, want.target, got.target, path)
		assert.Equal(t, want.room, string(got.room), path)
	}
}

// FuzzPath: what is decided on is what is forwarded, and a reader who reads it once more sees the same.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{"/api/v1/shows/arena/seats", "//x/../api/v1/./shows/a/b", "/%2e%2e/%61", "/a%25b", "/a%2f..%2fb", "/한글/%ED", "/..;/x", "http://h/api/v1/shows/a/b"} {
		f.Add(seed)
	}
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
		way := match(path)
		room := string(way.room)
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
		if gated && strings.Contains(rest, "/") && way.target == toBooking && room == "" {
			t.Fatalf("%q: %q goes to the upstream without a gate", raw, decided)
		}
		if strings.Contains(lower, "/../") || strings.Contains(lower, "//") || strings.Contains(lower, "/./") {
			t.Fatalf("%q: %q is not clean", raw, decided)
		}
	})
}

func TestHopByHopAndOurs(t *testing.T) {
	t.Parallel()
	var h fasthttp.RequestHeader
	for _, name := range []string{"Waitroom-Pass", "waitroom_pass", "X-FORWARDED-For", "Forwarded", "x-request-ID", "Keep"} {
		h.Add(name, "x")
	}
	for range 40 {
		h.Add("Waitroom-"+strings.Repeat("a", h.Len()%60+1), "x")
	}
	require.NoError(t, cleanRequest(&h))
	for name := range h.All() {
		assert.False(t, isOurs(name), "%s", name)
	}
	assert.Equal(t, "x", string(h.Peek("Keep")))

	var read fasthttp.RequestHeader // as it comes over the wire
	raw := "GET / HTTP/1.1\r\nHost: h\r\nConnection: close, X-One\r\nX-One: 1\r\nConnection: Host, Content-Length, x-two\r\nX-Two: 2\r\nX-Three: 3\r\n\r\n"
	require.NoError(t, read.Read(bufio.NewReader(strings.NewReader(raw))))
	require.NoError(t, cleanRequest(&read))
	for _, gone := range []string{"X-One", "X-Two", "Connection"} {
		assert.Empty(t, read.Peek(gone), gone)
	}
	assert.Equal(t, "h", string(read.Host()))
	assert.Equal(t, "3", string(read.Peek("X-Three")))
	assert.False(t, read.ConnectionClose())
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
