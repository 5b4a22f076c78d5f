package visit

import (
	"math/rand/v2"
	"sync"
)

// plan is the seat plan of the show, once somebody has seen it, and what was last heard of the seats that only hostile visitors ask for.
// Its last seats are left to the hostile: which these are follows from the plan alone, so that several generators agree without a word.
type plan struct {
	mu       sync.Mutex
	seats    []int64 // ids in layout order
	reserve  int     // index of the first seat that is left to hostile visitors
	canaries []int   // indices of those that were free before the load
	taken    int     // of the canaries, when somebody looked last
	looked   bool    // somebody has looked since the canaries were set aside
}

// mostCanaries is how many seats hostile visitors ask for; mostReserved, how many are left to them at most.
const (
	mostCanaries = 20
	mostReserved = 200
)

// learn takes over the layout; with hostile visitors about, its last seats are theirs.
func (p *plan) learn(seats []int64, hostile bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seats, p.reserve = seats, len(seats)
	if hostile {
		p.reserve = len(seats) - min(max(len(seats)/10, 1), mostReserved)
	}
}

// known says that somebody has seen the layout.
func (p *plan) known() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.seats) > 0
}

// setAside makes canaries of reserved seats that are free, and returns their ids.
func (p *plan) setAside(taken func(i int) bool) (ids []int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.canaries = nil
	for i := len(p.seats) - 1; i >= p.reserve && len(p.canaries) < mostCanaries; i-- {
		if !taken(i) {
			p.canaries = append(p.canaries, i)
			ids = append(ids, p.seats[i])
		}
	}
	return ids
}

// look notes how the canaries are in a state of the seats.
func (p *plan) look(taken func(i int) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.looked, p.taken = len(p.canaries) > 0, 0
	for _, i := range p.canaries {
		if taken(i) {
			p.taken++
		}
	}
}

// bestSeats is among how many of the first free seats those choose who want the best.
const bestSeats = 200

// choose picks free seats at random, those who want the best among the first; fewer than wanted when there are no more.
func (p *plan) choose(r *rand.Rand, taken func(i int) bool, wanted int, best bool) []int64 {
	p.mu.Lock()
	seats := p.seats[:p.reserve] // never changed once it is known
	p.mu.Unlock()
	var free []int64
	for i, id := range seats {
		if !taken(i) {
			free = append(free, id)
			if best && len(free) == bestSeats {
				break
			}
		}
	}
	return pick(r, free, wanted)
}

// rushed is how few seats those fight for who do not look first.
const rushed = 40

// blindly picks among the very first seats without knowing which are free.
func (p *plan) blindly(r *rand.Rand, wanted int) []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return pick(r, append([]int64(nil), p.seats[:min(rushed, p.reserve)]...), wanted)
}

func pick(r *rand.Rand, from []int64, wanted int) []int64 {
	r.Shuffle(len(from), func(i, j int) { from[i], from[j] = from[j], from[i] })
	return from[:min(len(from), wanted)]
}

// size is the number of seats.
func (p *plan) size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.seats)
}

// found is how many canaries there are, and how many of them were taken when somebody looked last; looked is false when nobody has.
func (p *plan) found() (offered, taken int, looked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.canaries), p.taken, p.looked
}
