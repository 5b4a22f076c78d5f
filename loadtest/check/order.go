package check

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"anteroom/loadtest/journal"
)

// uniqueNumbers looks for two visitors with one place.
func uniqueNumbers(visitors []*visitor) Check {
	c := Check{Name: "numbers given once", Of: int64(len(visitors))}
	for i, v := range visitors {
		if v.number <= 0 {
			c.Violate("visitor %d was given number %d", v.id, v.number)
		}
		if i > 0 && visitors[i-1].epoch == v.epoch && visitors[i-1].number == v.number {
			c.Violate("number %d was given to visitors %d and %d", v.number, visitors[i-1].id, v.id)
		}
	}
	return c
}

// samePlace looks at every later answer that names a number: it must be the visitor's own.
func samePlace(records []journal.Record, visitors []*visitor) Check {
	c := Check{Name: "place kept from answer to answer"}
	own := make(map[int]*visitor, len(visitors))
	for _, v := range visitors {
		own[v.id] = v
	}
	for i := range records {
		r := &records[i]
		v := own[r.Visitor]
		if v == nil || v.join == r || r.Lost() || r.Number == 0 || r.Action == journal.Probe {
			continue
		}
		c.Of++
		if r.Number != v.number || r.Epoch != 0 && r.Epoch != v.epoch {
			c.Violate("visitor %d has number %d, but %s answered %d", v.id, v.number, r.Action, r.Number)
		}
	}
	return c
}

// joinOrder is strict, real-time first-in-first-out: where A was answered before B was sent, A's number is smaller. Every such
// pair is looked at, in n log n: joins are taken by the time they were sent, and those answered before are known by their
// numbers in a tree that counts. A join counts as one violation however many it overtook.
func joinOrder(records []journal.Record) Check {
	c := Check{Name: "order of joining"}
	var joins []*journal.Record
	for i := range records {
		if r := &records[i]; r.Action == journal.Join && !r.Lost() && r.Status == 201 {
			joins = append(joins, r)
		}
	}
	c.Of = int64(len(joins))
	bySent, byAnswer := slices.Clone(joins), slices.Clone(joins)
	slices.SortFunc(bySent, func(a, b *journal.Record) int { return compare(a.Sent, b.Sent) })
	slices.SortFunc(byAnswer, func(a, b *journal.Record) int { return compare(a.Answered, b.Answered) })

	ranks := ranksOf(joins)
	tree, perGateway := make(counter, len(joins)+1), map[int]int64{}
	var answered int
	var pairs, across, inverted int64
	for _, b := range bySent {
		for ; answered < len(byAnswer) && byAnswer[answered].Answered < b.Sent; answered++ {
			tree.add(ranks[key(byAnswer[answered])])
			perGateway[byAnswer[answered].Gateway]++
		}
		pairs += int64(answered)
		across += int64(answered) - perGateway[b.Gateway]
		if overtaken := int64(answered) - tree.upTo(ranks[key(b)]); overtaken > 0 {
			inverted += overtaken
			c.Violate("number %d (visitor %d, gateway %d) was sent after %d joins with larger numbers had been answered", b.Number, b.Visitor, b.Gateway, overtaken)
		}
	}
	c.Note = fmt.Sprintf("%d ordered pairs looked at, %d of them across gateways; %d pairs inverted", pairs, across, inverted)
	return c
}

// admissionOrder looks at those who were in the line throughout: a smaller number is admitted no later.
func admissionOrder(visitors []*visitor, p Policy) Check {
	c := Check{Name: "order of admission"}
	var latest *visitor
	for _, v := range visitors {
		if v.admittedMS == 0 || !v.present(p) {
			continue
		}
		c.Of++
		if latest != nil && latest.epoch == v.epoch && v.admittedMS < latest.admittedMS {
			c.Violate("number %d was admitted %d ms before number %d", v.number, latest.admittedMS-v.admittedMS, latest.number)
			continue
		}
		latest = v
	}
	c.Note = "visitors who polled as told from joining to admission"
	return c
}

// staleness is how long a gateway may go on telling a visitor to wait after the line has moved.
const staleness = 2 * time.Second

// passedOver looks for someone in the line throughout who was still told to wait after a later number had been admitted, or
// that the place was gone without having been admitted.
func passedOver(visitors []*visitor, p Policy) Check {
	c := Check{Name: "nobody present passed over"}
	earliest := int64(0) // earliest admission among the later numbers, Unix milliseconds
	for _, v := range slices.Backward(visitors) {
		if v.admittedMS > 0 {
			if earliest == 0 || v.admittedMS < earliest {
				earliest = v.admittedMS
			}
		}
		if !v.present(p) {
			continue
		}
		c.Of++
		if last := v.beats[len(v.beats)-1].State; v.admittedMS == 0 && (last == "passed" || last == "expired") {
			c.Violate("number %d (visitor %d) polled as told and was told %q without having been admitted", v.number, v.id, last)
			continue
		}
		waiting := v.lastWaiting()
		if v.admittedMS == 0 && earliest > 0 && waiting > earliest*1e6+int64(staleness) {
			c.Violate("number %d (visitor %d) was told to wait %d ms after a later number had been admitted", v.number, v.id, waiting/1e6-earliest)
		}
	}
	return c
}

// key tells places apart: by epoch, then by number.
func key(r *journal.Record) [2]int64 { return [2]int64{r.Epoch, r.Number} }

// ranksOf gives each place its rank from 1; equal places share one, so that they do not count as inverted.
func ranksOf(joins []*journal.Record) map[[2]int64]int {
	places := make([][2]int64, 0, len(joins))
	for _, j := range joins {
		places = append(places, key(j))
	}
	sort.Slice(places, func(i, j int) bool { return compare(places[i][0], places[j][0], places[i][1], places[j][1]) < 0 })
	ranks := make(map[[2]int64]int, len(places))
	for i, place := range slices.Compact(places) {
		ranks[place] = i + 1
	}
	return ranks
}

// counter is a Fenwick tree over ranks.
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
