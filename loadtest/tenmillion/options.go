// Package tenmillion is the load suite of that name: ten million people take a place in one line, are heard while they wait, and are
// admitted in order. Nine million of them are driven straight through the engine, as several gateways use it, by a program of its own
// (line-drill); one million come over HTTP, through real gateways, at the same time. What everybody got is judged afterwards by package
// proof, from journals and from the line's own record of admissions, which the suite reads by itself.
package tenmillion

import (
	"context"
	"errors"
	"time"
)

// Options say how large the line is.
type Options struct {
	Visitors      int               `json:"visitors"`        // people in all
	HTTPVisitors  int               `json:"http_visitors"`   // of these, who come over HTTP
	RatePerMinute int               `json:"rate_per_minute"` // admissions in any 60 s; 0: twelve times the visitors, at most 900,000
	HTTPRate      int               `json:"http_rate"`       // requests a second that the machine answers beside all the rest; joins and polls are spread by it
	DrillGateways int               `json:"drill_gateways"`  // gateways that the drill is
	Connections   int               `json:"connections"`     // open connections to each real gateway
	Deadline      time.Duration     `json:"deadline_ns"`     // when the load is over whatever has happened
	Room          string            `json:"room"`
	Progress      func(line string) `json:"-"` // hears one line now and then
	Stop          <-chan struct{}   `json:"-"` // when closed, the load is over as it is at the deadline; nil: it never is
}

// Defaults are those of the full suite.
func Defaults() Options {
	return Options{
		Visitors: 10_000_000, HTTPVisitors: 1_000_000, HTTPRate: 8_000, DrillGateways: 4, Connections: 128, Deadline: 30 * time.Minute, Room: "arena",
	}
}

// System is what the suite runs against.
type System struct {
	Gateways  []string          // base addresses of the real gateways
	Ready     []string          // addresses that answer 200 when a gateway is ready
	RedisURL  string            // the line's Redis; nothing else may use it, for its memory is measured
	KeyPrefix string            // of the line's keys
	Fsync     string            // of Redis' log of changes: always, everysec, or no for no log
	Drill     string            // the program line-drill
	Dir       string            // folder for journals and logs
	PIDs      map[string]int    // the gateways' processes by name, for their memory; may be empty
	Facts     map[string]string // what is known of it, for the report
	// SetRoom makes the room or replaces its policy, as an operator does: with fields of the form name=value.
	SetRoom func(ctx context.Context, room string, fields ...string) error
}

// ErrCannotRun marks an error of the suite or of the system under it, as opposed to a broken promise.
var ErrCannotRun = errors.New("the suite could not be run")

// Plan is what follows from the options.
type Plan struct {
	RatePerMinute int           `json:"rate_per_minute"`
	FirstCap      int           `json:"first_max_active"` // lower than rate and session length ask for, so that it is what holds the line up
	Cap           int           `json:"max_active"`       // after a while, so that the rate is
	CapFor        time.Duration `json:"first_max_active_for_ns"`
	Session       time.Duration `json:"session_ns"` // the session limit
	Ghost         time.Duration `json:"ghost_ns"`
	PollEvery     time.Duration `json:"poll_every_ns"` // of a visitor over HTTP who is far from the head
	Beat          time.Duration `json:"beat_ns"`       // how often each of the drill's people is heard
	JoinFor       time.Duration `json:"join_for_ns"`   // how long the joins over HTTP, and the drill's beside them, take
	Steady        time.Duration `json:"steady_ns"`     // how long everybody waits: three heartbeat windows and a little
	Sprint        int           `json:"sprint"`        // of the drill's people, who join first, in blocks
	Singles       int           `json:"singles"`       // of the drill's people, who join next, one call each
	GhostEvery    int           `json:"ghost_every"`   // one in so many falls silent
	ReleaseEvery  int           `json:"release_every"` // one in so many of the drill's people gives the session back early
	ReleaseAfter  time.Duration `json:"release_after_ns"`
}

// mostPerMinute is what two cores admit, with generator, gateways, drill and Redis on them.
const mostPerMinute = 900_000

func (o Options) plan() Plan {
	p := Plan{RatePerMinute: o.RatePerMinute, GhostEvery: 200, ReleaseEvery: 20}
	if p.RatePerMinute == 0 {
		p.RatePerMinute = min(max(12*o.Visitors, 60), mostPerMinute)
	}
	drilled := o.Visitors - o.HTTPVisitors
	p.Sprint, p.Singles = drilled/9, min(drilled/9, 200_000)
	p.JoinFor = max(seconds(o.HTTPVisitors, o.HTTPRate), time.Second)
	p.PollEvery = max(seconds(o.HTTPVisitors, o.HTTPRate), 2*time.Second)
	p.Ghost = max((p.PollEvery * 7 / 5).Round(time.Second), 12*time.Second) // the setting is in whole seconds
	p.Beat = p.Ghost / 4
	p.Steady = p.Ghost*3/2 + 3*time.Second
	p.CapFor = p.Steady / 9
	p.Session = 10 * time.Second
	if p.PollEvery > p.Session {
		p.Session = 15 * time.Second
	}
	p.ReleaseAfter = p.Session / 2
	inside := p.RatePerMinute / 60 * int(p.Session/time.Second) // when nothing but the rate holds the line up
	p.FirstCap = min(max(inside*9/10, 1), max(o.Visitors/4, 1), 900_000)
	p.Cap = min(max(inside*6/5, p.FirstCap), 1_000_000)
	return p
}

func seconds(n, perSecond int) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(perSecond)
}
