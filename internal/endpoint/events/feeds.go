package events

import (
	"context"
	"sync"
)

// Look tells what is new of what is watched, until ctx ends.
type Look[K comparable, T any] func(ctx context.Context, key K, tell func(T))

// Feeds tell any number of watchers, up to a bound, for the price of one: what is watched is looked at by one goroutine, which begins with the
// first watcher and ends with the last. Safe for concurrent use.
type Feeds[K comparable, T any] struct {
	limit int
	full  error
	look  Look[K, T]

	mu    sync.Mutex
	open  int
	feeds map[K]*feed[T]
}

// feed is one thing being watched. Its watchers are guarded by Feeds.mu.
type feed[T any] struct {
	watchers map[chan T]struct{}
	stop     context.CancelFunc
}

// NewFeeds makes feeds for at most limit watchers, those of all keys together; full is the error for one more.
func NewFeeds[K comparable, T any](limit int, full error, look Look[K, T]) *Feeds[K, T] {
	return &Feeds[K, T]{limit: limit, full: full, look: look, feeds: map[K]*feed[T]{}}
}

// Open is how many watchers there are now.
func (s *Feeds[K, T]) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// Watch begins to watch. News has the newest only: a slow watcher misses what is old, and holds nobody up. Leave is to be called once.
func (s *Feeds[K, T]) Watch(key K) (news <-chan T, leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open >= s.limit {
		return nil, nil, s.full
	}
	s.open++
	f := s.feeds[key]
	if f == nil {
		ctx, cancel := context.WithCancel(context.Background())
		f = &feed[T]{watchers: map[chan T]struct{}{}, stop: cancel}
		s.feeds[key] = f
		go s.look(ctx, key, func(now T) { s.tell(f, now) })
	}
	w := make(chan T, 1)
	f.watchers[w] = struct{}{}
	return w, func() { s.leave(key, f, w) }, nil
}

func (s *Feeds[K, T]) leave(key K, f *feed[T], w chan T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
	delete(f.watchers, w)
	if len(f.watchers) == 0 {
		f.stop()
		delete(s.feeds, key)
	}
}

func (s *Feeds[K, T]) tell(f *feed[T], now T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for w := range f.watchers {
		select {
		case <-w:
		default:
		}
		w <- now // there is room: only this sends, under the lock
	}
}
