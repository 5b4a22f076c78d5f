// Package check judges the journal of a load test. It is pure: it reads records and figures, asks nobody, and shares no code
// with the services. Every check says how many cases it looked at; one that looked at none is not kept, because
// silence is no proof.
package check

import (
	"fmt"
	"slices"

	"anteroom/loadtest/journal"
)

// State is how a check, a promise or a verdict came out.
type State string

// The states. What was looked at in part and found wrong is broken, whatever else could not be looked at.
const (
	Kept       State = "kept"
	Broken     State = "broken"
	Unmeasured State = "not measured"
)

// Check is one question and its answer.
type Check struct {
	Name       string             `json:"name"`
	Violations int64              `json:"violations"`        // must be 0
	Of         int64              `json:"of"`                // cases looked at; must not be 0
	Missing    string             `json:"missing,omitempty"` // why it could not be judged
	Note       string             `json:"note,omitempty"`
	Figures    map[string]float64 `json:"figures,omitempty"`  // what was measured besides, by name
	Examples   []string           `json:"examples,omitempty"` // of violations, at most maxExamples
}

const maxExamples = 5

// State is Broken when a case was wrong, Unmeasured when there was none or its source was not to be had.
func (c Check) State() State {
	switch {
	case c.Violations > 0:
		return Broken
	case c.Of == 0 || c.Missing != "":
		return Unmeasured
	}
	return Kept
}

// Kept says that cases were looked at and none was wrong.
func (c Check) Kept() bool { return c.State() == Kept }

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

// violateBy counts n cases that were wrong and are known by their number only, and shows one example for all; n may be 0 or less.
func (c *Check) violateBy(n int64, format string, args ...any) {
	if n > 0 {
		c.Violate(format, args...)
		c.Violations += n - 1
	}
}

// Promise is one of the promises of the design with the checks that measure it.
type Promise struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Checks []Check `json:"checks"`
}

// State is Broken when a check is, Unmeasured when no check was measured, else Kept.
func (p Promise) State() State {
	return worst(len(p.Checks), func(i int) State { return p.Checks[i].State() })
}

// Kept says that no check is broken and at least one is kept.
func (p Promise) Kept() bool { return p.State() == Kept }

// Verdict is what a journal says of each promise.
type Verdict []Promise

// State is Broken when a promise is, Unmeasured when none was measured, else Kept.
func (v Verdict) State() State {
	return worst(len(v), func(i int) State { return v[i].State() })
}

// Kept says that no promise is broken and at least one is kept.
func (v Verdict) Kept() bool { return v.State() == Kept }

func worst(n int, state func(i int) State) State {
	sum := Unmeasured
	for i := range n {
		switch state(i) {
		case Broken:
			return Broken
		case Kept:
			sum = Kept
		}
	}
	return sum
}

// Judge checks the promises P1 to P6 of a journal. Each fact is judged once, under the promise that states it. What an incomplete journal
// cannot say is not judged; what is in it is.
func Judge(l *journal.Log) Verdict {
	e := newEvidence(l)
	v := Verdict{
		{"P1", "order", []Check{joinOrder(e), admissionOrder(e), passedOver(e)}},
		{"P2", "limits", []Check{rateWindow(e), activeAtOnce(e), sampledActive(e), sampledMinute(e), cursor(e)}},
		{"P3", "no lost place", []Check{uniqueNumbers(e), samePlace(e), stillKnown(e), counted(e)}},
		{"P4", "no ghosts", []Check{slotsFreed(e), neverStalls(e), goneNotAdmitted(e), returnedNext(e)}},
		{"P5", "no leak", []Check{gatedReached(e), passesArrive(e), gatedCounted(e), canariesFree(e), tokensGood(e)}},
		{"P6", "no double sale", sales(e)},
	}
	if l.Header.Policy.Method == methodDraw {
		// The draw comes first: a promise that has to be measured stands on its first check.
		v[0].Checks = slices.Concat([]Check{drawFollows(e), drawAnnounced(e), drawTold(e), lateUndrawn(e)}, v[0].Checks)
		v[2].Checks = append(v[2].Checks, gatheredDrawn(e))
	}
	for _, p := range v {
		for i := range p.Checks {
			if c := &p.Checks[i]; c.Of == 0 && c.Missing == "" {
				c.Missing = "the run had no case of it"
			}
		}
	}
	return v
}
