package api

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// loadTimeout bounds one load of a cached value.
const loadTimeout = 2 * time.Second

// fresh is one value that many read and one loads: at most one load every ttl however many ask, and none when nobody
// does. When loading fails, the last value is served while it is younger than stale. Safe for concurrent use.
type fresh[T any] struct {
	ttl, stale time.Duration
	load       func(ctx context.Context) (T, error)

	loading sync.Mutex
	last    atomic.Pointer[loaded[T]]
}

type loaded[T any] struct {
	value T
	good  time.Time // when the value was loaded; zero: never
	tried time.Time // when loading was last tried
	err   error     // of that try
}

func (f *fresh[T]) get() (T, error) {
	if l := f.last.Load(); l != nil && time.Since(l.tried) < f.ttl {
		return f.judge(l)
	}
	f.loading.Lock()
	defer f.loading.Unlock()
	l := f.last.Load()
	if l != nil && time.Since(l.tried) < f.ttl {
		return f.judge(l) // somebody else loaded it while we waited
	}
	ctx, cancel := context.WithTimeout(context.Background(), loadTimeout)
	defer cancel()
	next := loaded[T]{}
	if l != nil {
		next = *l
	}
	start := time.Now()
	value, err := f.load(ctx)
	// A failure counts from its end, so that a crowd does not wait for one time-out after another.
	next.tried, next.err = time.Now(), err
	if err == nil {
		next.value, next.good, next.tried = value, start, start
	}
	f.last.Store(&next)
	return f.judge(&next)
}

func (f *fresh[T]) judge(l *loaded[T]) (T, error) {
	if l.err == nil || (!l.good.IsZero() && time.Since(l.good) < f.stale) {
		return l.value, nil
	}
	var none T
	return none, l.err
}
