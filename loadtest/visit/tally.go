package visit

import (
	"slices"
	"sort"
	"sync"
	"time"

	"anteroom/loadtest/journal"
)

// tally counts what the visitors see while the load goes on, for the board alone: nothing is judged by it.
type tally struct {
	mu        sync.Mutex
	answers   int // since the last look
	latencies []time.Duration
	errors    int
	admitted  int
	sold      int
	paid      map[string]bool // orders whose seats are counted
	inverted  int
	tried     map[int]int64 // by visitor: when the first join was sent that may have been carried out without an answer
	epoch     int64
	tops      []top // of the joins of the last seconds, by when they were answered
}

// top is the largest number that had been given by then.
type top struct{ at, number int64 }

// recently is how long a join may take for its order still to be looked at while the load goes on.
const recently = int64(30 * time.Second)

// mostLatencies bounds what is kept between two looks.
const mostLatencies = 20_000

func newTally() *tally { return &tally{paid: map[string]bool{}, tried: map[int]int64{}} }

// count takes a record in.
func (t *tally) count(r *journal.Record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.answers++
	if len(t.latencies) < mostLatencies {
		t.latencies = append(t.latencies, time.Duration(r.Answered-r.Scheduled))
	}
	if r.Lost() || r.Status >= 500 {
		t.errors++
	}
	if r.AdmittedMS > 0 && r.State == "admitted" && r.Action != journal.Release {
		t.admitted++
	}
	if r.State == "paid" && !t.paid[r.Order] {
		t.paid[r.Order] = true
		t.sold += len(r.Seats)
	}
	if r.Action == journal.Join {
		t.join(r)
	}
}

// join looks at the order of joins. One that is repeated under its key may get the place of the first attempt, so it counts from when that was sent.
func (t *tally) join(r *journal.Record) {
	first, again := t.tried[r.Visitor]
	switch {
	case (r.Lost() || r.Status >= 500) && !again:
		t.tried[r.Visitor] = r.Sent
	case r.Status == 201:
		if !again {
			first = r.Sent
		}
		delete(t.tried, r.Visitor)
		t.order(r, first)
	}
}

// order looks whether a join got a smaller number than one that had been answered before this one was sent.
func (t *tally) order(r *journal.Record, sent int64) {
	if r.Epoch != t.epoch {
		t.epoch, t.tops = r.Epoch, nil
	}
	before := sort.Search(len(t.tops), func(i int) bool { return t.tops[i].at >= sent })
	if before > 0 && t.tops[before-1].number > r.Number {
		t.inverted++
	}
	last := top{at: r.Answered, number: r.Number}
	if n := len(t.tops); n > 0 {
		if last.number < t.tops[n-1].number {
			return
		}
		last.at = max(last.at, t.tops[n-1].at) // answers are noted nearly in the order in which they came: later is on the safe side
	}
	t.tops = append(t.tops, last)
	if old := sort.Search(len(t.tops), func(i int) bool { return t.tops[i].at > last.at-recently }); old > len(t.tops)/2 {
		t.tops = slices.Clone(t.tops[old:])
	}
}

// seen is what was counted, some of it since the last look.
type seen struct {
	answers, errors, admitted, sold, inverted int
	p99                                       time.Duration
}

func (t *tally) look() seen {
	t.mu.Lock()
	latencies := t.latencies
	s := seen{answers: t.answers, errors: t.errors, admitted: t.admitted, sold: t.sold, inverted: t.inverted}
	t.answers, t.latencies = 0, make([]time.Duration, 0, len(latencies))
	t.mu.Unlock()
	if len(latencies) > 0 {
		slices.Sort(latencies)
		s.p99 = latencies[min(len(latencies)*99/100, len(latencies)-1)]
	}
	return s
}
