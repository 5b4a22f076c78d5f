package testenv

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Cable is the way to a server, which a test can cut and join again. It starts joined. Safe for concurrent use.
type Cable struct {
	t            testing.TB
	addr, target string
	mu           sync.Mutex
	listener     net.Listener // nil while cut
	conns        []net.Conn
}

// NewCable lays a cable to the server in the address, and returns the address that goes through it.
func NewCable(t testing.TB, address string) (*Cable, string) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	c := &Cable{t: t, addr: "127.0.0.1:0", target: u.Host}
	c.Join()
	t.Cleanup(c.Cut)
	u.Host = c.addr
	return c, u.String()
}

// Join lets connections through again, at the same address.
func (c *Cable) Join() {
	c.t.Helper()
	var listener net.Listener
	// While the cable was cut the kernel may have lent its port to somebody's connection, which ends some time.
	require.EventuallyWithT(c.t, func(try *assert.CollectT) {
		var err error
		listener, err = (&net.ListenConfig{}).Listen(c.t.Context(), "tcp", c.addr)
		require.NoError(try, err)
	}, time.Minute, 20*time.Millisecond)
	c.mu.Lock()
	c.listener, c.addr = listener, listener.Addr().String()
	c.mu.Unlock()
	go c.carry(listener)
}

func (c *Cable) carry(listener net.Listener) {
	for {
		in, err := listener.Accept()
		if err != nil {
			return // cut
		}
		out, err := (&net.Dialer{}).DialContext(c.t.Context(), "tcp", c.target)
		if err != nil {
			in.Close()
			continue
		}
		c.mu.Lock()
		if c.listener != listener { // cut meanwhile
			in.Close()
			out.Close()
		}
		c.conns = append(c.conns, in, out)
		c.mu.Unlock()
		go pipe(out, in)
		go pipe(in, out)
	}
}

// pipe ends when either side does; what was under way then is lost, as with a real cable.
func pipe(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	to.Close()
}

// Cut ends every connection and refuses new ones. Cutting twice changes nothing.
func (c *Cable) Cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listener != nil {
		c.listener.Close()
	}
	for _, conn := range c.conns {
		conn.Close()
	}
	c.listener, c.conns = nil, nil
}
