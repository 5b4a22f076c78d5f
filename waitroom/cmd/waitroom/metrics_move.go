package main

import (
	"cmp"
	"maps"
	"slices"

	"anteroom/internal/fault"
)

// move is a step of moving a place to another device, and how it went.
type move struct{ room, step, outcome string }

// moved counts a step, offer or claim, that the line was asked for.
func (o *observer) moved(room, step string, err error) {
	outcome := "ok"
	if err != nil {
		outcome = fault.From(err).Type
	}
	o.moves.add(move{o.known(room), step, outcome})
}

func (o *observer) writeMoves(sum func(name string, value int64, labels ...string)) {
	all := o.moves.read()
	for _, m := range slices.SortedFunc(maps.Keys(all), func(a, b move) int {
		return cmp.Or(cmp.Compare(a.room, b.room), cmp.Compare(a.step, b.step), cmp.Compare(a.outcome, b.outcome))
	}) {
		sum(metricMove, all[m], "room", m.room, "step", m.step, "outcome", m.outcome)
	}
}
