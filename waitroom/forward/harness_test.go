package forward

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/internal/testenv"
)

// patience is how long a test waits for what must happen; nothing is concluded from how long it took.
const patience = 2 * time.Minute

func TestMain(m *testing.M) { testenv.VerifyNoLeaks(m) }

// listen opens a port for a test.
func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return l
}

// upstream runs a script for every connection that it gets, numbered from 1, and closes the connection when the script returns.
func upstream(t testing.TB, script func(n int, c *peer)) string {
	t.Helper()
	l := listen(t)
	var scripts sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]struct{}{}
	accepted := make(chan struct{})
	go func() {
		defer close(accepted)
		for n := 1; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open[c] = struct{}{}
			mu.Unlock()
			scripts.Go(func() {
				script(n, &peer{TCPConn: c.(*net.TCPConn), in: bufio.NewReader(c)})
				_ = c.Close()
			})
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-accepted
		mu.Lock()
		for c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		scripts.Wait()
	})
	return l.Addr().String()
}

// peer is one end of a connection that a test speaks for.
type peer struct {
	*net.TCPConn
	in *bufio.Reader
}

// head reads the head of a request or an answer as it came; empty at the end of the connection.
func (p *peer) head() string {
	var all strings.Builder
	for {
		line, err := p.in.ReadString('\n')
		if err != nil {
			return ""
		}
		all.WriteString(line)
		if line == "\r\n" {
			return all.String()
		}
	}
}

func (p *peer) say(text string) error {
	_, err := io.WriteString(p, text)
	return err
}

// untilClosed returns when the other side has closed.
func (p *peer) untilClosed() { _, _ = io.Copy(io.Discard, p.in) }

// reset closes so that the other side gets a reset.
func (p *peer) reset() {
	_ = p.SetLinger(0)
	_ = p.Close()
}

// dial connects to a gateway.
func dial(t testing.TB, addr string) *peer {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(patience)))
	return &peer{TCPConn: c.(*net.TCPConn), in: bufio.NewReader(c)}
}

// front is a gateway that does nothing but forward.
type front struct {
	addr    string
	pool    *Pool
	server  *fasthttp.Server
	stop    func()
	still   func() bool // set before the first request
	answers chan result // of each call of Forward, if there is room
}

type result struct {
	answer Answer
	err    error
}

// serve starts a gateway in front of an upstream.
func serve(t testing.TB, o Options) *front {
	t.Helper()
	if o.Name == "" {
		o.Name = "shop"
	}
	for _, bound := range []*time.Duration{&o.DialTimeout, &o.FirstByte, &o.Silence, &o.IdleAge} { // a busy machine is no bad upstream
		if *bound == 0 {
			*bound = patience
		}
	}
	pool, err := New(o)
	require.NoError(t, err)
	f := &front{pool: pool, answers: make(chan result, 100)}
	f.server = &fasthttp.Server{
		Handler: func(ctx *fasthttp.RequestCtx) {
			endpoint.Identify(make([]byte, 0, 64), ctx, false)
			answer, err := pool.Forward(ctx, Request{Pass: "the-pass", Client: endpoint.ConnAddr(ctx), Proto: "http", Host: ctx.Host(), Still: f.still})
			select {
			case f.answers <- result{answer, err}:
			default:
			}
			if err != nil {
				endpoint.Problem(ctx, err)
			}
		},
		StreamRequestBody: true, ReadBufferSize: 16 << 10, NoDefaultServerHeader: true, NoDefaultContentType: true, DisablePreParseMultipartForm: true,
		CloseOnShutdown: true, Logger: mute{},
	}
	l := listen(t)
	f.addr = l.Addr().String()
	served := make(chan error, 1)
	go func() { served <- f.server.Serve(l) }()
	f.stop = sync.OnceFunc(func() {
		limit, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := f.server.ShutdownWithContext(limit); err != nil {
			t.Errorf("the gateway does not stop: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("the gateway served with: %v", err)
		}
		pool.Close()
		select {
		case <-pool.Ended():
		case <-time.After(patience):
			t.Error("the pool does not end")
		}
	})
	t.Cleanup(f.stop)
	return f
}

type mute struct{}

func (mute) Printf(string, ...any) {}

// request sends a request as it is written and reads the whole answer; method is the request's.
func (p *peer) request(t testing.TB, raw string) (*http.Response, string) {
	t.Helper()
	require.NoError(t, p.say(raw))
	return p.answer(t, raw[:strings.IndexByte(raw, ' ')])
}

// answer reads the whole answer to a request with this method.
func (p *peer) answer(t testing.TB, method string) (*http.Response, string) {
	t.Helper()
	res, err := http.ReadResponse(p.in, &http.Request{Method: method})
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	if err != nil {
		body = append(body, "<cut>"...)
	}
	_ = res.Body.Close()
	return res, string(body)
}

const get = "GET /x HTTP/1.1\r\nHost: shop.test\r\n\r\n"

// outcome is the type of the error that the next call of Forward gave, or "".
func (f *front) outcome(t testing.TB) string {
	t.Helper()
	select {
	case r := <-f.answers:
		var e *fault.Error
		if errors.As(r.err, &e) {
			return e.Type
		}
		require.NoError(t, r.err)
		return ""
	case <-time.After(patience):
		t.Fatal("Forward did not return")
		return ""
	}
}

// eventually polls until a condition holds.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, patience, 5*time.Millisecond, what)
}

// requestOf reads a request with a body of known length.
func (p *peer) requestOf(t testing.TB) (head string, body []byte) {
	head = p.head()
	if head == "" {
		return "", nil
	}
	req, err := http.ReadRequest(newReader(head, p.in))
	if err != nil {
		t.Errorf("the upstream got %q: %v", head, err)
		return head, nil
	}
	body, err = io.ReadAll(req.Body)
	if err != nil {
		t.Errorf("the upstream got a bad body: %v", err)
	}
	return head, bytes.Clone(body)
}

// newReader reads a head that has been read already, and goes on with what follows it.
func newReader(head string, rest io.Reader) *bufio.Reader {
	return bufio.NewReader(io.MultiReader(strings.NewReader(head), rest))
}

// emptyConn is a connection at its end.
type emptyConn struct{ net.Conn }

func (emptyConn) Read([]byte) (int, error) { return 0, io.EOF }
