package redisqueue

import (
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// cable is the way to the real Redis, which a test can cut and mend.
type cable struct {
	t       *testing.T
	address string      // of this end
	mute    atomic.Bool // requests go through, answers are lost

	mu       sync.Mutex
	redis    string // where it leads
	listener net.Listener
	open     map[net.Conn]bool
}

// newCable takes a port and leaves it closed; it returns the URL that leads through the cable.
func newCable(t *testing.T, redisURL string) (*cable, string) {
	t.Helper()
	u, err := url.Parse(redisURL)
	require.NoError(t, err)
	c := &cable{t: t, address: "127.0.0.1:0", redis: u.Host, open: map[net.Conn]bool{}}
	c.mend()
	c.cut()
	t.Cleanup(c.cut)
	u.Host = c.address
	return c, u.String()
}

// mend lets connections through from now on.
func (c *cable) mend() {
	c.t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(c.t.Context(), "tcp", c.address)
	require.NoError(c.t, err)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listener, c.address = listener, listener.Addr().String()
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			c.join(near)
		}
	}()
}

func (c *cable) join(near net.Conn) {
	c.mu.Lock()
	redis := c.redis
	c.mu.Unlock()
	far, err := (&net.Dialer{}).DialContext(c.t.Context(), "tcp", redis)
	if err != nil {
		_ = near.Close()
		return
	}
	c.mu.Lock()
	c.open[near], c.open[far] = true, true
	if c.redis != redis {
		c.hangUp()
	}
	c.mu.Unlock()
	go func() {
		_, _ = io.Copy(far, near)
		_ = far.Close()
	}()
	go func() {
		_, _ = io.Copy(mutable{near, &c.mute}, far)
		_ = near.Close()
	}()
}

// cut ends all connections and lets none through.
func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listener != nil {
		_ = c.listener.Close()
	}
	c.hangUp()
}

func (c *cable) hangUp() {
	for conn := range c.open {
		_ = conn.Close()
	}
	clear(c.open)
}

// lead ends all connections; those that are made from now on lead to another Redis.
func (c *cable) lead(redis string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.redis = redis
	c.hangUp()
}

// mutable swallows what is written while mute is set.
type mutable struct {
	net.Conn
	mute *atomic.Bool
}

func (m mutable) Write(p []byte) (int, error) {
	if m.mute.Load() {
		return len(p), nil
	}
	return m.Conn.Write(p)
}
