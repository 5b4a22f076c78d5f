package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"anteroom/loadtest/journal"
)

// The checks of P5 judge the hostile tries three ways: by the answer each got, by booking's own count of gated requests, and by
// seats that only hostile tries ask for. The first sees a leak through the gateway, the second one whose answer was
// disguised, the third one that had an effect.

// isTry says that a hostile request had no right to pass. One whose visitor the line admitted in the same request had.
func isTry(r *journal.Record) bool { return r.Action == journal.Probe && r.AdmittedMS == 0 }

// isGated says that a request asked for a gated path with a pass that was good, or had been.
func isGated(r *journal.Record) bool {
	return r.Action == journal.Seats || r.Action == journal.Hold || r.Action == journal.Shared
}

// gatedReached looks at what was answered to the hostile tries. When a tenth or more of those that were wanted could not be made, as when the
// line was too short for anybody to wait in it without a right to pass, the rest says too little.
func gatedReached(e *evidence) Check {
	c := Check{Name: "gated paths without a valid pass"}
	kinds := map[string]int{}
	for i := range e.records {
		r := &e.records[i]
		if r.Action != journal.Probe {
			continue
		}
		if !isTry(r) {
			kinds["admitted by the line meanwhile"]++
			continue
		}
		c.Of++
		kinds[r.Try]++
		if r.Reached {
			c.Violate("%s (gateway %d) was answered %d by booking", r.Try, r.Gateway, r.Status)
		}
	}
	c.Note = describe(kinds)
	if wanted := int64(e.audit.TriesWanted); 10*c.Of < 9*wanted {
		c.Missing = fmt.Sprintf("only %d of %d hostile tries were made", c.Of, wanted)
	}
	return c
}

// passesArrive is the control of gatedReached: a gate that lets nobody through leaks nothing either. A good pass opens the gate also for
// somebody with whom it was shared.
func passesArrive(e *evidence) Check {
	c := Check{Name: "control: gated paths with a valid pass do arrive"}
	byID := make(map[int]*visitor, len(e.visitors))
	for _, v := range e.visitors {
		byID[v.id] = v
	}
	var excused int64
	for i := range e.records {
		r := &e.records[i]
		v := byID[r.Visitor]
		if !isGated(r) || v == nil || r.Lost() || !v.surelyGood(r, e.policy) {
			continue
		}
		c.Of++
		switch {
		case r.Reached || r.Status >= 500:
		case r.Problem == "pass-too-many": // the gateway knows the pass for good, and asks to slow down
			excused++
		default:
			c.Violate("visitor %d: %s with a pass was answered %d %s by the gateway", r.Visitor, r.Action, r.Status, r.Problem)
		}
	}
	if excused > 0 {
		c.Note = fmt.Sprintf("%d were asked to slow down", excused)
	}
	return c
}

func gatedCounted(e *evidence) Check {
	c := Check{Name: "gated requests booking counted, beyond the admitted ones", Missing: e.missing("gated")}
	if c.Missing == "" {
		c.Missing = e.log.Incomplete // requests that are not in the journal were counted, too
	}
	if c.Missing != "" {
		return c
	}
	var arrived int64
	for i := range e.records {
		if r := &e.records[i]; isGated(r) || r.Action == journal.Probe && !isTry(r) {
			arrived++
		}
	}
	c.Of = max(e.audit.GatedAtBooking, 0)
	c.violateBy(e.audit.GatedAtBooking-arrived, "booking counted %d more than the admitted sent", e.audit.GatedAtBooking-arrived)
	c.Note = fmt.Sprintf("booking counted %d, the admitted sent %d", e.audit.GatedAtBooking, arrived)
	return c
}

func canariesFree(e *evidence) Check {
	c := Check{
		Name: "seats that only hostile tries asked for", Missing: e.missing("canaries"), Of: int64(e.audit.CanariesOffered), Note: "all must still be free",
	}
	c.violateBy(int64(e.audit.CanariesTaken), "%d of %d are taken", e.audit.CanariesTaken, e.audit.CanariesOffered)
	return c
}

func tokensGood(e *evidence) Check {
	c := Check{Name: "passes and receipts signed by the published keys", Of: int64(e.audit.TokensChecked), Missing: e.missing("tokens")}
	for _, bad := range e.audit.BadTokens {
		c.Violate("%s", bad)
	}
	return c
}

func describe(kinds map[string]int) string {
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		parts = append(parts, fmt.Sprintf("%s %d", kind, kinds[kind]))
	}
	return strings.Join(parts, ", ")
}
