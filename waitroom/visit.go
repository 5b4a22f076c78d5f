package waitroom

import (
	"time"

	"anteroom/internal/fault"
)

// Visit is what a visitor is told of the own place. The JSON names are those of the contract.
type Visit struct {
	Room          string     `json:"room"`
	State         State      `json:"state"`
	Number        int64      `json:"number"`
	Epoch         int64      `json:"epoch"`
	Ahead         int64      `json:"ahead"`
	ETA           *Range     `json:"eta_seconds"` // null while no one is being admitted
	PollAfterMS   int64      `json:"poll_after_ms"`
	Ended         string     `json:"ended,omitempty"`    // why the line was ended: SoldOut or Over
	OpensAt       *time.Time `json:"opens_at,omitempty"` // in state prequeue, where the schedule says it
	Message       string     `json:"message,omitempty"`
	Ticket        string     `json:"ticket,omitempty"` // on join only
	Pass          string     `json:"pass,omitempty"`   // when admitted
	PassExpiresAt *time.Time `json:"pass_expires_at,omitempty"`
	AdmittedAt    *time.Time `json:"admitted_at,omitempty"`

	Mode     Mode   `json:"-"` // of the room; the page tells a hold from a moving line by it
	OnOutage Outage `json:"-"` // of the room; the page tries to go in by it while the line is down
	// Replaced says why an earlier ticket no longer counts, as the type of the error; empty when there was none. For Join only.
	Replaced string `json:"-"`
}

// Wait is what someone who is not let through is shown: a place in the line, or why there is none.
type Wait struct {
	Room  string
	Visit *Visit       // nil when there is no place to show
	Fault *fault.Error // why there is none, such as "room-closed" or "line-unavailable"; nil when there is one
	Kept  bool         // the visitor holds a ticket, so that the place is kept through an outage
}
