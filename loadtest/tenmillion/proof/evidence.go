// Package proof judges a line of millions. It does what package check does for a surge, on records compact enough for ten million
// people: it is pure, asks nobody, and shares no code with the services.
package proof

import (
	"time"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
)

// Join is a call that gave the numbers First to First+Count-1, at once. Times are journal times, nanoseconds.
type Join struct {
	Sent, Answered int64
	First          int64
	Epoch          int64
	Count          int32
	Via            int32 // the gateway: those of the drill from 0, the real ones from Real
}

// Real is the first real gateway in Join.Via.
const Real = 1000

func (j *Join) last() int64 { return j.First + int64(j.Count) - 1 }

// Hear is a call that told the line that all of a drill's gateway in one chunk of numbers are still here.
type Hear struct {
	Sent, Answered int64
	Chunk          int64
	Via            int32
	Ghosts         bool // those who fall silent may have been among them
}

// ChunkNumbers is how many numbers a chunk has.
const ChunkNumbers = 1 << 17

// Visitor is one who came over HTTP.
type Visitor struct {
	Number     int64
	MaxGap     int64 // longest time from the sending of one heartbeat to the answer to the next, nanoseconds
	LastBeat   int64 // sent time of the last answered heartbeat
	ToldMS     int64 // the admission as the visitor was told it; 0 when never
	Silent     int64 // when a ghost last may have been heard; 0 for all others
	ReturnedAt int64 // when a ghost who came back asked again; 0 for all others
	Polls      int32 // answered while waiting
	End        End
}

// End is what a visitor was told last.
type End int32

// The ends of a visit.
const (
	StillWaiting End = iota
	ToldAdmitted
	ToldPassed // the session was over before the visitor asked
	ToldOther
)

// Admissions are the admissions as the line recorded them, by number, in milliseconds after Base; 0 for who was not admitted.
type Admissions struct {
	Base     int64 // Unix milliseconds
	After    []uint32
	Twice    []string // examples of numbers admitted twice
	TwiceAll int64
	Strange  int64 // members that are no number that was given
	Cards    []Card
	MaxPause time.Duration // the longest time between two readings of the record
	Total    int64         // how many the line itself counted; -1 when that is not known
}

// Card is how many sessions there were at a moment, Unix milliseconds, by a count of the record.
type Card struct {
	AtMS int64
	N    int64
}

// At is the admission of a number, Unix milliseconds; 0 when there was none.
func (a *Admissions) At(number int64) int64 {
	if number <= 0 || number >= int64(len(a.After)) || a.After[number] == 0 {
		return 0
	}
	return a.Base + int64(a.After[number])
}

// Limits are what the room was set to from a moment on.
type Limits struct {
	FromMS        int64 // when the change was sent, Unix milliseconds
	RatePerMinute int64
	MaxActive     int64
}

// Memory is what Redis said of its memory, bytes.
type Memory struct {
	Before, After int64
	Waiting       int64 // people waiting at After
}

// Evidence is all that is judged.
type Evidence struct {
	Joins      []Join
	LostJoins  int64 // people whose join has no answer; they may have numbers that nobody knows
	Issued     int64 // the highest number by the line's own account
	Hears      []Hear
	Visitors   []Visitor
	Admissions Admissions
	Samples    []journal.Sample
	Limits     []Limits // in order of time
	Session    time.Duration
	Ghost      time.Duration
	Memory     Memory
	Stopped    string // why the load ended before its time, while people joined or waited; empty: it did not

	GhostEvery       int64 // numbers of the drill that are multiples of this fell silent; 0: none
	ReleaseEvery     int64 // numbers of the drill that leave ReleaseRemainder may have ended their session early; 0: none
	ReleaseRemainder int64
	ReleaseAfter     time.Duration
}

// heardWithin is how long a real gateway may keep a heartbeat to itself.
const heardWithin = 2 * time.Second

// patience is the longest gap between heartbeats with which someone surely counts as present.
func (e *Evidence) patience() int64 { return int64(e.Ghost - heardWithin) }

// gone is how long after the last heartbeat someone surely does not count any more.
func (e *Evidence) gone() int64 { return int64(e.Ghost*3/2 + heardWithin) }

// enough is the number of people from which on the memory of one says something: below it the room's own needs prevail.
const enough = 5_000_000

// Judge says what the evidence says.
func Judge(e Evidence) check.Verdict {
	l := gather(&e)
	v := check.Verdict{
		{ID: "P1", Name: "order", Checks: []check.Check{
			numbersOnce(&e), numbersKnown(&e), joinOrder(e.Joins), l.admissionOrder(), l.told(),
		}},
		{ID: "P2", Name: "limits", Checks: append([]check.Check{l.rateWindow(), l.activeAtOnce(), l.counted()}, sampled(&e)...)},
		{ID: "P3", Name: "no lost place", Checks: []check.Check{l.everybody(), l.judged(), l.complete()}},
		{ID: "P4", Name: "no ghosts", Checks: []check.Check{l.ghosts(), l.returned()}},
	}
	if e.Memory.Waiting >= enough {
		v = append(v, check.Promise{ID: "P9", Name: "cheap waiting", Checks: []check.Check{memory(e.Memory)}})
	}
	return v
}
