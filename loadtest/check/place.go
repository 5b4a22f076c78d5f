package check

import (
	"fmt"
	"time"

	"anteroom/loadtest/journal"
)

// uniqueNumbers looks for two visitors with one place.
func uniqueNumbers(e *evidence) Check {
	c := Check{Name: "numbers given once", Of: int64(len(e.visitors))}
	for i, v := range e.visitors {
		if v.number <= 0 {
			c.Violate("visitor %d was given number %d", v.id, v.number)
		}
		if v.again {
			c.Violate("bot %d was given number %d again, without a ticket", v.id, v.number)
		}
		if i > 0 && e.visitors[i-1].epoch == v.epoch && e.visitors[i-1].number == v.number {
			c.Violate("number %d was given to visitors %d and %d", v.number, e.visitors[i-1].id, v.id)
		}
	}
	return c
}

// samePlace looks at every later answer that names a number: it must be one that the visitor was given.
func samePlace(e *evidence) Check {
	c := Check{Name: "place kept from answer to answer"}
	own, bots := map[int]*visitor{}, map[placeOf]bool{}
	for _, v := range e.visitors {
		if v.join.Action == journal.Flood {
			bots[placeOf{v.id, v.epoch, v.number}] = true
		} else {
			own[v.id] = v
		}
	}
	for i := range e.records {
		r := &e.records[i]
		if r.Lost() || r.Number == 0 || r.Action == journal.Probe {
			continue
		}
		if r.Action == journal.Flood {
			if !isJoin(r) {
				c.Of++
				if !bots[placeOf{r.Visitor, r.Epoch, r.Number}] {
					c.Violate("bot %d was told of number %d, which it was never given", r.Visitor, r.Number)
				}
			}
			continue
		}
		v := own[r.Visitor]
		if v == nil || v.join == r {
			continue
		}
		c.Of++
		if r.Number != v.number || r.Epoch != 0 && r.Epoch != v.epoch {
			c.Violate("visitor %d has number %d, but %s answered %d", v.id, v.number, r.Action, r.Number)
		}
	}
	return c
}

// stillKnown looks for places that were acknowledged and then lost: the ticket is no longer known, or somebody who polled as told learns
// that the place is gone without ever having been admitted. It is judged through every fault.
func stillKnown(e *evidence) Check {
	c := Check{Name: "acknowledged places not lost"}
	unknown := map[int]*journal.Record{}
	for i := range e.records {
		r := &e.records[i]
		if !r.Lost() && r.Action != journal.Probe && r.Action != journal.Flood && (r.Problem == "ticket-invalid" || r.Problem == "ticket-superseded") && unknown[r.Visitor] == nil {
			unknown[r.Visitor] = r
		}
	}
	for _, v := range e.visitors {
		if v.join.Action == journal.Probe {
			continue
		}
		c.Of++
		if r := unknown[v.id]; r != nil && v.join.Action != journal.Flood {
			c.Violate("number %d (visitor %d) was acknowledged, and at %s answered %s", v.number, v.id, r.Action, r.Problem)
			continue
		}
		if last := v.beats[len(v.beats)-1]; v.admittedMS == 0 && v.present(e.policy) && v.goneTooSoon(e.policy) {
			c.Violate("number %d (visitor %d) polled as told and was told %q without having been admitted", v.number, v.id, last.State)
		}
	}
	return c
}

// goneTooSoon says that the last heartbeat was told that the turn is over, so shortly after one that was told to wait that no session can
// have come and gone in between.
func (v *visitor) goneTooSoon(p journal.Policy) bool {
	n := len(v.beats)
	if n < 2 || v.beats[n-1].State != "passed" && v.beats[n-1].State != "expired" {
		return false
	}
	return time.Duration(v.beats[n-1].Answered-v.beats[n-2].Sent) < p.Idle-margin
}

// counted compares the largest number that was acknowledged with the server's own count at the end: a counter that has gone back would
// give numbers a second time.
func counted(e *evidence) Check {
	c := Check{Name: "numbers given are in the server's own count", Missing: e.noSamples()}
	if c.Missing != "" || len(e.visitors) == 0 {
		return c
	}
	last := e.samples[len(e.samples)-1]
	if e.faulty(last.At, last.At) {
		c.Missing = "the last sample was taken while something was wrong with the system"
		return c
	}
	epoch := e.visitors[len(e.visitors)-1].epoch
	var largest int64
	for _, v := range e.visitors {
		if v.epoch != epoch || v.join.Answered > last.At-int64(staleness) {
			continue
		}
		c.Of++
		largest = max(largest, v.number)
		if v.number > last.Issued {
			c.Violate("number %d was acknowledged, the server had given %d by the end", v.number, last.Issued)
		}
	}
	c.Note = fmt.Sprintf("largest acknowledged %d, given by the server's count %d", largest, last.Issued)
	return c
}
