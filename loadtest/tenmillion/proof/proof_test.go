package proof_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/tenmillion/proof"
)

const (
	second = int64(time.Second)
	people = 2000 // of the drill, in blocks of a hundred
	guests = 100  // over HTTP, after them
	opened = 60   // seconds after the beginning
)

var base = time.UnixMilli(1_800_000_000_000).UnixNano()

// good is the evidence of a line that did everything right: blocks and then guests join, one every 10 ms; all are heard every 4 s, but
// multiples of 200 and the first guest, who fall silent after 20 s; of these the guest comes back. A minute after the beginning one
// a millisecond is admitted.
func good() proof.Evidence {
	e := proof.Evidence{
		Issued: people + guests, Session: 5 * time.Second, Ghost: 12 * time.Second, GhostEvery: 200, ReleaseEvery: 20, ReleaseRemainder: 3, ReleaseAfter: 2 * time.Second,
		Limits:     []proof.Limits{{FromMS: base / 1e6, RatePerMinute: 5000, MaxActive: 2200}},
		Admissions: proof.Admissions{Base: base/1e6 - 1, After: make([]uint32, people+guests+10), MaxPause: 150 * time.Millisecond},
		Samples:    []journal.Sample{{At: base, Active: 0}, {At: base + opened*second, Active: 2100, AdmittedLastMinute: 2100, Serving: 2100}},
		Memory:     proof.Memory{Before: 1000, After: 6_001_000, Waiting: 10_000_000},
	}
	at := base
	for first := int64(1); first <= people; first += 100 {
		at += 10_000_000
		e.Joins = append(e.Joins, proof.Join{Sent: at, Answered: at + 9_000_000, First: first, Epoch: 1, Count: 100, Via: int32(first / 100 % 2)})
	}
	for number := int64(people + 1); number <= people+guests; number++ {
		at += 10_000_000
		e.Joins = append(e.Joins, proof.Join{Sent: at, Answered: at + 9_000_000, First: number, Epoch: 1, Count: 1, Via: proof.Real})
		e.Visitors = append(e.Visitors, proof.Visitor{Number: number, MaxGap: 4 * second, LastBeat: base + opened*second, End: proof.ToldAdmitted})
	}
	for beat := base + 4*second; beat < base+(opened+4)*second; beat += 4 * second {
		for via := range int32(2) {
			e.Hears = append(e.Hears, proof.Hear{Sent: beat, Answered: beat + second/10, Via: via, Ghosts: beat < base+20*second})
		}
	}
	ms := uint32(opened*1000 + 1)
	admit := func(number int64) {
		e.Admissions.After[number] = ms
		e.Admissions.Total++
		ms++
	}
	for number := int64(1); number <= people+guests; number++ {
		if number == people+1 || number <= people && number%200 == 0 {
			continue
		}
		admit(number)
	}
	returned := &e.Visitors[0]
	returned.Silent, returned.ReturnedAt, returned.LastBeat = base+20*second, base+int64(ms)*1e6, base+20*second
	admit(people + 1)
	for i := range e.Visitors {
		e.Visitors[i].ToldMS = e.Admissions.At(e.Visitors[i].Number)
	}
	e.Admissions.Cards = []proof.Card{{AtMS: base / 1e6, N: 0}, {AtMS: base/1e6 + opened*1000, N: 2100}}
	return e
}

func TestALineThatDidEverythingRightIsKept(t *testing.T) {
	t.Parallel()
	verdict := proof.Judge(good())
	checks := map[string]check.Check{}
	for _, p := range verdict {
		for _, c := range p.Checks {
			checks[c.Name] = c
			require.True(t, c.Kept(), "%+v", c)
		}
	}
	require.EqualValues(t, people-people/200+guests-1, checks["order of admission"].Of)
	require.EqualValues(t, people-people/200+guests-1, checks["everybody who waited was admitted"].Of)
	require.Equal(t, "10 passed over, 0 admitted before they counted as gone", checks["the silent are passed over"].Note)
	// Every call was answered before the next was sent: all pairs of people of different calls are in order.
	require.Contains(t, checks["order of joining"].Note, "2104950 ordered pairs of people looked at")
	require.Contains(t, checks["admissions in any sliding 60 s"].Note, "at most 2090")
	require.Contains(t, checks["memory of Redis, a byte a waiting visitor at most"].Note, "0.600 each")
}

// TestALoadThatWasInterruptedAccusesNobodyOfNotBeingDone: the control is the same evidence of a load that came to its end.
func TestALoadThatWasInterruptedAccusesNobodyOfNotBeingDone(t *testing.T) {
	t.Parallel()
	broken := func(stopped string) (names []string) {
		e := good()
		e.Admissions.After[701], e.Admissions.Total = 0, e.Admissions.Total-1
		e.Issued -= 3
		e.Stopped = stopped
		for _, p := range proof.Judge(e) {
			for _, c := range p.Checks {
				if c.State() == check.Broken {
					names = append(names, c.Name)
				}
			}
		}
		return names
	}
	require.Empty(t, broken("the load was interrupted"))
	require.Equal(t, []string{"every number is somebody's", "everybody who waited was admitted"}, broken(""))
}

// TestEveryCheckNoticesWhatItIsFor is the control: one spoilt place in the evidence breaks the check that is there for it.
func TestEveryCheckNoticesWhatItIsFor(t *testing.T) {
	t.Parallel()
	at := func(e *proof.Evidence, number int64) *uint32 { return &e.Admissions.After[number] }
	for name, spoil := range map[string]struct {
		check string
		spoil func(e *proof.Evidence)
	}{
		"a block given twice":       {"numbers given once", func(e *proof.Evidence) { e.Joins[3].First = e.Joins[2].First }},
		"blocks that overlap by 1":  {"numbers given once", func(e *proof.Evidence) { e.Joins[3].First-- }},
		"a number within a block":   {"numbers given once", func(e *proof.Evidence) { e.Joins[25].First = 150 }},
		"another epoch":             {"numbers given once", func(e *proof.Evidence) { e.Joins[7].Epoch = 2 }},
		"number zero":               {"numbers given once", func(e *proof.Evidence) { e.Joins[0].First = 0 }},
		"a number nobody has":       {"every number is somebody's", func(e *proof.Evidence) { e.Issued++ }},
		"a number beyond the count": {"every number is somebody's", func(e *proof.Evidence) { e.Issued-- }},
		"two blocks swapped":        {"order of joining", func(e *proof.Evidence) { e.Joins[1].First, e.Joins[9].First = e.Joins[9].First, e.Joins[1].First }},
		"two guests swapped":        {"order of joining", func(e *proof.Evidence) { e.Joins[30].First, e.Joins[31].First = e.Joins[31].First, e.Joins[30].First }},
		"admitted too early":        {"order of admission", func(e *proof.Evidence) { *at(e, 700) = *at(e, 699) - 1 }},
		"admitted too late":         {"order of admission", func(e *proof.Evidence) { *at(e, 700) = *at(e, 701) + 1 }},
		"told another admission":    {"admitted as told", func(e *proof.Evidence) { e.Visitors[5].ToldMS++ }},
		"told of a turn never had":  {"admitted as told", func(e *proof.Evidence) { e.Visitors[5].End, *at(e, people+6) = proof.ToldPassed, 0 }},
		"told something else":       {"admitted as told", func(e *proof.Evidence) { e.Visitors[5].End = proof.ToldOther }},
		"one over the rate":         {"admissions in any sliding 60 s", func(e *proof.Evidence) { e.Limits[0].RatePerMinute = people + guests - 11 }},
		"one over the cap":          {"admitted sessions at any instant", func(e *proof.Evidence) { e.Limits[0].MaxActive = (people + guests - 10) - people/20 - 1 }},
		"one over the cap, counted": {"sessions in the record", func(e *proof.Evidence) { e.Admissions.Cards[1].N = 2201 }},
		"one over the cap, sampled": {"active by the server's own count", func(e *proof.Evidence) { e.Samples[1].Active = 2201 }},
		"one over the rate, sampled": {"admissions by the server's own count", func(e *proof.Evidence) {
			e.Samples[1].AdmittedLastMinute = 5001
		}},
		"serving goes back":        {"serving never goes back", func(e *proof.Evidence) { e.Samples[0].Serving = 2101 }},
		"one not admitted":         {"everybody who waited was admitted", func(e *proof.Evidence) { *at(e, 701) = 0 }},
		"a guest not admitted":     {"everybody who waited was admitted", func(e *proof.Evidence) { *at(e, people+9) = 0 }},
		"hardly anybody was heard": {"the laboratory kept its visitors' heartbeats up", func(e *proof.Evidence) { e.Hears = e.Hears[:4] }},
		"guests were not heard": {"the laboratory kept its visitors' heartbeats up", func(e *proof.Evidence) {
			for i := range guests / 5 {
				e.Visitors[10+i].MaxGap = 13 * second
			}
		}},
		"one admitted twice":        {"record of admissions read whole", func(e *proof.Evidence) { e.Admissions.TwiceAll = 1 }},
		"a member that is no place": {"record of admissions read whole", func(e *proof.Evidence) { e.Admissions.Strange = 1 }},
		"one admitted unknown":      {"record of admissions read whole", func(e *proof.Evidence) { *at(e, people+guests+1) = 70_000 }},
		"a reading too late": {"record of admissions read whole", func(e *proof.Evidence) {
			e.Admissions.MaxPause, e.Admissions.Total = 2*time.Second, -1
		}},
		"one missed":               {"record of admissions read whole", func(e *proof.Evidence) { e.Admissions.Total++ }},
		"a ghost admitted":         {"the silent are passed over", func(e *proof.Evidence) { *at(e, 400) = *at(e, 399) }},
		"one who came back is not": {"who comes back in time is admitted", func(e *proof.Evidence) { *at(e, people+1) = 0 }},
		"a byte too many":          {"memory of Redis, a byte a waiting visitor at most", func(e *proof.Evidence) { e.Memory.After = e.Memory.Before + e.Memory.Waiting + 1 }},
	} {
		e := good()
		e.Joins, e.Visitors = slices.Clone(e.Joins), slices.Clone(e.Visitors)
		spoil.spoil(&e)
		broken := false
		for _, p := range proof.Judge(e) {
			for _, c := range p.Checks {
				broken = broken || c.Name == spoil.check && !c.Kept()
			}
		}
		require.True(t, broken, "%s: %q did not notice", name, spoil.check)
	}
}

// A laboratory that was not let run for a while has missed nobody where it has as many as the line counted.
func TestALateReadingThatMissedNobodyIsNoFault(t *testing.T) {
	t.Parallel()
	e := good()
	e.Admissions.MaxPause = 20 * time.Second
	for _, p := range proof.Judge(e) {
		require.True(t, p.Kept(), "%+v", p)
	}
}

// A rate in force is that of the newest change; for as long as a change may be on its way, the one before is good too.
func TestLimitsChange(t *testing.T) {
	t.Parallel()
	e := good()
	e.Limits = []proof.Limits{{FromMS: 1, RatePerMinute: 5000, MaxActive: 2200}, {FromMS: base/1e6 + opened*1000 - 500, RatePerMinute: 100, MaxActive: 1}}
	kept := func(name string) bool {
		for _, p := range proof.Judge(e) {
			for _, c := range p.Checks {
				if c.Name == name {
					return c.Kept()
				}
			}
		}
		return false
	}
	require.True(t, kept("admitted sessions at any instant"))
	e.Limits[1].FromMS -= 30_000
	require.False(t, kept("admitted sessions at any instant"))
	require.False(t, kept("admissions in any sliding 60 s"))
}

// Half of the people must not be judged when a machine was too slow to hear them: silence is no proof.
func TestWhoWasHeardTooSeldomIsNotJudged(t *testing.T) {
	t.Parallel()
	e := good()
	e.Hears = slices.DeleteFunc(slices.Clone(e.Hears), func(h proof.Hear) bool { return h.Via == 1 && h.Sent > base+10*second && h.Sent < base+30*second })
	e.Admissions.After[150] = 0 // of that gateway: it may have counted as gone
	for _, p := range proof.Judge(e) {
		for _, c := range p.Checks {
			switch c.Name {
			case "everybody who waited was admitted":
				require.True(t, c.Kept(), "%+v", c)
				require.Less(t, c.Of, int64(people))
			case "the laboratory kept its visitors' heartbeats up":
				require.False(t, c.Kept(), "%+v", c)
			}
		}
	}
}
