package main

import (
	"crypto/tls"
	"log/slog"
	"sync"
	"time"

	"anteroom/waitroom/forward"
	"anteroom/waitroom/ops"
	"anteroom/waitroom/proxy"
	"anteroom/waitroom/routes"
)

// poolGrace is how long an upstream that a new configuration has no more goes on taking requests: those that were judged by the old one
// may still be on their way to it, at most the time that the line is asked for.
const poolGrace = 30 * time.Second

// pools are the upstreams in force. Those that a new configuration leaves as they are go on, with their connections and what they know of
// their addresses. One configuration is put into force at a time; reading is safe beside that.
type pools struct {
	log *slog.Logger

	mu   sync.Mutex
	now  map[string]onePool
	next map[string]onePool // nil unless a configuration is being put into force
	old  []*forward.Pool    // in their grace
}

type onePool struct {
	upstream routes.Upstream
	to       *forward.Pool
}

// replace prepares the upstreams of another configuration; settle ends those that are not among them. When it fails, nothing has changed.
func (p *pools) replace(upstreams []routes.Upstream) (map[string]proxy.Forwarder, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := make(map[string]onePool, len(upstreams))
	out := make(map[string]proxy.Forwarder, len(upstreams))
	for _, u := range upstreams {
		one, ok := p.now[u.Name]
		if !ok || !same(one.upstream, u) {
			to, err := forward.New(p.options(u))
			if err != nil {
				p.closeBut(next, p.now)
				return nil, err
			}
			one = onePool{u, to}
		}
		next[u.Name], out[u.Name] = one, one.to
	}
	p.next = next
	return out, nil
}

// settle makes what replace has prepared the upstreams in force.
func (p *pools) settle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.now
	p.now, p.next = p.next, nil
	for name, one := range before {
		if p.now[name].to == one.to {
			continue
		}
		p.old = append(p.old, one.to)
		time.AfterFunc(poolGrace, one.to.Close)
	}
}

// discard drops what replace has prepared.
func (p *pools) discard() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closeBut(p.next, p.now)
	p.next = nil
}

// close ends all of them at once.
func (p *pools) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closeBut(p.now, nil)
	p.closeBut(p.next, nil)
	for _, pool := range p.old {
		pool.Close()
	}
}

// closeBut closes those pools that are not kept.
func (p *pools) closeBut(some, kept map[string]onePool) {
	for name, one := range some {
		if kept[name].to != one.to {
			one.to.Close()
		}
	}
}

// addresses are the states of an upstream's addresses.
func (p *pools) addresses(upstream string) (all []ops.Address) {
	p.mu.Lock()
	one, ok := p.now[upstream]
	p.mu.Unlock()
	if !ok {
		return nil
	}
	for _, s := range one.to.States() {
		all = append(all, addressOf(s))
	}
	return all
}

// fromURL describes an upstream with one address, of a URL such as http://127.0.0.1:8081.
func fromURL(name, base string) (routes.Upstream, error) {
	o, err := forward.FromURL(name, base)
	return routes.Upstream{Name: name, Scheme: o.Scheme, Addresses: o.Addresses}, err
}

// options are what an upstream's description means to its pool; what is zero has the pool's default.
func (p *pools) options(u routes.Upstream) forward.Options {
	o := forward.Options{
		Name: u.Name, Scheme: u.Scheme, Addresses: u.Addresses, PassHost: u.PassHost,
		MaxConns: u.MaxConns, MaxTunnels: u.Tunnels, MaxBody: int64(u.MaxBody),
		DialTimeout: u.Timeouts.Connect, FirstByte: u.Timeouts.FirstByte, Silence: u.Timeouts.Silence,
		TunnelSilence: u.Timeouts.TunnelSilence, IdleAge: u.Timeouts.Idle,
		FailAfter: u.Passive.Failures, LeaveOut: u.Passive.LeaveOut, LeaveMost: u.Passive.Most,
		Health: forward.Health{
			Path: u.Health.Path, Host: u.Health.Host, Every: u.Health.Interval, Timeout: u.Health.Timeout,
			Status: u.Health.Status, Rise: u.Health.Rise, Fall: u.Health.Fall,
		},
		Changed: func(address string, up bool, why string) {
			p.log.Warn("an upstream's address", "upstream", u.Name, "address", address, "up", up, "reason", why)
		},
	}
	if u.Roots != nil || u.CertName != "" {
		o.TLS = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: u.Roots, ServerName: u.CertName}
	}
	return o
}
