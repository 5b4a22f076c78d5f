package waitroom

import (
	"sync"
	"time"

	"anteroom/internal/auth"
)

// Outcome says how an estimated wait compares with what happened.
type Outcome string

// The outcomes.
const (
	Within Outcome = "within" // the estimated range
	Early  Outcome = "early"  // admitted before it began
	Late   Outcome = "late"   // admitted after its end
)

// Judge compares the wait with the range; off is how far outside it was.
func (r Range) Judge(waited time.Duration) (o Outcome, off time.Duration) {
	low, high := time.Duration(r.Low)*time.Second, time.Duration(r.High)*time.Second
	switch {
	case waited < low:
		return Early, low - waited
	case waited > high:
		return Late, waited - high
	default:
		return Within, 0
	}
}

// Observer is told how admissions went, each once a gateway, when their visitor is first seen admitted. Who fell silent, was passed over
// and came back in time is left out: such a visitor is admitted out of turn on purpose, and waited longer by their own doing. Safe for concurrent use.
type Observer interface {
	// Estimated tells how the wait that was estimated at the join compares with what happened.
	Estimated(room string, outcome Outcome, off time.Duration)
	// Served tells the place of somebody admitted in turn, for the fairness score; not in the order of admission.
	Served(place Place)
}

// witness finds out what an Observer is to be told.
type witness struct {
	observer Observer
	mu       sync.Mutex
	rooms    map[string]*witnessed
}

// witnessed is what was seen of one room's line.
type witnessed struct {
	epoch  int64
	served map[int64]*[chunkWords]uint64 // bits by number: who was seen admitted
	late   map[int64]struct{}            // numbers passed over and back in time, of whom nothing is told
}

// Both are bounded: the bits to 16 MiB a room, which is 134 million numbers, and those who came back to what a day brings.
const (
	servedChunks = 1024
	lateKept     = 100_000
)

func newWitness(observer Observer) *witness {
	return &witness{observer: observer, rooms: make(map[string]*witnessed)}
}

// of finds what was seen of a room's line; nil when that line is over.
func (w *witness) of(room string, epoch int64) *witnessed {
	seen := w.rooms[room]
	switch {
	case seen == nil || epoch > seen.epoch:
		seen = &witnessed{epoch: epoch, served: make(map[int64]*[chunkWords]uint64), late: make(map[int64]struct{})}
		w.rooms[room] = seen
	case epoch < seen.epoch:
		return nil
	}
	return seen
}

// looked notes somebody who waits although, by a view from before the line was asked, a later rank has been admitted. Another gateway
// may see the same visitor admitted and not know it: then the fairness score comes out too low, never too high.
func (w *witness) looked(before *View, place Place) {
	if place.State != Waiting || before.Epoch != place.Epoch || place.Rank >= before.Serving {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if seen := w.of(place.Room, place.Epoch); seen != nil && len(seen.late) < lateKept {
		seen.late[place.Number] = struct{}{}
	}
}

// admitted tells the observer of an admission that was not seen before.
func (w *witness) admitted(place Place, t auth.Ticket) {
	if place.State != Admitted || !w.first(place) {
		return
	}
	w.observer.Served(place)
	if t.EstimateHigh > 0 {
		outcome, off := Range{t.EstimateLow, t.EstimateHigh}.Judge(place.AdmittedAt.Sub(t.JoinedAt))
		w.observer.Estimated(place.Room, outcome, off)
	}
}

// first reports whether an admission is to be told, and notes it.
func (w *witness) first(place Place) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := w.of(place.Room, place.Epoch)
	if seen == nil {
		return false
	}
	chunk := seen.served[place.Number/ChunkRanks]
	if chunk == nil {
		if len(seen.served) == servedChunks {
			seen.dropFirst()
		}
		chunk = new([chunkWords]uint64)
		seen.served[place.Number/ChunkRanks] = chunk
	}
	word, bit := place.Number%ChunkRanks/wordRanks, uint64(1)<<(place.Number%wordRanks)
	if chunk[word]&bit != 0 {
		return false
	}
	chunk[word] |= bit
	_, late := seen.late[place.Number]
	delete(seen.late, place.Number)
	return !late
}

// dropFirst forgets the lowest numbers, whose sessions are the oldest.
func (s *witnessed) dropFirst() {
	lowest := int64(-1)
	for index := range s.served {
		if lowest < 0 || index < lowest {
			lowest = index
		}
	}
	delete(s.served, lowest)
}
