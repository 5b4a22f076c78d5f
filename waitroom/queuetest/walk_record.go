package queuetest

import (
	"fmt"

	"anteroom/waitroom"
)

// record is what a walk saw of one line, for checks that owe nothing to the model. It must get a snapshot before the clock moves on, and
// the crowd after every step.
type record struct {
	total    int64           // admitted within the limits, over all epochs
	base     int64           // of them in earlier epochs
	epoch    int64           // of the last snapshot
	counts   map[int64]int64 // admitted by ms
	rates    map[int64]int64 // the highest rate in force in a ms
	order    []int64         // the ms with admissions, rising
	issued   int64
	admitted map[int64]int64 // rank in this epoch → when
	beside   map[int64]bool  // ranks that the method passthrough let pass by those who waited
	crowds   []crowd
	found    []string
}

type crowd struct {
	at, epoch int64
	present   map[int64]bool
}

func newRecord() *record {
	return &record{counts: map[int64]int64{}, rates: map[int64]int64{}, admitted: map[int64]int64{}, beside: map[int64]bool{}}
}

func (r *record) failed(format string, args ...any) {
	r.found = append(r.found, fmt.Sprintf(format, args...))
}

func (r *record) snapshot(s waitroom.Snapshot) {
	at := s.AsOf.UnixMilli()
	if s.Epoch != r.epoch {
		r.epochEnds()
		r.epoch, r.base, r.issued = s.Epoch, r.total, 0
	}
	r.rates[at] = max(r.rates[at], s.Rate())
	if total := r.base + s.AdmittedTotal - s.WouldQueue; total > r.total {
		if r.counts[at] == 0 {
			r.order = append(r.order, at)
		}
		r.counts[at] += total - r.total
		r.total = total
		r.checkMinute(at)
	}
	if s.Active > s.Policy.MaxActive {
		r.failed("%d active of %d", s.Active, s.Policy.MaxActive)
	}
	r.issued = max(r.issued, s.Issued)
}

// checkMinute counts the minute that ends in this ms.
func (r *record) checkMinute(at int64) {
	sum := int64(0)
	for i := len(r.order) - 1; i >= 0 && r.order[i] > at-minute; i-- {
		sum += r.counts[r.order[i]]
	}
	if sum > r.rates[at] {
		r.failed("%d admitted in the minute up to %d, the rate is %d", sum, at, r.rates[at])
	}
}

// joined takes note of a fresh number: it must be the next one.
func (r *record) joined(number, count int64) {
	if number != r.issued+1 {
		r.failed("number %d was given after %d", number, r.issued)
	}
	r.issued = number + count - 1
}

// place takes note of when someone was admitted.
func (r *record) place(answer any) {
	if p, ok := answer.(waitroom.Place); ok && p.State == waitroom.Admitted && p.Epoch == r.epoch && !r.beside[p.Rank] {
		r.admitted[p.Rank] = p.AdmittedAt.UnixMilli()
	}
}

func (r *record) crowd(at, epoch int64, present map[int64]bool) {
	r.crowds = append(r.crowds, crowd{at, epoch, present})
}

// epochEnds checks the order of an epoch: when someone is admitted, nobody with a lower rank is left behind who was present before that
// moment, all through it, and after it.
func (r *record) epochEnds() {
	for rank, at := range r.admitted {
		waited := map[int64]bool{}
		first := true
		for i, c := range r.crowds {
			last := i+1 == len(r.crowds) || r.crowds[i+1].at > at // the last one before the moment, and those of the moment
			if c.epoch != r.epoch || c.at > at || c.at < at && !last {
				continue
			}
			if first {
				waited, first = c.present, false
				continue
			}
			both := map[int64]bool{}
			for other := range waited {
				both[other] = c.present[other]
			}
			waited = both
		}
		for other, stayed := range waited {
			if stayed && other < rank {
				r.failed("rank %d was admitted at %d while %d was waiting", rank, at, other)
			}
		}
	}
	r.admitted, r.beside, r.crowds = map[int64]int64{}, map[int64]bool{}, nil
}

// violations ends the record and returns all that is wrong in it.
func (r *record) violations() []string {
	r.epochEnds()
	return r.found
}
