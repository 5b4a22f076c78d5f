package forward

import (
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// Pool is one upstream. Safe for concurrent use.
type Pool struct {
	o         Options
	addresses []*address
	turn      atomic.Uint32 // where the next look for an address begins, so that equals share
	tunnels   atomic.Int64
	closing   chan struct{}
	close     sync.Once
	ended     chan struct{}

	mu     sync.Mutex
	live   map[*conn]struct{} // every connection that is open
	closed bool
}

// New makes a pool. It opens no connection before it is needed, but for health checks. Close it when it is no longer used.
func New(o Options) (*Pool, error) {
	o = o.WithDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	p := &Pool{o: o, closing: make(chan struct{}), ended: make(chan struct{}), live: map[*conn]struct{}{}}
	for _, text := range o.Addresses {
		p.addresses = append(p.addresses, newAddress(p, text))
	}
	var work sync.WaitGroup
	work.Go(p.watch)
	if o.Health.Path != "" {
		for _, a := range p.addresses {
			work.Go(a.check)
		}
	}
	go func() {
		work.Wait()
		close(p.ended)
	}()
	return p, nil
}

// Name is the name that the pool was made with.
func (p *Pool) Name() string { return p.o.Name }

// Close takes no request any more, closes unused connections, and returns. What is under way goes on, and its connections close when
// it has ended.
func (p *Pool) Close() {
	p.close.Do(func() {
		p.mu.Lock()
		p.closed = true
		p.mu.Unlock()
		close(p.closing)
		for _, a := range p.addresses {
			a.prune(math.MaxInt64)
		}
	})
}

// Ended is closed when, after Close, everything of the pool has ended.
func (p *Pool) Ended() <-chan struct{} { return p.ended }

// State is how one address fares.
type State struct {
	Address  string
	Up       bool  // false: left out
	InFlight int64 // requests under way
	Idle     int   // connections kept
	Failures int   // in a row
}

// States are those of all addresses.
func (p *Pool) States() []State {
	now := time.Now().UnixNano()
	all := make([]State, 0, len(p.addresses))
	for _, a := range p.addresses {
		a.mu.Lock()
		all = append(all, State{a.text, a.up(now), a.inflight.Load(), len(a.idle), int(a.failures.Load())})
		a.mu.Unlock()
	}
	return all
}

// choose picks the address with the fewest requests under way among those that are well, and counts a request to it; where none is well,
// among all, for a wrong guess about health must not make an outage. It returns nil when all of them are full. The address to avoid may be nil.
func (p *Pool) choose(avoid *address) *address {
	if len(p.addresses) == 1 {
		if a := p.addresses[0]; a.enter(int64(p.o.MaxConns)) {
			return a
		}
		return nil
	}
	now := time.Now().UnixNano()
	for _, wellOnly := range [...]bool{true, false} {
		for {
			best, any := p.least(now, wellOnly, avoid)
			if best == nil {
				if any {
					return nil // those that are well are full: to send the rest to those that are not would help nobody
				}
				break
			}
			if best.enter(int64(p.o.MaxConns)) {
				return best
			}
		}
	}
	return nil
}

// least also says whether there was any to choose from.
func (p *Pool) least(now int64, wellOnly bool, avoid *address) (best *address, any bool) {
	n := len(p.addresses)
	begin := int(p.turn.Add(1) % uint32(n)) //nolint:gosec // A handful.
	fewest := int64(p.o.MaxConns)
	for i := range n {
		a := p.addresses[(begin+i)%n]
		if a == avoid || wellOnly && !a.up(now) {
			continue
		}
		any = true
		if load := a.inflight.Load(); load < fewest {
			best, fewest = a, load
		}
	}
	return best, any
}

// othersUp reports whether there is another address that is well.
func (p *Pool) othersUp(than *address, now int64) bool {
	for _, a := range p.addresses {
		if a != than && a.up(now) {
			return true
		}
	}
	return false
}

// admit keeps account of a new connection; it reports false once the pool is closed.
func (p *Pool) admit(c *conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.live[c] = struct{}{}
	return true
}

func (p *Pool) forget(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.live, c)
}

// watchEvery is how exact timeouts are. One look at all connections ten times a second costs less than two timers for each request.
const watchEvery = 100 * time.Millisecond

// watch gives up on what stays silent or is no longer wanted, and closes what is kept for too long.
func (p *Pool) watch() {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for now := range tick.C {
		nano := now.UnixNano()
		for _, a := range p.addresses {
			a.prune(nano - int64(p.o.IdleAge))
		}
		p.mu.Lock()
		for c := range p.live {
			c.look(nano)
		}
		done := p.closed && len(p.live) == 0
		p.mu.Unlock()
		if done {
			return
		}
	}
}
