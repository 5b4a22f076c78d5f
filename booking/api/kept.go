package api

import (
	"context"
	"sync"
	"time"
)

// kept is a bounded set of fresh values by key. When it is full, any one of them makes room: a value that many look at is loaded again at
// once, and asking for all the keys there are costs no more memory. Safe for concurrent use.
type kept[K comparable, V any] struct {
	most       int
	ttl, stale time.Duration
	load       func(ctx context.Context, key K) (V, error)

	mu     sync.RWMutex
	values map[K]*fresh[V]
}

func newKept[K comparable, V any](most int, ttl, stale time.Duration, load func(ctx context.Context, key K) (V, error)) *kept[K, V] {
	return &kept[K, V]{most: most, ttl: ttl, stale: stale, load: load, values: map[K]*fresh[V]{}}
}

func (k *kept[K, V]) get(key K) (V, error) {
	k.mu.RLock()
	f := k.values[key]
	k.mu.RUnlock()
	if f == nil {
		f = k.add(key)
	}
	return f.get()
}

func (k *kept[K, V]) add(key K) *fresh[V] {
	k.mu.Lock()
	defer k.mu.Unlock()
	if f := k.values[key]; f != nil {
		return f // somebody else was faster
	}
	for any := range k.values {
		if len(k.values) < k.most {
			break
		}
		delete(k.values, any)
	}
	f := &fresh[V]{ttl: k.ttl, stale: k.stale, load: func(ctx context.Context) (V, error) { return k.load(ctx, key) }}
	k.values[key] = f
	return f
}
