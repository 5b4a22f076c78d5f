package check_test

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
)

// Each kind of fault is planted in the journal of a run in which everything was right. It must be found by the check that is made for
// it, and by no other.

var (
	fifo = sync.OnceValue(func() *journal.Log { return clean(7, 300, false) })
	draw = sync.OnceValue(func() *journal.Log { return clean(7, 300, true) })
)

// fault is one that is planted.
type fault struct {
	found string // by this check
	how   string
	log   func() *journal.Log // fifo when nil
	plant func(j *spoilt)
}

var faults = []fault{
	{found: "order of joining", how: "sent after later ones were answered", plant: func(j *spoilt) {
		r := j.first(j.buyer(100), journal.Join)
		r.Sent, r.Answered = r.Sent+200*modelMS, r.Answered+200*modelMS
	}},
	{found: "order of joining", how: "a bot jumps the line", plant: func(j *spoilt) {
		r := j.first(j.kind("bot", 5), journal.Flood)
		r.Sent, r.Answered = r.Sent+200*modelMS, r.Answered+200*modelMS
	}},
	{found: "order of admission", how: "before smaller numbers", plant: func(j *spoilt) {
		j.admission(j.buyer(100), func(r *journal.Record) { r.AdmittedMS -= 300 })
	}},
	{found: "nobody present passed over", how: "still told to wait", plant: func(j *spoilt) {
		v := j.kind("vanishes", 3)
		j.waitUntil(v, j.firstAdmissionAfter(v)+4*second)
	}},
	{found: "admissions in any sliding 60 s", how: "and the server does not own up to it", plant: func(j *spoilt) {
		most := int(j.figure("admissions in any sliding 60 s", "most")) - 1
		j.Header.Policy.RatePerMinute = most
		for i := range j.Samples {
			j.Samples[i].AdmittedLastMinute = min(j.Samples[i].AdmittedLastMinute, int64(most))
		}
	}},
	{found: "admitted sessions at any instant", how: "and the server does not own up to it", plant: func(j *spoilt) {
		most := int(j.figure("admitted sessions at any instant", "most")) - 1
		j.Header.Policy.MaxActive = most
		for i := range j.Samples {
			j.Samples[i].Active = min(j.Samples[i].Active, int64(most))
		}
	}},
	{found: "active by the server's own count", how: "one too many", plant: func(j *spoilt) {
		j.Header.Policy.MaxActive = int(j.figure("active by the server's own count", "most")) - 1
	}},
	{found: "admissions by the server's own count", how: "one too many", plant: func(j *spoilt) { j.Samples[40].AdmittedLastMinute = 601 }},
	{found: "serving never goes back", how: "once", plant: func(j *spoilt) { j.Samples[40].Serving -= 60 }},
	{found: "numbers given once", how: "to two people", plant: func(j *spoilt) {
		v := j.buyer(100)
		number := j.first(v, journal.Join).Number
		j.each(v, func(r *journal.Record) {
			if r.Number > 0 {
				r.Number = number - 1
			}
		})
	}},
	{found: "numbers given once", how: "to a bot, again", plant: func(j *spoilt) {
		v := j.kind("bot", 5)
		r := *j.first(v, journal.Flood)
		j.Records = append(j.Records, r)
	}},
	{found: "numbers given once", how: "0", plant: func(j *spoilt) {
		v := j.buyer(0)
		j.each(v, func(r *journal.Record) { r.Number = 0 })
	}},
	{found: "place kept from answer to answer", how: "another number at a poll", plant: func(j *spoilt) { j.first(j.buyer(100), journal.Poll).Number++ }},
	{found: "place kept from answer to answer", how: "another number at a reload", plant: func(j *spoilt) { j.first(j.kind("reloads", 2), journal.Rejoin).Number = 999 }},
	{found: "place kept from answer to answer", how: "another epoch", plant: func(j *spoilt) { j.first(j.buyer(100), journal.Poll).Epoch++ }},
	{found: "acknowledged places not lost", how: "the ticket is unknown", plant: func(j *spoilt) {
		r := j.again(j.kind("vanishes", 3), 800*modelMS)
		r.Status, r.Problem, r.State, r.Number, r.Epoch = 401, "ticket-invalid", "", 0, 0
		j.Records = append(j.Records, r)
	}},
	{found: "acknowledged places not lost", how: "gone although present", plant: func(j *spoilt) {
		r := j.again(j.kind("vanishes", 3), 800*modelMS)
		r.State = "expired"
		j.Records = append(j.Records, r)
	}},
	{found: "numbers given are in the server's own count", how: "the counter has gone back", plant: func(j *spoilt) {
		for i := range j.Samples {
			j.Samples[i].Issued = min(j.Samples[i].Issued, 300)
		}
	}},
	{found: "slots of silent sessions freed in time", how: "kept when all are gone", plant: func(j *spoilt) {
		for i := len(j.Samples) - 5; i < len(j.Samples); i++ {
			j.Samples[i].Active = 10
		}
	}},
	{found: "the line never stalls", how: "for 6 s", plant: func(j *spoilt) {
		for i := 20; i < 33; i++ {
			j.Samples[i].AdmittedTotal = j.Samples[20].AdmittedTotal
		}
	}},
	{found: "nobody admitted while gone", how: "a slot for a ghost", plant: func(j *spoilt) {
		v := j.kind("late", 4)
		back := j.first(v, journal.Return).Sent
		j.admission(v, func(r *journal.Record) { r.AdmittedMS = (back - 2*second) / modelMS })
	}},
	{found: "who comes back within the grace is admitted next", how: "admitted late", plant: func(j *spoilt) {
		v := j.kind("late", 4)
		back := j.first(v, journal.Return).Answered
		j.each(v, func(r *journal.Record) {
			if r.Sent > back {
				r.Scheduled, r.Sent, r.Answered = r.Scheduled+4*second, r.Sent+4*second, r.Answered+4*second
			}
			if r.AdmittedMS > 0 {
				r.AdmittedMS += 4000
			}
		})
	}},
	{found: "who comes back within the grace is admitted next", how: "turned away", plant: func(j *spoilt) {
		v := j.kind("late", 4)
		r := j.first(v, journal.Return)
		r.State = "expired"
		j.forgetAfter(v, r.Answered)
	}},
	{found: "gated paths without a valid pass", how: "one was answered by booking", plant: func(j *spoilt) { j.first(j.kind("hostile", 2), journal.Probe).Reached = true }},
	{found: "control: gated paths with a valid pass do arrive", how: "turned away", plant: func(j *spoilt) { turnAway(j.first(j.buyer(100), journal.Seats)) }},
	{found: "control: gated paths with a valid pass do arrive", how: "a shared pass turned away", plant: func(j *spoilt) { turnAway(j.first(j.kind("shares", 2), journal.Shared)) }},
	{found: "gated requests booking counted, beyond the admitted ones", how: "one", plant: func(j *spoilt) { j.Audit.GatedAtBooking++ }},
	{found: "seats that only hostile tries asked for", how: "one taken", plant: func(j *spoilt) { j.Audit.CanariesTaken = 1 }},
	{found: "passes and receipts signed by the published keys", how: "one is not", plant: func(j *spoilt) { j.Audit.BadTokens = []string{"pass of number 3: bad signature"} }},
	{found: "seats sold once", how: "sold twice", plant: func(j *spoilt) {
		j.first(j.buyer(102), journal.Pay).Seats = j.first(j.buyer(100), journal.Pay).Seats
	}},
	{found: "seats held by one at a time", how: "held twice", plant: func(j *spoilt) {
		j.first(j.buyer(102), journal.Hold).Seats = j.first(j.buyer(100), journal.Hold).Seats
	}},
	{found: "paid orders acknowledged = stored, both ways", how: "not stored", plant: func(j *spoilt) { j.Audit.Paid = slices.Delete(j.Audit.Paid, 7, 8) }},
	{found: "paid orders acknowledged = stored, both ways", how: "nobody was told", plant: func(j *spoilt) {
		j.Audit.Paid = append(j.Audit.Paid, journal.StoredOrder{ID: "somebody's", Seats: 1})
	}},
	{found: "seats of an order acknowledged = stored", how: "one more", plant: func(j *spoilt) { j.Audit.Paid[7].Seats++ }},
	{found: "booking's own recount", how: "three counters off", plant: func(j *spoilt) { j.Audit.Recount["counters off"] = 3 }},
}

func turnAway(r *journal.Record) { r.Reached, r.Status, r.Problem = false, 403, "pass-invalid" }

func broken(v check.Verdict) (names []string) {
	for _, p := range v {
		for _, c := range p.Checks {
			if c.State() == check.Broken {
				names = append(names, c.Name)
			}
		}
	}
	return names
}

func TestEveryFaultIsFoundByItsOwnCheckAndNoOther(t *testing.T) {
	t.Parallel()
	for _, f := range slices.Concat(faults, faultsOfDraws) {
		t.Run(f.found+"/"+f.how, func(t *testing.T) {
			t.Parallel()
			j := &spoilt{copied(fifo())}
			if f.log != nil {
				j = &spoilt{copied(f.log())}
			}
			f.plant(j)
			verdict := check.Judge(throughFile(t, j.Log))
			require.Equal(t, []string{f.found}, broken(verdict), "%+v", verdict)
			c := named(t, verdict, f.found)
			require.NotEmpty(t, c.Examples, "a violation is shown")
			require.Less(t, c.Percent(), 100.0)
			require.Equal(t, check.Broken, verdict.State())
			require.False(t, verdict.Kept())
		})
	}
}

func TestACleanJournalIsClean(t *testing.T) {
	t.Parallel()
	planted := map[string]bool{}
	for _, f := range slices.Concat(faults, faultsOfDraws) {
		planted[f.found] = true
	}
	names := map[string]bool{}
	for name, log := range map[string]*journal.Log{"fifo": fifo(), "draw": draw()} {
		verdict := check.Judge(throughFile(t, copied(log)))
		for _, p := range verdict {
			require.True(t, p.Kept(), "%s: %+v", name, p)
			for _, c := range p.Checks {
				names[c.Name] = true
				require.Equal(t, check.Kept, c.State(), "%s: %+v", name, c)
			}
		}
		require.Equal(t, check.Kept, verdict.State())
	}
	require.Equal(t, slices.Sorted(maps.Keys(names)), slices.Sorted(maps.Keys(planted)), "each check has a fault that it is shown to find")
}

// Other runs of the model: what is right must not depend on one seed, nor on the limits never being reached.
func TestManyCleanJournalsAreClean(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		verdict := check.Judge(clean(100+seed, 200, seed%2 == 0))
		require.Empty(t, broken(verdict), "seed %d: %+v", seed, verdict)
	}
}

// copied is a log that may be spoilt without spoiling the one it was made from.
func copied(l *journal.Log) *journal.Log {
	c := *l
	audit := *l.Audit
	audit.Paid, audit.Recount = slices.Clone(audit.Paid), maps.Clone(audit.Recount)
	if l.Audit.Draw != nil {
		published := *l.Audit.Draw
		published.Earlier = slices.Clone(published.Earlier)
		audit.Draw = &published
	}
	c.Records, c.Samples, c.Audit = slices.Clone(l.Records), slices.Clone(l.Samples), &audit
	return &c
}

// throughFile writes a journal and reads it back.
func throughFile(t *testing.T, l *journal.Log) *journal.Log {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run.journal")
	w, err := journal.Create(path, l.Header)
	require.NoError(t, err)
	slices.SortStableFunc(l.Records, func(a, b journal.Record) int { return cmp.Compare(a.Answered, b.Answered) })
	for _, r := range l.Records {
		w.Add(r)
	}
	for _, s := range l.Samples {
		w.Sample(s)
	}
	for _, f := range l.Faults {
		w.Fault(f)
	}
	if l.Audit != nil {
		w.Audit(*l.Audit)
	}
	if l.End != nil {
		w.End(*l.End)
	}
	require.NoError(t, w.Close())
	read, err := journal.Read(path)
	require.NoError(t, err)
	require.Equal(t, l.Records, read.Records)
	return read
}

// spoilt is a journal that a fault is planted in.
type spoilt struct{ *journal.Log }

var kinds = map[int]string{3: "leaves", 5: "vanishes", 8: "late", 11: "silent", 13: "reloads", 17: "shares", 19: "bot", 21: "hostile", 23: "declines"}

// kindOf is what the model makes of a guest; empty for one who just buys.
func kindOf(id int) string { return kinds[id%25] }

// kind is the n-th guest of a kind.
func (j *spoilt) kind(name string, n int) int {
	for residue, kind := range kinds {
		if kind == name {
			return residue + 25*n
		}
	}
	panic("no such kind of guest: " + name)
}

// buyer is somebody not far from the id given who just buys. Even ids buy one seat, odd ones two.
func (j *spoilt) buyer(near int) int {
	for id := near; ; id += 2 {
		if kindOf(id) == "" && j.first(id, journal.Pay) != nil {
			return id
		}
	}
}

func (j *spoilt) each(visitor int, do func(r *journal.Record)) {
	for i := range j.Records {
		if j.Records[i].Visitor == visitor {
			do(&j.Records[i])
		}
	}
}

func (j *spoilt) first(visitor int, a journal.Action) *journal.Record {
	for i := range j.Records {
		if r := &j.Records[i]; r.Visitor == visitor && r.Action == a {
			return r
		}
	}
	return nil
}

// admission changes all that the visitor was told of its admission.
func (j *spoilt) admission(visitor int, change func(r *journal.Record)) {
	j.each(visitor, func(r *journal.Record) {
		if r.AdmittedMS > 0 {
			change(r)
		}
	})
}

// again is the visitor's last record once more, later.
func (j *spoilt) again(visitor int, later int64) (last journal.Record) {
	j.each(visitor, func(r *journal.Record) { last = *r })
	last.Scheduled, last.Sent, last.Answered = last.Scheduled+later, last.Sent+later, last.Answered+later
	return last
}

// waitUntil lets a visitor go on polling and being told to wait.
func (j *spoilt) waitUntil(visitor int, until int64) {
	for at := int64(0); at < until; {
		r := j.again(visitor, 800*modelMS)
		j.Records = append(j.Records, r)
		at = r.Sent
	}
}

// firstAdmissionAfter is when the first with a later turn was admitted.
func (j *spoilt) firstAdmissionAfter(visitor int) int64 {
	turn, first := j.turn(j.first(visitor, journal.Join)), int64(1<<62)
	for i := range j.Records {
		if r := &j.Records[i]; r.AdmittedMS > 0 && j.turn(r) > turn {
			first = min(first, r.AdmittedMS*modelMS)
		}
	}
	return first
}

// turn is where a place stands in the order of admission.
func (j *spoilt) turn(r *journal.Record) int64 {
	if j.Audit.Draw == nil {
		return r.Number
	}
	return j.published().Rank(r.Number)
}

// forgetAfter takes out all that the visitor did later, at booking as well.
func (j *spoilt) forgetAfter(visitor int, moment int64) {
	j.Records = slices.DeleteFunc(j.Records, func(r journal.Record) bool {
		gone := r.Visitor == visitor && r.Sent > moment
		if gone && r.Reached {
			j.Audit.GatedAtBooking--
		}
		return gone
	})
	j.Audit.Paid = slices.DeleteFunc(j.Audit.Paid, func(o journal.StoredOrder) bool { return o.ID == fmt.Sprintf("order-%d", visitor) })
}

// figure is what the clean journal measures.
func (j *spoilt) figure(name, figure string) float64 {
	for _, p := range check.Judge(j.Log) {
		for _, c := range p.Checks {
			if c.Name == name {
				return c.Figures[figure]
			}
		}
	}
	panic("no such check: " + name)
}
