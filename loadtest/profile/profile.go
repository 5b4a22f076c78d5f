// Package profile describes a load: who arrives and when, what they do, what goes wrong meanwhile, and what is expected of the
// system. A profile is a YAML file; a field that is not known is an error that names it and its line. docs/profiles.md tells of every field.
package profile

import "time"

// Duration is a time span as Go writes it: 250ms, 30s, 5m. In JSON it is nanoseconds.
type Duration time.Duration

// String is the span as it is written in a profile.
func (d Duration) String() string { return time.Duration(d).String() }

// Profile is one load.
type Profile struct {
	Name  string `yaml:"name" json:"name"`
	About string `yaml:"about" json:"about"` // one sentence, shown by `loadtest list`

	Show      string `yaml:"show" json:"show"`             // the room, and the show behind it
	OtherShow string `yaml:"other_show" json:"other_show"` // one whose room is not busy: its pass must not open Show's

	Arrivals []Arrival `yaml:"arrivals" json:"arrivals"`    // corners of a line: between two of them the rate changes evenly
	Scale    float64   `yaml:"scale" json:"scale"`          // multiplies every rate of arrival; 1 when absent
	WarmUp   Duration  `yaml:"warm_up" json:"warm_up_ns"`   // from the first arrival: promises are checked in it, latencies are left out
	Deadline Duration  `yaml:"deadline" json:"deadline_ns"` // from the first arrival: when the load ends whatever has happened

	Visitors []Kind `yaml:"visitors" json:"visitors"` // the mix
	Room     Room   `yaml:"room" json:"room"`
	Hostile  int    `yaml:"hostile_tries" json:"hostile_tries"` // tries at gated paths without a good pass, beside the visitors

	Faults []Fault `yaml:"faults" json:"faults"`
	SLOs   []SLO   `yaml:"slos" json:"slos"`

	Requires []string `yaml:"requires" json:"requires"` // promises (P1, P2, …) that the run must be able to judge; else it could not measure

	Connections int      `yaml:"connections" json:"connections"` // open connections to each gateway; 256 when absent
	Timeout     Duration `yaml:"timeout" json:"timeout_ns"`      // of a request; 15s when absent
}

// Arrival is a corner of the line of arrivals. A step, as in a spike, is two corners at the same time.
type Arrival struct {
	At        Duration `yaml:"at" json:"at_ns"`
	PerSecond float64  `yaml:"per_second" json:"per_second"`
}

// What a kind of visitor does.
const (
	DoBuy    = "buy"    // the whole visit: arrive, wait, choose, hold, pay, ticket
	DoJoin   = "join"   // takes a place and leaves the line after the answer
	DoWait   = "wait"   // takes a place and polls as told until the load ends or it is admitted
	DoBrowse = "browse" // as DoBuy, and once admitted reads seats until Pages are read; buys nothing
	DoRush   = "rush"   // as DoBuy, and once admitted asks for the same few best seats without looking first
	DoAttack = "attack" // a bot: joins without a ticket again and again, polls faster than it is told to, asks for gated paths
)

// Kind is one kind of visitor in the mix.
type Kind struct {
	Name   string  `yaml:"name" json:"name"` // unique in the profile
	Do     string  `yaml:"do" json:"do"`
	Weight float64 `yaml:"weight" json:"weight"` // its share of the arrivals, beside the weights of the others

	Think    Think    `yaml:"think" json:"think"`               // before every step of somebody who is inside
	Patience Duration `yaml:"patience" json:"patience_ns"`      // who has waited this long leaves the line; 0: waits to the end
	Seats    int      `yaml:"seats" json:"seats"`               // at most, for one buyer; 2 when absent
	Pages    int      `yaml:"pages" json:"pages"`               // of DoBrowse, how often seats are read; 10 when absent
	Polls    float64  `yaml:"polls_faster" json:"polls_faster"` // of DoAttack: how many times as often as told; 10 when absent

	// Of each hundred visitors of the kind, how many…
	Leave   float64 `yaml:"leave_percent" json:"leave_percent"`     // …give their place up while they wait
	Vanish  float64 `yaml:"vanish_percent" json:"vanish_percent"`   // …fall silent while they wait
	Late    float64 `yaml:"late_percent" json:"late_percent"`       // …fall silent, are passed over, and come back within the grace
	Reload  float64 `yaml:"reload_percent" json:"reload_percent"`   // …reload the page while they wait: join again with their ticket
	Receipt float64 `yaml:"receipt_percent" json:"receipt_percent"` // …ask for the receipt
	Share   float64 `yaml:"share_percent" json:"share_percent"`     // …give their pass to a friend, who uses it at the same time
	Silent  float64 `yaml:"silent_percent" json:"silent_percent"`   // …close the window instead of giving the pass back
	Decline float64 `yaml:"decline_percent" json:"decline_percent"` // …try a card that is declined first
	Hot     float64 `yaml:"hot_percent" json:"hot_percent"`         // …want the best seats
}

// Think is how long somebody thinks: lognormal, cut off at ten times the median.
type Think struct {
	Median Duration `yaml:"median" json:"median_ns"`
	P95    Duration `yaml:"p95" json:"p95_ns"` // twice the median when absent
}

// Room is what the room is set to before the load. What is absent is left as it is.
type Room struct {
	Mode                string   `yaml:"mode" json:"mode,omitempty"`     // open, queue, hold
	Method              string   `yaml:"method" json:"method,omitempty"` // fifo, draw, passthrough, reject
	RatePerMinute       int      `yaml:"rate_per_minute" json:"rate_per_minute,omitempty"`
	MaxActive           int      `yaml:"max_active" json:"max_active,omitempty"` // 0: a twentieth of the visitors, 10 to 600
	SessionIdleSeconds  int      `yaml:"session_idle_seconds" json:"session_idle_seconds,omitempty"`
	SessionLimitSeconds int      `yaml:"session_limit_seconds" json:"session_limit_seconds,omitempty"`
	GhostSeconds        int      `yaml:"ghost_seconds" json:"ghost_seconds,omitempty"`
	ReturnGraceSeconds  int      `yaml:"return_grace_seconds" json:"return_grace_seconds,omitempty"`
	PollMinMS           int      `yaml:"poll_min_ms" json:"poll_min_ms,omitempty"` // 0: scaled to the number of visitors
	PollMaxMS           int      `yaml:"poll_max_ms" json:"poll_max_ms,omitempty"`
	OpenIn              Duration `yaml:"open_in" json:"open_in_ns,omitempty"`                  // of a draw: the pre-queue begins at once and the draw is made this long after the first arrival
	JoinsPerAddress     int      `yaml:"joins_per_address" json:"joins_per_address,omitempty"` // in any minute on one gateway; 0: not limited
}

// Fault is something that is done to a system that the laboratory has brought up itself.
type Fault struct {
	At   Duration `yaml:"at" json:"at_ns"`  // from the first arrival
	What string   `yaml:"what" json:"what"` // redis, postgres, gateway, booking, payment, network
	How  string   `yaml:"how" json:"how"`   // kill (and start again), stop (and go on), slow, cut
	For  Duration `yaml:"for" json:"for_ns"`
	By   Duration `yaml:"by" json:"by_ns"` // of slow: how much slower
}

// SLO is a level that is expected. A missed one ends the run with exit code 2.
type SLO struct {
	Metric string   `yaml:"metric" json:"metric"`       // <action>.p50 … p99.9 in milliseconds, <action>.per_second, failed.percent, admitted.per_minute, purchases.per_second
	Kind   string   `yaml:"kind" json:"kind,omitempty"` // of visitor; absent: all
	Max    *float64 `yaml:"max" json:"max,omitempty"`
	Min    *float64 `yaml:"min" json:"min,omitempty"`
}
