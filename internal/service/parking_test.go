package service

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

// guest is a connection to a server that parks.
type guest struct {
	t  *testing.T
	c  *net.TCPConn
	in *bufio.Reader
}

func newGuest(t *testing.T, url string) *guest {
	t.Helper()
	c := dial(t, strings.TrimPrefix(url, "http://"))
	return &guest{t, c, bufio.NewReader(c)}
}

// ask sends a request on the connection and reads the answer.
func (g *guest) ask(path, body string) *http.Response {
	g.t.Helper()
	_, err := io.WriteString(g.c, "POST "+path+" HTTP/1.1\r\nHost: demo\r\nContent-Length: "+itoa(len(body))+"\r\n\r\n"+body)
	require.NoError(g.t, err)
	res, err := http.ReadResponse(g.in, nil)
	require.NoError(g.t, err)
	answer, err := io.ReadAll(res.Body)
	require.NoError(g.t, err)
	require.Equal(g.t, path+body, string(answer))
	return res
}

func itoa(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

func echo(ctx *fasthttp.RequestCtx) { ctx.SetBodyString(string(ctx.Path()) + string(ctx.PostBody())) }

func parkedSoon(t *testing.T, p *Parking, n int64) {
	t.Helper()
	require.Eventually(t, func() bool { return p.Count() == n }, patience, time.Millisecond)
}

func TestAConnectionIsParkedAndServedAgain(t *testing.T) {
	t.Parallel()
	p := &Parking{After: 5 * time.Millisecond}
	public, _, _ := started(t, t.Context(), Options{Handler: echo, Parking: p})
	a, b := newGuest(t, public), newGuest(t, public)
	for range 3 {
		a.ask("/a", "12345")
		b.ask("/b", "")
		parkedSoon(t, p, 2)
	}
	// A request whose pieces come one by one, the first of them while the connection is parked.
	for _, part := range []string{"P", "OST /slow HTTP/1.1\r\nHost: demo\r\n", "Content-Length: 2\r\n\r\n", "x"} {
		_, err := io.WriteString(a.c, part)
		require.NoError(t, err)
		require.Eventually(t, func() bool { return p.Count() == 1 }, patience, time.Millisecond)
	}
	_, err := io.WriteString(a.c, "y")
	require.NoError(t, err)
	res, err := http.ReadResponse(a.in, nil)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, "/slowxy", string(body))
	parkedSoon(t, p, 2)
	require.NoError(t, b.c.Close()) // who leaves is forgotten
	parkedSoon(t, p, 1)
	a.ask("/a", "1")
}

func TestAParkedConnectionEndsAfterAWhile(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := newServer("demo", echo)
	p := &Parking{After: time.Millisecond}
	served := make(chan error, 1)
	go func() { served <- s.Serve(p.park(s, l, 50*time.Millisecond)) }()
	g := newGuest(t, "http://"+l.Addr().String())
	g.ask("/", "")
	_, err = g.in.ReadByte()
	require.ErrorIs(t, err, io.EOF)
	parkedSoon(t, p, 0)
	limit, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, s.ShutdownWithContext(limit))
	require.NoError(t, <-served)
}

func TestParkedConnectionsEndWithTheService(t *testing.T) {
	t.Parallel()
	p := &Parking{After: time.Millisecond}
	ctx, stop := context.WithCancel(t.Context())
	public, _, done := started(t, ctx, Options{Handler: echo, Parking: p})
	g := newGuest(t, public)
	g.ask("/", "")
	parkedSoon(t, p, 1)
	stop()
	require.NoError(t, <-done)
	_, err := g.in.ReadByte()
	require.Error(t, err)
	parkedSoon(t, p, 0)
}

// A connection that was given to somebody else stays theirs, however long nothing comes.
func TestATunnelIsNotParked(t *testing.T) {
	t.Parallel()
	p := &Parking{After: time.Millisecond}
	closed := make(chan struct{})
	public, _, _ := started(t, t.Context(), Options{Parking: p, Handler: func(ctx *fasthttp.RequestCtx) {
		ctx.Hijack(func(c net.Conn) {
			defer close(closed)
			_, _ = io.CopyN(c, c, int64(len("tunnelled")))
			_ = c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
			_, _ = io.Copy(c, c)
		})
	}})
	g := newGuest(t, public)
	_, err := io.WriteString(g.c, "GET / HTTP/1.1\r\nHost: demo\r\n\r\n")
	require.NoError(t, err)
	_, err = http.ReadResponse(g.in, nil)
	require.NoError(t, err)
	_, err = io.WriteString(g.c, "tunnelled")
	require.NoError(t, err)
	back := make([]byte, len("tunnelled"))
	_, err = io.ReadFull(g.in, back)
	require.NoError(t, err)
	require.Equal(t, "tunnelled", string(back))
	<-closed
	_, err = g.in.ReadByte()
	require.ErrorIs(t, err, io.EOF, "it is closed, not parked, when its deadline is over")
	require.Zero(t, p.Count())
}
