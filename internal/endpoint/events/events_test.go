package events

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

const patience = time.Minute // for what should come at once; nothing is concluded from how long it took

// server serves a stream to everybody.
type server struct {
	addr     string
	news     chan []byte
	open     atomic.Int64
	shutdown func() // ends it and waits for it
}

func serve(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &server{addr: l.Addr().String(), news: make(chan []byte)}
	of := &fasthttp.Server{CloseOnShutdown: true, Handler: func(ctx *fasthttp.RequestCtx) {
		s.open.Add(1)
		Stream[[]byte]{First: Text("first", "", []byte("1")), News: s.news, Event: func(b []byte) []byte { return b }, Leave: func() { s.open.Add(-1) }}.Answer(ctx)
		ctx.Response.Header.Set("X-Later", "added after the handler")
	}}
	go func() { _ = of.Serve(l) }()
	s.shutdown = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		require.NoError(t, of.ShutdownWithContext(ctx))
	})
	t.Cleanup(s.shutdown)
	return s
}

// ask sends a request of a version of HTTP.
func (s *server) ask(t *testing.T, version string) (conn net.Conn, in *bufio.Reader, res *http.Response) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", s.addr, patience)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err = io.WriteString(conn, "GET / "+version+"\r\nHost: shop.test\r\n\r\n")
	require.NoError(t, err)
	in = bufio.NewReader(conn)
	res, err = http.ReadResponse(in, nil)
	require.NoError(t, err)
	return conn, in, res
}

// TestAnswersByVersionOfHTTP: one of HTTP/1.0 has no chunks, and both end with the server.
func TestAnswersByVersionOfHTTP(t *testing.T) {
	t.Parallel()
	for version, coding := range map[string][]string{"HTTP/1.1": {"chunked"}, "HTTP/1.0": nil} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			_, _, res := s.ask(t, version)
			require.Equal(t, 200, res.StatusCode)
			require.Equal(t, "text/event-stream; charset=utf-8", res.Header.Get("Content-Type"))
			require.Equal(t, "no-store", res.Header.Get("Cache-Control"))
			require.Equal(t, "no", res.Header.Get("X-Accel-Buffering"))
			require.Equal(t, "added after the handler", res.Header.Get("X-Later"))
			require.True(t, res.Close)
			require.Equal(t, coding, res.TransferEncoding)
			body := bufio.NewReader(res.Body)
			for _, want := range []string{"event: first\n", "data: 1\n", "\n"} {
				line, err := body.ReadString('\n')
				require.NoError(t, err)
				require.Equal(t, want, line)
			}
			s.news <- Text("next", "", []byte("2"))
			line, err := body.ReadString('\n')
			require.NoError(t, err)
			require.Equal(t, "event: next\n", line)
			require.EqualValues(t, 1, s.open.Load())
			s.shutdown() // fails while a stream keeps the server
			rest, err := io.ReadAll(body)
			require.NoError(t, err)
			require.Equal(t, "data: 2\n\n", string(rest))
			require.Zero(t, s.open.Load())
		})
	}
}

// TestAClientThatIsGoneLeaves is told by what is written next; control: one that is there stays.
func TestAClientThatIsGoneLeaves(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"HTTP/1.1", "HTTP/1.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			gone, _, _ := s.ask(t, version)
			_, _, stays := s.ask(t, version)
			go func() { _, _ = io.Copy(io.Discard, stays.Body) }()
			require.NoError(t, gone.Close())
			require.Eventually(t, func() bool {
				select {
				case s.news <- Text("next", "", []byte("2")):
				default:
				}
				return s.open.Load() == 1
			}, patience, time.Millisecond)
			for range 100 { // there is nobody else who takes them
				s.news <- Text("next", "", []byte("3"))
			}
			require.EqualValues(t, 1, s.open.Load())
		})
	}
}
