package waitroom

import (
	"slices"
	"unicode/utf8"

	"anteroom/internal/fault"
)

// Mode says whom a room lets in.
type Mode string

// The modes of a room.
const (
	ModeOpen     Mode = "open"     // straight through unless busy
	ModeQueue    Mode = "queue"    // everybody takes a place and waits for the next admission
	ModeHold     Mode = "hold"     // places are given, no one is admitted
	ModeDraining Mode = "draining" // no new places, those waiting are admitted
	ModeClosed   Mode = "closed"   // neither
)

var modes = []Mode{ModeOpen, ModeQueue, ModeHold, ModeDraining, ModeClosed}

// Policy is what an operator sets for a room. The JSON names are those of the contract.
type Policy struct {
	Mode                Mode   `json:"mode"`
	RatePerMinute       int64  `json:"rate_per_minute"`       // admissions in any 60 s, 1 to 10,000,000
	MaxActive           int64  `json:"max_active"`            // admitted sessions at any instant, 1 to 1,000,000
	SessionIdleSeconds  int64  `json:"session_idle_seconds"`  // a session silent for this long ends, 1 to 86,400
	SessionLimitSeconds int64  `json:"session_limit_seconds"` // no session is longer, 1 to 86,400
	GhostSeconds        int64  `json:"ghost_seconds"`         // a visitor silent for this long no longer counts, 1 to 3,600
	ReturnGraceSeconds  int64  `json:"return_grace_seconds"`  // who comes back within this takes the place up again, 0 to 86,400
	PollMinMS           int64  `json:"poll_min_ms"`           // 100 to 60,000
	PollMaxMS           int64  `json:"poll_max_ms"`           // poll_min_ms to 60,000
	GateStatus          int64  `json:"gate_status"`           // 200, 202 or 429: the answer of a gated path to who must wait
	Message             string `json:"message"`               // the operator's, shown to everyone who waits; at most 500 characters
}

// DefaultPolicy is what a new room has where nothing else is said.
func DefaultPolicy() Policy {
	return Policy{
		Mode: ModeOpen, RatePerMinute: 600, MaxActive: 500,
		SessionIdleSeconds: 120, SessionLimitSeconds: 900, GhostSeconds: 45, ReturnGraceSeconds: 300,
		PollMinMS: 1000, PollMaxMS: 10000, GateStatus: 200,
	}
}

// Validate fails with "policy-invalid" and names every field that is out of range or contradicts another.
func (p Policy) Validate() error {
	f := fault.New(fault.Invalid, "policy-invalid", "The room's settings are not acceptable.")
	within := func(name string, v, low, high int64) {
		if v < low || v > high {
			f = f.WithField(name, "must be from %d to %d, is %d", low, high, v)
		}
	}
	if !slices.Contains(modes, p.Mode) {
		f = f.WithField("mode", "must be one of %v, is %q", modes, p.Mode)
	}
	within("rate_per_minute", p.RatePerMinute, 1, 10_000_000)
	within("max_active", p.MaxActive, 1, 1_000_000)
	within("session_idle_seconds", p.SessionIdleSeconds, 1, 86_400)
	within("session_limit_seconds", p.SessionLimitSeconds, 1, 86_400)
	within("ghost_seconds", p.GhostSeconds, 1, 3_600)
	within("return_grace_seconds", p.ReturnGraceSeconds, 0, 86_400)
	within("poll_min_ms", p.PollMinMS, 100, 60_000)
	within("poll_max_ms", p.PollMaxMS, max(p.PollMinMS, 100), 60_000)
	if p.PollMaxMS >= p.GhostSeconds*1000 {
		f = f.WithField("ghost_seconds", "must be longer than poll_max_ms, else those who poll as told would be dropped")
	}
	if p.GateStatus != 200 && p.GateStatus != 202 && p.GateStatus != 429 {
		f = f.WithField("gate_status", "must be 200, 202 or 429, is %d", p.GateStatus)
	}
	if utf8.RuneCountInString(p.Message) > 500 {
		f = f.WithField("message", "must be at most 500 characters")
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// PolicyChange changes the settings that are given and leaves the others.
type PolicyChange struct {
	Version             *int64  `json:"version"` // when given, the change is refused unless the room still has it
	Mode                *Mode   `json:"mode"`
	RatePerMinute       *int64  `json:"rate_per_minute"`
	MaxActive           *int64  `json:"max_active"`
	SessionIdleSeconds  *int64  `json:"session_idle_seconds"`
	SessionLimitSeconds *int64  `json:"session_limit_seconds"`
	GhostSeconds        *int64  `json:"ghost_seconds"`
	ReturnGraceSeconds  *int64  `json:"return_grace_seconds"`
	PollMinMS           *int64  `json:"poll_min_ms"`
	PollMaxMS           *int64  `json:"poll_max_ms"`
	GateStatus          *int64  `json:"gate_status"`
	Message             *string `json:"message"`
}

// Apply returns p with the change made; it does not validate.
func (c PolicyChange) Apply(p Policy) Policy {
	set(&p.Mode, c.Mode)
	set(&p.RatePerMinute, c.RatePerMinute)
	set(&p.MaxActive, c.MaxActive)
	set(&p.SessionIdleSeconds, c.SessionIdleSeconds)
	set(&p.SessionLimitSeconds, c.SessionLimitSeconds)
	set(&p.GhostSeconds, c.GhostSeconds)
	set(&p.ReturnGraceSeconds, c.ReturnGraceSeconds)
	set(&p.PollMinMS, c.PollMinMS)
	set(&p.PollMaxMS, c.PollMaxMS)
	set(&p.GateStatus, c.GateStatus)
	set(&p.Message, c.Message)
	return p
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}
