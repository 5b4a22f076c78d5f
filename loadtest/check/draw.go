package check

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"anteroom/loadtest/drawing"
	"anteroom/loadtest/journal"
)

// methodDraw is the method of a room whose first places are ordered by a draw.
const methodDraw = "draw"

// order learns whose turn comes when: by the number, or where the room draws by what is recomputed from what was published. Nothing that is
// derived from a draw which does not hold is judged.
func (e *evidence) order() {
	if e.policy.Method == methodDraw {
		if e.undrawn = e.openDraw(); e.undrawn != "" {
			e.draw = nil
		}
	}
	for _, v := range e.visitors {
		v.turn = v.number
		if e.drawnEpoch(v.epoch) {
			v.turn = e.draw.Rank(v.number)
		}
	}
	e.inTurn = e.visitors
	if e.draw != nil {
		e.inTurn = slices.Clone(e.visitors)
		slices.SortStableFunc(e.inTurn, func(a, b *visitor) int { return compare(a.epoch, b.epoch, a.turn, b.turn) })
	}
}

// openDraw recomputes the draw, and says why it cannot be gone by; empty when it can.
func (e *evidence) openDraw() string {
	switch {
	case e.missing("draw") != "":
		return e.missing("draw")
	case e.audit.Draw == nil:
		return "the journal does not hold what was published of the draw: it was written by an earlier version"
	}
	document, err := drawing.Parse([]byte(e.audit.Draw.Document))
	if err != nil {
		return err.Error()
	}
	if e.draw, err = drawing.Open(document, e.audit.Draw.Entrants); err != nil {
		return err.Error()
	}
	e.wrong = e.draw.Wrong()
	if room := e.log.Header.Room; document.Room != room {
		e.wrong = append(e.wrong, fmt.Sprintf("the draw is that of the room %s, and this is %s", document.Room, room))
	}
	if len(e.wrong) > 0 {
		return "the draw does not hold, so what it drew is not known"
	}
	return ""
}

// drawnEpoch says that the places of an epoch were drawn, and how is known.
func (e *evidence) drawnEpoch(epoch int64) bool { return e.draw != nil && e.draw.Epoch() == epoch }

// drawFollows recomputes the draw: the seed is the one that was committed to, the root is that of the entrants, the key follows from both and
// the beacon, and each number draws another one.
func drawFollows(e *evidence) Check {
	c := Check{Name: "the draw recomputes from what was published", Missing: e.undrawn}
	wrong := slices.Concat(e.wrong, e.audit.DrawWrong) // in an old journal, what the services' own verifier found
	for _, w := range wrong {
		c.Violate("%s", w)
	}
	switch {
	case len(wrong) > 0:
		c.Missing, c.Of = "", c.Violations
	case e.draw != nil:
		c.Of = e.draw.N()
		c.Note = fmt.Sprintf("numbers drawn; sealed at %s", clock(e.draw.SealedAt().UnixMilli()+e.ahead))
	}
	return c
}

// drawAnnounced holds what was published in the end against copies that were taken before: a hash has no date, so that who could change
// commitment, entrants and seed together afterwards could draw again and again.
func drawAnnounced(e *evidence) Check {
	c := Check{Name: "the draw is the one that was announced", Missing: e.missing("draw"), Note: "copies taken before the draw was made, or from another gateway"}
	if c.Missing != "" || e.audit.Draw == nil {
		c.Missing = e.undrawn
		return c
	}
	final, err := drawing.Parse([]byte(e.audit.Draw.Document))
	if err != nil {
		c.Missing = err.Error()
		return c
	}
	seen := map[string]bool{}
	for _, text := range e.audit.Draw.Earlier {
		earlier, err := drawing.Parse([]byte(text))
		if err != nil {
			c.Missing = "a copy that was taken earlier: " + err.Error()
			continue
		}
		c.Of++
		seen[earlier.State] = true
		for _, changed := range earlier.Broken(final) {
			c.Violate("%s", changed)
		}
	}
	for _, state := range []string{drawing.Committed, drawing.Sealed} {
		if !seen[state] && c.Missing == "" {
			c.Missing = "no copy was taken when the draw was " + state
		}
	}
	return c
}

// drawTold looks at every answer to somebody who was drawn: it tells the number that was drawn, once gateways must know of it, and no
// other at any time.
func drawTold(e *evidence) Check {
	c := Check{Name: "drawn numbers told are those of the draw", Missing: e.undrawn}
	if e.draw == nil {
		return c
	}
	known := e.drawKnown()
	for r := range e.toldPlaces() {
		if r.Number > e.draw.N() {
			continue
		}
		rank := e.draw.Rank(r.Number)
		switch {
		case r.Drawn > 0:
			c.Of++
			if r.Drawn != rank {
				c.Violate("number %d (visitor %d) was told at %s that it drew %d, and it drew %d", r.Number, r.Visitor, r.Action, r.Drawn, rank)
			}
		case r.Sent > known && (r.State == "waiting" || r.State == "admitted") && !e.faulty(r.Sent, r.Answered):
			c.Of++
			c.Violate("number %d (visitor %d) drew %d, and was not told at %s, %.1f s after the draw was known", r.Number, r.Visitor, rank, r.Action, float64(r.Sent-known)/1e9)
		}
	}
	c.Note = "answers to those who were drawn"
	return c
}

// drawKnown is when every gateway must know of the draw: some time after somebody was told of it, or was admitted.
func (e *evidence) drawKnown() int64 {
	first := int64(1 << 62)
	for r := range e.toldPlaces() {
		if r.Drawn > 0 {
			first = min(first, r.Answered)
		}
		if r.AdmittedMS > 0 {
			first = min(first, (r.AdmittedMS+e.ahead)*1e6)
		}
	}
	return first + int64(staleness)
}

// lateUndrawn looks at those who came after the sealing: their numbers are behind those that were drawn, and they are told of no other.
func lateUndrawn(e *evidence) Check {
	c := Check{Name: "who came after the sealing was not drawn", Missing: e.undrawn}
	if e.draw == nil {
		return c
	}
	sealed := e.sealed()
	for _, v := range e.visitors {
		if !e.drawnEpoch(v.epoch) || v.join.Action == journal.Probe || v.asked < sealed+int64(sealing) {
			continue
		}
		c.Of++
		if v.number <= e.draw.N() {
			c.Violate("visitor %d asked for a place %.1f s after the sealing, and number %d was drawn", v.id, float64(v.asked-sealed)/1e9, v.number)
		}
	}
	for r := range e.toldPlaces() {
		if r.Number > e.draw.N() && r.Drawn > 0 {
			c.Of++
			c.Violate("number %d (visitor %d) came after the sealing, of %d numbers, and was told at %s that it drew %d", r.Number, r.Visitor, e.draw.N(), r.Action, r.Drawn)
		}
	}
	return c
}

// sealing is how far apart the clocks of line and journal may be when somebody comes about the time of the sealing.
const sealing = time.Second

// sealed is when the entrants were fixed, in journal time.
func (e *evidence) sealed() int64 { return (e.draw.SealedAt().UnixMilli() + e.ahead) * 1e6 }

// gatheredDrawn looks at those who had a place before the sealing and were there: each of them takes part.
func gatheredDrawn(e *evidence) Check {
	c := Check{Name: "who gathered takes part in the draw", Missing: e.undrawn}
	if e.draw == nil {
		return c
	}
	sealed, patience := e.sealed(), int64(e.policy.Ghost)
	switch {
	case patience == 0:
		c.Missing = "after what silence the room takes somebody for gone is not known"
		return c
	case e.faulty(sealed-patience, sealed):
		c.Missing = "something was wrong with the system when the entrants were fixed"
		return c
	}
	for _, v := range e.visitors {
		if !e.drawnEpoch(v.epoch) || v.join.Action == journal.Probe || v.join.Answered > sealed-int64(sealing) {
			continue
		}
		here := v.heardUntil(sealed, e.policy) && (v.leaves == 0 || v.leaves > sealed+int64(sealing))
		switch {
		case v.number > e.draw.N():
			c.Of++
			c.Violate("number %d (visitor %d) had its place %.1f s before the sealing, and only %d numbers were drawn", v.number, v.id, float64(sealed-v.join.Answered)/1e9, e.draw.N())
		case here:
			c.Of++
			if !e.draw.Present(v.number) {
				c.Violate("number %d (visitor %d) was there when the entrants were fixed, and is not among them", v.number, v.id)
			}
		}
	}
	return c
}

// toldPlaces are the answers that tell somebody of a place in the line that was drawn.
func (e *evidence) toldPlaces() iter.Seq[*journal.Record] {
	return func(yield func(*journal.Record) bool) {
		for i := range e.records {
			r := &e.records[i]
			if !r.Lost() && r.Number > 0 && r.Action != journal.Probe && e.drawnEpoch(r.Epoch) && !yield(r) {
				return
			}
		}
	}
}
