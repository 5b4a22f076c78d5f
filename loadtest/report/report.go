// Package report says what a load test found: as JSON for machines, as text for the terminal, as one HTML page for people.
package report

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"anteroom/loadtest/check"
	"anteroom/loadtest/machine"
)

// Schema is the version of the JSON form; it rises when a field changes its meaning or goes.
const Schema = 1

// Report is the whole of a report; its JSON form is report.json.
type Report struct {
	Schema   int               `json:"schema"`
	Suite    string            `json:"suite"`
	Began    time.Time         `json:"began"`
	Seconds  float64           `json:"seconds"` // of the load, without preparation and audit
	Verdict  string            `json:"verdict"` // "PASS" or "FAIL"
	Promises []PromiseResult   `json:"promises"`
	SLOs     []SLO             `json:"slos"` // informative: a missed one does not fail the suite
	Load     Load              `json:"load"`
	Phases   []Phase           `json:"phases,omitempty"` // of a suite that has some
	Actions  []Action          `json:"actions"`          // latency of each kind of request
	Outcomes map[string]int    `json:"outcomes"`         // how the visits went
	Timeline []Point           `json:"timeline"`
	Settings any               `json:"settings"`
	Machine  machine.Machine   `json:"machine"`
	System   map[string]string `json:"system"`
	Command  string            `json:"command"`
}

// PromiseResult is a promise with its verdict.
type PromiseResult struct {
	ID     string        `json:"id"`
	Name   string        `json:"name"`
	Kept   bool          `json:"kept"`
	Checks []CheckResult `json:"checks"`
}

// CheckResult is a check with its verdict. Percent is the share of cases that were right.
type CheckResult struct {
	check.Check
	Kept    bool    `json:"kept"`
	Percent float64 `json:"percent"`
}

// SLO is a service level that is looked at without deciding the verdict.
type SLO struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Limit float64 `json:"limit"` // Value should not be larger
	Unit  string  `json:"unit"`
	Met   bool    `json:"met"`
}

// Load is how much was sent.
type Load struct {
	Visitors       int     `json:"visitors"`
	Requests       int     `json:"requests"`
	PerSecond      float64 `json:"requests_per_second"`      // over the whole load
	PeakPerSecond  int     `json:"peak_requests_per_second"` // in the busiest second
	Failed         int     `json:"failed"`                   // without an answer, or answered 5xx
	FailedPercent  float64 `json:"failed_percent"`
	Cut            bool    `json:"cut"` // the deadline came before the last visitor was done
	JoinsPerSecond float64 `json:"joins_per_second"`
	LagP50         float64 `json:"lag_p50_ms"` // of the generator: from when a request was due to when it was sent
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
	Name     string         `json:"name"`
	Count    int            `json:"count"`
	Lost     int            `json:"lost"` // without an answer
	P50      float64        `json:"p50_ms"`
	P95      float64        `json:"p95_ms"`
	P99      float64        `json:"p99_ms"`
	Max      float64        `json:"max_ms"`
	Statuses map[string]int `json:"statuses"` // answers by status, and by problem where there is one
}

// Point is one second of the load. The counts of the room are the server's own.
type Point struct {
	Second   int   `json:"second"`
	Requests int   `json:"requests"`
	Joins    int   `json:"joins"`
	Admitted int   `json:"admitted"` // admissions in this second by the clock of the line
	Paid     int   `json:"paid"`
	Waiting  int64 `json:"waiting"`
	Active   int64 `json:"active"`
}

// Judge takes over a verdict.
func (r *Report) Judge(v check.Verdict) {
	r.Promises = nil
	for _, p := range v {
		result := PromiseResult{ID: p.ID, Name: p.Name, Kept: p.Kept()}
		for _, c := range p.Checks {
			result.Checks = append(result.Checks, CheckResult{Check: c, Kept: c.Kept(), Percent: c.Percent()})
		}
		r.Promises = append(r.Promises, result)
	}
	r.Verdict = "FAIL"
	if v.Kept() && !r.Load.Cut {
		r.Verdict = "PASS"
	}
}

// WriteJSON writes report.json.
func (r *Report) WriteJSON(path string) error {
	body, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := os.WriteFile(path, append(body, '\n'), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// ReadJSON reads report.json; it fails when that is of another schema.
func ReadJSON(path string) (*Report, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	var r Report
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, fmt.Errorf("report %s: %w", path, err)
	}
	if r.Schema != Schema {
		return nil, fmt.Errorf("report %s has schema %d, not %d", path, r.Schema, Schema)
	}
	return &r, nil
}
