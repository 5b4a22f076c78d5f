package service

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

// Parking takes connections that wait for their next request away from the server, and gives them back with the request's first byte. Meanwhile
// a connection has no buffers, no request and no worker, but one small goroutine: a tenth of the memory, which counts where a hundred thousand
// visitors keep connections open and ask every few seconds. Connections in use never notice.
//
// What is around a TCP connection, as TLS with its state, is kept with it as it is. The zero value of After is a quarter of a second.
type Parking struct {
	After time.Duration // without a request

	count atomic.Int64
}

// Count is how many connections are parked. The server does not count those among its own. Safe for concurrent use.
func (p *Parking) Count() int64 { return p.count.Load() }

// lot is the listener of a server whose connections are parked.
type lot struct {
	net.Listener
	after, limit time.Duration
	count        *atomic.Int64

	ready chan accepted
	done  chan struct{}

	mu     sync.Mutex
	parked map[net.Conn]struct{} // nil once the lot is closed
}

type accepted struct {
	conn net.Conn
	err  error
}

// park makes the server park connections after a while, and close them after limit without a request. The listener that is returned is the
// one to serve.
func (p *Parking) park(s *fasthttp.Server, l net.Listener, limit time.Duration) net.Listener {
	after := p.After
	if after == 0 {
		after = 250 * time.Millisecond
	}
	o := &lot{Listener: l, after: after, limit: limit, count: &p.count,
		ready: make(chan accepted, 64), done: make(chan struct{}), parked: map[net.Conn]struct{}{}}
	before := s.ConnState
	s.ConnState = func(c net.Conn, state fasthttp.ConnState) {
		if one, ok := c.(interface{ state(fasthttp.ConnState) }); ok {
			one.state(state)
		}
		if before != nil {
			before(c, state)
		}
	}
	go o.gather()
	return o
}

// pause is how long nothing is accepted after the process has run out of file descriptors: a full house is no reason to shut the shop.
const pause = 50 * time.Millisecond

// gather accepts connections until the listener is closed.
func (o *lot) gather() {
	for {
		c, err := o.Listener.Accept()
		if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ECONNABORTED) {
			select {
			case <-o.done:
			case <-time.After(pause):
			}
			continue
		}
		if tcp := under(c); tcp != nil {
			c = o.offer(c, tcp)
		}
		if !o.give(accepted{c, err}) || err != nil {
			return
		}
	}
}

// give hands something to the server; it reports false when the lot is closed.
func (o *lot) give(a accepted) bool {
	select {
	case o.ready <- a:
		return true
	case <-o.done:
		if a.conn != nil {
			_ = a.conn.Close()
		}
		return false
	}
}

// Accept returns a new connection, or a parked one whose next request has come.
func (o *lot) Accept() (net.Conn, error) {
	select {
	case a := <-o.ready:
		return a.conn, a.err
	case <-o.done:
		return nil, io.EOF
	}
}

// Close accepts nothing more and closes what is parked.
func (o *lot) Close() error {
	o.mu.Lock()
	parked := o.parked
	o.parked = nil
	o.mu.Unlock()
	if parked == nil {
		return nil
	}
	close(o.done)
	for c := range parked {
		_ = c.Close()
	}
	err := o.Listener.Close()
	for {
		select {
		case a := <-o.ready:
			if a.conn != nil {
				_ = a.conn.Close()
			}
		default:
			return err
		}
	}
}

// take parks a connection; it reports false when the lot is closed.
func (o *lot) take(c net.Conn, tcp *net.TCPConn) bool {
	raw, err := tcp.SyscallConn()
	if err != nil || tcp.SetReadDeadline(time.Now().Add(o.limit)) != nil {
		return false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.parked == nil {
		return false
	}
	o.parked[c] = struct{}{}
	o.count.Add(1)
	go o.wait(c, tcp, raw)
	return true
}

// wait gives a connection back to the server when its next request comes, and closes it when that does not come or the other side has gone.
// It reads nothing.
func (o *lot) wait(c net.Conn, tcp *net.TCPConn, raw syscall.RawConn) {
	came := false
	err := raw.Read(func(fd uintptr) bool {
		var first [1]byte
		n, _, err := syscall.Recvfrom(int(fd), first[:], syscall.MSG_PEEK)
		for errors.Is(err, syscall.EINTR) {
			n, _, err = syscall.Recvfrom(int(fd), first[:], syscall.MSG_PEEK)
		}
		came = n > 0
		return !errors.Is(err, syscall.EAGAIN)
	})
	o.mu.Lock()
	delete(o.parked, c)
	o.mu.Unlock()
	o.count.Add(-1)
	if err != nil || !came {
		_ = c.Close()
		return
	}
	o.give(accepted{conn: o.offer(c, tcp)})
}
