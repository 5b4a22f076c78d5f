package waitroom

import (
	"sync"
	"time"

	"anteroom/internal/auth"
)

// SessionID names one admission: what a pass is good for, however often it is renewed.
type SessionID struct {
	Room          string
	Epoch, Number int64
}

// SessionIDOf names the session of a pass. Passes by no place (see Desk.Detour) have no number of their own, so the time they were made stands for it.
func SessionIDOf(p *auth.Pass) SessionID {
	s := SessionID{Room: p.Room, Epoch: p.Epoch, Number: p.Number}
	if s.Number == 0 {
		s.Number = -p.AdmittedAt.UnixMilli()
	}
	return s
}

// SessionID is that of an admitted visit.
func (v *Visit) SessionID() SessionID {
	return SessionIDOf(&auth.Pass{Room: v.Room, Epoch: v.Epoch, Number: v.Number, AdmittedAt: *v.AdmittedAt})
}

// PassLeft is how long a browser should keep the pass of an admitted visit, at least a second. It is reckoned by the clock of the line:
// that of this machine may be wrong.
func (v *Visit) PassLeft() time.Duration { return max(v.passLeft, time.Second) }

// Shard spreads sessions over n places, a power of two.
func (s SessionID) Shard(n uint64) uint64 {
	return (uint64(s.Number) * 0x9e3779b97f4a7c15 >> 40) & (n - 1)
} //nolint:gosec // A hash may wrap.

const (
	renewalShards = 64
	// renewalsKept bounds each generation of a shard, in passes of some 500 bytes. It needs to hold those renewed within the few
	// seconds in which a browser still sends the old one; who is forgotten costs a signature more.
	renewalsKept = 256
)

// renewals remember the passes renewed lately, so that many requests at once of one session cost one signature. They keep two
// generations, as auth's cache of verified passes does. The zero value is ready. Safe for concurrent use.
type renewals struct {
	shards [renewalShards]struct {
		mu         sync.Mutex
		young, old map[SessionID]renewed
	}
}

type renewed struct {
	token   string
	expires time.Time
}

// get returns the pass made for the session before, unless it is due again itself; then make makes one.
func (r *renewals) get(s SessionID, due func(expires time.Time) bool, make func() (renewed, error)) (renewed, error) {
	shard := &r.shards[s.Shard(renewalShards)]
	shard.mu.Lock()
	defer shard.mu.Unlock() // held while signing: who is of this session waits for nothing else
	one, ok := shard.young[s]
	if !ok {
		one, ok = shard.old[s]
	}
	if ok && !due(one.expires) {
		return one, nil
	}
	one, err := make()
	if err != nil {
		return renewed{}, err
	}
	if shard.young == nil || len(shard.young) >= renewalsKept {
		shard.old, shard.young = shard.young, map[SessionID]renewed{}
	}
	shard.young[s] = one
	return one, nil
}

// Renew gives the holder of a good pass what should be held instead: a pass for longer, when that is due, which never goes beyond
// the end of the session; and the pass for edges that belongs to it. It asks nobody, so it goes on while the line is down. Whether the
// pass is good, and not revoked, is the caller's to know.
func (d *Desk) Renew(v *View, p auth.Pass, now time.Time) (Visit, error) {
	visit := Visit{Room: v.Room, State: Admitted, Number: p.Number, Epoch: p.Epoch, AdmittedAt: &p.AdmittedAt}
	if v.Policy.RenewalDue(&p, now) {
		one, err := d.renewals.get(SessionIDOf(&p), func(expires time.Time) bool {
			held := p
			held.ExpiresAt = expires
			return !now.Before(expires) || v.Policy.RenewalDue(&held, now)
		}, func() (one renewed, err error) {
			next := p
			next.ExpiresAt = v.Policy.PassEnd(now, p.EndsAt)
			one.expires = next.ExpiresAt
			one.token, err = d.keys.SignPass(next)
			return one, err
		})
		if err != nil {
			return Visit{}, err
		}
		visit.Pass, p.ExpiresAt = one.token, one.expires
	}
	visit.PassExpiresAt, visit.passLeft = &p.ExpiresAt, p.ExpiresAt.Sub(now)
	return visit, d.addEdgePass(&visit, p)
}

// anew is the ticket signed once more when its key signs no more, else empty. So a place outlives any number of keys, as long as its holder
// is heard of within the overlap of two.
func (d *Desk) anew(token []byte, t auth.Ticket) string {
	if !d.keys.Outdated(token) {
		return ""
	}
	again, err := d.keys.SignTicket(t)
	if err != nil {
		return "" // the old one is good all the same
	}
	return again
}

// ServeEdges makes the desk give a pass for edges beside every pass. It is called before the desk is used.
func (d *Desk) ServeEdges(key *auth.EdgeKey) { d.edge = key }

func (d *Desk) addEdgePass(visit *Visit, p auth.Pass) (err error) {
	if d.edge != nil {
		visit.EdgePass, err = d.edge.Sign(p)
	}
	return err
}
