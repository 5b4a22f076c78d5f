package forward

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// address is one place that an upstream is at.
type address struct {
	pool     *Pool
	text     string // host:port
	tls      *tls.Config
	inflight atomic.Int64
	until    atomic.Int64 // left out until then, in nanoseconds since 1970; 0: not
	sick     atomic.Bool  // by the active checks

	failures atomic.Int32 // in a row

	mu      sync.Mutex
	idle    []*conn // the one used last is the last: few stay warm, the rest grow old
	leftOut int     // times in a row
}

func newAddress(p *Pool, text string) *address {
	a := &address{pool: p, text: text}
	if p.o.Scheme == "https" {
		host, _, _ := net.SplitHostPort(text) // validated
		a.tls = &tls.Config{MinVersion: tls.VersionTLS12}
		if p.o.TLS != nil {
			a.tls = p.o.TLS.Clone()
		}
		if a.tls.ServerName == "" {
			a.tls.ServerName = host
		}
		a.tls.NextProtos = []string{"http/1.1"}
	}
	return a
}

// enter counts a request under way, unless there are as many as there may be.
func (a *address) enter(most int64) bool {
	if a.inflight.Add(1) <= most {
		return true
	}
	a.inflight.Add(-1)
	return false
}

func (a *address) leave() { a.inflight.Add(-1) }

// up reports whether requests are sent here.
func (a *address) up(now int64) bool { return !a.sick.Load() && a.until.Load() <= now }

// fresh is how long after its use a kept connection is taken for good without a look, in nanoseconds.
const fresh = int64(10 * time.Millisecond)

// take gives a kept connection that is still good, or nil. A look at each would cost five per cent of a request; who cannot be asked to repeat
// the request must be careful.
func (a *address) take(careful bool) *conn {
	now := time.Now().UnixNano()
	for {
		a.mu.Lock()
		n := len(a.idle)
		if n == 0 {
			a.mu.Unlock()
			return nil
		}
		c := a.idle[n-1]
		a.idle[n-1] = nil
		a.idle = a.idle[:n-1]
		a.mu.Unlock()
		if !careful && now-c.since < fresh || c.quiet() {
			c.kept = true
			return c
		}
		c.drop()
	}
}

// keep puts a connection back whose answer has been read to its end.
func (a *address) keep(c *conn) {
	select {
	case <-a.pool.closing:
		c.drop()
		return
	default:
	}
	c.since = time.Now().UnixNano()
	a.mu.Lock()
	a.idle = append(a.idle, c)
	a.mu.Unlock()
	select {
	case <-a.pool.closing: // meanwhile; Close may have looked before it was there
		a.prune(c.since + 1)
	default:
	}
}

// prune closes the connections that nobody has used since before.
func (a *address) prune(before int64) {
	a.mu.Lock()
	n := 0
	for n < len(a.idle) && a.idle[n].since < before {
		n++
	}
	old := append([]*conn(nil), a.idle[:n]...)
	a.idle = append(a.idle[:0], a.idle[n:]...)
	a.mu.Unlock()
	for _, c := range old {
		c.drop()
	}
}

// dial opens a connection.
func (a *address) dial() (*conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), a.pool.o.DialTimeout)
	defer cancel()
	var d net.Dialer
	raw, err := d.DialContext(ctx, "tcp", a.text)
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: raw, at: a}
	if a.tls != nil {
		secure := tls.Client(raw, a.tls)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = raw.Close()
			return nil, err
		}
		c.Conn = secure
	}
	c.socket = socketOf(c.Conn) // not of raw: what is said in plain there would go past TLS
	if !a.pool.admit(c) {
		_ = c.Close()
		return nil, net.ErrClosed
	}
	return c, nil
}

// fared counts how a request went that the address is answerable for.
func (a *address) fared(err error) {
	if err == nil {
		a.well()
		return
	}
	now := time.Now()
	a.mu.Lock()
	out := int(a.failures.Add(1)) >= a.pool.o.FailAfter && a.up(now.UnixNano()) && a.pool.othersUp(a, now.UnixNano())
	if out {
		pause := min(a.pool.o.LeaveOut<<min(a.leftOut, 20), a.pool.o.LeaveMost)
		a.leftOut++
		a.until.Store(now.Add(pause).UnixNano())
	}
	a.mu.Unlock()
	if out {
		a.changed(false, err.Error())
	}
}

// well forgets what went wrong before. It is on the way of every request: nearly always there is nothing to forget.
func (a *address) well() {
	if a.failures.Load() == 0 {
		return
	}
	a.mu.Lock()
	back := a.until.Load() != 0
	a.leftOut = 0
	a.until.Store(0)
	a.failures.Store(0)
	a.mu.Unlock()
	if back {
		a.changed(true, "it answers again")
	}
}

func (a *address) changed(up bool, why string) {
	if a.pool.o.Changed != nil {
		a.pool.o.Changed(a.text, up, why)
	}
}
