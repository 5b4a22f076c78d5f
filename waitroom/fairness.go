package waitroom

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// fairnessKept is how many admissions a Fairness remembers.
const fairnessKept = 1024

// Fairness scores the order in which visitors were let in, from what they themselves were told and not from what the line believes of
// itself. The zero value is ready. Safe for concurrent use.
type Fairness struct {
	mu   sync.Mutex
	kept [fairnessKept]admission // a ring
	seen int                     // admissions told so far
}

type admission struct {
	rank int64
	at   time.Time
}

// Admitted notes that the visitor of this rank was told to be admitted at this time, by the clock of the line. Leave out
// those who came back late, with the cursor past their rank: they are let in after later ranks, as they should be.
// Telling the same admission again changes nothing but what is kept. It allocates nothing.
func (f *Fairness) Admitted(rank int64, at time.Time) {
	f.mu.Lock()
	f.kept[f.seen%fairnessKept] = admission{rank, at}
	f.seen++
	f.mu.Unlock()
}

// Reset forgets everything. Ranks of one order say nothing about those of another: call it when a new epoch begins.
func (f *Fairness) Reset() {
	f.mu.Lock()
	f.seen = 0
	f.mu.Unlock()
}

// Score is the share, from 0 to 1, of the pairs among the last 1,024 admissions in which the smaller rank was not admitted later; 1 with
// fewer than two. Anything below 1 is an order that was bent. It is worked out when asked for.
func (f *Fairness) Score() float64 {
	f.mu.Lock()
	kept := slices.Clone(f.kept[:min(f.seen, fairnessKept)])
	f.mu.Unlock()
	if len(kept) < 2 {
		return 1
	}
	slices.SortFunc(kept, func(a, b admission) int { return cmp.Or(cmp.Compare(a.rank, b.rank), a.at.Compare(b.at)) })
	pairs := len(kept) * (len(kept) - 1) / 2
	return 1 - float64(inversions(kept, make([]admission, len(kept))))/float64(pairs)
}

// inversions counts the pairs that stand the wrong way round in time, by sorting them by merges; spare is as long as list.
func inversions(list, spare []admission) (count int) {
	if len(list) < 2 {
		return 0
	}
	middle := len(list) / 2
	count = inversions(list[:middle], spare[:middle]) + inversions(list[middle:], spare[middle:])
	copy(spare, list)
	left, right := spare[:middle], spare[middle:]
	for i := range list {
		if len(right) == 0 || len(left) > 0 && !left[0].at.After(right[0].at) {
			list[i], left = left[0], left[1:]
		} else {
			list[i], right = right[0], right[1:]
			count += len(left)
		}
	}
	return count
}
