package proxy

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/forward"
)

const patience = 2 * time.Minute

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
	pool, err := forward.New(forward.Options{Name: "tap", Addresses: []string{tap.addr}, Silence: patience, FirstByte: patience, DialTimeout: patience})
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

// When a visitor says that there is nothing more to come. Who has said so looks to a gateway like one who has left, once the answer takes a second.
type done uint8

const (
	never done = iota
	atOnce
	afterAnAnswer
)

// exchangeRaw sends bytes as they are, says that this was all, and reads everything until the other side closes.
func exchangeRaw(t *testing.T, addr, raw string, all done) (statuses []int) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(patience)))
	_, err = io.WriteString(c, raw)
	require.NoError(t, err)
	finish := func() { _ = c.(*net.TCPConn).CloseWrite() } // fails where the other side has closed already
	if all == atOnce {
		finish()
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
		if all == afterAnAnswer {
			finish()
		}
	}
}

// behind is the request that an attacker hides behind another.
const behind = "GET /hidden HTTP/1.1\r\nHost: shop.test\r\n\r\n"

func TestAmbiguousRequestsReachNobody(t *testing.T) {
	t.Parallel()
	addr, tap := wired(t, true)
	for name, s := range testenv.AmbiguousRequests {
		statuses := exchangeRaw(t, addr, s.Raw+behind, atOnce)
		assert.Equal(t, []int{s.Status}, statuses, "%s: refused, and nothing read behind it", name)
	}
	assert.Empty(t, tap.all())
}

// The control: without our own look, some of them go on to the upstream, and some take a hidden request along.
func TestTheServerAloneLetsAmbiguousRequestsThrough(t *testing.T) {
	t.Parallel()
	passed, taken := 0, ""
	for _, s := range testenv.AmbiguousRequests {
		addr, tap := wired(t, false) // one for each: what one has brought to the upstream is not to decide how the next is answered
		if slices.Contains(exchangeRaw(t, addr, s.Raw+behind, atOnce), 200) {
			passed++
		}
		taken += tap.all()
	}
	assert.NotZero(t, passed)
	assert.NotEmpty(t, taken)
}

// Bodies that turn out to be none when they are read: what has gone on by then is cut off, and nothing hidden in them is a request.
func TestBadChunksTakeNothingAlong(t *testing.T) {
	t.Parallel()
	for name, body := range testenv.BadChunks {
		addr, tap := wired(t, true)
		statuses := exchangeRaw(t, addr, "POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n"+body+behind, never)
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
		assert.Equal(t, []int{200}, exchangeRaw(t, addr, raw, afterAnAnswer), raw)
	}
	assert.Equal(t, 7, strings.Count(tap.all(), "HTTP/1.1\r\n"))
}
