package draw

import (
	"sync/atomic"
	"time"
)

// Claim is what somebody was told: that number has rank.
type Claim struct {
	Number int64
	Rank   int64
}

// Place is one line of a result.
type Place struct {
	Rank, Number int64
	Present      bool // at the sealing
}

// Report is what a verified draw says.
type Report struct {
	Room        string
	Epoch       int64
	BeaconName  string
	BeaconValue string // to be compared with what the beacon published
	SealedAt    time.Time
	N           int64 // numbers handed out before the sealing
	Present     int64 // how many of them were there
	Root        Hash
	Key         Hash
	First       []Place // ranks 1 to 10, or as many as there are
	Claims      int     // how many were checked
}

// namedClaims bounds how many wrong claims an error names.
const namedClaims = 20

// Verify recomputes the whole draw from the document alone: that the seed opens the commitment, that the root is that of the
// entrants, that the key follows from its inputs, that the order gives each rank to exactly one number, and that every
// claim is true. What does not hold is an ErrNotVerified that names each field (or "claims"); a document that is malformed,
// not yet drawn, or without its entrants is an ErrDocument. It takes seconds at ten million, on all processors.
//
// What the document cannot say for itself: that the value is the beacon's, and what was published when. See Follows, and
// the package comment.
func Verify(d Document, claims ...Claim) (*Report, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	if d.State != Drawn {
		return nil, invalid("state", "is %q: there is nothing to verify before the draw", d.State)
	}
	entrants, err := d.OpenEntrants()
	if err != nil {
		return nil, err
	}
	var p problems
	if Commit(d.Seed, d.Room, d.Epoch, d.BeaconName) != d.Commitment {
		p.add("commitment", "is not opened by this seed, room, epoch and beacon_name: one of the five was changed")
	}
	if root := entrants.Root(); root != d.EntrantsRoot {
		p.add("entrants_root", "is not the root of these entrants and n, which is %s", root)
	}
	if d.inputs().Key() != d.Key {
		p.add("key", "does not follow from seed, entrants_root, beacon_name, beacon_value, room, epoch and n: one of the eight was changed")
	}
	if err := p.err(ErrNotVerified); err != nil {
		return nil, err
	}
	order, err := d.Permutation()
	if err != nil {
		return nil, err
	}
	if rank, ok := bijective(order, d.N); !ok {
		p.add("key", "gives no order: rank %d is not held by exactly one number", rank)
	}
	p.claims(order, claims)
	if err := p.err(ErrNotVerified); err != nil {
		return nil, err
	}
	return report(d, entrants, order, len(claims)), nil
}

// ranking is what Verify needs of a Permutation; a test gives it a broken one.
type ranking interface {
	Rank(number int64) int64
	Number(rank int64) int64
}

// bijective checks that each rank 1..n is held by exactly one of the numbers 1..n. If the numbers that hold the ranks are in
// 1..n and lead back to those ranks, they are all different, and being n of them they are all there are. So it needs no
// memory, and the processors share the work. If not, one rank that is wrong is returned.
func bijective(order ranking, n int64) (wrong int64, ok bool) {
	var found atomic.Int64
	ranges(n, func(from, to int64) {
		for rank := from + 1; rank <= to; rank++ {
			if number := order.Number(rank); number < 1 || number > n || order.Rank(number) != rank {
				found.Store(rank)
				return
			}
		}
	})
	return found.Load(), found.Load() == 0
}

// claims adds what is wrong with them, the first few by name.
func (p *problems) claims(order ranking, claims []Claim) {
	wrong := 0
	for _, c := range claims {
		rank := order.Rank(c.Number)
		if c.Number >= 1 && rank == c.Rank {
			continue
		}
		if wrong++; wrong > namedClaims {
			continue
		}
		if c.Number < 1 {
			p.add("claims", "has number %d, which is nobody's", c.Number)
		} else {
			p.add("claims", "has number %d at rank %d, but it drew rank %d", c.Number, c.Rank, rank)
		}
	}
	if wrong > namedClaims {
		p.add("claims", "has %d more that are wrong", wrong-namedClaims)
	}
}

func report(d Document, entrants *Entrants, order ranking, claims int) *Report {
	r := &Report{
		Room: d.Room, Epoch: d.Epoch, BeaconName: d.BeaconName, BeaconValue: d.BeaconValue, SealedAt: d.SealedAt,
		N: d.N, Present: entrants.Count(), Root: d.EntrantsRoot, Key: d.Key, Claims: claims,
	}
	for rank := int64(1); rank <= min(10, d.N); rank++ {
		number := order.Number(rank)
		r.First = append(r.First, Place{Rank: rank, Number: number, Present: entrants.Has(number)})
	}
	return r
}

// Follows checks a document against a copy of it that was kept earlier, in any state: whatever had been published then must
// be the same now, and the draw must not have gone back. That is what catches an operator who changes seed and commitment
// together. The error is an ErrNotVerified that names each field that was changed.
func Follows(earlier, later Document) error {
	var p problems
	same := func(ok bool, field string) {
		if !ok {
			p.add(field, "is not what had been published earlier")
		}
	}
	order := map[State]int{Committed: 1, Sealed: 2, Drawn: 3}
	if order[later.State] < order[earlier.State] || order[earlier.State] == 0 {
		p.add("state", "is %.20q after it had been %.20q", later.State, earlier.State)
	}
	same(earlier.Version == later.Version, "version")
	same(earlier.Room == later.Room, "room")
	same(earlier.Epoch == later.Epoch, "epoch")
	same(earlier.Commitment == later.Commitment, "commitment")
	same(earlier.BeaconName == later.BeaconName, "beacon_name")
	if order[earlier.State] >= order[Sealed] {
		same(earlier.SealedAt.Equal(later.SealedAt), "sealed_at")
		same(earlier.N == later.N, "n")
		same(earlier.EntrantsRoot == later.EntrantsRoot, "entrants_root")
	}
	if earlier.State == Drawn {
		same(earlier.BeaconValue == later.BeaconValue, "beacon_value")
		same(earlier.Seed == later.Seed, "seed")
		same(earlier.Key == later.Key, "key")
	}
	return p.err(ErrNotVerified)
}
