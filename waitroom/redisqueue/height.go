package redisqueue

import "sync/atomic"

// height is how far a room's counter was when this gateway last heard of it. It is told to every script: a line whose counter stands lower has
// forgotten numbers that were given, whichever Redis process it is served by, and jumps (settle_primary in lib.lua).
//
// The identity of the process alone would not do. Two processes that are started from one and the same copy, one after the other, would both
// jump to the same numbers; and a primary that was cut off, and comes back, is who it always was.
type height struct{ epoch, issued int64 }

// reached notes how far a counter is.
func (q *Queue) reached(room string, epoch, issued int64) {
	at, ok := q.heights.Load(room)
	if !ok {
		at, _ = q.heights.LoadOrStore(room, new(atomic.Pointer[height]))
	}
	known := at.(*atomic.Pointer[height])
	for {
		h := known.Load()
		if h != nil && (h.epoch > epoch || (h.epoch == epoch && h.issued >= issued)) {
			return
		}
		if known.CompareAndSwap(h, &height{epoch, issued}) {
			return
		}
	}
}

// jump is the second argument of every script.
func (q *Queue) jump(room string) string {
	h := &height{}
	if at, ok := q.heights.Load(room); ok {
		if known := at.(*atomic.Pointer[height]).Load(); known != nil {
			h = known
		}
	}
	return decimal(q.margin) + ":" + decimal(h.epoch) + ":" + decimal(h.issued)
}
