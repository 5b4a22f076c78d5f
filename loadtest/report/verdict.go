package report

import (
	"fmt"
	"slices"
	"strings"

	"anteroom/loadtest/check"
)

// What a run comes to, the gravest first.
const (
	Fail       = "FAIL"       // a promise was broken
	Unmeasured = "UNMEASURED" // something that had to be measured was not
	Missed     = "SLO"        // the promises were kept, a service level was missed
	Pass       = "PASS"
)

// The states of a promise and of a check, as the checker names them.
const (
	Kept        = check.Kept
	Broken      = check.Broken
	NotMeasured = check.Unmeasured
)

// PromiseResult is a promise with its verdict.
type PromiseResult struct {
	ID     string        `json:"id"`
	Name   string        `json:"name"`
	State  check.State   `json:"state"`
	Kept   bool          `json:"kept"`
	Checks []CheckResult `json:"checks"`
}

// CheckResult is a check with its verdict. Percent is the share of cases that were right.
type CheckResult struct {
	check.Check
	State   check.State `json:"state"`
	Kept    bool        `json:"kept"`
	Percent float64     `json:"percent"`
}

// Judge takes over a verdict on the promises, and sets the verdict on the run. A promise of which nothing was measured decides nothing,
// unless nothing was measured at all; call Require for those that must be.
func (r *Report) Judge(v check.Verdict) {
	r.Promises = nil
	for _, p := range v {
		result := PromiseResult{ID: p.ID, Name: p.Name, State: p.State(), Kept: p.Kept()}
		for _, c := range p.Checks {
			result.Checks = append(result.Checks, CheckResult{Check: c, State: c.State(), Kept: c.Kept(), Percent: c.Percent()})
		}
		r.Promises = append(r.Promises, result)
	}
	r.decide()
}

// Require makes the run one that could not measure when one of these promises (P1, P2, …) was not measured, or its first check was not,
// which is the one that it stands on.
func (r *Report) Require(promises []string) {
	for _, id := range promises {
		i := slices.IndexFunc(r.Promises, func(p PromiseResult) bool { return p.ID == id })
		switch {
		case i < 0:
			r.CouldNotMeasure(id + " had to be measured, and nothing looked at it")
		case r.Promises[i].State == NotMeasured:
			r.CouldNotMeasure(id + " " + r.Promises[i].Name + " had to be measured, and was not")
		case len(r.Promises[i].Checks) > 0 && r.Promises[i].Checks[0].State == NotMeasured:
			first := r.Promises[i].Checks[0]
			r.CouldNotMeasure(id + " " + r.Promises[i].Name + " had to be measured, and was only in part: " + first.Name + ": " + first.Missing)
		}
	}
}

// CouldNotMeasure adds a reason for which the run could not measure what it had to, such as a damaged journal. Only a broken promise
// is graver.
func (r *Report) CouldNotMeasure(why string) {
	r.unmeasured = append(r.unmeasured, why)
	r.decide()
}

// decide sets the verdict and its reasons from promises, service levels and what could not be measured.
func (r *Report) decide() {
	var broken, unmeasured, missed []string
	measured := 0
	for _, p := range r.Promises {
		switch p.State {
		case Broken:
			broken = append(broken, fmt.Sprintf("%s %s is broken", p.ID, p.Name))
			measured++
		case Kept:
			measured++
		}
	}
	unmeasured = slices.Clone(r.unmeasured)
	if r.Load.Cut {
		unmeasured = append(unmeasured, "the deadline came before the last visitor was done")
	}
	if measured == 0 {
		unmeasured = append(unmeasured, "no promise was measured")
	}
	unmeasured = append(unmeasured, r.levelsNotMeasured()...)
	for _, s := range r.SLOs {
		if s.Decides && s.Missing == "" && !s.Met {
			missed = append(missed, "service level missed: "+s.found())
		}
	}
	r.Reasons = slices.Concat(broken, unmeasured, missed)
	switch {
	case len(broken) > 0:
		r.Verdict = Fail
	case len(unmeasured) > 0:
		r.Verdict = Unmeasured
	case len(missed) > 0:
		r.Verdict = Missed
	default:
		r.Verdict = Pass
	}
}

// levelsNotMeasured says each reason once, with the service levels that it is the reason for.
func (r *Report) levelsNotMeasured() (all []string) {
	var reasons []string
	named := map[string][]string{}
	for _, s := range r.SLOs {
		if s.Decides && s.Missing != "" {
			if len(named[s.Missing]) == 0 {
				reasons = append(reasons, s.Missing)
			}
			named[s.Missing] = append(named[s.Missing], s.Name)
		}
	}
	for _, why := range reasons {
		all = append(all, fmt.Sprintf("not measured: service level %s: %s", strings.Join(named[why], ", "), why))
	}
	return all
}

// ExitCode is what the command ends with: 0 held, 1 a promise broken, 2 a service level missed, 3 could not measure.
func (r *Report) ExitCode() int {
	switch r.Verdict {
	case Pass:
		return 0
	case Fail:
		return 1
	case Missed:
		return 2
	default:
		return 3
	}
}
