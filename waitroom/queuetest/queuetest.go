// Package queuetest is the conformance suite of waitroom.Queue: whatever gives places must pass it.
package queuetest

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// Room is the name of the room that a Fixture makes.
const Room = "arena"

// Clock is the time that the queue under test must go by. It is safe for concurrent use.
type Clock struct{ ms atomic.Int64 }

// NewClock starts at some moment that is no round number.
func NewClock() *Clock {
	c := new(Clock)
	c.ms.Store(1_795_356_789_123)
	return c
}

// Now is the time, in whole milliseconds.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.ms.Load()).UTC() }

// Advance moves the time on.
func (c *Clock) Advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// Open makes an empty queue that goes by the clock.
type Open func(t *testing.T, clock *Clock) waitroom.Queue

// Run runs the whole suite.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(t *testing.T, open Open){
		"a room that is not there":               testUnknownRoom,
		"rooms are made, changed and listed":     testRooms,
		"a change made on old knowledge fails":   testStaleChange,
		"numbers are dense and served in order":  testOrder,
		"no one overtakes through an open door":  testNoOvertaking,
		"modes":                                  testModes,
		"leaving":                                testLeave,
		"tickets that are not of this line":      testForeignTickets,
		"a silent visitor is passed over":        testGhost,
		"who comes back in time is next":         testReturn,
		"who comes back too late has lost it":    testReturnTooLate,
		"an outage costs nobody the place":       testOutage,
		"never more active than allowed":         testCap,
		"the window is exact to the millisecond": testWindow,
		"a lowered rate holds at once":           testLoweredRate,
		"admissions are spread":                  testSpread,
		"a silent session ends":                  testIdle,
		"a session ends at its limit":            testLimit,
		"a shortened limit ends sessions":        testShortenedLimit,
		"a lengthened limit lengthens no pass":   testLengthenedLimit,
		"releasing":                              testRelease,
		"revocations are told since a cursor":    testRevocations,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open)
		})
	}
}

// Fixture is a queue with one room.
type Fixture struct {
	*testing.T
	waitroom.Queue
	Clock *Clock
	Epoch int64
}

// NewFixture makes the room with a policy that limits nothing, after the changes given.
func NewFixture(t *testing.T, open Open, changes ...func(*waitroom.Policy)) *Fixture {
	f := &Fixture{T: t, Clock: NewClock()}
	f.Queue = open(t, f.Clock)
	policy := waitroom.Policy{
		Mode: waitroom.ModeQueue, RatePerMinute: 60_000, MaxActive: 1000,
		SessionIdleSeconds: 120, SessionLimitSeconds: 900, GhostSeconds: 45, ReturnGraceSeconds: 300,
		PollMinMS: 1000, PollMaxMS: 10_000, GateStatus: 200,
	}
	for _, change := range changes {
		change(&policy)
	}
	s, err := f.Create(t.Context(), Room, policy)
	require.NoError(t, err)
	f.Epoch = s.Epoch
	return f
}

// Enter joins and returns the place.
func (f *Fixture) Enter() waitroom.Place {
	f.Helper()
	p, err := f.Join(context.Background(), Room)
	require.NoError(f, err)
	return p
}

// EnterMany joins so many times.
func (f *Fixture) EnterMany(count int) {
	f.Helper()
	for range count {
		f.Enter()
	}
}

// At asks where a number stands, which is its heartbeat too.
func (f *Fixture) At(number int64) waitroom.Place {
	f.Helper()
	p, err := f.Status(context.Background(), Room, f.Epoch, number)
	require.NoError(f, err)
	return p
}

// States asks where numbers stand.
func (f *Fixture) States(numbers ...int64) []waitroom.State {
	f.Helper()
	states := make([]waitroom.State, len(numbers))
	for i, number := range numbers {
		states[i] = f.At(number).State
	}
	return states
}

// Do does what is due now.
func (f *Fixture) Do() waitroom.Snapshot {
	f.Helper()
	s, _, err := f.Tick(context.Background(), Room, f.Clock.Now())
	require.NoError(f, err)
	return s
}

// Pass lets the time go by in steps of at most a second, doing what is due after each, while the numbers given are heard of.
func (f *Fixture) Pass(d time.Duration, heard ...int64) waitroom.Snapshot {
	f.Helper()
	var s waitroom.Snapshot
	for d > 0 {
		step := min(d, time.Second)
		f.Clock.Advance(step)
		d -= step
		f.States(heard...)
		s = f.Do()
	}
	return s
}

// Set changes the room's policy.
func (f *Fixture) Set(change waitroom.PolicyChange) waitroom.Snapshot {
	f.Helper()
	s, err := f.Change(context.Background(), Room, change)
	require.NoError(f, err)
	return s
}
