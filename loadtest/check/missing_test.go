package check_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
)

func TestNothingIsKeptWithoutEvidence(t *testing.T) {
	t.Parallel()
	verdict := check.Judge(&journal.Log{Header: journal.Header{Parts: 1}})
	require.Equal(t, check.Unmeasured, verdict.State())
	for _, p := range verdict {
		require.Equal(t, check.Unmeasured, p.State(), p.ID)
		require.False(t, p.Kept(), p.ID)
		for _, c := range p.Checks {
			require.False(t, c.Kept(), c.Name)
			require.NotEmpty(t, c.Missing, c.Name)
		}
	}
}

func TestWhatTheAuditCouldNotHaveIsNotJudged(t *testing.T) {
	t.Parallel()
	for source, names := range map[string][]string{
		"sales":    {"paid orders acknowledged = stored, both ways", "seats of an order acknowledged = stored"},
		"recount":  {"booking's own recount"},
		"gated":    {"gated requests booking counted, beyond the admitted ones"},
		"canaries": {"seats that only hostile tries asked for"},
		"tokens":   {"passes and receipts signed by the published keys"},
		"samples":  {"active by the server's own count", "serving never goes back", "the line never stalls", "slots of silent sessions freed in time"},
	} {
		l := copied(fifo())
		l.Audit.Missing = map[string]string{source: "no password was given"}
		l.Audit.Paid, l.Audit.Recount, l.Audit.GatedAtBooking, l.Audit.CanariesOffered, l.Audit.TokensChecked = nil, nil, 0, 0, 0
		if source == "samples" {
			l.Samples = nil
		}
		verdict := check.Judge(l)
		for _, name := range names {
			c := named(t, verdict, name)
			require.Equal(t, check.Unmeasured, c.State(), "%+v", c)
			require.Equal(t, "no password was given", c.Missing)
		}
	}
	l := copied(draw())
	l.Audit.Missing, l.Audit.Draw = map[string]string{"draw": "no gateway answered"}, nil
	verdict := check.Judge(l)
	require.Empty(t, broken(verdict))
	for _, name := range []string{recomputes, announced, told, undrawn, takesPart, "order of admission", "nobody present passed over"} {
		require.Equal(t, "no gateway answered", named(t, verdict, name).Missing)
	}
}

// TestAnIncompleteJournalIsJudgedByWhatIsInIt takes the journals of runs that were cut short: nothing in them is wrong, and nothing may be
// said that only all requests could tell.
func TestAnIncompleteJournalIsJudgedByWhatIsInIt(t *testing.T) {
	t.Parallel()
	for _, part := range []int{1, 10, 100, 1000, 3000} {
		l := copied(fifo())
		l.Records = l.Records[:part]
		require.NotEmpty(t, broken(check.Judge(l)), "the control: as if it were complete")
		l.Incomplete = "it is damaged"
		until := l.Records[part-1].Answered
		for len(l.Samples) > 0 && l.Samples[len(l.Samples)-1].At > until {
			l.Samples = l.Samples[:len(l.Samples)-1]
		}
		verdict := check.Judge(l)
		require.Empty(t, broken(verdict), "%d records: %+v", part, verdict)
		require.Equal(t, "it is damaged", named(t, verdict, "gated requests booking counted, beyond the admitted ones").Missing)
		l.Audit, l.End = nil, nil
		require.Empty(t, broken(check.Judge(l)))
	}
	l := copied(fifo())
	l.Incomplete = "it is part 0 of 2"
	l.Audit.Paid = l.Audit.Paid[1:]
	require.Equal(t, []string{"paid orders acknowledged = stored, both ways"}, broken(check.Judge(l)), "what was acknowledged must be stored all the same")
}

// TestOnePartAloneAccusesNobody leaves out nine of ten visitors, who were other generators'.
func TestOnePartAloneAccusesNobody(t *testing.T) {
	t.Parallel()
	l := copied(fifo())
	l.Records = slices.DeleteFunc(l.Records, func(r journal.Record) bool { return r.Visitor%10 != 0 })
	require.Contains(t, broken(check.Judge(l)), "slots of silent sessions freed in time", "the control: as if it were the whole")
	l.Incomplete = "it is part 0 of 2"
	verdict := check.Judge(l)
	require.Empty(t, broken(verdict))
	require.Equal(t, l.Incomplete, named(t, verdict, "slots of silent sessions freed in time").Missing)

	l.Header.Part, l.Audit = 1, &journal.Audit{TokensChecked: 5} // all that another generator than the first asks for
	verdict = check.Judge(l)
	require.Empty(t, broken(verdict))
	require.Contains(t, named(t, verdict, "paid orders acknowledged = stored, both ways").Missing, "the first generator alone")
	l.Header.Part = 0
	require.Contains(t, broken(check.Judge(l)), "paid orders acknowledged = stored, both ways", "the control: as if it were the first's")
}

// TestTheLineMayStandStillDuringAFault has the same samples with and without a fault.
func TestTheLineMayStandStillDuringAFault(t *testing.T) {
	t.Parallel()
	l := copied(fifo())
	for i := 20; i < 33; i++ {
		l.Samples[i].AdmittedTotal, l.Samples[i].Active = l.Samples[20].AdmittedTotal, 29
	}
	require.Contains(t, broken(check.Judge(l)), "the line never stalls")
	l.Faults = []journal.Fault{{At: l.Samples[19].At, What: "redis", How: "kill"}, {At: l.Samples[30].At, What: "redis", How: "kill", Done: true}}
	require.Empty(t, broken(check.Judge(l)))
	l.Faults[1].At = l.Samples[19].At - int64(time.Minute) // it was over long before
	l.Faults[0].At = l.Faults[1].At - 1
	require.Contains(t, broken(check.Judge(l)), "the line never stalls")
}

// TestTheLineMayHaveAnotherClock moves the clock of the line by an hour, as that of a machine that was never set.
func TestTheLineMayHaveAnotherClock(t *testing.T) {
	t.Parallel()
	for _, off := range []int64{-3_600_000, -3000, 3000, 3_600_000} {
		l := copied(fifo())
		for i := range l.Records {
			if l.Records[i].AdmittedMS > 0 {
				l.Records[i].AdmittedMS += off
			}
		}
		require.Empty(t, broken(check.Judge(l)), "%d ms", off)
	}
}

func TestKendallsTau(t *testing.T) {
	t.Parallel()
	e := sound()
	require.Equal(t, 1.0, named(t, check.Judge(e), "order of joining").Figures["kendall_tau"])
	require.Equal(t, 190.0, named(t, check.Judge(e), "order of joining").Figures["pairs"])
	for n := 1; n <= crowd; n++ { // the other way round: every pair is inverted
		r := find(e, n, journal.Join, 1)
		r.Number = int64(crowd + 1 - n)
	}
	c := named(t, check.Judge(e), "order of joining")
	require.Equal(t, -1.0, c.Figures["kendall_tau"])
	require.Equal(t, 190.0, c.Figures["pairs_inverted"])
	require.Equal(t, 0.0, c.Figures["pairs_in_order_percent"])

	e = sound()
	find(e, 9, journal.Poll, 2).AdmittedMS = find(e, 1, journal.Poll, 2).AdmittedMS - 1 // before the eight in front of it
	c = named(t, check.Judge(e), "order of admission")
	require.EqualValues(t, 1, c.Violations)
	require.Equal(t, 8.0, c.Figures["pairs_inverted"])
	require.InDelta(t, 1-2*8.0/190, c.Figures["kendall_tau"], 1e-12)
}

func TestTooFewHostileTriesSayTooLittle(t *testing.T) {
	t.Parallel()
	l := copied(fifo())
	l.Audit.TriesWanted *= 2
	c := named(t, check.Judge(l), "gated paths without a valid pass")
	require.Equal(t, check.Unmeasured, c.State())
	require.Equal(t, "only 36 of 72 hostile tries were made", c.Missing)
	j := &spoilt{l}
	j.first(j.kind("hostile", 2), journal.Probe).Reached = true
	require.Equal(t, check.Broken, named(t, check.Judge(l), "gated paths without a valid pass").State(), "a leak is one however few the tries")
}

// A join that is repeated is answered with the place that its first attempt was given, though later ones were answered in between.
func TestAJoinThatWasRepeatedCountsFromItsFirstAttempt(t *testing.T) {
	t.Parallel()
	e := sound()
	join := find(e, 4, journal.Join, 1)
	lost := *join
	lost.Status, lost.Problem, lost.Number, lost.State = 503, "line-unavailable", 0, ""
	join.Sent, join.Answered = join.Sent+200*ms, join.Answered+200*ms
	require.NotEmpty(t, broken(check.Judge(e)), "the control: without the first attempt it jumps the line")
	e.Records = append([]journal.Record{lost}, e.Records...)
	require.Empty(t, broken(check.Judge(e)))
}

// A session that was silent for too long is over, even if a gateway that has not learned of it lets one more request through.
func TestAPassThatPausedForTooLongMayBeTurnedAwayLater(t *testing.T) {
	t.Parallel()
	e := sound()
	hold := find(e, 2, journal.Hold, 1)
	hold.Sent, hold.Answered = hold.Sent+20_000*ms, hold.Answered+20_000*ms
	drop(e, func(r journal.Record) bool { return r.Visitor == 2 && r.Action == journal.Release })
	again := *hold
	again.Action, again.Sent, again.Answered, again.Reached, again.Status = journal.Seats, hold.Sent+1000*ms, hold.Answered+1000*ms, false, 200
	e.Records = append(e.Records, again)
	name := "control: gated paths with a valid pass do arrive"
	require.Zero(t, named(t, check.Judge(e), name).Violations)
	find(e, 2, journal.Hold, 1).Sent -= 10_000 * ms // the control: with no long pause the pass is good
	find(e, 2, journal.Hold, 1).Answered -= 10_000 * ms
	e.Records[len(e.Records)-1].Sent -= 10_000 * ms
	e.Records[len(e.Records)-1].Answered -= 10_000 * ms
	require.EqualValues(t, 1, named(t, check.Judge(e), name).Violations)
}

// Who was admitted before the run began is not in its journal, and must be gone in time all the same.
func TestSessionsFromBeforeTheRunRunOut(t *testing.T) {
	t.Parallel()
	l := copied(fifo())
	for i := range 8 { // 4 s
		l.Samples[i].Active = min(l.Samples[i].Active+12, 30)
	}
	require.Empty(t, broken(check.Judge(l)))
	for i := range l.Samples {
		l.Samples[i].Active = max(l.Samples[i].Active, 12)
	}
	require.Equal(t, []string{"slots of silent sessions freed in time"}, broken(check.Judge(l)))
}
