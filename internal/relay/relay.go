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
	listener net.Listener
	mute     atomic.Bool  // requests go through, answers are lost
	lost     atomic.Int64 // bytes of answers so far
	delay    atomic.Int64 // of each piece on its way to the server, nanoseconds

	mu     sync.Mutex
	target string
	cut    bool
	turn   int // changes with each Cut and Lead: a connection that was begun before is stale
	conns  map[net.Conn]struct{}
}

// New lays the way to the server at target, host:port, from a free port of 127.0.0.1. Close ends it.
func New(ctx context.Context, target string) (*Relay, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	r := &Relay{listener: listener, target: target, conns: map[net.Conn]struct{}{}}
	go r.carry()
	return r, nil
}

// Address is where the way begins, host:port. It stays the same.
func (r *Relay) Address() string { return r.listener.Addr().String() }

// Join lets connections through again.
func (r *Relay) Join() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = false
}

// Cut ends every connection, and resets each new one as soon as it is made, until Join. The port stays taken meanwhile: let go of, it would be
// lent to one of the many connections of a load, and the way could not be joined again before that one ends.
func (r *Relay) Cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = true
	r.hangUp()
}

// Close cuts for good.
func (r *Relay) Close() {
	r.Cut()
	_ = r.listener.Close()
}

// hangUp ends all connections, those on their way too; with mu held.
func (r *Relay) hangUp() {
	r.turn++
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

func (r *Relay) carry() {
	for {
		near, err := r.listener.Accept()
		if err != nil {
			return // closed
		}
		go r.connect(near)
	}
}

// connect leads a connection that came in to the server. It has a goroutine of its own: one that waits for its server must not keep others
// waiting.
func (r *Relay) connect(near net.Conn) {
	r.mu.Lock()
	target, turn, cut := r.target, r.turn, r.cut
	r.mu.Unlock()
	if cut {
		reset(near)
		return
	}
	far, err := net.DialTimeout("tcp", target, dialTime) //nolint:noctx // it has a time limit, and nothing else to end with
	if err != nil {
		reset(near)
		return
	}
	r.mu.Lock()
	stale := r.turn != turn
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
	_, _ = io.Copy(&mutable{near, r}, far)
}

// reset ends a connection without a word, so that its other end sees an error and not an end.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// mutable swallows what is written while its relay is mute.
type mutable struct {
	net.Conn
	relay *Relay
}

func (m *mutable) Write(p []byte) (int, error) {
	if m.relay.mute.Load() {
		m.relay.lost.Add(int64(len(p)))
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
