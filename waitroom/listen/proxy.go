// Package listen is how the public port takes connections: with a PROXY protocol header in front where a load balancer writes one, and
// with TLS whose certificates can be replaced while it runs.
package listen

import (
	"bufio"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
)

// Networks are those whose connections begin with a PROXY protocol header; they may be replaced at any time. The zero value has none.
type Networks struct {
	list atomic.Pointer[[]netip.Prefix]
}

// Set replaces the networks for connections that come from now on.
func (n *Networks) Set(list []netip.Prefix) { n.list.Store(&list) }

func (n *Networks) contain(addr net.Addr) bool {
	list := n.list.Load()
	tcp, ok := addr.(*net.TCPAddr)
	if list == nil || !ok {
		return false
	}
	ip := tcp.AddrPort().Addr().Unmap().WithZone("")
	for _, one := range *list {
		if one.Contains(ip) {
			return true
		}
	}
	return false
}

// Proxied is a listener whose connections from some networks must begin with a PROXY protocol header, version 1 or 2, which says who the
// client is. From everywhere else nobody is believed: a header there is not looked for, and is no proper request. Both matter: whoever could
// leave the header out, or put one in, could be anybody.
func Proxied(l net.Listener, from *Networks) net.Listener { return &proxied{l, from} }

type proxied struct {
	net.Listener
	from *Networks
}

// Accept does not wait for the header: a connection that is slow to send it holds up nobody else. It is read with the first byte, under
// the deadline that the server has set for that.
func (p *proxied) Accept() (net.Conn, error) {
	c, err := p.Listener.Accept()
	if err != nil || !p.from.contain(c.RemoteAddr()) {
		return c, err
	}
	return &proxiedConn{Conn: c}, nil
}

// proxiedConn is a connection with a header in front.
type proxiedConn struct {
	net.Conn
	once   sync.Once
	rest   *bufio.Reader // what came with the header and belongs to the connection; nil once it is used up
	client net.Addr      // nil: the connection's own
	err    error
	known  atomic.Bool // client is set for good
}

// headerBuffer holds the longest header that we read at once; what is longer is skipped piece by piece.
const headerBuffer = 512

// Read reads the header before the first byte of the connection's own.
func (c *proxiedConn) Read(b []byte) (int, error) {
	c.once.Do(func() {
		c.rest = bufio.NewReaderSize(c.Conn, headerBuffer)
		c.client, c.err = readHeader(c.rest)
		c.known.Store(true)
	})
	if c.err != nil {
		return 0, c.err
	}
	if c.rest != nil {
		if n := c.rest.Buffered(); n > 0 {
			return c.rest.Read(b[:min(n, len(b))])
		}
		c.rest = nil
	}
	return c.Conn.Read(b)
}

// RemoteAddr is the client's address once the header has been read, before that the proxy's.
func (c *proxiedConn) RemoteAddr() net.Addr {
	if c.known.Load() && c.client != nil {
		return c.client
	}
	return c.Conn.RemoteAddr()
}

// NetConn is the connection below.
func (c *proxiedConn) NetConn() net.Conn { return c.Conn }

// CloseWrite says that nothing more will be written.
func (c *proxiedConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
