package adminapi

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

// What is written to the audit.
const (
	ActionSignIn     = "session.sign-in"
	ActionSignOut    = "session.sign-out"
	ActionRoomChange = "room.change"
	ActionRoomReset  = "room.reset"
	ActionRoomEnd    = "room.end"
	ActionRoomResume = "room.resume"
	ActionDrawBeacon = "draw.beacon"
	ActionEvict      = "visitor.evict"
)

// Outcome says what became of what somebody wanted to do.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused" // not permitted, not acceptable, or in conflict with another change; nothing has changed
	Failed  Outcome = "failed"  // something we depend on did not answer; the reason says what is known
)

// Entry is one line of the audit.
type Entry struct {
	ID      int64     `json:"id"`
	At      time.Time `json:"at"` // by PostgreSQL's clock
	Actor   string    `json:"actor"`
	Role    auth.Role `json:"role,omitempty"` // empty where nobody of that address works here
	Action  string    `json:"action"`
	Target  string    `json:"target"`
	Outcome Outcome   `json:"outcome"`
	// Before and After are JSON objects or nil. Of what was not done, Before is nil
	// and After is what was asked for.
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
	Reason string          `json:"reason,omitempty"`
}

// Audit is the append-only record of every change, done or not. Safe for concurrent use. Every method fails
// with "database-unavailable" while it cannot be reached.
//
// A change to another service cannot be in one transaction with its record. So an intent is committed before the change and
// settled after it: while the audit cannot be written, nothing can be changed, and a change whose end could not be
// recorded (this process or PostgreSQL went away in the middle) leaves its intent, which Recover turns into an entry.
type Audit interface {
	// Append writes an entry; ID and At are given by the database.
	Append(ctx context.Context, e Entry) error

	// Intend records what is about to be done and returns the number that Settle wants. After is what is asked for.
	Intend(ctx context.Context, e Entry) (intent int64, err error)

	// Settle writes the entry of the intent and forgets the intent, in one transaction.
	Settle(ctx context.Context, intent int64, e Entry) error

	// Recover writes, for each intent older than the time given, an entry with the outcome Failed that says that
	// the end is not known, and returns how many there were.
	Recover(ctx context.Context, olderThan time.Duration) (int, error)

	// List returns at most limit entries with an id smaller than before, newest first; before 0 starts with the newest.
	List(ctx context.Context, before int64, limit int) ([]Entry, error)
}

// Judge gives the outcome and the reason that the audit records for an error.
func Judge(err error) (Outcome, string) {
	if err == nil {
		return Done, ""
	}
	f := fault.From(err)
	var b strings.Builder
	b.WriteString(f.Type + ": " + f.Message)
	for _, field := range f.Fields {
		b.WriteString(" " + field.Name + " " + field.Message + ".")
	}
	switch f.Code {
	case fault.Internal, fault.Unavailable, fault.BadGateway:
		return Failed, b.String()
	default:
		return Refused, b.String()
	}
}
