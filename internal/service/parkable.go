package service

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// under is the TCP connection below what a listener has put around it; nil where there is none. What is around it must not wait for bytes
// below while it has some itself: of a connection that waits for its next request nothing may be left but what has yet to come.
func under(c net.Conn) *net.TCPConn {
	for {
		switch one := c.(type) {
		case *net.TCPConn:
			return one
		case interface{ NetConn() net.Conn }:
			c = one.NetConn()
		default:
			return nil
		}
	}
}

// offer makes of a connection one that can be parked, as the server is to have it.
func (o *lot) offer(c net.Conn, tcp *net.TCPConn) net.Conn {
	one := &parkable{Conn: c, tcp: tcp, lot: o}
	if secure, ok := c.(*tls.Conn); ok {
		return &parkableTLS{one, secure}
	}
	return one
}

// parkableTLS is a connection with TLS, by which the server knows it.
type parkableTLS struct {
	*parkable
	secure *tls.Conn
}

// Handshake does nothing on a connection that was parked.
func (c *parkableTLS) Handshake() error { return c.secure.HandshakeContext(context.Background()) }

// ConnectionState tells what was agreed on.
func (c *parkableTLS) ConnectionState() tls.ConnectionState { return c.secure.ConnectionState() }

// parkable is a connection of the server, until that lets go of it.
type parkable struct {
	net.Conn              // as the listener gave it
	tcp      *net.TCPConn // below
	lot      *lot
	idle     atomic.Bool // an answer has been given, and of the next request nothing has come
	over     atomic.Bool // and it did not come for a while
	hijack   atomic.Bool // it belongs to somebody else than the server

	want, armed atomic.Int64 // read deadlines, in nanoseconds of Unix time, 0 for none: the one that counts, and that of the runtime's timer
}

func (c *parkable) state(s fasthttp.ConnState) {
	switch s {
	case fasthttp.StateIdle:
		c.idle.Store(true)
	case fasthttp.StateActive:
		c.idle.Store(false)
	case fasthttp.StateHijacked:
		c.hijack.Store(true)
	}
}

// SetReadDeadline is what the server bounds the wait for the next request by: here, that wait is short.
//
// The server sets two deadlines for each request, and each would move a timer of the runtime. So the timer stays where it is while it stands
// for an earlier moment than is wanted; when it goes off, Read sees that it was too early and sets it right.
func (c *parkable) SetReadDeadline(t time.Time) error {
	if c.hijack.Load() {
		return c.Conn.SetReadDeadline(t)
	}
	if c.idle.Load() {
		t = time.Now().Add(c.lot.after)
	}
	want := int64(0)
	if !t.IsZero() {
		want = t.UnixNano()
	}
	c.want.Store(want)
	if armed := c.armed.Load(); armed != 0 && (want == 0 || armed <= want) {
		return nil
	}
	return c.arm(want)
}

// SetDeadline is how the server lets go of a connection that somebody else takes over.
func (c *parkable) SetDeadline(t time.Time) error {
	c.want.Store(0)
	c.armed.Store(0)
	return c.Conn.SetDeadline(t)
}

// arm sets the runtime's timer, in nanoseconds of Unix time; 0: none.
func (c *parkable) arm(at int64) error {
	c.armed.Store(at)
	if at == 0 {
		return c.Conn.SetReadDeadline(time.Time{})
	}
	return c.Conn.SetReadDeadline(time.Unix(0, at))
}

// Read notes that the wait for the next request is over.
func (c *parkable) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if err == nil || n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		if want := c.want.Load(); c.armed.Load() != 0 && (want == 0 || time.Now().UnixNano() < want) {
			if err := c.arm(want); err != nil {
				return 0, err
			}
			continue
		}
		if c.idle.Load() {
			c.over.Store(true)
		}
		return n, err
	}
}

// Close parks the connection when the server lets go of it because it waits for the next request.
func (c *parkable) Close() error {
	if !c.over.Load() || c.hijack.Load() || !c.lot.take(c.Conn, c.tcp) {
		return c.Conn.Close()
	}
	return nil
}

// NetConn is the TCP connection.
func (c *parkable) NetConn() net.Conn { return c.tcp }

// CloseWrite says that nothing more will be written.
func (c *parkable) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// SetLinger is that of the TCP connection.
func (c *parkable) SetLinger(seconds int) error { return c.tcp.SetLinger(seconds) }
