package adminapi

import (
	"context"
	"sync"
	"time"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

// liveStaff is who asks the gateway for the room that all watchers share. Each watcher has been checked already; this
// identity may see rooms and nothing else.
var liveStaff = auth.Staff{Email: "live-view@back-office", Name: "Live view", Role: auth.Developer}

// ErrTooManyStreams is the answer to a watcher above the bound.
var ErrTooManyStreams = fault.New(fault.Unavailable, "too-many-streams", "Too many live pages are open; try again in a moment.").After(5 * time.Second)

// Sight is a room as last seen, or why it could not be.
type Sight struct {
	Room Room
	Err  error
}

// Live shows rooms to any number of watchers for the price of one question to the gateway a room and interval: a room is
// asked for while it is watched, by one goroutine that ends with the last watcher. Safe for concurrent use.
type Live struct {
	gateway  Gateway
	interval time.Duration
	limit    int

	mu       sync.Mutex
	feeds    map[string]*feed
	watching int
}

// feed is one room being asked for. Its fields are guarded by Live.mu.
type feed struct {
	watchers map[*Watcher]struct{}
	last     *Sight
	stop     context.CancelFunc
}

// Watcher receives what is seen of a room. Close it.
type Watcher struct {
	live   *Live
	room   string
	sights chan Sight
	once   sync.Once
}

// NewLive makes a Live that asks once an interval and has at most limit watchers.
func NewLive(gateway Gateway, interval time.Duration, limit int) *Live {
	return &Live{gateway: gateway, interval: interval, limit: limit, feeds: map[string]*feed{}}
}

// Watch begins to watch a room. It fails with ErrTooManyStreams.
func (l *Live) Watch(room string) (*Watcher, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.watching >= l.limit {
		return nil, ErrTooManyStreams
	}
	l.watching++
	w := &Watcher{live: l, room: room, sights: make(chan Sight, 1)}
	f := l.feeds[room]
	if f == nil {
		ctx, cancel := context.WithCancel(context.Background())
		f = &feed{watchers: map[*Watcher]struct{}{}, stop: cancel}
		l.feeds[room] = f
		go l.run(ctx, room, f)
	}
	f.watchers[w] = struct{}{}
	if f.last != nil {
		w.sights <- *f.last
	}
	return w, nil
}

// Watching is how many watchers there are now.
func (l *Live) Watching() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.watching
}

// Sights gives what is seen, the newest only: a slow watcher misses what is old, and holds nobody up.
func (w *Watcher) Sights() <-chan Sight { return w.sights }

// Close ends the watching; the last one to leave a room stops the questions. Closing twice is harmless.
func (w *Watcher) Close() {
	w.once.Do(func() {
		l := w.live
		l.mu.Lock()
		defer l.mu.Unlock()
		l.watching--
		f := l.feeds[w.room]
		delete(f.watchers, w)
		if len(f.watchers) == 0 {
			f.stop()
			delete(l.feeds, w.room)
		}
	})
}

// run asks for the room until the feed is stopped.
func (l *Live) run(ctx context.Context, room string, f *feed) {
	tick := time.NewTicker(l.interval)
	defer tick.Stop()
	for {
		seen, err := l.gateway.Room(ctx, liveStaff, room)
		if ctx.Err() != nil {
			return
		}
		l.show(f, Sight{Room: seen, Err: err})
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// show gives every watcher of the feed the newest sight in place of one not taken yet.
func (l *Live) show(f *feed, s Sight) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f.last = &s
	for w := range f.watchers {
		select {
		case <-w.sights:
		default:
		}
		w.sights <- s // there is room: only this goroutine sends to it, under the lock
	}
}
