package generator

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// Values below 2^fine microseconds have a counter each; above, every power of two is cut into 2^(fine-1): a value is known to about 3 %.
const (
	fine     = 6
	largest  = 1<<36 - 1 // microseconds: 19 hours; what is longer counts as this
	counters = (36-fine)<<(fine-1) + 1<<fine
)

// histogram counts durations. Safe for concurrent use, without a lock.
type histogram [counters]atomic.Uint32

func (h *histogram) add(d time.Duration) { h[index(d)].Add(1) }

// index is the counter of a duration.
func index(d time.Duration) int {
	us := min(uint64(max(d.Microseconds(), 0)), largest)
	shift := max(bits.Len64(us)-fine, 0)
	return shift<<(fine-1) + int(us>>shift)
}

// highest is the longest duration that a counter counts.
func highest(i int) time.Duration {
	shift := max(i>>(fine-1)-1, 0)
	us := (uint64(i-shift<<(fine-1))+1)<<shift - 1
	return time.Duration(us) * time.Microsecond
}

// take empties the histogram and returns how many there were, and the duration that this share of them did not exceed.
func (h *histogram) take(share float64) (at time.Duration, count int) {
	var was [counters]uint32
	for i := range h {
		was[i] = h[i].Swap(0)
		count += int(was[i])
	}
	below := 0
	for i, n := range was {
		if below += int(n); n > 0 && float64(below) >= share*float64(count) {
			return highest(i), count
		}
	}
	return 0, count
}
