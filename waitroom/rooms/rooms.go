// Package rooms keeps a gateway's live view of all rooms: it ticks each ten times a second, publishes what it sees by
// atomic pointers, keeps the revocations, and tells the line which sessions were active and which visitors were heard.
package rooms

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"anteroom/waitroom"
)

const (
	tickEvery     = 100 * time.Millisecond
	flushEvery    = time.Second            // touched sessions
	beatEvery     = time.Second            // heartbeats, and then the crowd
	discoverEvery = 500 * time.Millisecond // new rooms
	callTimeout   = time.Second            // one call of the line
)

// Rooms is the live view of all rooms. Safe for concurrent use.
type Rooms struct {
	line waitroom.Pulse
	log  *slog.Logger

	known  atomic.Pointer[map[string]*room] // nil until read for the first time; the map itself never changes
	readAt atomic.Int64                     // when all rooms were last listed, Unix nanoseconds; 0 for never
	wg     sync.WaitGroup
}

var _ waitroom.Rooms = (*Rooms)(nil)

// New makes a view of the line's rooms, which Run keeps up.
func New(line waitroom.Pulse, log *slog.Logger) *Rooms {
	return &Rooms{line: line, log: log}
}

// Find implements waitroom.Rooms. It allocates nothing.
func (r *Rooms) Find(name []byte) (waitroom.Room, error) {
	known := r.known.Load()
	if known == nil {
		return nil, waitroom.ErrLineUnavailable
	}
	one, ok := (*known)[string(name)]
	switch {
	case !ok:
		return nil, waitroom.ErrRoomUnknown
	case one.lost.Load():
		return nil, waitroom.ErrRoomLost
	case one.view.Load() == nil:
		return nil, waitroom.ErrLineUnavailable
	default:
		return one, nil
	}
}

// Run keeps the view until ctx ends; then it tells the line of the last touched sessions and heard visitors and returns nil.
func (r *Rooms) Run(ctx context.Context) error {
	defer r.wg.Wait()
	ticker := time.NewTicker(discoverEvery)
	defer ticker.Stop()
	for {
		r.discover(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Ready fails while the rooms have not been read, and names a room whose view is stale or lost.
func (r *Rooms) Ready(context.Context) error {
	known := r.known.Load()
	if known == nil {
		return errors.New("the rooms have not been read yet")
	}
	if age := time.Since(time.Unix(0, r.readAt.Load())); age > waitroom.StaleAfter+discoverEvery {
		return fmt.Errorf("the list of rooms is %s old", age.Round(time.Millisecond))
	}
	for name, one := range *known {
		view := one.view.Load()
		switch {
		case one.lost.Load():
			return fmt.Errorf("the line of room %s is lost", name)
		case view == nil:
			return fmt.Errorf("room %s has not been read yet", name)
		case view.Stale(time.Now()):
			return fmt.Errorf("the view of room %s is %s old", name, view.Age(time.Now()).Round(time.Millisecond))
		}
	}
	return nil
}

// Each calls f with the newest view of each room, for metrics.
func (r *Rooms) Each(f func(*waitroom.View)) {
	known := r.known.Load()
	if known == nil {
		return
	}
	for _, one := range *known {
		if view := one.view.Load(); view != nil {
			f(view)
		}
	}
}

// Has reports whether there is, or was, such a room.
func (r *Rooms) Has(name string) bool {
	known := r.known.Load()
	return known != nil && (*known)[name] != nil
}

// Ended counts the passes of a room that were ended before they ran out, as far as this gateway has learnt of them since it started.
func (r *Rooms) Ended(name string) int64 {
	known := r.known.Load()
	if known == nil || (*known)[name] == nil {
		return 0
	}
	return (*known)[name].revoked.total.Load()
}

// discover lists the rooms, starts the new ones and marks those that are gone. No room is ever removed on purpose, so one that is
// gone was lost with the line's data: it is kept, marked, so that its gate stays shut.
func (r *Rooms) discover(ctx context.Context) {
	limit, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	names, err := r.line.Rooms(limit)
	if err != nil {
		return // Ready says so; the rooms known so far stay
	}
	next := map[string]*room{}
	if known := r.known.Load(); known != nil {
		maps.Copy(next, *known)
	}
	listed := make(map[string]bool, len(names))
	for _, name := range names {
		listed[name] = true
		if next[name] == nil {
			one := newRoom(name, r.line, r.log)
			one.tick(ctx) // so that a room is never known without a view, unless the line fails just now
			next[name] = one
			r.wg.Go(func() { one.run(ctx) })
		}
	}
	for name, one := range next {
		if !listed[name] {
			one.lose("it is not listed any more")
		}
	}
	r.known.Store(&next)
	r.readAt.Store(time.Now().UnixNano())
}
