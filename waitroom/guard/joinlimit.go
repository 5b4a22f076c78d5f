package guard

import (
	"net/netip"
	"sync"
	"time"

	"anteroom/waitroom"
)

// limits are the counts of all rooms, each made when it is first needed. Rooms are made by operators, so there are few.
type limits struct {
	mu    sync.RWMutex
	rooms map[string]*roomLimits
}

type roomLimits struct{ addresses, networks, wrongCodes *limiter }

func (l *limits) of(room string, now time.Time) *roomLimits {
	l.mu.RLock()
	one := l.rooms[room]
	l.mu.RUnlock()
	if one != nil {
		return one
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if one = l.rooms[room]; one == nil {
		if l.rooms == nil {
			l.rooms = make(map[string]*roomLimits)
		}
		one = &roomLimits{newLimiter(now), newLimiter(now), newLimiter(now)}
		l.rooms[room] = one
	}
	return one
}

// address is one address as a network. One that is not known counts as one.
func address(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap().WithZone("")
	return netip.PrefixFrom(addr, addr.BitLen())
}

// network is what one household, or one rented machine, has of addresses: a /24 of IPv4, a /48 of IPv6.
func network(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap().WithZone("")
	size := 48
	if addr.Is4() {
		size = 24
	}
	p, err := addr.Prefix(size)
	if err != nil {
		return netip.Prefix{} // not known
	}
	return p
}

// joinLimit bounds new places by address and by network, on this gateway.
func (g *Guard) joinLimit(r *request) finding {
	p := &r.view.Policy.Guards
	counts := g.limits.of(r.view.Room, r.now)
	own, near := address(r.who.Addr), network(r.who.Addr)
	if n := p.JoinsPerAddress; n > 0 {
		if wait := counts.addresses.take(own, n, r.now); wait > 0 {
			return finding{refusal: waitroom.ErrJoinLimit.After(wait), tripped: true}
		}
	}
	if n := p.JoinsPerPrefix; n > 0 {
		if wait := counts.networks.take(near, n, r.now); wait > 0 {
			if p.JoinsPerAddress > 0 {
				counts.addresses.giveBack(own, p.JoinsPerAddress)
			}
			// Neighbours are refused for what others did, so that is no sign against any one of them.
			return finding{refusal: waitroom.ErrJoinLimit.After(wait)}
		}
	}
	perAddress, perPrefix := p.JoinsPerAddress, p.JoinsPerPrefix
	return finding{undo: func() {
		if perAddress > 0 {
			counts.addresses.giveBack(own, perAddress)
		}
		if perPrefix > 0 {
			counts.networks.giveBack(near, perPrefix)
		}
	}}
}
