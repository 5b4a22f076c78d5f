// Package waitroom is the domain of the gateway: rooms and their policies, places in a line, and the line that gives
// places and admits people. It knows neither Redis nor HTTP.
package waitroom

import "time"

// State is where a visitor stands.
type State string

// The states of a place.
const (
	Prequeue State = "prequeue" // gathered before the opening
	Waiting  State = "waiting"
	Admitted State = "admitted"
	Passed   State = "passed"  // the turn was used and given back, or ran out
	Expired  State = "expired" // left, or passed over while silent and not back within the return grace
	Closed   State = "closed"  // the room lets no one in
)

// Entrant is who joins. Both fields may be empty; each is at most MaxEntrantKey bytes long.
type Entrant struct {
	Account string // the buyer's account, where it is known: one place for each
	Key     string // an idempotency key: who repeats a join with it within the hour gets the same place
}

// MaxEntrantKey bounds the fields of an Entrant, in bytes.
const MaxEntrantKey = 256

// Place is one visitor's place in the line of a room, as the line itself tells it.
type Place struct {
	Room       string
	Epoch      int64 // never used twice by rooms of one name, not even after Redis lost its data
	Number     int64 // from 1 within room and epoch, in the order of joining
	Rank       int64 // in the order of admission; equals Number unless the order was drawn
	State      State
	JoinedAt   time.Time // set by Join only
	AdmittedAt time.Time // when Admitted; by the clock of the line
	ExpiresAt  time.Time // when Admitted; the pass must run out then, for the slot is not kept for longer
	Again      bool      // Join found a place that the entrant already had
}

// Block is a run of numbers given at once, First to First+Count-1.
type Block struct {
	Epoch    int64
	First    int64
	Count    int64
	JoinedAt time.Time
}

// Order is a bijection between numbers and ranks, fixed once the draw is done. Safe for concurrent use.
type Order interface {
	Rank(number int64) int64
	Number(rank int64) int64
}

// Snapshot is a room as one call of Tick saw it. It is never changed after it was made, so it can be shared.
type Snapshot struct {
	Room               string
	Version            int64 // of the policy
	Policy             Policy
	Phase              Phase
	Ended              string // why the line was ended, empty while it was not
	Epoch              int64
	Order              Order // nil while the order is that of the numbers
	Issued             int64 // the highest number given
	Serving            int64 // the highest rank admitted
	Active             int64 // admitted sessions now
	AdmittedTotal      int64
	AdmittedLastMinute int64
	WouldQueue         int64     // with the method passthrough: how many would have waited
	AsOf               time.Time // by the clock of the line
	Stamp              int64     // another one whenever a Crowd read anew could differ
	Window             int64     // the heartbeat window, counted from 0
	Primary            string    // names the Redis process that answered
	Draw               DrawState // how far the draw is; empty without one
	RateNow            int64     // admissions a minute that are in force: the operator's, or what pressure on the upstream has left of them; see Rate
	RateAdvised        int64     // what pressure has left of them; more than is in force never, and less while it is only watched
	RateWhy            string    // the newest reason for RateAdvised to be less than the operator's; else empty
	Behind             bool      // the bound of one call was reached: more is due now
	RevokedUpto        time.Time // the revocations are complete up to then; ask for those since then the next time
}

// Rank returns the rank of a number.
func (s *Snapshot) Rank(number int64) int64 {
	if s.Order == nil {
		return number
	}
	return s.Order.Rank(number)
}

// Rate is how many are admitted in any 60 s at most, as things are.
func (s *Snapshot) Rate() int64 {
	if s.RateNow > 0 {
		return s.RateNow
	}
	return s.Policy.RatePerMinute
}

// Turn tells heartbeats and crowds of one order of ranks from those of another: it changes with a reset and with the draw.
type Turn struct {
	Epoch int64
	Drawn bool
}

// Turn is the order of ranks in force.
func (s *Snapshot) Turn() Turn { return Turn{Epoch: s.Epoch, Drawn: s.Order != nil} }

// Revocation ends the pass of one number before it runs out.
type Revocation struct {
	Epoch  int64
	Number int64
}

// Session is an admitted visitor, as a good pass names it.
type Session struct {
	Number     int64
	AdmittedAt time.Time
}

// ValidRoom reports whether name can be a room's: as those of shows, lower-case letters, digits and hyphens, at most 63, with no hyphen in
// front. It is on the path of every join, so it is no regular expression.
func ValidRoom[T string | []byte](name T) bool {
	if len(name) == 0 || len(name) > 63 || name[0] == '-' {
		return false
	}
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
