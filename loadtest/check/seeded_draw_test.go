package check_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/check"
	"anteroom/loadtest/drawing"
	"anteroom/loadtest/journal"
)

const (
	recomputes = "the draw recomputes from what was published"
	announced  = "the draw is the one that was announced"
	told       = "drawn numbers told are those of the draw"
	undrawn    = "who came after the sealing was not drawn"
	takesPart  = "who gathered takes part in the draw"
)

// faultsOfDraws are planted in the journal of a room whose order was drawn.
var faultsOfDraws = []fault{
	{found: recomputes, how: "another seed", log: draw, plant: func(j *spoilt) { j.redraw(func(d *drawing.Document) { d.Seed[0]++ }) }},
	{found: recomputes, how: "another value of the beacon", log: draw, plant: func(j *spoilt) { j.redraw(func(d *drawing.Document) { d.BeaconValue += "!" }) }},
	{found: recomputes, how: "another key", log: draw, plant: func(j *spoilt) { j.redraw(func(d *drawing.Document) { d.Key[31]++ }) }},
	{found: recomputes, how: "one entrant less", log: draw, plant: func(j *spoilt) {
		j.redraw(func(d *drawing.Document) {
			entrants := make([]byte, d.N/8+1)
			for number := int64(2); number <= d.N; number++ {
				if j.published().Present(number) {
					entrants[number/8] |= 0x80 >> (number % 8)
				}
			}
			d.Entrants = packed(entrants)
		})
	}},
	{found: recomputes, how: "the draw of another room", log: draw, plant: func(j *spoilt) { j.Header.Room = "theatre" }},
	{found: announced, how: "another seed was committed to", log: draw, plant: func(j *spoilt) {
		j.Audit.Draw.Earlier[0] = changed(j.Audit.Draw.Earlier[0], func(d *drawing.Document) { d.Commitment[0]++ })
	}},
	{found: announced, how: "others were sealed", log: draw, plant: func(j *spoilt) {
		j.Audit.Draw.Earlier[1] = changed(j.Audit.Draw.Earlier[1], func(d *drawing.Document) { d.EntrantsRoot[0]++ })
	}},
	{found: announced, how: "another gateway has another draw", log: draw, plant: func(j *spoilt) {
		j.Audit.Draw.Earlier = append(j.Audit.Draw.Earlier, changed(j.Audit.Draw.Document, func(d *drawing.Document) { d.BeaconValue += "!" }))
	}},
	{found: told, how: "the numbers of two are swapped", log: draw, plant: func(j *spoilt) {
		a, b := j.buyer(20), j.buyer(60)
		ofA, ofB := j.drawnFor(a), j.drawnFor(b)
		j.tell(a, ofB)
		j.tell(b, ofA)
	}},
	{found: told, how: "somebody is never told", log: draw, plant: func(j *spoilt) { j.tell(j.buyer(60), 0) }},
	{found: undrawn, how: "one is told to have drawn", log: draw, plant: func(j *spoilt) {
		r := j.first(j.buyer(250), journal.Poll)
		r.Drawn = r.Number
	}},
	{found: undrawn, how: "one takes part", log: draw, plant: func(j *spoilt) {
		j.republish(func(d *drawing.Document) { d.SealedAt = earlier(d, 1200*time.Millisecond) })
	}},
	{found: takesPart, how: "somebody who was there does not", log: draw, plant: func(j *spoilt) {
		r, join := j.first(j.kind("leaves", 1), journal.Leave), j.first(j.kind("leaves", 1), journal.Join)
		r.Action, r.Status, r.Epoch, r.Number, r.State = journal.Poll, 200, join.Epoch, join.Number, "prequeue"
	}},
	{found: takesPart, how: "somebody had a place in time", log: draw, plant: func(j *spoilt) {
		j.republish(func(d *drawing.Document) { d.SealedAt = earlier(d, -1200*time.Millisecond) })
	}},
	{found: "order of admission", how: "before smaller drawn numbers", log: draw, plant: func(j *spoilt) {
		j.admission(j.drew(60), func(r *journal.Record) { r.AdmittedMS -= 300 })
	}},
	{found: "order of admission", how: "before those who were drawn", log: draw, plant: func(j *spoilt) {
		var last int64
		for _, r := range j.Records {
			if r.Number > 0 && r.Number <= j.published().N() {
				last = max(last, r.AdmittedMS)
			}
		}
		j.admission(j.buyer(230), func(r *journal.Record) { r.AdmittedMS = last - 500 })
	}},
	{found: "nobody present passed over", how: "of those who were drawn", log: draw, plant: func(j *spoilt) {
		v := j.kind("vanishes", 6) // who was told after the draw to wait
		j.waitUntil(v, j.firstAdmissionAfter(v)+4*second)
	}},
}

// redraw changes what was published in the end.
func (j *spoilt) redraw(change func(d *drawing.Document)) {
	j.Audit.Draw.Document = changed(j.Audit.Draw.Document, change)
}

// earlier moves the sealing, where there was one by then.
func earlier(d *drawing.Document, by time.Duration) time.Time {
	if d.State == drawing.Committed {
		return d.SealedAt
	}
	return d.SealedAt.Add(-by)
}

// drawnFor is what was drawn for a visitor.
func (j *spoilt) drawnFor(visitor int) int64 {
	return j.published().Rank(j.first(visitor, journal.Join).Number)
}

// tell changes what a visitor is told that it drew.
func (j *spoilt) tell(visitor int, drawn int64) {
	j.each(visitor, func(r *journal.Record) {
		if r.Drawn > 0 {
			r.Drawn = drawn
		}
	})
}

// drew is a buyer who drew a number, or one soon after it.
func (j *spoilt) drew(number int64) int {
	for ; ; number++ {
		for id := range 200 {
			if r := j.first(id, journal.Join); r != nil && kindOf(id) == "" && j.drawnFor(id) == number && j.first(id, journal.Pay) != nil {
				return id
			}
		}
	}
}

func TestADrawWithoutEvidenceIsNotMeasured(t *testing.T) {
	t.Parallel()
	derived := []string{recomputes, told, undrawn, takesPart, "order of admission", "nobody present passed over", "who comes back within the grace is admitted next"}
	for name, c := range map[string]struct {
		spoil func(l *journal.Log)
		says  string
		names []string
	}{
		"an old journal": {func(l *journal.Log) {
			l.Audit.Draw, l.Audit.Drawn, l.Audit.DrawVerified = nil, 200, "every rank recomputed"
		}, "earlier version", append(derived, announced)},
		"what is no document":  {func(l *journal.Log) { l.Audit.Draw.Document = "<html>" }, "the draw's document", append(derived, announced)},
		"a document cut short": {func(l *journal.Log) { l.Audit.Draw.Document = l.Audit.Draw.Document[:200] }, "the draw's document", append(derived, announced)},
		"a draw not made":      {func(l *journal.Log) { l.Audit.Draw.Document = l.Audit.Draw.Earlier[1] }, "it is sealed", derived},
		"no entrants": {func(l *journal.Log) {
			l.Audit.Draw.Document = changed(l.Audit.Draw.Document, func(d *drawing.Document) { d.Entrants, d.EntrantsURL = nil, "/entrants" })
		}, "they are not there", derived},
		"entrants cut short": {func(l *journal.Log) {
			l.Audit.Draw.Document = changed(l.Audit.Draw.Document, func(d *drawing.Document) { d.Entrants = d.Entrants[:20] })
		}, "unexpected EOF", derived},
		"no copy of the commitment": {func(l *journal.Log) { l.Audit.Draw.Earlier = l.Audit.Draw.Earlier[1:] }, "when the draw was committed", []string{announced}},
		"no copy of the sealing":    {func(l *journal.Log) { l.Audit.Draw.Earlier = l.Audit.Draw.Earlier[:1] }, "when the draw was sealed", []string{announced}},
		"an unreadable copy":        {func(l *journal.Log) { l.Audit.Draw.Earlier[1] = "{" }, "taken earlier", []string{announced}},
	} {
		l := copied(draw())
		c.spoil(l)
		verdict := check.Judge(throughFile(t, l))
		require.Empty(t, broken(verdict), name)
		for _, of := range c.names {
			one := named(t, verdict, of)
			require.Equal(t, check.Unmeasured, one.State(), "%s: %+v", name, one)
			require.Contains(t, one.Missing, c.says, "%s: %s", name, of)
		}
	}
	l := copied(draw())
	l.Audit.Draw, l.Audit.DrawWrong = nil, []string{"number 3 has rank 9"}
	require.Equal(t, []string{recomputes}, broken(check.Judge(l)), "what an old journal says to be wrong is so")
}

// A draw that does not hold says nothing of anybody's turn: the one fault is not held against what follows from it.
func TestNothingIsDerivedFromADrawThatDoesNotHold(t *testing.T) {
	t.Parallel()
	j := &spoilt{copied(draw())}
	j.redraw(func(d *drawing.Document) { d.Seed[0]++ })
	verdict := check.Judge(j.Log)
	require.Equal(t, []string{recomputes}, broken(verdict))
	for _, name := range []string{told, undrawn, takesPart, "order of admission", "nobody present passed over"} {
		require.Contains(t, named(t, verdict, name).Missing, "does not hold", name)
	}
}

func TestTheOrderOfADrawIsNotThatOfTheNumbers(t *testing.T) {
	t.Parallel()
	l := copied(draw())
	c := named(t, check.Judge(l), "order of admission")
	require.True(t, c.Kept())
	require.Greater(t, c.Figures["pairs"], 10_000.0, "those who were drawn have an order among themselves")
	l.Header.Policy.Method = "" // the control: judged as first in, first out the same journal is wrong
	require.Contains(t, broken(check.Judge(l)), "order of admission")
}

// testdata/version1.journal of package journal is of a run of the real programs, from before journals held what was published of a draw.
func TestTheDrawOfAJournalOfVersion1IsNotMeasured(t *testing.T) {
	t.Parallel()
	l, err := journal.Read("../journal/testdata/version1.journal")
	require.NoError(t, err)
	verdict := check.Judge(l)
	require.Empty(t, broken(verdict))
	for _, name := range []string{recomputes, announced, told, undrawn, takesPart, "order of admission", "nobody present passed over"} {
		require.Contains(t, named(t, verdict, name).Missing, "earlier version", name)
	}
	require.True(t, named(t, verdict, "order of joining").Kept())
}
