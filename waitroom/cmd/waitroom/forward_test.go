package main

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/testenv"
)

func TestOnlyTheGatewaySpeaksForItself(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	g := s.start()
	a := g.do("POST", "/api/v1/orders?q=%EC%95%88", []byte("body"),
		"Waitroom-Pass", "forged", "Waitroom-Anything", "x", "waitroom_pass", "y", "X-Forwarded-For", "9.9.9.9", "X-Forwarded-Host", "elsewhere.test",
		"Forwarded", "for=9.9.9.9", "X-Request-Id", "mine", "X-Real-Ip", "9.9.9.9", "X-Original-Url", "/secret",
		"Connection", "X-Forwarded-For, X-Hop", "X-Hop", "1", "Te", "trailers", "Proxy-Authorization", "secret", "Authorization", "Bearer kept")
	require.Equal(t, 200, a.status)
	got := s.booking.all()[0]
	assert.Equal(t, "/api/v1/orders?q=%EC%95%88", got.target)
	assert.Equal(t, "body", got.body)
	for _, gone := range []string{"Waitroom-Pass", "Waitroom-Anything", "Waitroom_pass", "Forwarded", "X-Real-Ip", "X-Original-Url", "X-Hop", "Te", "Proxy-Authorization", "Connection"} {
		assert.NotContains(t, got.header, gone)
	}
	assert.Equal(t, "127.0.0.1", got.header["X-Forwarded-For"])
	assert.Equal(t, g.addr, got.header["X-Forwarded-Host"])
	assert.Equal(t, "http", got.header["X-Forwarded-Proto"])
	assert.Equal(t, strings.TrimPrefix(s.booking.url, "http://"), got.header["Host"])
	assert.Len(t, got.header["X-Request-Id"], 16)
	assert.Equal(t, "Bearer kept", got.header["Authorization"])

	s.booking.forget()
	assert.Equal(t, 200, g.get("/admin/api/session").status)
	assert.Empty(t, s.booking.all())
	require.NotEmpty(t, s.admin.all())
	assert.Equal(t, http.StatusOK, g.do("HEAD", "/api/v1/shows", nil).status)
	for _, p := range []string{"/API/v1/shows", "/Admin/api/x", "/api/v1/shows/Arena/seats", "/shows/ARENA/seats"} {
		assert.Equal(t, 404, g.get(p).status, p)
	}
	assert.Equal(t, 405, g.do("TRACE", "/api/v1/shows", nil).status)
}

func TestAppsAndRoutes(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	g := s.start()
	for path, want := range map[string]int{"/": 200, "/shows/arena": 200, "/nothing.js": 404, "/admin/": 503, "/accounts/x": 503, "/shows/arena/seats": 200} {
		assert.Equal(t, want, g.get(path, "Accept", "text/html").status, path) // there is no room arena here
	}
	index := g.get("/", "Accept", "text/html")
	assert.Equal(t, "no-cache", index.header.Get("Cache-Control"))
	assert.Contains(t, index.header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
	assert.Contains(t, string(g.get("/.well-known/jwks.json").body), `"keys"`)
}

func TestUpstreamAwayIsABadGateway(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(testenv.FreePort(t)))) // nobody takes it once it is closed
	require.NoError(t, err)
	s.settings.BookingURL = "http://" + l.Addr().String()
	g := s.start()
	tries := make(chan int, 1)
	go func() { // accepts, reads, and hangs up: a proxy that retries would come again
		n := 0
		for {
			conn, err := l.Accept()
			if err != nil {
				tries <- n
				return
			}
			n++
			_, _ = bufio.NewReader(conn).ReadString('\n')
			_ = conn.Close()
		}
	}()
	assert.Equal(t, "upstream-failed", g.get("/api/v1/shows").problem(t))
	require.NoError(t, l.Close())
	assert.Equal(t, 1, <-tries)
	assert.Equal(t, 502, g.get("/api/v1/shows").status)
}

func TestEventsPassUnbufferedAndEndWithTheServer(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	next := make(chan string)
	gone := make(chan struct{}, 2)
	s.admin.answerWith(func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/event-stream")
		ctx.Response.ImmediateHeaderFlush = true
		ctx.SetBodyStreamWriter(func(w *bufio.Writer) {
			defer func() { gone <- struct{}{} }()
			for event := range next {
				_, _ = w.WriteString("data: " + event + "\n\n")
				if w.Flush() != nil {
					return
				}
			}
		})
	})
	g := s.start()
	open := func(ctx context.Context) *bufio.Reader {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.url+"/admin/api/live", nil)
		require.NoError(t, err)
		req.Header.Set("Accept", "text/event-stream")
		res, err := http.DefaultTransport.RoundTrip(req)
		require.NoError(t, err)
		t.Cleanup(func() { _ = res.Body.Close() })
		return bufio.NewReader(res.Body)
	}
	stream := open(t.Context())
	for _, event := range []string{"one", "two", "three"} { // each arrives before the next is sent
		next <- event
		line, err := stream.ReadString('\n')
		require.NoError(t, err)
		assert.Equal(t, "data: "+event+"\n", line)
		_, err = stream.ReadString('\n')
		require.NoError(t, err)
	}

	start := time.Now()
	g.stop()
	_, err := stream.ReadString('\n')
	require.Error(t, err)
	select {
	case err := <-g.stopped:
		require.NoError(t, err)
		g.stopped <- nil
	case <-time.After(deadline):
		t.Fatal("the stream holds the drain up")
	}
	t.Logf("stopped after %s", time.Since(start).Round(time.Millisecond))
	close(next)
	<-gone
}
