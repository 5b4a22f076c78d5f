package adaptive

import (
	"math"
	"math/bits"
	"sync/atomic"
	"time"

	"anteroom/waitroom"
)

// The window that is judged, in slots of a second. It is short, so that the rate falls within seconds, and a report is repeated while the
// slow answers are in it.
const (
	slots = 5
	turn  = time.Second
)

// Times are counted in buckets: eight to each doubling, from 1 ms to about 2 minutes, so a bucket is at most an eighth wide.
const (
	perDoubling = 8
	doublings   = 17
	buckets     = perDoubling * (doublings + 1)
)

// meter measures how one room's upstream does, as this gateway sees it. Measuring takes no lock and allocates nothing. Turn is for one
// goroutine; the other methods are safe for concurrent use.
type meter struct {
	underWay atomic.Int64
	now      atomic.Pointer[slot]
	ring     [slots + 1]slot // one more than is judged: who still counts in the one before spoils nothing
	at       int
	silent   int // how many turns on end there was no answer although some were awaited
}

type slot struct {
	times  [buckets]atomic.Uint32
	failed atomic.Uint32
}

// reading is what a meter shows.
type reading struct {
	answers  int64
	failures int64         // of the answers
	p95      time.Duration // until the head of the answer, of those that came; 0 without answers
	underWay int64
	silent   time.Duration // no answer for so long although some were awaited
}

var _ waitroom.UnderWay = (*meter)(nil)

func newMeter() *meter {
	m := &meter{}
	m.now.Store(&m.ring[0])
	return m
}

func (m *meter) begin() { m.underWay.Add(1) }

// End implements waitroom.UnderWay.
func (m *meter) End(took time.Duration, failed bool) {
	m.underWay.Add(-1)
	s := m.now.Load()
	s.times[bucketOf(took)].Add(1)
	if failed {
		s.failed.Add(1)
	}
}

// turn begins the next slot.
func (m *meter) turn() {
	if m.silent++; m.underWay.Load() == 0 || m.ring[m.at].answers() > 0 {
		m.silent = 0
	}
	m.at = (m.at + 1) % len(m.ring)
	next := &m.ring[m.at]
	for i := range next.times {
		next.times[i].Store(0)
	}
	next.failed.Store(0)
	m.now.Store(next)
}

func (s *slot) answers() (n int64) {
	for i := range s.times {
		n += int64(s.times[i].Load())
	}
	return n
}

// read judges the slots that are full and the one that is filling.
func (m *meter) read() (r reading) {
	var counts [buckets]int64
	for i := range m.ring {
		if i == (m.at+1)%len(m.ring) {
			continue // the oldest, which is cleared next
		}
		for b := range counts {
			counts[b] += int64(m.ring[i].times[b].Load())
		}
		r.failures += int64(m.ring[i].failed.Load())
	}
	for _, n := range counts {
		r.answers += n
	}
	r.p95, r.underWay, r.silent = quantile(&counts, r.answers), m.underWay.Load(), time.Duration(m.silent)*turn
	return r
}

// quantile is the 95th percentile by nearest rank, told as the upper border of its bucket but for a share of the bucket's width.
func quantile(counts *[buckets]int64, total int64) time.Duration {
	if total == 0 {
		return 0
	}
	rank := int64(math.Ceil(0.95 * float64(total)))
	for b, n := range counts {
		if rank <= n {
			low, high := borders(b)
			return low + time.Duration(float64(high-low)*float64(rank)/float64(n))
		}
		rank -= n
	}
	return 0 // not reached: the ranks end with the total
}

// bucketOf finds the bucket of a time: linear within each doubling.
func bucketOf(took time.Duration) int {
	us := uint64(max(took, 0) / time.Microsecond)
	if us < 1000 {
		return int(us * perDoubling / 1000) //nolint:gosec // Below perDoubling.
	}
	ms := us / 1000 // whole ms choose the doubling
	doubling := bits.Len64(ms) - 1
	if doubling >= doublings {
		return buckets - 1
	}
	low := uint64(1000) << doubling
	return perDoubling*(doubling+1) + int((us-low)*perDoubling/low) //nolint:gosec // Below perDoubling.
}

// borders are the times between which a bucket counts.
func borders(bucket int) (low, high time.Duration) {
	doubling, part := bucket/perDoubling-1, time.Duration(bucket%perDoubling)
	base, width := time.Duration(0), time.Millisecond/perDoubling
	if doubling >= 0 {
		base = time.Millisecond << doubling
		width = base / perDoubling
	}
	return base + part*width, base + (part+1)*width
}
