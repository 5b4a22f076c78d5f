package rooms

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"anteroom/waitroom"
)

// beat tells the line about once a second who was heard, and then reads who is present, until ctx ends. The seconds of several
// gateways drift, so that they do not all ask in one moment.
func (r *room) beat(ctx context.Context) {
	timer := time.NewTimer(rand.N(beatEvery)) //nolint:gosec // No secret: it spreads load.
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			r.tell(context.WithoutCancel(ctx))
			return
		case <-timer.C:
			r.tell(ctx)
			r.look(ctx)
			r.follow(ctx)
			timer.Reset(beatEvery*9/10 + rand.N(beatEvery/5)) //nolint:gosec // As above.
		}
	}
}

// tell tells the line who was heard. What could not be told is told the next time.
func (r *room) tell(ctx context.Context) {
	turn, chunks := r.heard.Take()
	if len(chunks) == 0 {
		return
	}
	limit, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if err := r.line.Hear(limit, r.name, turn, chunks); err != nil && !over(err) {
		r.heard.PutBack(turn, chunks) // the ticks say that the line is down
	}
}

// look reads the crowd when it can have changed. A failure keeps the one there is.
func (r *room) look(ctx context.Context) {
	view := r.view.Load()
	if view == nil {
		return
	}
	if have := r.crowds.of(view.Turn()); have == nil || have.stamp != view.Stamp {
		_ = r.readCrowd(ctx, &view.Snapshot)
	}
}

func (r *room) readCrowd(ctx context.Context, s *waitroom.Snapshot) error {
	limit, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	began := r.crowds.reads.Add(1)
	present, err := r.line.Crowd(limit, r.name, s.Turn())
	if err != nil {
		return err
	}
	r.crowds.put(&crowd{Crowd: present, turn: s.Turn(), stamp: s.Stamp, asOf: s.AsOf, read: began})
	return nil
}

// crowd is a crowd that was read after the snapshot with this stamp.
type crowd struct {
	*waitroom.Crowd
	turn  waitroom.Turn
	stamp int64
	asOf  time.Time
	read  int64 // counts the readings
}

// crowds holds the newest crowd. Safe for concurrent use.
type crowds struct {
	newest atomic.Pointer[crowd]
	reads  atomic.Int64
}

// of returns the newest crowd if it is of this turn, else nil.
func (c *crowds) of(turn waitroom.Turn) *crowd {
	if have := c.newest.Load(); have != nil && have.turn == turn {
		return have
	}
	return nil
}

// put replaces the newest crowd, unless that is of a later turn or its reading began later: two goroutines read.
func (c *crowds) put(next *crowd) {
	for {
		have := c.newest.Load()
		if have != nil && (have.turn.After(next.turn) || (have.turn == next.turn && have.read > next.read)) {
			return
		}
		if c.newest.CompareAndSwap(have, next) {
			return
		}
	}
}

// window follows the heartbeat windows of a line. For one goroutine.
type window struct {
	index int64
	seen  time.Time // when it was last seen
	began time.Time // no later than its beginning; zero while that is not known
}

// see takes note of the window that is in force.
func (w *window) see(s *waitroom.Snapshot, now time.Time) {
	if s.Window != w.index {
		w.began = w.seen // the one before was still in force then
	}
	w.index, w.seen = s.Window, now
}

// endingBefore is how long before its end a window counts as ending: longer than it takes to learn of the next one.
const endingBefore = time.Second

// ending reports whether the window may be over before the next tick has told so.
func (w *window) ending(s *waitroom.Snapshot, now time.Time) bool {
	length := time.Duration(s.Policy.GhostSeconds) * time.Second / 2
	return w.began.IsZero() || now.Sub(w.began) > length-endingBefore
}
