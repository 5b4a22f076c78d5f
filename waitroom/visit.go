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
	Brand         string     `json:"brand,omitempty"`  // Version of the room's; a page written with another is out of date
	Ticket        string     `json:"ticket,omitempty"` // on join; elsewhere only when it is to be kept in the place of the one that was shown
	Pass          string     `json:"pass,omitempty"`   // when admitted
	PassExpiresAt *time.Time `json:"pass_expires_at,omitempty"`
	AdmittedAt    *time.Time `json:"admitted_at,omitempty"`

	// Spans instead of times, so that who counts down needs no clock that is right.
	OpensInMS     int64     `json:"opens_in_ms,omitempty"`    // until OpensAt; absent once that has come
	ClaimInMS     int64     `json:"claim_in_ms,omitempty"`    // when admitted: the pass must be used within this time, else the turn passes
	Draw          DrawState `json:"draw,omitempty"`           // how far the room's draw is; absent where the order is not drawn
	DrawnPosition int64     `json:"drawn_position,omitempty"` // what the draw gave this number, once it is done; absent for who joined later

	passLeft time.Duration // until PassExpiresAt, by the clock of the line

	Mode     Mode   `json:"-"` // of the room; the page tells a hold from a moving line by it
	OnOutage Outage `json:"-"` // of the room; the page tries to go in by it while the line is down
	EdgePass string `json:"-"` // the pass for edges that goes with the pass, in a cookie of its own; empty where there are no edges
	InHeader bool   `json:"-"` // the pass was shown in a header, and goes back in one when it is renewed
	// Replaced says why an earlier ticket no longer counts, as the type of the error; empty when there was none. For Join only.
	Replaced string `json:"-"`
}

// Wait is what someone who is not let through is shown: a place in the line, or why there is none.
type Wait struct {
	Room  string
	Visit *Visit       // nil when there is no place to show
	Fault *fault.Error // why there is none, such as "room-closed" or "line-unavailable"; nil when there is one
	Kept  bool         // the visitor holds a ticket, so that the place is kept through an outage
	// Return is where the page leads when the turn has come; empty for the path that was asked for.
	Return string

	Brand   Brand         // the host's, where the room is known
	Message string        // the operator's; a Visit has its own
	Ended   string        // why the line was ended; a Visit has its own
	OpensAt time.Time     // when the first place is given, while the room waits for that and there is no Visit; else zero
	OpensIn time.Duration // until then, by the clock of the line
}

// Refusal is what someone is shown who gets no place for this reason. The view is nil where none is known of the room.
func Refusal(room string, v *View, why *fault.Error, kept bool, now time.Time) Wait {
	w := Wait{Room: room, Fault: why, Kept: kept}
	if v == nil {
		return w
	}
	w.Room, w.Brand, w.Message, w.Ended = v.Room, v.Policy.Brand, v.Policy.Message, v.Ended
	first := v.Schedule.PrequeueAt
	if first.IsZero() {
		first = v.Schedule.OpenAt
	}
	// A room that an operator has closed does not open by its schedule.
	if left := first.Sub(v.LineTime(now)); left > 0 && v.Ended == "" && v.Policy.Mode != ModeClosed {
		w.OpensAt, w.OpensIn = first, left
	}
	return w
}

// drawnPosition is what the draw gave a number; 0 without a draw, and for who joined after it.
func drawnPosition(v *View, number int64) int64 {
	drawn, ok := v.Order.(interface{ N() int64 })
	if !ok || number < 1 || number > drawn.N() {
		return 0
	}
	return v.Order.Rank(number)
}

// claimIn is how long someone just heard of, who is admitted, may stay silent before the turn passes to the next, in milliseconds.
func claimIn(v *View, expires, now time.Time) int64 {
	return max(min(v.Policy.SessionIdleSeconds*1000, expires.Sub(v.LineTime(now)).Milliseconds()), 0)
}
