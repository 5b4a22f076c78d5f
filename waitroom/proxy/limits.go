package proxy

import (
	"sync"
	"time"

	"anteroom/waitroom"
)

// errPassTooMany is for a pass that is good and used too much.
var errPassTooMany = waitroom.ErrPassTooMany

const (
	limitShards = 64
	// limitedMost bounds the sessions of a shard. Only what was used within the last seconds is kept, and there are fewer connections than
	// this: beyond it a session is let through uncounted rather than the memory be without bound.
	limitedMost = 8 << 10
	limitedMin  = 64          // no sweep below
	sweepEvery  = time.Second // and none sooner after the last
)

// limits hold each session to its rate and to its number of requests at once, on this gateway. The zero value is ready. Safe for
// concurrent use.
type limits struct {
	shards [limitShards]limitShard
}

type limitShard struct {
	mu     sync.Mutex
	meters map[waitroom.SessionID]meter
	swept  time.Duration // when, since started
}

// meter is how much of its limits a session has used. Its zero value has used nothing.
type meter struct {
	paid  time.Duration // since started: when all that was used is paid for, at the rate
	under int64         // requests under way
}

// started is what times are counted from; a monotonic clock goes with it.
var started = time.Now()

// take uses one of the requests that a session has a second; up to a second's worth may come at once. So in any t seconds there are at most
// rate × (t + 1). It reports false when none is left; the time is how long until there is one.
func (l *limits) take(s waitroom.SessionID, rate int64, now time.Time) (wait time.Duration, ok bool) {
	each := time.Second / time.Duration(rate)
	at := now.Sub(started)
	shard := l.lock(s)
	defer shard.mu.Unlock()
	m := shard.meters[s]
	owed := max(m.paid, at)
	if wait := owed - at - time.Duration(rate-1)*each; wait > 0 {
		return wait, false
	}
	m.paid = owed + each
	shard.put(s, m, at)
	return 0, true
}

// begin counts a request that begins, which end must follow; it reports false when there are as many as may be.
func (l *limits) begin(s waitroom.SessionID, most int64, now time.Time) bool {
	shard := l.lock(s)
	defer shard.mu.Unlock()
	m := shard.meters[s]
	if m.under >= most {
		return false
	}
	m.under++
	shard.put(s, m, now.Sub(started))
	return true
}

func (l *limits) end(s waitroom.SessionID) {
	shard := l.lock(s)
	defer shard.mu.Unlock()
	if m, ok := shard.meters[s]; ok && m.under > 0 {
		m.under--
		shard.meters[s] = m
	}
}

func (l *limits) lock(s waitroom.SessionID) *limitShard {
	shard := &l.shards[s.Shard(limitShards)]
	shard.mu.Lock()
	return shard
}

// put keeps a meter. When another one comes, now and then, those that have nothing to remember are dropped.
func (s *limitShard) put(key waitroom.SessionID, m meter, at time.Duration) {
	if s.meters == nil {
		s.meters = make(map[waitroom.SessionID]meter)
	}
	_, known := s.meters[key]
	if !known && len(s.meters) >= limitedMin && at-s.swept >= sweepEvery {
		for other, m := range s.meters {
			if m.under == 0 && m.paid <= at {
				delete(s.meters, other)
			}
		}
		s.swept = at
	}
	if known || len(s.meters) < limitedMost {
		s.meters[key] = m
	}
}
