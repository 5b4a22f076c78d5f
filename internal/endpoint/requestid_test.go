package endpoint

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"

	"anteroom/internal/fault"
	"anteroom/internal/testenv"
)

var made = regexp.MustCompile(`^[0-9a-f]{16}$`)

// served runs a server with an access log and returns how to ask it, and what it has logged.
func served(t *testing.T, a *Access, h fasthttp.RequestHandler) (ask func(path string, headers ...string) *http.Response, logged func() string) {
	t.Helper()
	l := fasthttputil.NewInmemoryListener()
	out := &lockedBuffer{}
	a.Log = slog.New(slog.NewJSONHandler(out, nil))
	s := &fasthttp.Server{Handler: a.Handler(h)}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) { return l.Dial() },
	}}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		require.NoError(t, s.Shutdown())
		require.NoError(t, <-ended)
	})
	return func(path string, headers ...string) *http.Response {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://shop.test"+path, nil)
		require.NoError(t, err)
		for i := 0; i+1 < len(headers); i += 2 {
			req.Header.Add(headers[i], headers[i+1])
		}
		res, err := client.Do(req)
		require.NoError(t, err)
		t.Cleanup(func() { res.Body.Close() })
		return res
	}, out.String
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestARequestsIDIsMadeOrTakenFromWhoIsTrusted(t *testing.T) {
	t.Parallel()
	var seen []string
	a := &Access{Trusted: func(ctx *fasthttp.RequestCtx) bool { return string(ctx.Path()) == "/trusted" }}
	ask, _ := served(t, a, func(ctx *fasthttp.RequestCtx) {
		seen = append(seen, RequestID(ctx))
		if string(ctx.Path()) == "/forwarded" { // as a proxy does
			ctx.Request.Header.Del(HeaderRequestID)
			ctx.Response.Reset()
			ctx.Response.Header.Set(HeaderRequestID, "another's")
		}
	})
	ids := map[string]bool{}
	for i, c := range []struct {
		path  string
		given []string
		want  string // empty: a new one
	}{
		{path: "/"}, {path: "/"}, {path: "/", given: []string{"mine"}},
		{path: "/trusted", given: []string{"edge-1:2.3_x"}, want: "edge-1:2.3_x"},
		{path: "/trusted"},
		{path: "/trusted", given: []string{"one", "two"}},
		{path: "/trusted", given: []string{`"}{"level":"ERROR"`}},
		{path: "/trusted", given: []string{strings.Repeat("x", maxRequestID+1)}},
		{path: "/forwarded", given: []string{"mine"}},
	} {
		var headers []string
		for _, id := range c.given {
			headers = append(headers, HeaderRequestID, id)
		}
		got := ask(c.path, headers...).Header.Values(HeaderRequestID)
		require.Len(t, got, 1, "case %d", i)
		require.Equal(t, seen[i], got[0], "case %d: as the handler saw it", i)
		if c.want != "" {
			require.Equal(t, c.want, got[0])
			continue
		}
		require.Regexp(t, made, got[0], "case %d", i)
		require.False(t, ids[got[0]], "case %d: the id was given before", i)
		ids[got[0]] = true
	}
}

func TestAProblemNamesTheRequest(t *testing.T) {
	t.Parallel()
	ask, logged := served(t, &Access{}, Handle(slog.New(slog.DiscardHandler), func(*fasthttp.RequestCtx) error {
		return fault.Wrap(errors.New("dial tcp: refused"), fault.BadGateway, "upstream-failed", "It does not answer.")
	}))
	res := ask("/x")
	var body bytes.Buffer
	_, err := body.ReadFrom(res.Body)
	require.NoError(t, err)
	id := res.Header.Get(HeaderRequestID)
	require.Contains(t, body.String(), fmt.Sprintf(`"request_id":%q`, id))
	require.NotContains(t, body.String(), "refused")
	for _, want := range []string{`"level":"ERROR"`, id, `"problem":"upstream-failed"`, "refused", `"status":502`} {
		require.Contains(t, logged(), want)
	}
}

func TestNamingARequestCostsNoMemory(t *testing.T) {
	l := fasthttputil.NewInmemoryListener()
	defer l.Close()
	allocs := make(chan float64, 1)
	quiet := func(*fasthttp.RequestCtx) {}
	a := &Access{Log: slog.New(slog.DiscardHandler), Sample: 1 << 30}
	h := a.Handler(quiet)
	s := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		allocs <- testing.AllocsPerRun(1000, func() { h(ctx) })
	}}
	go func() { _ = s.Serve(l) }()
	c, err := l.Dial()
	require.NoError(t, err)
	defer c.Close()
	_, err = c.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
	require.NoError(t, err)
	_, err = bufio.NewReader(c).ReadString('\n')
	require.NoError(t, err)
	require.Zero(t, <-allocs)
}

func TestTheLogIsSampledAndRationed(t *testing.T) {
	t.Parallel()
	a := &Access{Sample: 10, Quiet: func(ctx *fasthttp.RequestCtx) bool { return string(ctx.Path()) == "/poll" }}
	ask, logged := served(t, a, func(ctx *fasthttp.RequestCtx) {
		switch string(ctx.Path()) {
		case "/refused", "/poll":
			ctx.SetStatusCode(429)
		case "/broken":
			ctx.SetStatusCode(503)
		}
	})
	for range 200 {
		ask("/fine")
		ask("/poll")
	}
	require.Equal(t, 20, strings.Count(logged(), `"msg":"request"`))
	require.NotContains(t, logged(), "/poll")

	for path, message := range map[string]string{"/refused": "request refused", "/broken": "request failed"} {
		before := a.Tally().Suppressed
		for a.Tally().Suppressed == before {
			ask(path)
		}
		// Of a kind there is another line after a while, which says how many there were between.
		require.True(t, testenv.Eventually(func() bool {
			ask(path)
			return strings.Contains(logged(), fmt.Sprintf(`"msg":%q`, message)) && strings.Contains(logged(), `"suppressed":`)
		}))
		require.Less(t, int64(strings.Count(logged(), fmt.Sprintf(`"msg":%q`, message))), a.Tally().Answers[4]+a.Tally().Answers[5])
	}
	require.EqualValues(t, 200, a.Tally().Answers[2])
}

func TestARationIsRefilled(t *testing.T) {
	t.Parallel()
	var r ration
	start := time.Now()
	taken := func(after time.Duration) (n int, left int64) {
		for {
			ok, l := r.take(start.Add(after))
			if !ok {
				return n, left
			}
			n, left = n+1, left+l
		}
	}
	n, left := taken(0)
	require.Equal(t, linesAtOnce, n)
	require.Zero(t, left)
	n, left = taken(time.Second)
	require.Equal(t, linesPerSecond, n)
	require.EqualValues(t, 1, left)
	n, _ = taken(time.Hour)
	require.Equal(t, linesAtOnce, n, "no more is saved up")
	n, _ = taken(time.Minute)
	require.Zero(t, n, "nor for a clock that steps back")
	require.EqualValues(t, 4, r.suppressed.Load())
}

func TestALogHoldsNoTokens(t *testing.T) {
	t.Parallel()
	const secret = "eyJhbGciOiJFZERTQSJ9.eyJyb29tIjoiYXJlbmEifQ.c2lnbmF0dXJl"
	ask, logged := served(t, &Access{Sample: 1}, func(ctx *fasthttp.RequestCtx) {
		if string(ctx.Path()) == "/broken" {
			ctx.SetStatusCode(500)
		}
	})
	for _, path := range []string{"/shows/arena?bypass=" + secret, "/move/" + secret, "/move/" + secret + "/x", "/broken?" + secret, "/" + strings.Repeat("a/", 500)} {
		ask(path, "Cookie", "wp_arena="+secret, "Authorization", "Bearer "+secret, "Waitroom-Pass", secret, "Referer", "http://x/?"+secret)
	}
	lines := strings.Split(strings.TrimSpace(logged()), "\n")
	require.Len(t, lines, 5)
	for _, line := range lines {
		require.NotContains(t, line, secret[:20])
		require.Less(t, len(line), 600)
	}
	require.Contains(t, logged(), `"path":"/move/~/x"`)
}
