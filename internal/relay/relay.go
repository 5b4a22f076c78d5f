// Package relay stands between a program and a server that it talks to by TCP, and does to the way between them what networks do: it cuts
// it, slows it down, loses the answers, or leads elsewhere. Tests and the load laboratory use it; no service does.
package relay

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Relay is the way to a server. It starts joined. Safe for concurrent use.
type Relay struct {
	mute  atomic.Bool  // requests go through, answers are lost
	delay atomic.Int64 // of each piece on its way to the server, nanoseconds

	mu       sync.Mutex
	addr     string
	target   string
	listener net.Listener // nil while cut
	conns    map[net.Conn]struct{}
}

// New lays the way to the server at target, host:port, from a free port of 127.0.0.1. Close ends it.
func New(ctx context.Context, target string) (*Relay, error) {
	r := &Relay{addr: "127.0.0.1:0", target: target, conns: map[net.Conn]struct{}{}}
	return r, r.Join(ctx)
}

// Address is where the way begins, host:port. It stays the same.
func (r *Relay) Address() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.addr
}

// Join lets connections through again, at the same address. Joining twice changes nothing.
func (r *Relay) Join(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.listener != nil {
		return nil
	}
	listener, err := listen(ctx, r.addr)
	if err != nil {
		return err
	}
	r.listener, r.addr = listener, listener.Addr().String()
	go r.carry(listener)
	return nil
}

// listen tries for a minute: while a relay is cut the kernel may lend its port to somebody's connection, which ends some time.
func listen(ctx context.Context, address string) (net.Listener, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
		if err == nil {
			return listener, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("relay: %w", err)
		case <-again.C:
		}
	}
}

// Cut ends every connection and refuses new ones. Cutting twice changes nothing.
func (r *Relay) Cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.listener != nil {
		_ = r.listener.Close()
	}
	r.listener = nil
	r.hangUp()
}

// Close cuts for good.
func (r *Relay) Close() { r.Cut() }

func (r *Relay) hangUp() {
	for conn := range r.conns {
		_ = conn.Close()
	}
	clear(r.conns)
}

// Mute lets requests through and loses the answers, while the connections stay open; or lets answers through again.
func (r *Relay) Mute(mute bool) { r.mute.Store(mute) }

// Delay holds everything on its way to the server back for so long, so that each question is answered so much later; 0 ends it. What is
// under way goes on as it was. As much as before goes through in a second: pieces follow each other as closely as they came.
func (r *Relay) Delay(d time.Duration) { r.delay.Store(int64(d)) }

// Lead ends all connections; those that are made from now on lead to another server, host:port.
func (r *Relay) Lead(target string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.target = target
	r.hangUp()
}

// dialTime bounds how long a server may take to accept.
const dialTime = 10 * time.Second

func (r *Relay) carry(listener net.Listener) {
	for {
		near, err := listener.Accept()
		if err != nil {
			return // cut
		}
		go r.connect(listener, near)
	}
}

// connect leads a connection that came in to the server. It has a goroutine of its own: a server that does not accept must not keep
// Accept from noticing that the relay is cut.
func (r *Relay) connect(listener net.Listener, near net.Conn) {
	r.mu.Lock()
	target := r.target
	r.mu.Unlock()
	far, err := net.DialTimeout("tcp", target, dialTime) //nolint:noctx // it has a time limit, and nothing else to end with
	if err != nil {
		_ = near.Close()
		return
	}
	r.mu.Lock()
	stale := r.listener != listener || r.target != target // changed meanwhile
	if !stale {
		r.conns[near], r.conns[far] = struct{}{}, struct{}{}
	}
	r.mu.Unlock()
	if stale {
		_ = near.Close()
		_ = far.Close()
		return
	}
	go r.late(far, near)
	defer r.hangUpBoth(near, far)
	_, _ = io.Copy(&mutable{near, &r.mute}, far)
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

// late carries what is sent, each piece as much later as the relay is slow, until either side ends.
func (r *Relay) late(to, from net.Conn) {
	pieces := make(chan piece, 1024)
	go func() {
		defer r.hangUpBoth(to, from)
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
			pieces <- piece{append([]byte(nil), buffer[:n]...), time.Now().Add(time.Duration(r.delay.Load()))}
		}
		if err != nil {
			return
		}
	}
}

func (r *Relay) hangUpBoth(a, b net.Conn) {
	_ = a.Close()
	_ = b.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, a)
	delete(r.conns, b)
}
