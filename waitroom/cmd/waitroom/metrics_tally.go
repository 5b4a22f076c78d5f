package main

import (
	"maps"
	"sync"
	"sync/atomic"
)

// maxLabels bounds how many sets of labels one metric has; what comes beyond is counted under empty ones.
const maxLabels = 1000

// tally counts by key. The zero value is ready. Safe for concurrent use.
type tally[K comparable] struct {
	mu   sync.RWMutex
	sums map[K]*atomic.Int64
}

func (t *tally[K]) add(key K) { t.of(key).Add(1) }

// of returns the sum of a key, which is 0 when it is asked for first.
func (t *tally[K]) of(key K) *atomic.Int64 {
	t.mu.RLock()
	sum := t.sums[key]
	t.mu.RUnlock()
	if sum != nil {
		return sum
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sums == nil {
		t.sums = map[K]*atomic.Int64{}
	}
	if len(t.sums) >= maxLabels {
		var other K
		key = other
	}
	if t.sums[key] == nil {
		t.sums[key] = new(atomic.Int64)
	}
	return t.sums[key]
}

// read returns all sums.
func (t *tally[K]) read() map[K]int64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	sums := make(map[K]int64, len(t.sums))
	for key, sum := range t.sums {
		sums[key] = sum.Load()
	}
	return sums
}

// shelf holds one thing for each of few names, and is read far more often than written. Safe for concurrent use; a look-up allocates
// nothing.
type shelf[T any] struct {
	all atomic.Pointer[map[string]*T]
	mu  sync.Mutex // held to add
}

// of returns the thing of this name, made when it is asked for first.
func (s *shelf[T]) of(name string, fresh func() *T) *T {
	if all := s.all.Load(); all != nil {
		if one := (*all)[name]; one != nil {
			return one
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next := map[string]*T{}
	if all := s.all.Load(); all != nil {
		maps.Copy(next, *all)
	}
	if len(next) >= maxLabels {
		name = ""
	}
	if next[name] == nil {
		next[name] = fresh()
		s.all.Store(&next)
	}
	return next[name]
}

// each is all there is, by name. It may not be changed.
func (s *shelf[T]) each() map[string]*T {
	if all := s.all.Load(); all != nil {
		return *all
	}
	return nil
}
