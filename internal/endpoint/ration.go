package endpoint

import (
	"sync"
	"sync/atomic"
	"time"
)

// How many lines of one kind a log gets.
const (
	linesPerSecond = 10
	linesAtOnce    = 20
)

// ration lets so many through and counts the others. The zero value is full. Safe for concurrent use.
type ration struct {
	suppressed atomic.Int64 // since the start

	mu    sync.Mutex
	used  float64 // of linesAtOnce
	at    time.Time
	since int64 // suppressed since the last line
}

// take reports whether a line may be written now, and then how many were not since the last one.
func (r *ration) take(now time.Time) (ok bool, left int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if passed := now.Sub(r.at); passed > 0 {
		r.used, r.at = max(r.used-passed.Seconds()*linesPerSecond, 0), now
	}
	if r.used+1 > linesAtOnce {
		r.since++
		r.suppressed.Add(1)
		return false, 0
	}
	r.used++
	left, r.since = r.since, 0
	return true, left
}
