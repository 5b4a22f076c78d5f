// Package notary keeps the public ledger of every room: what was issued and served, in signed lines each of which names the one
// before. And it performs the draws, each step of which goes into the ledger before the next one is made. Every gateway has one; they
// race, and whoever comes second finds the work done.
package notary

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

const (
	lookEvery   = 250 * time.Millisecond // at the views
	lineEvery   = 10 * time.Second       // between two lines of a room where nothing changes
	callTimeout = 2 * time.Second        // one call of the line
	drawTimeout = time.Minute            // the calls that move the bits of a whole crowd
)

// Line is what a Notary needs of the line.
type Line interface {
	waitroom.Notary
	waitroom.Drawer
}

// Views gives the newest view of each room. Safe for concurrent use.
type Views interface {
	Each(f func(*waitroom.View))
}

// Notary writes the ledgers and performs the draws of all rooms, see Run.
type Notary struct {
	line  Line
	views Views
	keys  *auth.Keys
	log   *slog.Logger
	rooms map[string]*room // Run's own
}

// New makes a notary that signs with these keys. The views must be the same line's.
func New(line Line, views Views, keys *auth.Keys, log *slog.Logger) *Notary {
	return &Notary{line: line, views: views, keys: keys, log: log, rooms: make(map[string]*room)}
}

// Run works until ctx ends, then waits for what is under way and returns nil. No room waits for another, and nobody for the notary: a draw of
// ten million takes seconds.
func (n *Notary) Run(ctx context.Context) error {
	var working sync.WaitGroup
	defer working.Wait()
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		n.views.Each(func(v *waitroom.View) {
			r := n.room(v.Room)
			if v.Stale(time.Now()) || !r.busy.CompareAndSwap(false, true) {
				return
			}
			working.Go(func() {
				defer r.busy.Store(false)
				r.work(ctx, v)
			})
		})
	}
}

func (n *Notary) room(name string) *room {
	r := n.rooms[name]
	if r == nil {
		r = &room{name: name, line: n.line, keys: n.keys, log: n.log.With("room", name)}
		n.rooms[name] = r
	}
	return r
}

// room is the work for one room; one goroutine at a time does it.
type room struct {
	name string
	line Line
	keys *auth.Keys
	log  *slog.Logger
	busy atomic.Bool

	last written
	draw drawn
	down bool // the last work failed; so that an outage is logged once
}

// work does what is due by a view of the room. What fails is tried again with the next view.
func (r *room) work(ctx context.Context, v *waitroom.View) {
	facts, current, err := r.facts(ctx, v)
	if err == nil && current {
		if err = r.record(ctx, v, facts); err == nil {
			err = r.perform(ctx, v, facts)
		}
	}
	switch {
	case ctx.Err() != nil:
	case err != nil && !r.down:
		r.down = true
		r.log.Warn("the ledger or the draw must wait", "err", err)
	case err == nil && r.down:
		r.down = false
		r.log.Info("ledger and draw go on")
	}
}
