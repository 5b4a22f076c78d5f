// Package schedule sends requests that depend on each other at the times at which they are due, driven by Vegeta.
//
// Vegeta asks a Pacer when the next hit is due and a Targeter what it is. Here both are one queue of jobs: an answer is
// handed to its job, which may put the next ones into the queue. A job's due time is kept beside the times it was
// sent and answered, so that latency counts from when the request should have gone, not from when there was room for it.
package schedule

import (
	"container/heap"
	"sync"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// Job is one request that is due at a time, or something else that is to be done then.
type Job struct {
	Due    time.Time
	Target vegeta.Target
	Lane   int          // whose connections it takes, from 0; see Limits
	Done   func(Answer) // hears the answer, on the goroutine that received it; may push jobs; must not block

	// Call makes the job no request: it is called when it is due, may push jobs, and must not block. Target and Done are not used.
	Call func()
}

// Queue holds jobs until they are due. It is the Pacer and the Targeter of one attack. Safe for concurrent use.
type Queue struct {
	mu      sync.Mutex
	waiting jobs
	due     []*Job        // given a tick by Pace, not yet taken by a worker
	pending int           // pushed and not yet answered
	closed  bool          // nothing more is sent
	changed chan struct{} // holds one token when Pace must look again
}

// NewQueue makes an empty queue.
func NewQueue() *Queue { return &Queue{changed: make(chan struct{}, 1)} }

// Push adds jobs. After Close they are dropped.
func (q *Queue) Push(add ...*Job) {
	q.mu.Lock()
	if !q.closed {
		for _, j := range add {
			heap.Push(&q.waiting, j)
		}
		q.pending += len(add)
	}
	q.mu.Unlock()
	q.wake()
}

// Close ends the attack: jobs that have not been sent are dropped, those under way finish.
func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.wake()
}

// Pending is the number of jobs that have not been answered.
func (q *Queue) Pending() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.pending
}

// Pace implements vegeta.Pacer. It returns when a request is due, or to stop when no job is left or the queue was closed.
// It waits by itself instead of naming a time to wait, because a job pushed meanwhile may be due earlier.
func (q *Queue) Pace(time.Duration, uint64) (time.Duration, bool) {
	for {
		wait, call, ready, stop := q.next()
		if ready || stop {
			return 0, stop
		}
		if call != nil {
			call()
			q.finished()
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-q.changed:
		}
		timer.Stop()
	}
}

// Rate implements vegeta.Pacer; there is no constant rate.
func (q *Queue) Rate(time.Duration) float64 { return 0 }

// idle is how long Pace waits when all jobs are under way; an answer wakes it earlier.
const idle = time.Second

func (q *Queue) next() (wait time.Duration, call func(), ready, stop bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed || q.pending == 0:
		return 0, nil, false, true
	case len(q.waiting) == 0:
		return idle, nil, false, false
	}
	if wait := time.Until(q.waiting[0].Due); wait > 0 {
		return wait, nil, false, false
	}
	j := heap.Pop(&q.waiting).(*Job)
	if j.Call != nil {
		return 0, j.Call, false, false
	}
	q.due = append(q.due, j)
	return 0, nil, true, false
}

// take gives the job that a tick of Pace stands for.
func (q *Queue) take() *Job {
	q.mu.Lock()
	defer q.mu.Unlock()
	j := q.due[0]
	q.due[0] = nil
	q.due = q.due[1:]
	return j
}

// finished counts a job as answered, after its Done has pushed what follows from it.
func (q *Queue) finished() {
	q.mu.Lock()
	q.pending--
	q.mu.Unlock()
	q.wake()
}

func (q *Queue) wake() {
	select {
	case q.changed <- struct{}{}:
	default:
	}
}

var _ vegeta.Pacer = (*Queue)(nil)

// jobs is a heap by due time.
type jobs []*Job

func (h jobs) Len() int           { return len(h) }
func (h jobs) Less(i, j int) bool { return h[i].Due.Before(h[j].Due) }
func (h jobs) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *jobs) Push(x any)        { *h = append(*h, x.(*Job)) }
func (h *jobs) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}
