package check

import (
	"time"

	"anteroom/loadtest/drawing"
	"anteroom/loadtest/journal"
)

// evidence is a journal with what several checks need of it, put together once.
type evidence struct {
	log      *journal.Log
	records  []journal.Record
	samples  []journal.Sample
	policy   journal.Policy
	audit    journal.Audit // zero when the run did not come to it
	visitors []*visitor    // by epoch and number
	inTurn   []*visitor    // the same by epoch and turn
	ahead    int64         // by how much the clock of the journal is ahead of that of the line, ms
	faults   []span

	draw    *drawing.Draw // nil when there is none that holds
	undrawn string        // why the order of admission is not known; empty when it is
	wrong   []string      // what does not hold in the draw
}

// span is a stretch of journal time.
type span struct{ from, to int64 }

func (s span) overlaps(from, to int64) bool { return s.from <= to && from <= s.to }

func newEvidence(l *journal.Log) *evidence {
	e := &evidence{log: l, records: l.Records, samples: l.Samples, policy: l.Header.Policy, faults: faultSpans(l.Faults)}
	if l.Audit != nil {
		e.audit = *l.Audit
	}
	e.visitors, e.ahead = gather(l.Records)
	e.order()
	return e
}

// missing says why a source of the audit was not to be had; empty when it was.
func (e *evidence) missing(source string) string {
	switch {
	case e.log.Audit == nil:
		return "the run did not come to its audit"
	case e.log.Header.Part > 0 && source != "tokens":
		return "the first generator alone asks for it, and its journal is absent"
	}
	return e.audit.Missing[source]
}

// noSamples says why there are no samples; empty when there are some.
func (e *evidence) noSamples() string {
	switch {
	case len(e.samples) > 0:
		return ""
	case e.audit.Missing["samples"] != "":
		return e.audit.Missing["samples"]
	}
	return "the server's own view was not sampled"
}

// recovery is how long after a fault the line may need until it does again what it promises: after a restart it waits until those who
// are still here have been heard.
const recovery = 15 * time.Second

// faultSpans are the times in which something was wrong with the system, and shortly after. A fault whose end is not in the journal
// goes on to the end of the run.
func faultSpans(faults []journal.Fault) []span {
	const forever = 1<<63 - 1
	var spans []span
	open := map[[2]string]int{} // index of the span + 1
	for _, f := range faults {
		key := [2]string{f.What, f.How}
		switch i := open[key]; {
		case !f.Done:
			spans = append(spans, span{f.At, forever})
			open[key] = len(spans)
		case i > 0:
			spans[i-1].to = f.At + int64(recovery)
			delete(open, key)
		}
	}
	return spans
}

// faulty says that something was wrong with the system at some time from one moment to another.
func (e *evidence) faulty(from, to int64) bool {
	for _, s := range e.faults {
		if s.overlaps(from, to) {
			return true
		}
	}
	return false
}
