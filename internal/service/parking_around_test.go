package service

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

// named is a connection that somebody else has put around another, as one who says who the client is.
type named struct {
	net.Conn
	from net.Addr
}

func (c *named) NetConn() net.Conn    { return c.Conn }
func (c *named) RemoteAddr() net.Addr { return c.from }

// wrapped makes the connections of a listener others.
type wrapped struct {
	net.Listener
	around func(net.Conn) net.Conn
}

func (w wrapped) Accept() (net.Conn, error) {
	c, err := w.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return w.around(c), nil
}

func TestAConnectionIsParkedWithWhatIsAroundIt(t *testing.T) {
	t.Parallel()
	p := &Parking{After: 5 * time.Millisecond}
	from := &net.TCPAddr{IP: net.IPv4(203, 0, 113, 9), Port: 4711}
	public, _, _ := started(t, t.Context(), Options{
		Parking: p,
		Handler: func(ctx *fasthttp.RequestCtx) {
			assert.Equal(t, from.String(), ctx.RemoteAddr().String())
			assert.False(t, ctx.IsTLS())
			echo(ctx)
		},
		Wrap: func(l net.Listener) net.Listener {
			return wrapped{l, func(c net.Conn) net.Conn { return &named{c, from} }}
		},
	})
	g := newGuest(t, public)
	for range 3 {
		g.ask("/a", "12345")
		parkedSoon(t, p, 1)
	}
}

// What has no TCP below cannot be watched, and is served as ever.
func TestAConnectionThatCannotBeWatchedIsNotParked(t *testing.T) {
	t.Parallel()
	p := &Parking{After: time.Millisecond}
	public, _, _ := started(t, t.Context(), Options{Handler: echo, Parking: p, Wrap: func(l net.Listener) net.Listener {
		return wrapped{l, func(c net.Conn) net.Conn { return struct{ net.Conn }{c} }}
	}})
	g := newGuest(t, public)
	for range 3 {
		g.ask("/a", "12345")
	}
	require.Zero(t, p.Count())
}

func TestAConnectionWithTLSIsParked(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"demo"}}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	secure := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}}}

	p := &Parking{After: 5 * time.Millisecond}
	public, _, _ := started(t, t.Context(), Options{
		Parking: p,
		Handler: func(ctx *fasthttp.RequestCtx) {
			assert.True(t, ctx.IsTLS())
			assert.NotNil(t, ctx.TLSConnectionState())
			echo(ctx)
		},
		Wrap: func(l net.Listener) net.Listener { return tls.NewListener(l, secure) },
	})
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		raw := &slow{Conn: dial(t, strings.TrimPrefix(public, "http://"))}
		c := tls.Client(raw, &tls.Config{InsecureSkipVerify: true, MinVersion: version, MaxVersion: version}) //nolint:gosec // The certificate is not what is tested.
		g := &guest{t: t, in: bufio.NewReader(c)}
		for i := range 3 {
			raw.pieces = i // a record of TLS may come in pieces too, the first of which wakes the connection
			_, err := io.WriteString(c, "GET /a HTTP/1.1\r\nHost: demo\r\n\r\n")
			require.NoError(t, err)
			res, err := http.ReadResponse(g.in, nil)
			require.NoError(t, err)
			body, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.Equal(t, "/a", string(body))
			parkedSoon(t, p, 1)
		}
		require.NoError(t, c.Close())
		parkedSoon(t, p, 0)
	}
}

// slow writes in pieces: so many bytes first, each by itself.
type slow struct {
	net.Conn
	pieces int
}

func (s *slow) Write(p []byte) (n int, err error) {
	for range min(s.pieces, len(p)) {
		if _, err = s.Conn.Write(p[n : n+1]); err != nil {
			return n, err
		}
		n++
	}
	more, err := s.Conn.Write(p[n:])
	return n + more, err
}
