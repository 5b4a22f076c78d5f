package check_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
)

const (
	ms    = int64(time.Millisecond)
	start = int64(1_800_000_000_000) // Unix milliseconds
	crowd = 20
)

// sound makes the journal of a small run in which everything was right: visitor n joins at n·10 ms through gateway n mod 2, is given
// number n, is admitted 1 s later, buys seat n, gives the pass back after another second.
func sound() *journal.Log {
	e := &journal.Log{
		Header: journal.Header{Parts: 1, Policy: journal.Policy{
			RatePerMinute: crowd, MaxActive: crowd, Idle: 20 * time.Second, Limit: time.Minute, Ghost: 30 * time.Second,
		}},
		Audit: &journal.Audit{
			TokensChecked: crowd, TriesWanted: crowd - 1, CanariesOffered: 5, GatedAtBooking: 2 * crowd,
			Recount: map[string]int64{"seats with two valid tickets": 0, "counters off": 0},
		},
		Samples: []journal.Sample{
			{At: start * ms, Active: 3, AdmittedLastMinute: 3, Serving: 3},
			{At: (start + 1000) * ms, Active: crowd, AdmittedLastMinute: crowd, Serving: crowd},
		},
	}
	for n := int64(1); n <= crowd; n++ {
		at := start + n*10
		order := fmt.Sprintf("order-%d", n)
		add := func(after int64, r journal.Record) {
			r.Visitor, r.Gateway, r.Epoch = int(n), int(n%2), 1
			r.Scheduled, r.Sent, r.Answered = (at+after)*ms, (at+after)*ms, (at+after+5)*ms
			e.Records = append(e.Records, r)
		}
		add(0, journal.Record{Action: journal.Join, Status: 201, Number: n, State: "waiting"})
		add(500, journal.Record{Action: journal.Poll, Status: 200, Number: n, State: "waiting"})
		add(1200, journal.Record{Action: journal.Poll, Status: 200, Number: n, State: "admitted", AdmittedMS: at + 1000})
		add(1300, journal.Record{Action: journal.Seats, Status: 200, Reached: true})
		add(1400, journal.Record{Action: journal.Hold, Status: 201, Reached: true, Seats: []int64{n}, ExpiresMS: at + 300_000})
		add(1500, journal.Record{Action: journal.Pay, Status: 200, Order: order, State: "paid", Seats: []int64{n}})
		add(2000, journal.Record{Action: journal.Release, Status: 204})
		add(2100, journal.Record{Action: journal.Probe, Status: 403, Problem: "pass-missing", Try: "no pass"})
		e.Audit.Paid = append(e.Audit.Paid, journal.StoredOrder{ID: order, Seats: 1})
	}
	return e
}

// find returns the n-th record (from 1) of a visitor for an action.
func find(e *journal.Log, visitor int, a journal.Action, n int) *journal.Record {
	for i := range e.Records {
		if r := &e.Records[i]; r.Visitor == visitor && r.Action == a {
			if n--; n == 0 {
				return r
			}
		}
	}
	panic("no such record")
}

func drop(e *journal.Log, match func(r journal.Record) bool) {
	e.Records = slices.DeleteFunc(e.Records, match)
}

func named(t *testing.T, v check.Verdict, name string) check.Check {
	t.Helper()
	for _, p := range v {
		for _, c := range p.Checks {
			if c.Name == name {
				return c
			}
		}
	}
	t.Fatalf("there is no check %q", name)
	return check.Check{}
}

func TestAnAdmissionInAHostileTryIsJudgedLikeAnyOther(t *testing.T) {
	t.Parallel()
	e := sound()
	e.Audit.GatedAtBooking++
	try := find(e, 2, journal.Probe, 1)
	try.Visitor, try.Epoch, try.Number, try.Reached = 1000, 1, crowd+1, true
	try.AdmittedMS = start + 120_000 // after everybody: it was its turn
	require.True(t, check.Judge(e).Kept(), "%+v", check.Judge(e))
	try.AdmittedMS = start + 1010 // at the head of the line
	require.EqualValues(t, 1, named(t, check.Judge(e), "order of admission").Violations)
}

func TestAPassWhoseTimeIsOverMayBeTurnedAway(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]int64{"silent for too long": 19_000, "over the limit of a session": 59_000} {
		e := sound()
		if late > 20_000 { // used all the while
			find(e, 2, journal.Seats, 1).Sent += (late - 2000) * ms
		}
		r := find(e, 2, journal.Hold, 1)
		r.Reached, r.Status, r.Sent, r.Answered = false, 429, r.Sent+late*ms, r.Answered+late*ms
		require.Zero(t, named(t, check.Judge(e), "control: gated paths with a valid pass do arrive").Violations, name)
	}
}

func TestConcurrentJoinsMayTakeEitherOrder(t *testing.T) {
	t.Parallel()
	e := sound()
	a, b := find(e, 4, journal.Join, 1), find(e, 5, journal.Join, 1)
	a.Number, b.Number = 5, 4
	a.Answered = b.Sent // not before b was sent
	require.Zero(t, named(t, check.Judge(e), "order of joining").Violations)
}

func TestInversionsAreCountedByPairs(t *testing.T) {
	t.Parallel()
	e := sound()
	last := find(e, crowd, journal.Join, 1)
	last.Number = 0 // behind nobody: it overtook all
	c := named(t, check.Judge(e), "order of joining")
	require.EqualValues(t, 1, c.Violations)
	require.Contains(t, c.Note, fmt.Sprintf("%d pairs inverted", crowd-1))
}

func TestThoseWhoWereAwayMayBeOvertaken(t *testing.T) {
	t.Parallel()
	e := sound()
	late := find(e, 9, journal.Poll, 2)
	late.AdmittedMS += 40_000
	late.Sent, late.Answered = late.Sent+40_000*ms, late.Answered+40_000*ms
	require.Zero(t, named(t, check.Judge(e), "order of admission").Violations)

	e = sound()
	find(e, 9, journal.Poll, 2).AdmittedMS += 40
	find(e, 9, journal.Release, 1).Action = journal.Leave
	require.Zero(t, named(t, check.Judge(e), "order of admission").Violations)
}

func TestASlotGivenBackCanBeGivenOutAtOnce(t *testing.T) {
	t.Parallel()
	e := sound()
	e.Header.Policy.MaxActive = 1
	for n := 1; n <= crowd; n++ { // each is admitted in the very millisecond in which the one before gives back
		at := start + int64(n)*2000
		find(e, n, journal.Poll, 2).AdmittedMS = at
		find(e, n, journal.Hold, 1).Sent = (at + 100) * ms
		find(e, n, journal.Seats, 1).Sent = (at + 50) * ms
		find(e, n, journal.Poll, 2).Sent = (at + 10) * ms
		find(e, n, journal.Release, 1).Sent = (at+2000)*ms + 900_000
	}
	require.Zero(t, named(t, check.Judge(e), "admitted sessions at any instant").Violations)
}

func TestSilentSessionsCountOnlyUntilTheirLastUse(t *testing.T) {
	t.Parallel()
	e := sound()
	e.Header.Policy.MaxActive = 1
	for n := 1; n <= crowd; n++ { // nobody gives back; each falls silent before the next is admitted
		at := start + int64(n)*60_000
		find(e, n, journal.Poll, 2).AdmittedMS = at
		for i, a := range []journal.Action{journal.Seats, journal.Hold} {
			find(e, n, a, 1).Sent = (at + int64(i)*100) * ms
		}
		find(e, n, journal.Poll, 2).Sent = at * ms
	}
	drop(e, func(r journal.Record) bool { return r.Action == journal.Release })
	require.Zero(t, named(t, check.Judge(e), "admitted sessions at any instant").Violations)
}

// A session that may have run out counts no longer, even if a gateway that had not heard of it let one more request through.
func TestASessionWithALongPauseCountsOnlyUntilThePause(t *testing.T) {
	t.Parallel()
	e := sound()
	e.Header.Policy.MaxActive = crowd - 1
	name := "admitted sessions at any instant"
	require.Positive(t, named(t, check.Judge(e), name).Violations, "the control: all are inside at once")
	first := find(e, 1, journal.Poll, 2)
	first.AdmittedMS -= 30_000
	first.Sent, first.Answered = first.Sent-30_000*ms, first.Answered-30_000*ms
	find(e, 1, journal.Join, 1).Sent -= 40_000 * ms
	drop(e, func(r journal.Record) bool { return r.Visitor == 1 && r.Action == journal.Release })
	require.Zero(t, named(t, check.Judge(e), name).Violations)
}

func TestAPaymentWithoutAnswerExplainsAStoredOrder(t *testing.T) {
	t.Parallel()
	e := sound()
	r := find(e, 5, journal.Pay, 1)
	r.Error, r.State, r.Status = "timeout", "", 0
	c := named(t, check.Judge(e), "paid orders acknowledged = stored, both ways")
	require.Zero(t, c.Violations)
	require.Contains(t, c.Note, "1 of them with a lost answer")

	drop(e, func(r journal.Record) bool { return r.Error != "" })
	require.EqualValues(t, 1, named(t, check.Judge(e), "paid orders acknowledged = stored, both ways").Violations)
}

func TestASeatMayBeHeldAgainAfterItsHoldRanOut(t *testing.T) {
	t.Parallel()
	e := sound()
	find(e, 2, journal.Hold, 1).ExpiresMS = start + 1
	find(e, 3, journal.Hold, 1).Seats = []int64{2}
	require.Zero(t, named(t, check.Judge(e), "seats held by one at a time").Violations)
}
