package main

import (
	"cmp"
	"maps"
	"slices"

	"anteroom/waitroom/guard"
)

// judgement is what a guard made of an applicant.
type judgement struct {
	room, guard string
	outcome     guard.Outcome
}

var _ guard.Observer = (*observer)(nil)

// Guarded implements guard.Observer.
func (o *observer) Guarded(room, name string, outcome guard.Outcome) {
	o.judgements.add(judgement{room, name, outcome})
}

func (o *observer) writeGuards(sum func(name string, value int64, labels ...string)) {
	all := o.judgements.read()
	for _, j := range slices.SortedFunc(maps.Keys(all), func(a, b judgement) int {
		return cmp.Or(cmp.Compare(a.room, b.room), cmp.Compare(a.guard, b.guard), cmp.Compare(a.outcome, b.outcome))
	}) {
		sum(metricGuard, all[j], "room", j.room, "guard", j.guard, "outcome", string(j.outcome))
	}
}
