package report

import (
	"cmp"
	"slices"
)

// maxPlaces bounds the order plot; maxOvertaken of them are kept for those who were overtaken, whom sampling might miss.
const (
	maxPlaces    = 4000
	maxOvertaken = 1000
)

// order samples the places that were admitted, evenly by number, or where the order was drawn by what was drawn.
func (m *measures) order() []Place {
	var all []Place
	for key, p := range m.places {
		if p.admitted > 0 && key[1] > 0 && key[0] >= 0 {
			all = append(all, Place{Number: p.turn, Joined: m.since(p.joined), Admitted: m.since(p.admitted)})
		}
	}
	slices.SortFunc(all, func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Joined, b.Joined))
	})
	if len(all) == 0 {
		return nil
	}
	earliest := all[len(all)-1].Admitted // among the larger numbers
	var overtaken, rest []Place
	for _, p := range slices.Backward(all) {
		if p.Overtaken = p.Admitted > earliest; p.Overtaken {
			overtaken = append(overtaken, p)
		} else {
			rest = append(rest, p)
		}
		earliest = min(earliest, p.Admitted)
	}
	some := thin(overtaken, maxOvertaken)
	some = append(some, thin(rest, maxPlaces-len(some))...)
	slices.SortFunc(some, func(a, b Place) int { return cmp.Compare(a.Number, b.Number) })
	return some
}

// thin keeps at most n, evenly spread, the first and the last among them.
func thin[T any](all []T, n int) []T {
	if len(all) <= n {
		return all
	}
	some := make([]T, n)
	for i := range some {
		some[i] = all[i*(len(all)-1)/(n-1)]
	}
	return some
}
