package check

import "slices"

// key tells places apart: by epoch, then by number.
func key(v *visitor) [2]int64 { return [2]int64{v.epoch, v.number} }

// ranksOf gives each place its rank from 1; equal places share one, so that they do not count as inverted.
func ranksOf(joins []*visitor) map[[2]int64]int {
	places := make([][2]int64, 0, len(joins))
	for _, j := range joins {
		places = append(places, key(j))
	}
	slices.SortFunc(places, func(a, b [2]int64) int { return compare(a[0], b[0], a[1], b[1]) })
	ranks := make(map[[2]int64]int, len(places))
	for i, place := range slices.Compact(places) {
		ranks[place] = i + 1
	}
	return ranks
}

// counter is a Fenwick tree over ranks from 1.
type counter []int64

func (t counter) add(rank int) {
	for ; rank < len(t); rank += rank & -rank {
		t[rank]++
	}
}

// upTo is how many of the added ranks are not larger.
func (t counter) upTo(rank int) (n int64) {
	for ; rank > 0; rank -= rank & -rank {
		n += t[rank]
	}
	return n
}
