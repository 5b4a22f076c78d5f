package check

import (
	"fmt"
	"slices"
	"time"
)

// joinOrder is strict, real-time first-in-first-out: where A was answered before B was sent, A's number is smaller. Every such
// pair is looked at, in n log n: joins are taken by the time they were sent, and those answered before are known by their
// numbers in a tree that counts. A join counts as one violation however many it overtook. One that was repeated counts from its first
// attempt, whose place the later one may have been given.
func joinOrder(e *evidence) Check {
	c := Check{Name: "order of joining"}
	var joins []*visitor
	for _, v := range e.visitors {
		if isJoin(v.join) {
			joins = append(joins, v)
		}
	}
	c.Of = int64(len(joins))
	bySent, byAnswer := slices.Clone(joins), slices.Clone(joins)
	slices.SortFunc(bySent, func(a, b *visitor) int { return compare(a.asked, b.asked) })
	slices.SortFunc(byAnswer, func(a, b *visitor) int { return compare(a.join.Answered, b.join.Answered) })

	ranks := ranksOf(joins) // of the numbers
	tree, perGateway := make(counter, len(joins)+1), map[int]int64{}
	var answered int
	var pairs, across, inverted, equal int64
	for _, b := range bySent {
		for ; answered < len(byAnswer) && byAnswer[answered].join.Answered < b.asked; answered++ {
			tree.add(ranks[key(byAnswer[answered])])
			perGateway[byAnswer[answered].join.Gateway]++
		}
		pairs += int64(answered)
		across += int64(answered) - perGateway[b.join.Gateway]
		rank := ranks[key(b)]
		equal += tree.upTo(rank) - tree.upTo(rank-1)
		if overtaken := int64(answered) - tree.upTo(rank); overtaken > 0 {
			inverted += overtaken
			c.Violate("number %d (visitor %d, gateway %d) was sent after %d joins with larger numbers had been answered", b.number, b.id, b.join.Gateway, overtaken)
		}
	}
	c.Figures = map[string]float64{"pairs": float64(pairs), "pairs_across_gateways": float64(across)}
	c.note(fmt.Sprintf("%d ordered pairs looked at, %d of them across gateways; ", pairs, across), pairs-equal, inverted)
	return c
}

// note says how well an order was kept: pairs inverted, their share, and Kendall's tau. Tau is taken over the pairs that have an order in
// both respects (M. G. Kendall 1938; with pairs left out that have none, also Goodman and Kruskal's gamma): two joins that were under way
// at the same time have no order that could be broken. It is 1 when no pair is inverted, -1 when all are, and left out when there is none.
func (c *Check) note(before string, ordered, inverted int64) {
	c.Note = fmt.Sprintf("%s%d pairs inverted", before, inverted)
	c.Figures["pairs_inverted"] = float64(inverted)
	if ordered > 0 {
		share, tau := float64(ordered-inverted)/float64(ordered), float64(ordered-2*inverted)/float64(ordered)
		c.Figures["pairs_in_order_percent"], c.Figures["kendall_tau"] = 100*share, tau
		c.Note += fmt.Sprintf(", %.3f %% in order; Kendall's tau %.6f", 100*share, tau)
	}
}

// admissionOrder looks at those who were in the line throughout: an earlier turn is admitted no later. A visitor counts as one violation
// however many were admitted too late beside it.
func admissionOrder(e *evidence) Check {
	c := Check{Name: "order of admission", Missing: e.undrawn}
	if c.Missing != "" {
		return c
	}
	var admitted []*visitor
	var times []int64
	for _, v := range e.inTurn {
		if v.admittedMS != 0 && v.present(e.policy) {
			admitted, times = append(admitted, v), append(times, v.admittedMS)
		}
	}
	c.Of = int64(len(admitted))
	slices.Sort(times)
	times = slices.Compact(times)
	var latest, group *visitor // latest: who was admitted last of all with an earlier turn
	var pairs, inverted, epoch, before int64
	var tree counter
	var waiting []*visitor // with the turn at hand, not yet in the tree
	for _, v := range admitted {
		if group == nil || v.epoch != epoch {
			latest, group, waiting, before, epoch = nil, v, nil, 0, v.epoch
			tree = make(counter, len(times)+1)
		} else if v.turn != group.turn {
			for _, w := range waiting {
				tree.add(rankOf(times, w.admittedMS))
				if latest == nil || w.admittedMS > latest.admittedMS {
					latest = w
				}
			}
			before += int64(len(waiting))
			group, waiting = v, nil
		}
		waiting = append(waiting, v)
		rank := rankOf(times, v.admittedMS)
		earlier, notLater := tree.upTo(rank-1), tree.upTo(rank)
		pairs += before - (notLater - earlier)
		inverted += before - notLater
		if latest != nil && v.admittedMS < latest.admittedMS {
			c.Violate("number %d was admitted %d ms before number %d", v.number, latest.admittedMS-v.admittedMS, latest.number)
		}
	}
	c.Figures = map[string]float64{"pairs": float64(pairs)}
	c.note("visitors who polled as told from joining to admission; ", pairs, inverted)
	return c
}

func rankOf(sorted []int64, value int64) int {
	i, _ := slices.BinarySearch(sorted, value)
	return i + 1
}

// staleness is how long a gateway may go on telling a visitor to wait after the line has moved.
const staleness = 2 * time.Second

// passedOver looks for someone in the line throughout who was still told to wait after a later turn had been admitted.
func passedOver(e *evidence) Check {
	c := Check{Name: "nobody present passed over", Missing: e.undrawn}
	if c.Missing != "" {
		return c
	}
	next := e.nextAdmissions()
	for i, v := range e.inTurn {
		if !v.present(e.policy) {
			continue
		}
		c.Of++
		if waiting := v.lastWaiting(); v.admittedMS == 0 && next[i] > 0 && waiting > next[i]*1e6+int64(staleness) {
			c.Violate("number %d (visitor %d) was told to wait %d ms after a later number had been admitted", v.number, v.id, waiting/1e6-next[i])
		}
	}
	return c
}

// nextAdmissions is for each of inTurn when the first with a later turn was admitted, in Unix milliseconds; 0 when nobody was.
func (e *evidence) nextAdmissions() []int64 {
	next := make([]int64, len(e.inTurn))
	var later, withGroup int64 // earliest admission of later turns; of these and the turn at hand
	for i := len(e.inTurn) - 1; i >= 0; i-- {
		v := e.inTurn[i]
		if i+1 < len(e.inTurn) {
			switch after := e.inTurn[i+1]; {
			case after.epoch != v.epoch:
				later, withGroup = 0, 0
			case after.turn != v.turn:
				later = withGroup
			}
		}
		next[i] = later
		if v.admittedMS > 0 && (withGroup == 0 || v.admittedMS < withGroup) {
			withGroup = v.admittedMS
		}
	}
	return next
}
