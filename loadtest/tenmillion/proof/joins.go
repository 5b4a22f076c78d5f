package proof

import (
	"cmp"
	"fmt"
	"slices"

	"anteroom/loadtest/check"
)

// byFirst returns the joins in the order of their numbers.
func byFirst(joins []Join) []Join {
	sorted := slices.Clone(joins)
	slices.SortFunc(sorted, func(a, b Join) int { return cmp.Or(cmp.Compare(a.Epoch, b.Epoch), cmp.Compare(a.First, b.First)) })
	return sorted
}

func people(joins []Join) (n int64) {
	for i := range joins {
		n += int64(joins[i].Count)
	}
	return n
}

// numbersOnce looks for two people with one number, or with numbers of different lines.
func numbersOnce(e *Evidence) check.Check {
	c := check.Check{Name: "numbers given once", Of: people(e.Joins)}
	sorted := byFirst(e.Joins)
	reached := int64(0) // the highest number so far
	for i := range sorted {
		j := &sorted[i]
		switch {
		case j.First <= 0 || j.Count <= 0:
			c.Violate("%d numbers from %d on were given", j.Count, j.First)
		case j.Epoch != sorted[0].Epoch:
			c.Violate("number %d is of epoch %d, others are of %d", j.First, j.Epoch, sorted[0].Epoch)
		case j.First <= reached:
			c.Violations += min(reached, j.last()) - j.First
			c.Violate("numbers %d to %d were given twice", j.First, min(reached, j.last()))
		}
		reached = max(reached, j.last())
	}
	return c
}

// numbersKnown looks for numbers that were issued to nobody. Only joins without an answer excuse them. Where people joined until the end, the line's
// own account is older than their numbers.
func numbersKnown(e *Evidence) check.Check {
	if e.Stopped != "" {
		return check.Check{Name: "every number is somebody's", Missing: e.Stopped}
	}
	c := check.Check{Name: "every number is somebody's", Of: e.Issued}
	highest := int64(0)
	for i := range e.Joins {
		highest = max(highest, e.Joins[i].last())
	}
	if highest > e.Issued {
		c.Violate("number %d was given, but the line counts %d", highest, e.Issued)
	}
	unknown := e.Issued - people(e.Joins)
	if over := unknown - e.LostJoins; over > 0 {
		c.Violations += over - 1
		c.Violate("%d numbers of %d are nobody's; %d joins had no answer", unknown, e.Issued, e.LostJoins)
	}
	c.Note = fmt.Sprintf("numbers 1 to %d; %d joins had no answer", e.Issued, e.LostJoins)
	return c
}

// joinOrder is strict, real-time first-in-first-out: where A was answered before B was sent, all of A's numbers are smaller. Every such
// pair of people is looked at, in n log n of the calls: they are taken by the time they were sent, and those answered before are known
// by their numbers in a tree that counts people. Who was overtaken counts once, whoever overtook.
func joinOrder(joins []Join) check.Check {
	c := check.Check{Name: "order of joining", Of: people(joins)}
	byNumber := byFirst(joins)
	rank := make(map[int64]int, len(joins)) // of the first number; equal ones, which another check finds, share one
	for i := range byNumber {
		rank[byNumber[i].First] = i + 1
	}
	bySent, byAnswer := slices.Clone(joins), slices.Clone(joins)
	slices.SortFunc(bySent, func(a, b Join) int { return cmp.Compare(a.Sent, b.Sent) })
	slices.SortFunc(byAnswer, func(a, b Join) int { return cmp.Compare(a.Answered, b.Answered) })

	tree, perGateway := make(counter, len(joins)+1), map[int32]int64{}
	var next int
	var answered, pairs, across, inverted int64
	for i := range bySent {
		b := &bySent[i]
		for ; next < len(byAnswer) && byAnswer[next].Answered < b.Sent; next++ {
			a := &byAnswer[next]
			tree.add(rank[a.First], int64(a.Count))
			perGateway[a.Via] += int64(a.Count)
			answered += int64(a.Count)
		}
		pairs += answered * int64(b.Count)
		across += (answered - perGateway[b.Via]) * int64(b.Count)
		if ahead := answered - tree.upTo(rank[b.First]); ahead > 0 {
			inverted += ahead * int64(b.Count)
			c.Violations += int64(b.Count) - 1
			c.Violate("numbers %d to %d (gateway %d) were asked for after %d people with larger numbers had theirs", b.First, b.last(), b.Via, ahead)
		}
	}
	c.Note = fmt.Sprintf("%d ordered pairs of people looked at, %d of them across gateways; %d pairs inverted", pairs, across, inverted)
	return c
}

// counter is a Fenwick tree over ranks from 1.
type counter []int64

func (t counter) add(rank int, n int64) {
	for ; rank < len(t); rank += rank & -rank {
		t[rank] += n
	}
}

// upTo is the sum over the ranks that are not larger.
func (t counter) upTo(rank int) (n int64) {
	for ; rank > 0; rank -= rank & -rank {
		n += t[rank]
	}
	return n
}
