package main

import (
	"cmp"
	"maps"
	"slices"

	"anteroom/waitroom"
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

// guardsOf adds to what the operations page shows of a room: how its guards judged here since this gateway started, and what pressure on the
// upstream has left of the rate.
func (o *observer) guardsOf(v *waitroom.View, more map[string]any) {
	judged := map[string]any{}
	for j, n := range o.judgements.read() {
		if j.room == v.Room {
			judged[j.guard+" "+string(j.outcome)] = n
		}
	}
	if len(judged) > 0 {
		more["judged"] = judged
	}
	if v.RateAdvised < v.Policy.RatePerMinute {
		more["rate_now"], more["rate_advised"], more["pressure"] = v.Rate(), v.RateAdvised, v.RateWhy
	}
}
