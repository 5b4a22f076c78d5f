package proxy

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/waitroom"
	"anteroom/waitroom/forward"
)

const patience = time.Minute

// wiretap is an upstream that keeps every byte it gets, and answers whenever a request seems to have ended.
type wiretap struct {
	addr string
	mu   sync.Mutex
	got  strings.Builder
}

func (w *wiretap) all() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.got.String()
}

func newWiretap(t *testing.T) *wiretap {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &wiretap{addr: l.Addr().String()}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				defer c.Close()
				buffer := make([]byte, 64<<10)
				for {
					n, err := c.Read(buffer)
					w.mu.Lock()
					w.got.Write(buffer[:n])
					all := w.got.String()
					ended := strings.HasSuffix(all, "\r\n\r\n") && (!strings.Contains(all, "chunked") || strings.HasSuffix(all, "0\r\n\r\n"))
					w.mu.Unlock()
					if ended {
						_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
					}
					if err != nil {
						return
					}
				}
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		conns.Wait()
	})
	return w
}

// wired serves requests on a port with the server's own strictness, and with ours if guarded, in front of a wiretap.
func wired(t *testing.T, guarded bool) (addr string, tap *wiretap) {
	t.Helper()
	tap = newWiretap(t)
	pool, err := forward.New(forward.Options{Name: "tap", Addresses: []string{tap.addr}, Silence: patience, FirstByte: patience})
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &fasthttp.Server{
		StreamRequestBody: true, ReadBufferSize: 16 << 10, DisablePreParseMultipartForm: true, Logger: noLog{}, CloseOnShutdown: true,
		ErrorHandler: func(ctx *fasthttp.RequestCtx, err error) {
			OnError(ctx, err)
			endpoint.Linger(ctx) // as the service does
		},
		Handler: endpoint.Handle(slog.New(slog.DiscardHandler), func(ctx *fasthttp.RequestCtx) error {
			if guarded {
				if err := checkWire(ctx); err != nil {
					return err
				}
			}
			_, err := pool.Forward(ctx, waitroom.Onward{Proto: "http", Host: ctx.Host()})
			return err
		}),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		limit, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		assert.NoError(t, server.ShutdownWithContext(limit))
		assert.NoError(t, <-served)
		pool.Close()
		<-pool.Ended()
	})
	return l.Addr().String(), tap
}

type noLog struct{}

func (noLog) Printf(string, ...any) {}

// exchangeRaw sends bytes as they are, says that this was all if it is, and reads everything until the other side closes.
func exchangeRaw(t *testing.T, addr, raw string, all bool) (statuses []int) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(patience)))
	_, err = io.WriteString(c, raw)
	require.NoError(t, err)
	if all {
		_ = c.(*net.TCPConn).CloseWrite() // fails where the other side has closed already
	}
	in := bufio.NewReader(c)
	for {
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return statuses
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		statuses = append(statuses, res.StatusCode)
	}
}

// behind is the request that an attacker hides behind another.
const behind = "GET /hidden HTTP/1.1\r\nHost: shop.test\r\n\r\n"

// shapes are requests that can be read in more than one way, by what is ambiguous in them, with the status of the refusal.
var shapes = map[string]struct {
	raw    string
	status int
}{
	"length and chunks":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	"chunks and length":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
	"a GET with both":               {"GET /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n", 400},
	"two lengths":                   {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400},
	"the same length twice":         {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400},
	"a list of lengths":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5, 5\r\n\r\nhello", 400},
	"a length with a plus":          {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: +5\r\n\r\nhello", 400},
	"a length with a minus":         {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: -5\r\n\r\nhello", 400},
	"a hexadecimal length":          {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 0x5\r\n\r\nhello", 400},
	"a length and more":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5 6\r\n\r\nhello", 400},
	"a length without digits":       {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length:\r\n\r\n", 400},
	"a length beyond all bounds":    {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
	"a length with an underscore":   {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent_Length: 5\r\n\r\nhello", 400},
	"chunks with an underscore":     {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer_Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	"space before the colon":        {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length : 5\r\n\r\nhello", 400},
	"a tab before the colon":        {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", 400},
	"identity":                      {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: identity\r\n\r\n", 400},
	"identity and a length":         {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello", 400},
	"compressed chunks":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
	"chunks named twice":            {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400},
	"two encodings":                 {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400},
	"an encoding nobody knows":      {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
	"a quoted encoding":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 400},
	"an encoding with a tab inside": {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunk\ted\r\n\r\n0\r\n\r\n", 400},
	"chunks of HTTP/1.0":            {"POST /x HTTP/1.0\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	"a folded line":                 {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: a\r\n b\r\n\r\n", 400},
	"a line folded with a tab":      {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: a\r\n\tb\r\n\r\n", 400},
	"a folded encoding":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400},
	"a folded first line":           {"GET /x HTTP/1.1\r\n Host: shop.test\r\nHost: shop.test\r\n\r\n", 400},
	"bare line feeds":               {"GET /x HTTP/1.1\nHost: shop.test\nX: y\n\n", 400},
	"one bare line feed":            {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: a\nTransfer-Encoding: chunked\r\n\r\n", 400},
	"a bare line feed at the end":   {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: a\r\n\n", 400},
	"a carriage return in a value":  {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: a\rX-B: b\r\n\r\n", 400},
	"a null byte in a value":        {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: a\x00b\r\n\r\n", 400},
	"a null byte in a name":         {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX\x00A: a\r\n\r\n", 400},
	"a space in a name":             {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX A: a\r\n\r\n", 400},
	"a line without a colon":        {"GET /x HTTP/1.1\r\nHost: shop.test\r\nhello\r\n\r\n", 400},
	"no name":                       {"GET /x HTTP/1.1\r\nHost: shop.test\r\n: a\r\n\r\n", 400},
	"no host":                       {"GET /x HTTP/1.1\r\nX-A: a\r\n\r\n", 400},
	"an empty host":                 {"GET /x HTTP/1.1\r\nHost:\r\n\r\n", 400},
	"two hosts":                     {"GET /x HTTP/1.1\r\nHost: shop.test\r\nHost: other.test\r\n\r\n", 400},
	"a host with a path":            {"GET /x HTTP/1.1\r\nHost: shop.test/y\r\n\r\n", 400},
	"a host with a user":            {"GET /x HTTP/1.1\r\nHost: me@shop.test\r\n\r\n", 400},
	"a host with a space":           {"GET /x HTTP/1.1\r\nHost: shop.test other.test\r\n\r\n", 400},
	"a list of hosts":               {"GET /x HTTP/1.1\r\nHost: shop.test,other.test\r\n\r\n", 400},
	"a port that is none":           {"GET /x HTTP/1.1\r\nHost: shop.test:http\r\n\r\n", 400},
	"an address without its end":    {"GET /x HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
	"another host in the line":      {"GET http://other.test/x HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"another port in the line":      {"GET http://shop.test:81/x HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"a user in the line":            {"GET http://me@other.test/x HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"a target without a slash":      {"GET x HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"two spaces in the line":        {"GET  /x HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"a space in the target":         {"GET /x /y HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"a space behind the version":    {"GET /x HTTP/1.1 \r\nHost: shop.test\r\n\r\n", 400},
	"a null byte in the target":     {"GET /x\x00y HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"a method that is none":         {"GE(T /x HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"another version":               {"GET /x HTTP/1.2\r\nHost: shop.test\r\n\r\n", 400},
	"a version to come":             {"GET /x HTTP/3.0\r\nHost: shop.test\r\n\r\n", 400},
	"no version":                    {"GET /x\r\nHost: shop.test\r\n\r\n", 400},
	"a long line":                   {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: " + strings.Repeat("a", 20<<10) + "\r\n\r\n", 431},
	"a long target":                 {"GET /" + strings.Repeat("x", 20<<10) + " HTTP/1.1\r\nHost: shop.test\r\n\r\n", 431},
	"many lines":                    {"GET /x HTTP/1.1\r\nHost: shop.test\r\n" + strings.Repeat("X-A: aaaaaaaaaaaaaaaaaaaa\r\n", 1000) + "\r\n", 431},
}

func TestAmbiguousRequestsReachNobody(t *testing.T) {
	t.Parallel()
	addr, tap := wired(t, true)
	for name, s := range shapes {
		statuses := exchangeRaw(t, addr, s.raw+behind, true)
		assert.Equal(t, []int{s.status}, statuses, "%s: refused, and nothing read behind it", name)
	}
	assert.Empty(t, tap.all())
}

// The control: without our own look, some of them go on to the upstream, and some take a hidden request along.
func TestTheServerAloneLetsAmbiguousRequestsThrough(t *testing.T) {
	t.Parallel()
	addr, tap := wired(t, false)
	passed := 0
	for _, s := range shapes {
		for _, status := range exchangeRaw(t, addr, s.raw+behind, true) {
			if status == 200 {
				passed++
				break
			}
		}
	}
	assert.NotZero(t, passed)
	assert.NotEmpty(t, tap.all())
}

// Bodies that turn out to be none when they are read: what has gone on by then is cut off, and nothing hidden in them is a request.
func TestBadChunksTakeNothingAlong(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"a size that is none":         "x\r\nhello\r\n0\r\n\r\n",
		"a size with a sign":          "+5\r\nhello\r\n0\r\n\r\n",
		"a size with 0x":              "0x5\r\nhello\r\n0\r\n\r\n",
		"a size with a space before":  " 5\r\nhello\r\n0\r\n\r\n",
		"a size beyond all bounds":    "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
		"no size":                     "\r\nhello\r\n0\r\n\r\n",
		"a size that ends bare":       "5\nhello\r\n0\r\n\r\n",
		"an extension that ends bare": "5;a\nb\r\nhello\r\n0\r\n\r\n",
		"a chunk that is longer":      "5\r\nhelloX\r\n0\r\n\r\n",
		"a chunk that ends bare":      "5\r\nhello\n0\r\n\r\n",
		"a trailer that is none":      "5\r\nhello\r\n0\r\nno trailer\r\n\r\n",
		"a trailer that frames":       "5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n",
	} {
		addr, tap := wired(t, true)
		statuses := exchangeRaw(t, addr, "POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n"+body+behind, false)
		assert.LessOrEqual(t, len(statuses), 1, name)
		assert.NotContains(t, statuses, 200, name)
		got := tap.all()
		assert.NotContains(t, got, "hidden", name)
		assert.False(t, strings.HasSuffix(got, "0\r\n\r\n"), "%s: the upstream must see that the body is not whole", name)
	}
}

func TestPlainRequestsPass(t *testing.T) {
	t.Parallel()
	addr, tap := wired(t, true)
	for _, raw := range []string{
		"GET /a HTTP/1.1\r\nHost: shop.test\r\n\r\n",
		"GET /b HTTP/1.1\r\nhost:shop.test:8080 \r\nX-Utf8: \xea\xb0\x80\r\nX-Empty:\r\nX-Tab: a\tb\r\n\r\n",
		"GET /c HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
		"GET http://shop.test/d HTTP/1.1\r\nHost: shop.test\r\n\r\n",
		"GET http://SHOP.test/e HTTP/1.1\r\nHost: shop.TEST\r\n\r\n",
		"GET /f HTTP/1.0\r\n\r\n",
		"\r\nGET /g HTTP/1.1\r\nHost: 10.0.0.1\r\nConnection: close\r\n\r\n",
	} {
		assert.Equal(t, []int{200}, exchangeRaw(t, addr, raw, true), raw)
	}
	assert.Equal(t, 7, strings.Count(tap.all(), "HTTP/1.1\r\n"))
}
