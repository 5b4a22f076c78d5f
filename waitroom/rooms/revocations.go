package rooms

import (
	"sync"
	"sync/atomic"
	"time"

	"anteroom/waitroom"
)

// revocations are the passes that were ended before their time. An entry is kept until its pass must have run out, reckoned with
// the longest session limit the room has had: a limit that is lowered does not shorten passes already signed.
type revocations struct {
	total atomic.Int64 // entries ever made

	mu     sync.RWMutex
	ended  map[waitroom.Revocation]time.Time // when this gateway learnt of it
	limit  time.Duration
	pruned time.Time
}

// pruneEvery is how often the whole set is looked through for entries that do not matter any more.
const pruneEvery = 10 * time.Second

func (s *revocations) has(one waitroom.Revocation) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.ended[one]
	return ok
}

func (s *revocations) add(now time.Time, all ...waitroom.Revocation) {
	if len(all) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.ended = make(map[waitroom.Revocation]time.Time)
	}
	for _, one := range all {
		if _, ok := s.ended[one]; !ok {
			s.ended[one] = now
			s.total.Add(1)
		}
	}
}

// keepFor notes that a pass signed now may be good for this long.
func (s *revocations) keepFor(limit time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit = max(s.limit, limit)
}

func (s *revocations) prune(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.pruned) < pruneEvery {
		return
	}
	s.pruned = now
	for one, since := range s.ended {
		if now.Sub(since) > s.limit+pruneEvery {
			delete(s.ended, one)
		}
	}
}
