// Package check judges the journal of a load test. It is pure: it reads records and figures, asks nobody, and shares no code
// with the services. Every check says how many cases it looked at; one that looked at none is not kept, because
// silence is no proof.
package check

import (
	"fmt"
	"time"

	"anteroom/loadtest/journal"
)

// Policy is what the room promised during the run.
type Policy struct {
	RatePerMinute int           `json:"rate_per_minute"` // admissions in any 60 s
	MaxActive     int           `json:"max_active"`      // admitted sessions at any instant
	Idle          time.Duration `json:"idle_ns"`         // a session silent for this long ends
	Limit         time.Duration `json:"limit_ns"`        // no session is longer
	Ghost         time.Duration `json:"ghost_ns"`        // a waiting visitor silent for this long no longer counts
}

// Sample is the server's own view of the room at one moment.
type Sample struct {
	At                 int64 `json:"at"` // journal time
	Issued             int64 `json:"issued"`
	Serving            int64 `json:"serving"`
	Waiting            int64 `json:"waiting"`
	Active             int64 `json:"active"`
	AdmittedTotal      int64 `json:"admitted_total"`
	AdmittedLastMinute int64 `json:"admitted_last_minute"`
}

// StoredOrder is a paid order as the back office lists it after the run.
type StoredOrder struct {
	ID    string
	Seats int
}

// Evidence is all that is judged.
type Evidence struct {
	Policy  Policy
	Records []journal.Record
	Samples []Sample

	BadTokens     []string // passes and receipts that are not signed by the published keys or name another place
	TokensChecked int

	TriesWanted     int   // hostile tries that were to be made
	CanariesOffered int   // seats that only hostile tries ask for
	CanariesTaken   int   // of these, not free after the run
	GatedAtBooking  int64 // requests on gated paths that booking itself counted during the run; -1 when that is not known

	Paid           []StoredOrder // paid orders of the show, without those that were there before the run
	PaidKnown      bool          // false when they could not be read
	Recount        map[string]int64
	RecountCommand string // how the recount was made
}

// Check is one question and its answer.
type Check struct {
	Name       string   `json:"name"`
	Violations int64    `json:"violations"` // must be 0
	Of         int64    `json:"of"`         // cases looked at; must not be 0
	Note       string   `json:"note,omitempty"`
	Examples   []string `json:"examples,omitempty"` // of violations, at most maxExamples
}

const maxExamples = 5

// Kept says that cases were looked at and none was wrong.
func (c Check) Kept() bool { return c.Violations == 0 && c.Of > 0 }

// Percent is the share of cases that were right; 0 when there were none.
func (c Check) Percent() float64 {
	if c.Of == 0 {
		return 0
	}
	return 100 * (1 - float64(c.Violations)/float64(c.Of))
}

// Violate counts a case that was wrong, and keeps the first few as examples.
func (c *Check) Violate(format string, args ...any) {
	c.Violations++
	if len(c.Examples) < maxExamples {
		c.Examples = append(c.Examples, fmt.Sprintf(format, args...))
	}
}

// Promise is one of the promises of the design with the checks that measure it.
type Promise struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Checks []Check `json:"checks"`
}

// Kept says that every check is.
func (p Promise) Kept() bool {
	for _, c := range p.Checks {
		if !c.Kept() {
			return false
		}
	}
	return len(p.Checks) > 0
}

// Verdict is what the evidence says.
type Verdict []Promise

// Kept says that every promise is.
func (v Verdict) Kept() bool {
	for _, p := range v {
		if !p.Kept() {
			return false
		}
	}
	return len(v) > 0
}

// Judge checks all promises that a surge can measure.
func Judge(e Evidence) Verdict {
	visitors := gather(e.Records)
	return Verdict{
		{"P1", "order", []Check{
			uniqueNumbers(visitors), samePlace(e.Records, visitors), joinOrder(e.Records),
			admissionOrder(visitors, e.Policy), passedOver(visitors, e.Policy),
		}},
		{"P2", "limits", append([]Check{rateWindow(visitors, e.Policy), activeAtOnce(visitors, e.Policy)}, sampled(e.Samples, e.Policy)...)},
		{"P5", "no leak", leaks(e, visitors)},
		{"P6", "no double sale", sales(e)},
	}
}
