package tenmillion

import (
	"context"
	"math"
	"sync/atomic"
	"time"
)

// worker drives its share of the crowd, one request at a time: visitors first, first+step, …
type worker struct {
	*crowd
	index, first, step int
	wires              []*wire
	visitors           []visitor
	wheel              *wheel
	tickets            []byte // what follows the header of each ticket; they all begin alike
	head               []byte
	aware              bool // that the line was opened
	done               atomic.Int64

	lag                      latency // from when a request was due to when it was sent
	join, poll               latency
	joinAnswers, pollAnswers map[string]int
	outcomes                 map[string]int
}

// maxFailures is how often in a row a visitor asks again after no answer, or one that says the service cannot.
const maxFailures = 20

func (w *worker) id(i uint32) int { return w.first + int(i)*w.step }

// due puts everybody's join into the wheel.
func (w *worker) due(start time.Time) {
	w.joinAnswers, w.pollAnswers = map[string]int{}, map[string]int{}
	w.wheel = newWheel(start, max(w.plan.JoinFor, w.plan.PollEvery)+10*time.Second)
	for i := range w.visitors {
		id := w.id(uint32(i))
		w.wheel.put(uint32(i), start.Add(time.Duration(float64(w.plan.JoinFor)*float64(id)/float64(w.o.HTTPVisitors))))
	}
}

// run visits whoever is due until everybody is done or ctx ends.
func (w *worker) run(ctx context.Context) {
	tick := time.NewTicker(slotTime)
	defer tick.Stop()
	defer w.close()
	for ctx.Err() == nil && int(w.done.Load()) < len(w.visitors) {
		w.noticeOpening()
		ids, due, ok := w.wheel.take(time.Now())
		if !ok {
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
			continue
		}
		for _, i := range ids {
			if ctx.Err() != nil {
				return
			}
			w.visit(i, due)
		}
	}
}

func (w *worker) close() {
	for _, wire := range w.wires {
		wire.close()
	}
}

// noticeOpening lets those whose turn comes before they meant to ask again ask then: a page would see the others move.
func (w *worker) noticeOpening() {
	opened := w.opened.Load()
	if w.aware || opened == 0 {
		return
	}
	w.aware = true
	now := time.Now()
	w.wheel.move(func(i uint32, old time.Time) time.Time {
		if turn := now.Add(w.pause(i, w.visitors[i].number)); turn.Before(old) {
			return turn
		}
		return old
	})
}

// pause is how long someone with so many people ahead waits before asking again. A visitor is patient: far from the head it asks
// less often than it is told to, yet often enough to count as present, so that two cores carry a million of them.
func (w *worker) pause(i uint32, ahead int64) time.Duration {
	far := w.plan.PollEvery
	perMS := math.Float64frombits(w.perMS.Load())
	if w.opened.Load() == 0 || perMS == 0 {
		return far
	}
	turn := time.Duration(float64(ahead)/perMS*float64(time.Millisecond)) + time.Second
	// The far ones are spread, else all of them would ask in the same moment after the opening.
	if turn >= far {
		return far - time.Duration(i%64)*far/256
	}
	return max(turn, 2*time.Second)
}
