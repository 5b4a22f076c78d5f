package journal

import (
	"sync"
	"time"
)

// Clock turns times into journal times. Differences are monotonic: a step of the wall clock does not show. All clocks of a process
// are the same, and the journals of several processes on one machine are brought to one clock by Merge.
type Clock struct{ base time.Time }

// Origin says by which clock the times of a journal were taken.
type Origin struct {
	Boot   string `json:"boot,omitempty"` // of the machine; processes of one boot share a monotonic clock. Empty when not known
	Offset int64  `json:"offset_ns"`      // journal time less monotonic time since the boot; 0 when Boot is empty
}

// here is the clock of this process, taken once: two readings of the wall clock may differ by a step in between.
var here = sync.OnceValues(func() (time.Time, Origin) {
	base, sinceBoot := bootClock()
	o := Origin{Boot: bootID()}
	if o.Boot != "" {
		o.Offset = base.UnixNano() - sinceBoot
	}
	return base, o
})

// NewClock returns the clock of this process.
func NewClock() Clock {
	base, _ := here()
	return Clock{base}
}

// At is t as Unix nanoseconds.
func (c Clock) At(t time.Time) int64 { return c.base.UnixNano() + int64(t.Sub(c.base)) }
