// Package queuetest holds what every waitroom.Line must pass: a conformance suite, a model in plain Go, walks that compare the two after
// every step, and a checker of the order that clients saw.
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

// Clock is the time that the line under test must go by. It is safe for concurrent use.
type Clock struct{ ms atomic.Int64 }

// NewClock starts at some moment that is no round number: 2026-11-22T11:33:09.123 in New York.
func NewClock() *Clock {
	c := new(Clock)
	c.ms.Store(1_795_365_189_123)
	return c
}

// Now is the time, in whole milliseconds.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.ms.Load()).UTC() }

// Advance moves the time on.
func (c *Clock) Advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// AdvanceTo moves the time on to a moment.
func (c *Clock) AdvanceTo(at time.Time) { c.ms.Store(at.UnixMilli()) }

// Open makes an empty line that goes by the clock, as so many gateways see it, and a function that gives it up. No two calls give the
// same line.
type Open func(clock *Clock, gateways int) (lines []waitroom.Line, done func())

// Run runs the whole suite.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(t *testing.T, open Open){
		"a room that is not there":                 testUnknownRoom,
		"rooms are made, changed and listed":       testRooms,
		"a change made on old knowledge fails":     testStaleChange,
		"rooms know nothing of each other":         testSeveralRooms,
		"numbers are dense and served in order":    testOrder,
		"many at once":                             testJoinMany,
		"no one overtakes through an open door":    testNoOvertaking,
		"modes":                                    testModes,
		"changes never lose or reorder a place":    testChangesKeepOrder,
		"leaving":                                  testLeave,
		"evicting":                                 testEvict,
		"tickets that are not of this line":        testForeignTickets,
		"malformed entrants":                       testMalformedEntrants,
		"one place for an idempotency key":         testKey,
		"one place for an account":                 testAccount,
		"one place for many joins at once":         testOnePlaceConcurrently,
		"a key is forgotten in time":               testKeyForgotten,
		"a silent visitor is passed over":          testGhost,
		"who comes back in time is next":           testReturn,
		"who comes back from far behind is next":   testReturnFromFar,
		"who came back keeps the place":            testReturnKeepsPlace,
		"who comes back too late has lost it":      testReturnTooLate,
		"nobody loses a place by silence alone":    testSilenceAlone,
		"hearing keeps a place":                    testHear,
		"heartbeats of another turn":               testHearSuperseded,
		"the crowd is counted":                     testCrowd,
		"an outage costs nobody the place":         testOutage,
		"never more active than allowed":           testCap,
		"the window is exact to the millisecond":   testWindow,
		"a lowered rate holds at once":             testLoweredRate,
		"admissions are spread":                    testSpread,
		"a burst as configured":                    testBurst,
		"pressure lowers the rate":                 testPressure,
		"pressure from many is one":                testPressureOfMany,
		"pressure that is only watched":            testPressureWatched,
		"pressure within an operator's change":     testPressureAndChange,
		"work is bounded and goes on":              testBehind,
		"a silent session ends":                    testIdle,
		"a session ends at its limit":              testLimit,
		"a shortened limit ends sessions":          testShortenedLimit,
		"a lengthened limit lengthens the session": testLengthenedLimit,
		"releasing":                           testRelease,
		"revocations are told since a cursor": testRevocations,
		"reset":                               testReset,
		"reset does not lift the rate":        testResetKeepsRate,
		"sold out":                            testSoldOut,
		"over, and on again":                  testOver,
		"a schedule in a time zone":           testSchedule,
		"reject":                              testReject,
		"passthrough":                         testPassthrough,
		"the ledger":                          testLedger,
		"a draw":                              testDraw,
		"a draw out of turn":                  testDrawStates,
		"a draw of nobody":                    testDrawOfNobody,
		"a place moves to another device":     testMove,
		"a place that was served stays":       testMoveServed,
		"a move that a failover has lost":     testMoveForgotten,
		"a place moves to one device":         testMoveRace,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open)
		})
	}
}

// Fixture is a line with one room.
type Fixture struct {
	*testing.T
	waitroom.Line
	Clock *Clock
	Epoch int64
	order waitroom.Order // as the last snapshot had it
}

// NewFixture makes the room with a policy that limits nothing, after the changes given.
func NewFixture(t *testing.T, open Open, changes ...func(*waitroom.Policy)) *Fixture {
	f := &Fixture{T: t, Clock: NewClock()}
	f.Line = one(t, open, f.Clock)
	s, err := f.Create(t.Context(), Room, easyPolicy(changes...))
	require.NoError(t, err)
	f.Epoch = s.Epoch
	return f
}

// one opens a line with one gateway, until the end of the test.
func one(t *testing.T, open Open, clock *Clock) waitroom.Line {
	lines, done := open(clock, 1)
	t.Cleanup(done)
	return lines[0]
}

func easyPolicy(changes ...func(*waitroom.Policy)) waitroom.Policy {
	p := waitroom.DefaultPolicy()
	p.Mode, p.RatePerMinute, p.MaxActive = waitroom.ModeQueue, 60_000, 1000
	for _, change := range changes {
		change(&p)
	}
	return p
}

// Enter joins and returns the place.
func (f *Fixture) Enter() waitroom.Place {
	f.Helper()
	return f.EnterAs(waitroom.Entrant{})
}

// EnterAs joins as someone.
func (f *Fixture) EnterAs(who waitroom.Entrant) waitroom.Place {
	f.Helper()
	p, err := f.Join(context.Background(), Room, who)
	require.NoError(f, err)
	return p
}

// EnterMany joins so many times, one by one.
func (f *Fixture) EnterMany(count int) {
	f.Helper()
	for range count {
		f.Enter()
	}
}

// At asks where a number stands, which is its heartbeat too.
func (f *Fixture) At(number int64) waitroom.Place {
	f.Helper()
	p, err := f.Look(context.Background(), Room, f.Epoch, number)
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
	f.order = s.Order
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

// Crowded reads who is present.
func (f *Fixture) Crowded() *waitroom.Crowd {
	f.Helper()
	c, err := f.Crowd(context.Background(), Room, waitroom.Turn{Epoch: f.Epoch, Drawn: f.order != nil})
	require.NoError(f, err)
	return c
}

func ptr[T any](v T) *T { return &v }

func mode(m waitroom.Mode) func(*waitroom.Policy) { return func(p *waitroom.Policy) { p.Mode = m } }
func method(m waitroom.Method) func(*waitroom.Policy) {
	return func(p *waitroom.Policy) { p.Method = m }
}
func slots(n int64) func(*waitroom.Policy) { return func(p *waitroom.Policy) { p.MaxActive = n } }
func rate(n int64) func(*waitroom.Policy)  { return func(p *waitroom.Policy) { p.RatePerMinute = n } }
