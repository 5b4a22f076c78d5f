package check

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"anteroom/loadtest/journal"
)

// What slotsFreed allows for, all in favour of the system.
const (
	promised  = time.Second     // by which a silent session may outlive its timeout
	sampleAge = 3 * time.Second // by which a sample may be older than it says
	strangers = 3               // sessions of those who prepare and audit the run, which are not in the journal
)

// gone is how long after the last heartbeat the line surely takes somebody for gone. It keeps presence in windows, so it may be half as
// long again as the room says.
func gone(p journal.Policy) time.Duration { return p.Ghost + p.Ghost/2 + promised }

// slotsFreed compares the server's count of active sessions with the most that can be open by what the visitors did: a session that was
// given back, was not used for its timeout, or has reached its limit must be over a second later. Who may have been admitted
// without learning of it counts as open for as long as that may be so.
func slotsFreed(e *evidence) Check {
	c := Check{Name: "slots of silent sessions freed in time", Missing: cmp.Or(e.noSamples(), e.log.Incomplete)}
	if c.Missing != "" {
		return c // the server also counts the sessions of people who are not in the journal
	}
	var opens, closes []int64
	for _, s := range e.mayBeOpen() {
		opens, closes = append(opens, s.from), append(closes, s.to)
	}
	slices.Sort(opens)
	slices.Sort(closes)
	var skipped, tightest int64
	tightest = -1
	for i, s := range e.samples {
		if i == 0 { // sessions from before the run, until they have surely run out
			for range s.Active {
				closes = append(closes, s.At+int64(e.policy.Idle+promised+sampleAge))
			}
			opens = append(make([]int64, s.Active), opens...)
			slices.Sort(closes)
		}
		from := s.At - int64(sampleAge)
		if e.faulty(from, s.At) {
			skipped++ // nobody's slot can be freed while the line is not to be reached
			continue
		}
		c.Of++
		begun, _ := slices.BinarySearch(opens, s.At+1)
		ended, _ := slices.BinarySearch(closes, from)
		allowed := int64(begun-ended) + strangers
		if s.Active > allowed {
			c.Violate("%d active at %s, when at most %d sessions can have been open", s.Active, clock(s.At/1e6), allowed)
		}
		if room := allowed - s.Active; tightest < 0 || room < tightest {
			tightest = room
		}
	}
	c.Note = fmt.Sprintf("samples; never nearer than %d to what the visitors account for; %d left out because of faults", max(tightest, 0), skipped)
	return c
}

// mayBeOpen is for each place the time in which its session may have been open.
func (e *evidence) mayBeOpen() []span {
	p := e.policy
	var spans []span
	for _, v := range e.visitors {
		if v.admittedMS > 0 {
			spans = append(spans, span{v.admittedMS*1e6 - int64(time.Second), v.overBy(p)})
			continue
		}
		// Not yet when the visitor was last told to wait, unless that was stale; and not once it had gone.
		from := max(v.join.Sent, v.lastWaiting()-int64(staleness))
		spans = append(spans, span{from, v.lastSeen + int64(gone(p)+p.Idle+promised)})
	}
	for i := range e.records {
		// A join whose answer was lost may have made a place that is nobody's.
		if r := &e.records[i]; r.Lost() && (r.Action == journal.Join || r.Action == journal.Flood) {
			spans = append(spans, span{r.Sent, r.Answered + int64(gone(p)+p.Idle+promised)})
		}
	}
	return spans
}

// overBy is when the session must be over.
func (v *visitor) overBy(p journal.Policy) int64 {
	over := min(max(v.lastUse, v.admittedMS*1e6)+int64(p.Idle), v.admittedMS*1e6+int64(p.Limit))
	if v.freed > 0 {
		over = min(over, v.freed)
	}
	return over + int64(promised)
}

// unmoved is how long nobody may be admitted although somebody waits and the limits allow it; three times the pace of the room when that
// is longer.
const unmoved = 5 * time.Second

// neverStalls looks in the server's own view for stretches in which somebody waited, both limits had room, and nobody was admitted. A
// limit has room when there is a slot and a tenth of the rate is left, so that no admission was due only a moment later.
func neverStalls(e *evidence) Check {
	c := Check{Name: "the line never stalls", Missing: e.noSamples()}
	allowed := unmoved
	if e.policy.RatePerMinute > 0 {
		allowed = max(allowed, 3*time.Minute/time.Duration(e.policy.RatePerMinute))
	}
	var since *journal.Sample // the first of a stretch
	var longest time.Duration
	told := false
	for i := range e.samples {
		s := &e.samples[i]
		if i == 0 || e.faulty(s.At, s.At) || s.AdmittedTotal != e.samples[i-1].AdmittedTotal {
			since, told = nil, false
		}
		free := s.Waiting > 0 && s.Active < int64(e.policy.MaxActive) && 10*s.AdmittedLastMinute < 9*int64(e.policy.RatePerMinute)
		if !free || e.notOpenYet(s) {
			since = nil
			continue
		}
		c.Of++
		if since == nil {
			since = s
		}
		stood := time.Duration(s.At - since.At)
		longest = max(longest, stood)
		if stood > allowed && !told {
			told = true
			c.Violate("%d waited at %s, %d of %d slots were taken, and nobody had been admitted for %s", s.Waiting, clock(s.At/1e6), s.Active, e.policy.MaxActive, stood.Round(100*time.Millisecond))
		}
	}
	c.Note = fmt.Sprintf("samples in which somebody could have been admitted; the longest without an admission %s, allowed %s", longest.Round(100*time.Millisecond), allowed)
	return c
}

// notOpenYet says that a draw has not been made by the sample, so that nobody can be admitted.
func (e *evidence) notOpenYet(s *journal.Sample) bool {
	return e.policy.Method == methodDraw && s.AdmittedTotal == e.samples[0].AdmittedTotal
}
