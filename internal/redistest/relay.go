package redistest

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
)

// relay is an address that leads to a server. It can be pointed at another one, and it can swallow what the server says while the
// connections stay open.
type relay struct {
	listener net.Listener

	gate  sync.RWMutex // held for reading by each write towards who dialled, so that mute returns after the last of them
	muted bool

	mu     sync.Mutex
	target string
	closed bool
	conns  map[net.Conn]struct{}
}

func newRelay(t testing.TB, target string) *relay {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{listener: listener, target: target, conns: map[net.Conn]struct{}{}}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.serve()
	}()
	t.Cleanup(func() {
		r.mu.Lock()
		r.closed = true
		r.mu.Unlock()
		_ = listener.Close()
		r.hangUp()
		<-ended
	})
	return r
}

func (r *relay) addr() string { return r.listener.Addr().String() }

// mute drops what the server says from now on; nothing of it gets through after mute has returned.
func (r *relay) mute() {
	r.gate.Lock()
	defer r.gate.Unlock()
	r.muted = true
}

// point breaks every connection; new ones lead to the target, and what it says gets through.
func (r *relay) point(target string) {
	r.mu.Lock()
	r.target = target
	r.mu.Unlock()
	r.hangUp() // before the gate opens: a stream that misses a part must not go on
	r.gate.Lock()
	r.muted = false
	r.gate.Unlock()
}

func (r *relay) hangUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for conn := range r.conns {
		_ = conn.Close()
	}
	clear(r.conns)
}

func (r *relay) serve() {
	var carriers sync.WaitGroup
	defer carriers.Wait()
	for {
		near, err := r.listener.Accept()
		if err != nil {
			return
		}
		r.mu.Lock()
		target := r.target
		r.mu.Unlock()
		far, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", target)
		if err != nil {
			_ = near.Close()
			continue
		}
		if !r.keep(target, near, far) {
			continue
		}
		carriers.Go(func() { carry(far, near, r.conclude) })
		carriers.Go(func() { carry(gated{near, r}, far, r.conclude) })
	}
}

// keep notes a pair of connections, unless the relay has been pointed elsewhere meanwhile.
func (r *relay) keep(target string, pair ...net.Conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	stale := r.closed || r.target != target
	for _, conn := range pair {
		if stale {
			_ = conn.Close()
			continue
		}
		r.conns[conn] = struct{}{}
	}
	return !stale
}

// conclude ends a connection: what was under way on it is lost, as with a real one.
func (r *relay) conclude(conn net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = conn.Close()
	delete(r.conns, conn)
}

// carry copies until either side ends, and then ends both.
func carry(to, from net.Conn, conclude func(net.Conn)) {
	_, _ = io.Copy(to, from)
	if g, ok := to.(gated); ok {
		to = g.Conn
	}
	conclude(to)
	conclude(from)
}

// gated swallows what is written while the relay is muted.
type gated struct {
	net.Conn
	relay *relay
}

func (g gated) Write(p []byte) (int, error) {
	g.relay.gate.RLock()
	defer g.relay.gate.RUnlock()
	if g.relay.muted {
		return len(p), nil
	}
	return g.Conn.Write(p)
}
