package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"anteroom/loadtest/journal"
)

// leaks judges the hostile tries three ways: by the answer each got, by booking's own count of gated requests, and by
// seats that only hostile tries ask for. The first sees a leak through the gateway, the second one whose answer was
// disguised, the third one that had an effect.
func leaks(e Evidence, visitors []*visitor) []Check {
	tries := Check{Name: "gated paths without a valid pass"}
	control := Check{Name: "control: gated paths with a valid pass do arrive"}
	kinds := map[string]int{}
	byID := make(map[int]*visitor, len(visitors))
	for _, v := range visitors {
		byID[v.id] = v
	}
	var arrived int64
	for i := range e.Records {
		r := &e.Records[i]
		switch {
		case r.Action == journal.Probe && r.AdmittedMS > 0:
			arrived++
			kinds["admitted by the line meanwhile"]++
		case r.Action == journal.Probe:
			tries.Of++
			kinds[r.Try]++
			if r.Reached {
				tries.Violate("%s (gateway %d) was answered %d by booking", r.Try, r.Gateway, r.Status)
			}
		case r.Action == journal.Seats || r.Action == journal.Hold:
			arrived++
			if v := byID[r.Visitor]; v != nil && !r.Lost() && v.surelyGood(r, e.Policy) {
				control.Of++
				if !r.Reached && r.Status < 500 {
					control.Violate("visitor %d: %s with a pass was answered %d %s by the gateway", r.Visitor, r.Action, r.Status, r.Problem)
				}
			}
		}
	}
	tries.Note = describe(kinds)
	made := Check{Name: "hostile tries made", Violations: max(int64(e.TriesWanted)-tries.Of, 0), Of: int64(e.TriesWanted), Note: "one by someone whom the line admits by right is none"}

	counted := Check{Name: "gated requests booking counted, beyond the admitted ones", Of: max(e.GatedAtBooking, 0)}
	if extra := e.GatedAtBooking - arrived; extra > 0 {
		counted.Violations = extra
	}
	counted.Note = fmt.Sprintf("booking counted %d, the admitted sent %d", e.GatedAtBooking, arrived)

	canaries := Check{Name: "seats that only hostile tries asked for", Violations: int64(e.CanariesTaken), Of: int64(e.CanariesOffered), Note: "all must still be free"}

	tokens := Check{Name: "passes and receipts signed by the published keys", Of: int64(e.TokensChecked)}
	for _, bad := range e.BadTokens {
		tokens.Violate("%s", bad)
	}
	return []Check{made, tries, control, counted, canaries, tokens}
}

func describe(kinds map[string]int) string {
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		parts = append(parts, fmt.Sprintf("%s %d", kind, kinds[kind]))
	}
	return strings.Join(parts, ", ")
}
