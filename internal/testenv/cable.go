package testenv

import (
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Cable is the way to a server, which a test can cut and join again, make slow or deaf, and lead elsewhere. It starts joined. Safe for
// concurrent use.
type Cable struct {
	t    testing.TB
	addr string

	mute  atomic.Bool  // requests go through, answers are lost
	delay atomic.Int64 // of each piece on its way to the server, nanoseconds

	mu       sync.Mutex
	target   string
	listener net.Listener // nil while cut
	conns    map[net.Conn]struct{}
}

// NewCable lays a cable to the server in the address, and returns the address that goes through it.
func NewCable(t testing.TB, address string) (*Cable, string) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	c := &Cable{t: t, addr: "127.0.0.1:0", target: u.Host, conns: map[net.Conn]struct{}{}}
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
		near, err := listener.Accept()
		if err != nil {
			return // cut
		}
		c.mu.Lock()
		target := c.target
		c.mu.Unlock()
		far, err := (&net.Dialer{}).DialContext(c.t.Context(), "tcp", target)
		if err != nil {
			_ = near.Close()
			continue
		}
		c.mu.Lock()
		stale := c.listener != listener || c.target != target // changed meanwhile
		if !stale {
			c.conns[near], c.conns[far] = struct{}{}, struct{}{}
		}
		c.mu.Unlock()
		if stale {
			_ = near.Close()
			_ = far.Close()
			continue
		}
		go c.late(far, near)
		go func() {
			defer c.hangUpBoth(near, far)
			_, _ = io.Copy(&mutable{near, &c.mute}, far)
		}()
	}
}

// Cut ends every connection and refuses new ones. Cutting twice changes nothing.
func (c *Cable) Cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listener != nil {
		_ = c.listener.Close()
	}
	c.listener = nil
	c.hangUp()
}

func (c *Cable) hangUp() {
	for conn := range c.conns {
		_ = conn.Close()
	}
	clear(c.conns)
}

// Mute lets requests through and loses the answers, while the connections stay open; or lets answers through again.
func (c *Cable) Mute(mute bool) { c.mute.Store(mute) }

// Delay holds everything on its way to the server back for so long; 0 ends it. What is under way goes on as it was.
func (c *Cable) Delay(d time.Duration) { c.delay.Store(int64(d)) }

// Lead ends all connections; those that are made from now on lead to another server, host:port.
func (c *Cable) Lead(target string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.target = target
	c.hangUp()
}

// mutable swallows what is written while mute is set.
type mutable struct {
	net.Conn
	mute *atomic.Bool
}

func (m *mutable) Write(p []byte) (int, error) {
	if m.mute.Load() {
		return len(p), nil
	}
	return m.Conn.Write(p)
}

// piece is something on its way.
type piece struct {
	data []byte
	due  time.Time
}

// late carries what is sent, each piece as much later as the cable is slow, until either side ends.
func (c *Cable) late(to, from net.Conn) {
	pieces := make(chan piece, 1024)
	go func() {
		defer c.hangUpBoth(to, from)
		for p := range pieces {
			if wait := time.Until(p.due); wait > 0 {
				<-time.After(wait)
			}
			if _, err := to.Write(p.data); err != nil {
				_ = from.Close() // ends the reading, and with it this
			}
		}
	}()
	defer close(pieces)
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			pieces <- piece{append([]byte(nil), buffer[:n]...), time.Now().Add(time.Duration(c.delay.Load()))}
		}
		if err != nil {
			return
		}
	}
}

func (c *Cable) hangUpBoth(a, b net.Conn) {
	_ = a.Close()
	_ = b.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.conns, a)
	delete(c.conns, b)
}
