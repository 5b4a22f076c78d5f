// Package report says what a load test found: as JSON for machines, as text for the terminal, as one HTML page for people. It says it
// from the journal, the verdict and the profile alone, so that a run can be reported again at any time. What each field of the JSON form
// means is in docs/report.md; its form is in schema.json.
package report

import (
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/machine"
)

// Schema is the version of the JSON form; it rises when a field changes its meaning or goes.
const Schema = 2

// Report is the whole of a report; its JSON form is report.json.
type Report struct {
	Schema   int             `json:"schema"`
	Suite    string          `json:"suite"`
	Profile  string          `json:"profile,omitempty"` // its name
	Seed     uint64          `json:"seed,omitempty"`
	Command  string          `json:"command"`
	Commit   string          `json:"commit,omitempty"` // of the sources
	Began    time.Time       `json:"began"`
	Seconds  float64         `json:"seconds"`                   // of the load, without preparation and audit
	WarmUp   float64         `json:"warm_up_seconds,omitempty"` // of these, left out of the latencies
	Ended    string          `json:"ended,omitempty"`           // done, deadline, interrupted, or cut short
	Policy   *journal.Policy `json:"policy,omitempty"`          // what the room promised
	Verdict  string          `json:"verdict"`                   // PASS, FAIL, SLO or UNMEASURED
	Reasons  []string        `json:"reasons,omitempty"`         // why the verdict is not PASS
	Promises []PromiseResult `json:"promises"`
	SLOs     []SLO           `json:"slos"`
	Missing  []Gap           `json:"not_measured,omitempty"`

	Load      Load           `json:"load"`
	Phases    []Phase        `json:"phases,omitempty"` // of a suite that has some
	Actions   []Action       `json:"actions"`          // latency of each kind of request
	Kinds     []Kind         `json:"kinds,omitempty"`  // the same for each kind of visitor
	Outcomes  map[string]int `json:"outcomes"`         // how the visits went
	Step      int            `json:"step_seconds,omitempty"`
	Timeline  []Point        `json:"timeline"` // one for each step; of a second when Step is not given
	Order     []Place        `json:"order,omitempty"`
	Faults    []Band         `json:"faults,omitempty"`
	Generator *Generator     `json:"generator,omitempty"`

	unmeasured []string // why the run could not measure what it had to

	Settings any               `json:"settings,omitempty"` // the profile as it was run, or the settings of a suite that has none
	Machine  machine.Machine   `json:"machine"`
	System   map[string]string `json:"system"`
}

// Load is how much was sent.
type Load struct {
	Visitors       int     `json:"visitors"`
	Requests       int     `json:"requests"`
	PerSecond      float64 `json:"requests_per_second"`      // over the whole load
	PeakPerSecond  int     `json:"peak_requests_per_second"` // in the busiest second
	Failed         int     `json:"failed"`                   // without an answer, or answered 5xx
	FailedPercent  float64 `json:"failed_percent"`
	Cut            bool    `json:"cut"`              // the load ended before the last visitor was done
	JoinsPerSecond float64 `json:"joins_per_second"` // over the seconds in which somebody joined
	LagP50         float64 `json:"lag_p50_ms"`       // of the generator: from when a request was due to when it was sent
	LagP99         float64 `json:"lag_p99_ms"`
}

// Phase is one part of a suite, with what Redis needed for it.
type Phase struct {
	Name            string  `json:"name"`
	Seconds         float64 `json:"seconds"`
	People          int     `json:"people"` // who joined, waited or were admitted in it
	PerSecond       float64 `json:"people_per_second"`
	RedisCPUPercent float64 `json:"redis_cpu_percent"`  // of one core
	RedisMemory     int64   `json:"redis_memory_bytes"` // used_memory at its end
	RedisRSS        int64   `json:"redis_rss_bytes"`
	Note            string  `json:"note,omitempty"`
}

// Action is the latency of one kind of request, in milliseconds, from when it was due to the end of the answer.
type Action struct {
	Name      string         `json:"name"`
	Count     int            `json:"count"`
	Lost      int            `json:"lost"` // without an answer
	Failed    int            `json:"failed,omitempty"`
	PerSecond float64        `json:"per_second,omitempty"` // answers, from when the first was sent to when the last had come
	P50       float64        `json:"p50_ms"`
	P90       float64        `json:"p90_ms,omitempty"`
	P95       float64        `json:"p95_ms"`
	P99       float64        `json:"p99_ms"`
	P999      float64        `json:"p999_ms,omitempty"`
	Max       float64        `json:"max_ms"`
	Statuses  map[string]int `json:"statuses"` // answers by status, and by problem where there is one
	Histogram *Histogram     `json:"histogram,omitempty"`
}

// Kind is what one kind of visitor met.
type Kind struct {
	Name     string   `json:"name"`
	Visitors int      `json:"visitors"` // of whom there is a request
	Requests int      `json:"requests"`
	Failed   int      `json:"failed"`
	Actions  []Action `json:"actions"`
}

// Place is somebody's place and when it was admitted: a point of the order plot.
type Place struct {
	Number    int64   `json:"number"`              // where the order was drawn, the drawn one
	Joined    float64 `json:"joined_s"`            // when the join was sent, seconds from the beginning
	Admitted  float64 `json:"admitted_s"`          // by the clock of the line
	Overtaken bool    `json:"overtaken,omitempty"` // a larger number was admitted earlier
}

// Band is the time during which something was done to the system, in seconds from the beginning.
type Band struct {
	What string  `json:"what"`
	How  string  `json:"how"`
	From float64 `json:"from_s"`
	To   float64 `json:"to_s"`
	Note string  `json:"note,omitempty"`
}

// Gap is something that was not measured.
type Gap struct {
	What string `json:"what"`
	Why  string `json:"why"`
}
