package redisqueue

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

const arrivals = 50

// TestArrivalOrderInABatch: while one call is under way people come, each when the one before is seen to wait. They go in one batch, and
// their numbers follow the order in which they came. No client could tell, for none of them has an answer before the last one asked; but
// who came first is first.
func TestArrivalOrderInABatch(t *testing.T) {
	t.Parallel()
	q := roomOfOne(t)
	c := q.committer("arena")
	_, _, lead := c.enter(waitroom.Entrant{}, 0)
	require.True(t, lead, "nobody else sends; until we do, the batch gathers")
	numbers := arriveInTurn(t, func() (int64, error) {
		p, err := q.Join(t.Context(), "arena", waitroom.Entrant{})
		return p.Number, err
	}, func() int {
		c.mu.Lock()
		defer c.mu.Unlock()
		return int(c.waiting[0].count) - 1
	}, func() { c.send(t.Context()) })
	require.Len(t, numbers, arrivals)
	require.True(t, slices.IsSorted(numbers), "%v", numbers)
	require.Equal(t, []int64{2, arrivals + 1}, []int64{numbers[0], numbers[arrivals-1]})
}

// TestArrivalOrderControl shows that the check above finds a batch that is no queue: whoever waits in it is called up in any order.
func TestArrivalOrderControl(t *testing.T) {
	t.Parallel()
	q := roomOfOne(t)
	crowd := make(chan chan int64, arrivals)
	numbers := arriveInTurn(t, func() (int64, error) {
		answer := make(chan int64)
		crowd <- answer
		return <-answer, nil
	}, func() int { return len(crowd) }, func() {
		waiting := map[chan int64]bool{}
		for range arrivals {
			waiting[<-crowd] = true
		}
		b, err := q.JoinMany(t.Context(), "arena", arrivals)
		require.NoError(t, err)
		for answer := range waiting {
			answer <- b.First
			b.First++
		}
	})
	require.False(t, slices.IsSorted(numbers), "the broken batch must be found out")
}

// arriveInTurn lets people join, the next one when so many are seen to wait as there are, then lets the batch go and returns the numbers in
// the order of arrival.
func arriveInTurn(t *testing.T, join func() (int64, error), waiting func() int, send func()) []int64 {
	t.Helper()
	numbers, failures := make([]int64, arrivals), make(chan error, arrivals)
	for i := range arrivals {
		go func() {
			var err error
			numbers[i], err = join()
			failures <- err
		}()
		for deadline := time.Now().Add(enough); waiting() < i+1; runtime.Gosched() {
			require.True(t, time.Now().Before(deadline), "arrival %d is not seen to wait", i)
		}
	}
	send()
	for range arrivals {
		require.NoError(t, <-failures)
	}
	return numbers
}

// roomOfOne is a queue with one room, on hold.
func roomOfOne(t *testing.T) *Queue {
	t.Helper()
	env := testenv.Redis(t)
	client, err := Dial(testenv.Patient(t, env.URL))
	require.NoError(t, err)
	t.Cleanup(client.Close)
	q := New(client, env.Prefix, WithTimeout(enough))
	policy := waitroom.DefaultPolicy()
	policy.Mode = waitroom.ModeHold
	_, err = q.Create(context.Background(), "arena", policy)
	require.NoError(t, err)
	return q
}
