package check

import (
	"fmt"
	"maps"
	"slices"

	"anteroom/loadtest/journal"
)

// sales judges what was acknowledged against itself, against what is stored, and what is stored by its recount.
func sales(e *evidence) []Check {
	paid := acknowledged(e.records)
	return []Check{
		soldOnce(paid), heldOnce(e.records), storedBothWays(e, paid), seatsAgree(e, paid), recount(e),
	}
}

// acknowledged returns the paid orders that visitors were told of, each once, in the order of the answers.
func acknowledged(records []journal.Record) []*journal.Record {
	var paid []*journal.Record
	seen := map[string]bool{}
	for i := range records {
		r := &records[i]
		if (r.Action == journal.Pay || r.Action == journal.ReadBack) && !r.Lost() && r.State == "paid" && !seen[r.Order] {
			seen[r.Order] = true
			paid = append(paid, r)
		}
	}
	return paid
}

func soldOnce(paid []*journal.Record) Check {
	c := Check{Name: "seats sold once"}
	owner := map[int64]string{}
	for _, r := range paid {
		for _, seat := range r.Seats {
			c.Of++
			if other, taken := owner[seat]; taken {
				c.Violate("seat %d was sold in orders %s and %s", seat, other, r.Order)
			}
			owner[seat] = r.Order
		}
	}
	c.Note = fmt.Sprintf("%d seats in %d paid orders", c.Of, len(paid))
	return c
}

// heldOnce looks for a seat that two visitors were told they held at the same time.
func heldOnce(records []journal.Record) Check {
	c := Check{Name: "seats held by one at a time"}
	var holds []*journal.Record
	for i := range records {
		if r := &records[i]; r.Action == journal.Hold && !r.Lost() && r.Status == 201 {
			holds = append(holds, r)
		}
	}
	slices.SortStableFunc(holds, func(a, b *journal.Record) int { return compare(a.Answered, b.Answered) })
	last := map[int64]*journal.Record{}
	for _, r := range holds {
		for _, seat := range r.Seats {
			c.Of++
			if before := last[seat]; before != nil && r.Answered < before.ExpiresMS*1e6 {
				c.Violate("seat %d was held by visitor %d until %s and given to visitor %d", seat, before.Visitor, clock(before.ExpiresMS), r.Visitor)
			}
			last[seat] = r
		}
	}
	c.Note = fmt.Sprintf("%d holds", len(holds))
	return c
}

// storedBothWays: every paid order that was acknowledged is stored, and every stored one was acknowledged or belongs
// to a payment whose answer was lost. Of an incomplete journal only the first can be said.
func storedBothWays(e *evidence, paid []*journal.Record) Check {
	c := Check{Name: "paid orders acknowledged = stored, both ways", Missing: e.missing("sales")}
	if c.Missing != "" {
		return c
	}
	stored := map[string]bool{}
	for _, o := range e.audit.Paid {
		stored[o.ID] = true
	}
	told := map[string]bool{}
	for _, r := range paid {
		c.Of++
		told[r.Order] = true
		if !stored[r.Order] {
			c.Violate("order %s was acknowledged as paid and is not stored as paid", r.Order)
		}
	}
	if e.log.Incomplete != "" {
		c.Note = "one way only: " + e.log.Incomplete
		return c
	}
	unsure := map[string]bool{}
	for i := range e.records {
		if r := &e.records[i]; r.Action == journal.Pay && (r.Lost() || r.State == "confirming" || r.Status >= 500) {
			unsure[r.Order] = true
		}
	}
	var lost int
	for _, o := range e.audit.Paid {
		c.Of++
		switch {
		case told[o.ID]:
		case unsure[o.ID]:
			lost++
		default:
			c.Violate("order %s is stored as paid and nobody was told", o.ID)
		}
	}
	c.Note = fmt.Sprintf("%d acknowledged, %d stored, %d of them with a lost answer", len(paid), len(stored), lost)
	return c
}

// seatsAgree compares the number of seats of each order that is both acknowledged and stored.
func seatsAgree(e *evidence, paid []*journal.Record) Check {
	c := Check{Name: "seats of an order acknowledged = stored", Missing: e.missing("sales")}
	stored := map[string]int{}
	for _, o := range e.audit.Paid {
		stored[o.ID] = o.Seats
	}
	for _, r := range paid {
		if n, ok := stored[r.Order]; ok {
			c.Of++
			if n != len(r.Seats) {
				c.Violate("order %s has %d seats stored, %d acknowledged", r.Order, n, len(r.Seats))
			}
		}
	}
	return c
}

// recount takes over the counts of booking's own checker, all of which must be 0.
func recount(e *evidence) Check {
	c := Check{Name: "booking's own recount", Of: int64(len(e.audit.Recount)), Note: e.audit.RecountCommand, Missing: e.missing("recount")}
	for _, name := range slices.Sorted(maps.Keys(e.audit.Recount)) {
		c.violateBy(max(e.audit.Recount[name], -e.audit.Recount[name]), "%s: %d", name, e.audit.Recount[name])
	}
	return c
}
