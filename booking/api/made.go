package api

import (
	"context"
	"sync"
	"sync/atomic"
)

// made is values that are made once each and kept for good. Making one holds up those who want that one and nobody else; what could not be
// made is tried again by the next who asks. The keys must be bounded by what there is. Safe for concurrent use.
type made[K comparable, V any] struct {
	make func(ctx context.Context, key K) (V, error)

	mu    sync.RWMutex
	slots map[K]*slot[V]
}

type slot[V any] struct {
	making sync.Mutex
	value  atomic.Pointer[V]
}

func newMade[K comparable, V any](make func(ctx context.Context, key K) (V, error)) *made[K, V] {
	return &made[K, V]{make: make, slots: map[K]*slot[V]{}}
}

func (m *made[K, V]) get(key K) (V, error) {
	s := m.slot(key)
	if v := s.value.Load(); v != nil {
		return *v, nil
	}
	s.making.Lock()
	defer s.making.Unlock()
	if v := s.value.Load(); v != nil {
		return *v, nil // somebody else made it while we waited
	}
	ctx, cancel := context.WithTimeout(context.Background(), loadTimeout)
	defer cancel()
	v, err := m.make(ctx, key)
	if err == nil {
		s.value.Store(&v)
	}
	return v, err
}

func (m *made[K, V]) slot(key K) *slot[V] {
	m.mu.RLock()
	s := m.slots[key]
	m.mu.RUnlock()
	if s != nil {
		return s
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.slots[key] == nil {
		m.slots[key] = &slot[V]{}
	}
	return m.slots[key]
}
