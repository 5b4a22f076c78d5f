package waitroom

import (
	"regexp"
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

// Phase is what a room does just now: its mode, with the schedule, the draw and the end applied.
type Phase string

// The phases of a room.
const (
	PhasePrequeue Phase = "prequeue" // before the opening: people gather
	PhaseOpen           = Phase(ModeOpen)
	PhaseQueue          = Phase(ModeQueue)
	PhaseHold           = Phase(ModeHold)
	PhaseDraining       = Phase(ModeDraining)
	PhaseClosed         = Phase(ModeClosed)
)

// Method says how the order comes about, or that there is none.
type Method string

// The methods of a room.
const (
	MethodFIFO        Method = "fifo"        // first in, first out
	MethodDraw        Method = "draw"        // who gathers before the opening is put in a drawn order; later ones follow
	MethodPassthrough Method = "passthrough" // everybody goes through; measured is who would have waited
	MethodReject      Method = "reject"      // who cannot go through at once is turned away, without a place
)

var methods = []Method{MethodFIFO, MethodDraw, MethodPassthrough, MethodReject}

// Outage says what the gate does while the line cannot be reached.
type Outage string

// The behaviours in an outage. Who holds a good pass goes on in all but closed.
const (
	OutageHold   Outage = "hold"   // no one new goes in; places are kept
	OutageOpen   Outage = "open"   // everybody goes through, as fast as the room's rate allows
	OutageClosed Outage = "closed" // nobody goes through, with or without a pass
)

var outages = []Outage{OutageHold, OutageOpen, OutageClosed}

var beaconName = regexp.MustCompile(`^([!-~]([ -~]{0,198}[!-~])?)?$`)

// Policy is what an operator sets for a room. The JSON names are those of the contract.
type Policy struct {
	Mode                Mode   `json:"mode"`
	Method              Method `json:"method"`
	RatePerMinute       int64  `json:"rate_per_minute"`       // admissions in any 60 s, 1 to 10,000,000; 0 in the modes hold and closed
	MaxActive           int64  `json:"max_active"`            // admitted sessions at any instant, 1 to 1,000,000
	BurstSeconds        int64  `json:"burst_seconds"`         // of the rate that an idle room saves up to admit at once, 1 to 60
	SessionIdleSeconds  int64  `json:"session_idle_seconds"`  // a session silent for this long ends, 1 to 86,400
	SessionLimitSeconds int64  `json:"session_limit_seconds"` // no session is longer, 1 to 86,400
	GhostSeconds        int64  `json:"ghost_seconds"`         // a visitor silent for this long no longer counts, 2 to 3,600; at most half as long again
	ReturnGraceSeconds  int64  `json:"return_grace_seconds"`  // who was passed over while silent and is back within this is next, 0 to 86,400
	PollMinMS           int64  `json:"poll_min_ms"`           // 100 to 60,000
	PollMaxMS           int64  `json:"poll_max_ms"`           // poll_min_ms to 60,000
	GateStatus          int64  `json:"gate_status"`           // 200, 202 or 429: the answer of a gated path to who must wait
	OnOutage            Outage `json:"on_outage"`             // what the gate does while the line cannot be reached
	EndWhenSoldOut      bool   `json:"end_when_sold_out"`     // the line ends when the show has nothing left to sell
	PrequeueAt          string `json:"prequeue_at"`           // local time, 2006-01-02T15:04:05; joins are taken from then on; empty: at once
	OpenAt              string `json:"open_at"`               // local time; no one is admitted before; empty: at once
	CloseAt             string `json:"close_at"`              // local time; closed from then on; empty: never
	TimeZone            string `json:"time_zone"`             // of the three, by its IANA name
	Beacon              string `json:"beacon"`                // names the public value that the draw is mixed with, at most 200 characters
	Message             string `json:"message"`               // the operator's, shown to everyone who waits; at most 500 characters

	PassLifeSeconds   int64    `json:"pass_life_seconds"`    // a pass lives this long and is renewed while it is used, 10 to 86,400; no less than twice session_idle_seconds; 0: as long as the session may
	PassRatePerSecond int64    `json:"pass_rate_per_second"` // requests of one session on one gateway, as many at once too, 1 to 10,000; 0: no limit
	PassConcurrency   int64    `json:"pass_concurrency"`     // requests of one session under way on one gateway until their answers begin, 1 to 1,000; 0: no limit
	Brand             Brand    `json:"brand,omitzero"`       // what the waiting page looks like
	Guards            Guards   `json:"guards,omitzero"`      // against those who are no buyers
	Adaptive          Adaptive `json:"adaptive,omitzero"`    // lets the upstream's state lower the rate
}

// DefaultPolicy is what a new room has where nothing else is said.
func DefaultPolicy() Policy {
	return Policy{
		Mode: ModeOpen, Method: MethodFIFO, RatePerMinute: 600, MaxActive: 500, BurstSeconds: 1,
		SessionIdleSeconds: 120, SessionLimitSeconds: 900, GhostSeconds: 45, ReturnGraceSeconds: 300,
		PollMinMS: 1000, PollMaxMS: 10000, GateStatus: 200, OnOutage: OutageHold, TimeZone: "UTC", PassLifeSeconds: 300,
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
	if !slices.Contains(methods, p.Method) {
		f = f.WithField("method", "must be one of %v, is %q", methods, p.Method)
	}
	if !slices.Contains(outages, p.OnOutage) {
		f = f.WithField("on_outage", "must be one of %v, is %q", outages, p.OnOutage)
	}
	if p.RatePerMinute == 0 && p.Mode != ModeHold && p.Mode != ModeClosed {
		f = f.WithField("rate_per_minute", "0 admits no one, which contradicts the mode %q; use hold or closed to pause", p.Mode)
	} else {
		within("rate_per_minute", p.RatePerMinute, 0, 10_000_000)
	}
	within("max_active", p.MaxActive, 1, 1_000_000)
	within("burst_seconds", p.BurstSeconds, 1, 60)
	within("session_idle_seconds", p.SessionIdleSeconds, 1, 86_400)
	within("session_limit_seconds", p.SessionLimitSeconds, 1, 86_400)
	within("ghost_seconds", p.GhostSeconds, 2, 3_600)
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
	if p.Method == MethodDraw && p.Beacon == "" {
		f = f.WithField("beacon", "must name the public value that the draw will be mixed with, before anyone can know it")
	}
	if p.Method == MethodDraw && p.OpenAt == "" {
		f = f.WithField("open_at", "must be given for a draw: who is here then takes part")
	}
	if !beaconName.MatchString(p.Beacon) {
		f = f.WithField("beacon", "must be at most 200 printable ASCII characters, with no space at either end")
	}
	if p.PassLifeSeconds != 0 {
		within("pass_life_seconds", p.PassLifeSeconds, 10, 86_400)
	}
	within("pass_rate_per_second", p.PassRatePerSecond, 0, 10_000)
	within("pass_concurrency", p.PassConcurrency, 0, 1_000)
	f = p.Brand.check(f)
	f = p.Guards.check(f, p.OpenAt)
	f = p.Adaptive.check(f, p.RatePerMinute)
	if f = p.checkSchedule(f); len(f.Fields) > 0 {
		return f
	}
	return nil
}
