package rooms

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"anteroom/waitroom"
)

func TestRevocationsAreKeptAsLongAsAPassCanLast(t *testing.T) {
	t.Parallel()
	var s revocations
	start := time.Now()
	one, other := waitroom.Revocation{Epoch: 1, Number: 7}, waitroom.Revocation{Epoch: 2, Number: 7}
	s.keepFor(15 * time.Minute)
	s.add(start, one)
	assert.True(t, s.has(one))
	assert.False(t, s.has(other), "another epoch is another pass")

	s.keepFor(time.Minute) // the limit was lowered; passes signed before go on
	s.prune(start.Add(14 * time.Minute))
	assert.True(t, s.has(one))
	s.add(start.Add(14*time.Minute), one) // told again: that does not make it last longer
	s.prune(start.Add(16 * time.Minute))
	assert.False(t, s.has(one))
}

func TestTouchedForgetsAnEarlierEpochAndLosesNobody(t *testing.T) {
	t.Parallel()
	var s touched
	at := time.Unix(100, 0)
	session := func(number int64) waitroom.Session { return waitroom.Session{Number: number, AdmittedAt: at} }
	s.add(1, session(5))
	s.add(2, session(6))
	s.add(1, session(7)) // late, of a line that is over
	epoch, sessions := s.take()
	assert.EqualValues(t, 2, epoch)
	assert.Equal(t, []waitroom.Session{session(6)}, sessions)
	_, sessions = s.take()
	assert.Empty(t, sessions)

	s.add(2, session(6))
	var wg sync.WaitGroup
	for i := range int64(100) {
		wg.Go(func() { s.add(2, session(i)) })
	}
	wg.Wait()
	_, sessions = s.take()
	assert.Len(t, sessions, 100)
}

func TestWindowIsEndingUnlessItsBeginningWasSeen(t *testing.T) {
	t.Parallel()
	var w window
	start := time.Now()
	s := &waitroom.Snapshot{Window: 5, Policy: waitroom.Policy{GhostSeconds: 20}} // windows of 10 s
	w.see(s, start)
	assert.True(t, w.ending(s, start), "it may have begun long ago")
	w.see(s, start.Add(3*time.Second))
	s.Window = 6
	w.see(s, start.Add(5*time.Second)) // it began between 3 and 5
	assert.False(t, w.ending(s, start.Add(11*time.Second)))
	assert.True(t, w.ending(s, start.Add(13*time.Second)))
}

func TestTheNewestCrowdIsThatOfTheLaterTurnAndReading(t *testing.T) {
	t.Parallel()
	var c crowds
	first, second := waitroom.Turn{Epoch: 1}, waitroom.Turn{Epoch: 2}
	c.put(&crowd{turn: first, read: 2})
	c.put(&crowd{turn: first, read: 1})
	assert.EqualValues(t, 2, c.of(first).read)
	c.put(&crowd{turn: second, read: 3})
	c.put(&crowd{turn: first, read: 4})
	assert.Nil(t, c.of(first))
	assert.EqualValues(t, 3, c.of(second).read)
}
