package waitroom

import (
	"net/netip"
	"time"

	"anteroom/internal/fault"
)

// Headers by which an applicant answers a guard. The gateway takes them for itself: no upstream sees them.
const (
	HeaderProof = "Waitroom-Proof" // the solution of a challenge
	HeaderCode  = "Waitroom-Code"  // a presale code
)

// Applicant is who asks for a new place, as the gate sees it.
type Applicant struct {
	Entrant
	Addr     netip.Addr // the visitor's; not valid when it is not known
	Solution string     // of a challenge; empty for none
	Code     string     // a presale code; empty for none
}

// Challenge is a puzzle whose solution a guard wants before it lets someone join: a whole number n, written without leading zeros, such that the
// SHA-256 of Text, a dot and n begins with Bits zero bits. Text, dot and n are the solution.
type Challenge struct {
	Text      string    `json:"challenge"`
	Bits      int64     `json:"bits"`
	ExpiresAt time.Time `json:"expires_at"` // by the clock of the line
}

// Ruling is how someone joins whom a guard does not refuse.
type Ruling struct {
	Entrant Entrant // who joins, with the names by which a solution or a code is worth one place and no more
	Shadow  bool    // in the shadow line
	Undo    func()  // gives back what was used up for a place that the line then could not give; nil where nothing was
}

// Guard judges who asks for a new place; who holds one is not asked about. It asks nobody and does not wait. Safe for concurrent use.
type Guard interface {
	// Judge fails with "proof-required", "code-required", "code-invalid", "code-attempts" and "join-limit".
	Judge(v *View, a Applicant) (Ruling, error)
	// Challenge makes a puzzle for the applicant; it reports false when the room wants none.
	Challenge(v *View, a Applicant) (Challenge, bool)
}

// Errors of a Guard.
var (
	ErrProofRequired = fault.New(fault.Needed, "proof-required", "The line wants a solved puzzle first: solve the challenge and ask again with the header %s.", HeaderProof)
	ErrCodeRequired  = fault.New(fault.Forbidden, "code-required", "The line takes those with a presale code now: ask again with the header %s.", HeaderCode)
	ErrCodeInvalid   = fault.New(fault.Forbidden, "code-invalid", "This is not a presale code of this line.")
	ErrCodeAttempts  = fault.New(fault.TooMany, "code-attempts", "Too many wrong codes have come from here; try again later.")
	ErrJoinLimit     = fault.New(fault.TooMany, "join-limit", "Too many places have been taken from here just now; try again later.")
)
