package proxy

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

func sessionID(n int64) waitroom.SessionID {
	return waitroom.SessionID{Room: "arena", Epoch: 3, Number: n}
}

func TestASessionKeepsToItsRate(t *testing.T) {
	t.Parallel()
	var l limits
	now := time.Now()
	taken := func(n int64, at time.Duration) (taken int) {
		for {
			wait, ok := l.take(sessionID(n), 5, now.Add(at))
			if !ok {
				assert.Positive(t, wait)
				assert.LessOrEqual(t, wait, 200*time.Millisecond)
				return taken
			}
			taken++
		}
	}
	assert.Equal(t, 5, taken(1, 0), "a second's worth at once")
	assert.Equal(t, 5, taken(2, 0), "each session for itself")
	assert.Equal(t, 0, taken(1, 199*time.Millisecond))
	assert.Equal(t, 1, taken(1, 200*time.Millisecond))
	assert.Equal(t, 5, taken(1, time.Hour), "no more is saved up")
	sum := 0
	for ms := range 10_000 {
		sum += taken(3, time.Duration(ms)*time.Millisecond)
	}
	assert.InDelta(t, 5*11, sum, 1)
	_, ok := l.take(sessionID(3), 5, now)
	assert.False(t, ok, "a clock that steps back gives nothing")
}

func TestASessionHasOnlySoManyUnderWay(t *testing.T) {
	t.Parallel()
	var l limits
	now := time.Now()
	require.True(t, l.begin(sessionID(1), 2, now))
	require.True(t, l.begin(sessionID(1), 2, now))
	require.False(t, l.begin(sessionID(1), 2, now))
	require.True(t, l.begin(sessionID(2), 2, now))
	l.end(sessionID(1))
	require.True(t, l.begin(sessionID(1), 2, now))
	l.end(sessionID(9)) // of nobody
	_, ok := l.take(sessionID(1), 1, now)
	require.True(t, ok, "the rate is another matter")
	require.False(t, l.begin(sessionID(1), 2, now))
}

func TestManyAtOnceShareOneLimit(t *testing.T) {
	t.Parallel()
	through := func(rate, most int64) (taken, begun int64) {
		var l limits
		var all sync.WaitGroup
		now := time.Now()
		for range 200 {
			all.Go(func() {
				if _, ok := l.take(sessionID(1), rate, now); ok {
					atomic.AddInt64(&taken, 1)
				}
				if l.begin(sessionID(2), most, now) {
					atomic.AddInt64(&begun, 1)
				}
			})
		}
		all.Wait()
		return taken, begun
	}
	taken, begun := through(10, 7)
	assert.EqualValues(t, 10, taken)
	assert.EqualValues(t, 7, begun)
	taken, begun = through(10_000, 1_000) // the control: all of them did ask
	assert.EqualValues(t, 200, taken)
	assert.EqualValues(t, 200, begun)
}

func (l *limits) size() (n int) {
	for i := range l.shards {
		n += len(l.shards[i].meters)
	}
	return n
}

func TestLimitsForgetWhoIsGoneAndStayBounded(t *testing.T) {
	t.Parallel()
	var l limits
	now := time.Now()
	require.True(t, l.begin(sessionID(0), 1, now))
	for n := range int64(50_000) {
		l.take(sessionID(n+1), 10, now.Add(time.Duration(n)*time.Millisecond))
	}
	assert.Less(t, l.size(), 5000, "of 50,000 those who were silent for seconds are forgotten")
	require.False(t, l.begin(sessionID(0), 1, now.Add(time.Hour)), "what is under way is remembered")

	n := int64(100_000)
	for tried := 0; tried < 2*limitedMost; n++ { // of one shard, and all at the same time, so that none may be forgotten
		if s := sessionID(n); s.Shard(limitShards) == 0 {
			l.take(s, 1, now.Add(time.Hour))
			tried++
		}
	}
	assert.Len(t, l.shards[0].meters, limitedMost)
	for ; sessionID(n).Shard(limitShards) != 0; n++ {
	}
	for range 3 {
		_, ok := l.take(sessionID(n), 1, now.Add(time.Hour))
		assert.True(t, ok, "beyond the bound nobody is shut out")
	}
}

func TestLimitsAllocateNothing(t *testing.T) {
	var l limits
	now := time.Now()
	s := sessionID(1)
	l.take(s, 1000, now)
	allocs := testing.AllocsPerRun(1000, func() {
		now = now.Add(time.Second)
		l.take(s, 1000, now)
		l.begin(s, 10, now)
		l.end(s)
	})
	assert.Zero(t, allocs)
}

func BenchmarkLimits(b *testing.B) {
	var l limits
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		now := time.Now()
		for n := int64(0); pb.Next(); n++ {
			s := sessionID(n % 10_000)
			l.take(s, 1000, now)
			l.begin(s, 10, now)
			l.end(s)
		}
	})
}
