// Package guard judges who wants a new place in a line: proof of work, presale codes, limits by address, and the shadow line. Each is off,
// watched or enforced, as the room's policy says. Nothing is kept but counts by address, in bounded memory; all else is in what is signed.
package guard

import (
	"time"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// Names of the guards, as in metrics.
const (
	ProofOfWork = "proof_of_work"
	Presale     = "presale"
	JoinLimit   = "join_limit"
	Shadow      = "shadow"
)

// Outcome says what became of an applicant at a guard.
type Outcome string

// The outcomes.
const (
	Passed      Outcome = "passed"
	Refused     Outcome = "refused"
	WouldRefuse Outcome = "would_refuse" // watched only: nobody noticed
	Shadowed    Outcome = "shadowed"     // put in the shadow line instead of refused
	WouldShadow Outcome = "would_shadow"
)

// Observer is told of each outcome, for metrics. Safe for concurrent use.
type Observer interface {
	Guarded(room, guard string, outcome Outcome)
}

// Keys make secret keys for a purpose, that which signs now first; auth.Keys do.
type Keys interface {
	Derive(purpose string) [][]byte
}

// Guard implements waitroom.Guard. Safe for concurrent use.
type Guard struct {
	keys   Keys
	seen   Observer
	clock  func() time.Time // of this machine
	limits limits
}

var _ waitroom.Guard = (*Guard)(nil)

// Option changes a Guard while it is made.
type Option func(*Guard)

// WithClock makes the guard believe in another clock than this machine's. It is for tests.
func WithClock(now func() time.Time) Option { return func(g *Guard) { g.clock = now } }

// New makes a guard. All gateways that have the same keys take each other's challenges and codes.
func New(keys Keys, seen Observer, options ...Option) *Guard {
	g := &Guard{keys: keys, seen: seen, clock: time.Now}
	for _, option := range options {
		option(g)
	}
	return g
}

// request is one applicant before the guards.
type request struct {
	view *waitroom.View
	who  waitroom.Applicant
	now  time.Time // of this machine
	at   time.Time // of the line
}

// finding is what one guard finds.
type finding struct {
	refusal *fault.Error            // nil: passed
	tripped bool                    // no buyer does this by accident: such a one may be put in the shadow line
	bind    func(*waitroom.Entrant) // what being let through is tied to; may be nil
	undo    func()                  // gives back what being let through used up; may be nil
}

// Judge implements waitroom.Guard.
func (g *Guard) Judge(v *waitroom.View, a waitroom.Applicant) (waitroom.Ruling, error) {
	p := &v.Policy.Guards
	if p.ProofOfWork == waitroom.WatchOff && p.Presale == waitroom.WatchOff && p.JoinLimit == waitroom.WatchOff {
		return waitroom.Ruling{Entrant: a.Entrant}, nil
	}
	ruling := waitroom.Ruling{Entrant: a.Entrant}
	now := g.clock()
	r := &request{view: v, who: a, now: now, at: v.LineTime(now)}
	// A code is asked for first, for a person has to type it, and nobody solves a puzzle in vain. The limit comes last, so that only places
	// that are really asked for use it up.
	for _, one := range [...]struct {
		name  string
		stage waitroom.Watch
		check func(*request) finding
	}{{Presale, presaleNow(v, r.at), g.presale}, {ProofOfWork, p.ProofOfWork, g.proof}, {JoinLimit, p.JoinLimit, g.joinLimit}} {
		if one.stage == waitroom.WatchOff {
			continue
		}
		f := one.check(r)
		enforced := one.stage == waitroom.WatchEnforce
		if f.refusal == nil {
			g.seen.Guarded(v.Room, one.name, Passed)
			if enforced && f.bind != nil {
				f.bind(&ruling.Entrant)
			}
			if f.undo != nil {
				ruling.Undo = f.undo
			}
			continue
		}
		if f.tripped && p.Shadow != waitroom.WatchOff {
			if enforced && p.Shadow == waitroom.WatchEnforce {
				g.seen.Guarded(v.Room, one.name, Shadowed)
				g.seen.Guarded(v.Room, Shadow, Shadowed)
				return waitroom.Ruling{Shadow: true}, nil
			}
			g.seen.Guarded(v.Room, Shadow, WouldShadow)
		}
		if enforced {
			g.seen.Guarded(v.Room, one.name, Refused)
			return waitroom.Ruling{}, f.refusal
		}
		g.seen.Guarded(v.Room, one.name, WouldRefuse)
	}
	return ruling, nil
}
