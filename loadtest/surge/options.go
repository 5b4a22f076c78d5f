// Package surge is the load suite of that name: a crowd joins within seconds through several gateways, waits, is admitted, and
// buys until nothing is left, while hostile visitors try to slip past the gate. What every visitor saw is judged afterwards.
package surge

import (
	"errors"
	"time"

	"anteroom/loadtest/check"
	"anteroom/loadtest/visit"
)

// Options say how large the surge is.
type Options struct {
	Visitors    int               `json:"visitors"`    // people who join
	JoinRate    int               `json:"join_rate"`   // joins a second
	Tries       int               `json:"tries"`       // hostile tries at gated paths
	Seed        uint64            `json:"seed"`        // of every random choice; the same seed makes the same crowd
	Room        string            `json:"room"`        // the room, and the show behind it
	OtherRoom   string            `json:"other_room"`  // a show whose room is not busy: its pass must not open Room
	Connections int               `json:"connections"` // open connections to each gateway
	Deadline    time.Duration     `json:"deadline_ns"` // when the surge is over whatever has happened
	ThinkMS     int               `json:"think_ms"`    // how long a visitor looks at a page, at most, in milliseconds
	Policy      Policy            `json:"policy"`
	Email       string            `json:"staff_email"` // of a member of staff who may change rooms and read orders
	Password    string            `json:"-"`
	Progress    func(line string) `json:"-"` // hears one line now and then
}

// Policy is what the suite sets the room to. The JSON names are those of the contract.
type Policy struct {
	Mode                string `json:"mode"`
	RatePerMinute       int    `json:"rate_per_minute"`
	MaxActive           int    `json:"max_active"` // 0: scaled to the number of visitors, so that a small crowd has to wait as well
	SessionIdleSeconds  int    `json:"session_idle_seconds"`
	SessionLimitSeconds int    `json:"session_limit_seconds"`
	GhostSeconds        int    `json:"ghost_seconds"`
	ReturnGraceSeconds  int    `json:"return_grace_seconds"`
	PollMinMS           int    `json:"poll_min_ms"` // 0: scaled to the number of visitors, so that polls alone do not fill a small machine
	PollMaxMS           int    `json:"poll_max_ms"`
}

func (p Policy) scaled(visitors int) Policy {
	if p.MaxActive == 0 {
		p.MaxActive = min(max(visitors/20, 10), 600)
	}
	if p.PollMinMS == 0 {
		p.PollMinMS = min(max(visitors/5, 250), 4000)
	}
	return p
}

func (p Policy) promised() check.Policy {
	seconds := func(n int) time.Duration { return time.Duration(n) * time.Second }
	return check.Policy{
		RatePerMinute: p.RatePerMinute, MaxActive: p.MaxActive,
		Idle: seconds(p.SessionIdleSeconds), Limit: seconds(p.SessionLimitSeconds), Ghost: seconds(p.GhostSeconds),
	}
}

// Defaults are those of the full surge on a machine with two cores.
func Defaults() Options {
	return Options{
		Visitors: 20_000, JoinRate: 2000, Tries: 1000, Seed: 1, Room: "arena", OtherRoom: "theatre",
		Connections: 256, Deadline: 12 * time.Minute, ThinkMS: 300,
		Policy: Policy{
			Mode: "queue", RatePerMinute: 6000, SessionIdleSeconds: 20, SessionLimitSeconds: 45,
			GhostSeconds: 60, ReturnGraceSeconds: 60, PollMaxMS: 20_000,
		},
		Email: "owner@demo.test", Password: "demo-anteroom",
	}
}

// System is what the surge runs against.
type System = visit.System

// ErrCannotRun marks an error of the suite or of the system under it, as opposed to a broken promise.
var ErrCannotRun = errors.New("the surge could not be run")
