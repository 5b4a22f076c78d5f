package waitroom

import (
	"time"

	"anteroom/internal/fault"
)

// ErrPassTooMany is for a pass that is good and used too much.
var ErrPassTooMany = fault.New(fault.TooMany, "pass-too-many", "There are too many requests with this pass; slow down.").After(time.Second)

// Verdict is what the gate has decided on one request.
type Verdict struct {
	Room Room   // nil where there is none of the name
	Pass string // a good pass; empty when the request must not go through
	// Visit is the place of who was let in just now, or must wait. It is nil for who came with a pass, and where Why says why there is none.
	Visit *Visit
	// Session is that of the pass.
	Session SessionID
	// Renewed says that the visitor came with a good pass, and Visit holds nothing but what to give for it.
	Renewed bool
	Why     error
}

// Through reports whether the request may go on.
func (v *Verdict) Through() bool { return v.Pass != "" }
