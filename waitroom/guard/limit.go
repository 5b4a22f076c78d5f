package guard

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// minute is what limits are counted in.
const minute = time.Minute

// limiter lets no network do more of something than so many times in any minute. Per network it keeps one moment: it is the generic cell
// rate algorithm (ITU-T I.371, annex A), with half of the number allowed at once and the rest spread over the minute, which together never
// exceed the number. Its memory is bounded. The zero value is not ready, see newLimiter. Safe for concurrent use.
type limiter struct {
	seed   maphash.Seed
	start  time.Time
	shards [shardCount]shard
}

const (
	shardCount = 64
	shardSize  = 1024 // networks; 65,536 in all, about 6 MB
	sampled    = 8
)

type shard struct {
	mu    sync.Mutex
	due   map[netip.Prefix]time.Duration // since start: when the network will have made up for what it did
	swept time.Duration
}

func newLimiter(start time.Time) *limiter { return &limiter{seed: maphash.MakeSeed(), start: start} }

// pace returns how far apart n in a minute are, and how many may come at once.
func pace(n int64) (apart time.Duration, atOnce int64) {
	atOnce = (n + 1) / 2
	return (minute + time.Duration(n-atOnce)) / time.Duration(n-atOnce+1), atOnce // rounded up, or a minute could see one too many
}

// take counts one more, or says in how long it will be allowed; 0 when it was counted. n is at least 1.
func (l *limiter) take(who netip.Prefix, n int64, now time.Time) (wait time.Duration) {
	apart, atOnce := pace(n)
	s, at := l.shard(who), now.Sub(l.start)
	s.mu.Lock()
	defer s.mu.Unlock()
	due, known := s.due[who]
	// Whatever is kept from before the clock was set back, or n raised, is not more than all at once.
	due = min(max(due, at), at+time.Duration(atOnce)*apart)
	if earliest := due - time.Duration(atOnce-1)*apart; at < earliest {
		return earliest - at
	}
	if !known {
		s.makeRoom(at)
	}
	s.due[who] = due + apart
	return 0
}

// blocked says in how long one more would be allowed, without counting it.
func (l *limiter) blocked(who netip.Prefix, n int64, now time.Time) (wait time.Duration) {
	apart, atOnce := pace(n)
	s, at := l.shard(who), now.Sub(l.start)
	s.mu.Lock()
	defer s.mu.Unlock()
	due := min(max(s.due[who], at), at+time.Duration(atOnce)*apart)
	return max(due-time.Duration(atOnce-1)*apart-at, 0)
}

// giveBack undoes a take that came to nothing.
func (l *limiter) giveBack(who netip.Prefix, n int64) {
	apart, _ := pace(n)
	s := l.shard(who)
	s.mu.Lock()
	defer s.mu.Unlock()
	if due, known := s.due[who]; known {
		s.due[who] = due - apart
	}
}

func (l *limiter) shard(who netip.Prefix) *shard {
	return &l.shards[maphash.Comparable(l.seed, who)%shardCount]
}

// size is how many networks are kept.
func (l *limiter) size() (n int) {
	for i := range l.shards {
		s := &l.shards[i]
		s.mu.Lock()
		n += len(s.due)
		s.mu.Unlock()
	}
	return n
}

// makeRoom sweeps out who has made up for everything, now and then and when the shard is full. Where that is not enough, of a few at
// random the one goes that has done least: so a flood of new addresses cannot make the limiter forget the busiest, nor grow it.
func (s *shard) makeRoom(at time.Duration) {
	if s.due == nil {
		s.due, s.swept = make(map[netip.Prefix]time.Duration), at
	}
	full := len(s.due) >= shardSize
	if at-s.swept > minute || full && at-s.swept > time.Second || at < s.swept {
		s.swept = at
		for who, due := range s.due {
			if due <= at {
				delete(s.due, who)
			}
		}
	}
	if len(s.due) < shardSize {
		return
	}
	var least netip.Prefix
	var leastDue time.Duration
	seen := 0
	for who, due := range s.due { // in an order that differs each time
		if seen == 0 || due < leastDue {
			least, leastDue = who, due
		}
		if seen++; seen == sampled {
			break
		}
	}
	delete(s.due, least)
}
