package redisqueue

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// joined is one line of a client's journal: between sent and answered the number was given.
type joined struct {
	sent, answered time.Time
	number         int64
}

// TestOrderIsRealTime: joins through two queues at once. Whoever was answered before another sent has the lower number, no
// number is given twice, and admission follows the numbers.
func TestOrderIsRealTime(t *testing.T) {
	t.Parallel()
	gateways := twoQueues(t, waitroom.ModeHold)
	journal := joinStorm(t, func(i int) int64 {
		p, err := gateways[i%2].Join(t.Context(), "arena")
		require.NoError(t, err)
		return p.Number
	})
	require.Empty(t, inversions(journal))

	mode, slots, rate := waitroom.ModeQueue, int64(100), int64(60_000)
	s, err := gateways[0].Change(t.Context(), "arena", waitroom.PolicyChange{Mode: &mode, MaxActive: &slots, RatePerMinute: &rate})
	require.NoError(t, err)
	for s.AdmittedTotal < 100 {
		if s, _, err = gateways[1].Tick(t.Context(), "arena", time.Time{}); err != nil {
			t.Fatal(err)
		}
		require.Equal(t, s.AdmittedTotal, s.Serving, "the lowest numbers and no others")
	}
}

// TestOrderControl shows that the check above finds a join that reads and then writes.
func TestOrderControl(t *testing.T) {
	t.Parallel()
	gateways := twoQueues(t, waitroom.ModeHold)
	journal := joinStorm(t, func(i int) int64 {
		q, key := gateways[i%2], gateways[0].roomKey("arena")
		issued, err := q.client.Do(t.Context(), q.client.B().Hget().Key(key).Field("issued").Build()).AsInt64()
		require.NoError(t, err)
		require.NoError(t, q.client.Do(t.Context(), q.client.B().Hset().Key(key).FieldValue().FieldValue("issued", decimal(issued+1)).Build()).Error())
		return issued + 1
	})
	require.NotEmpty(t, inversions(journal), "the broken join must be found out")
}

// joinStorm lets 32 clients join 50 times each, all at once, and merges their journals.
func joinStorm(t *testing.T, join func(client int) int64) []joined {
	t.Helper()
	journals := make([][]joined, 32)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range journals {
		all.Go(func() {
			<-start
			for range 50 {
				sent := time.Now()
				number := join(i)
				journals[i] = append(journals[i], joined{sent, time.Now(), number})
			}
		})
	}
	close(start)
	all.Wait()
	return slices.Concat(journals...)
}

// inversions lists what contradicts real-time order: a number not above one that was answered before it was asked for.
func inversions(journal []joined) (found []string) {
	bySent := slices.SortedFunc(slices.Values(journal), func(a, b joined) int { return a.sent.Compare(b.sent) })
	byAnswer := slices.SortedFunc(slices.Values(journal), func(a, b joined) int { return a.answered.Compare(b.answered) })
	highest, next := int64(0), 0
	for _, j := range bySent {
		for ; next < len(byAnswer) && byAnswer[next].answered.Before(j.sent); next++ {
			highest = max(highest, byAnswer[next].number)
		}
		if j.number <= highest {
			found = append(found, fmt.Sprintf("%d was given after %d had been answered", j.number, highest))
		}
	}
	slices.SortFunc(journal, func(a, b joined) int { return cmp.Compare(a.number, b.number) })
	for i := 1; i < len(journal); i++ {
		if journal[i].number == journal[i-1].number {
			found = append(found, fmt.Sprintf("%d was given twice", journal[i].number))
		}
	}
	return found
}

// TestLimitsUnderConcurrentTicks: four tick and release at once while others look; the cap holds at every instant.
func TestLimitsUnderConcurrentTicks(t *testing.T) {
	t.Parallel()
	gateways := twoQueues(t, waitroom.ModeQueue)
	tick := func(i int) {
		_, _, err := gateways[i%2].Tick(t.Context(), "arena", time.Now())
		require.NoError(t, err)
	}
	require.EqualValues(t, raceCap, mostActive(t, gateways, tick), "never more, and not fewer")
}

// TestLimitsControl shows that the check above finds an admission that reads and then writes.
func TestLimitsControl(t *testing.T) {
	t.Parallel()
	gateways := twoQueues(t, waitroom.ModeQueue)
	tick := func(i int) {
		ctx, q := t.Context(), gateways[i%2]
		keys := q.keys("arena")
		waiting, active := keys[1], keys[4]
		count, err := q.client.Do(ctx, q.client.B().Zcard().Key(active).Build()).AsInt64()
		require.NoError(t, err)
		if count >= raceCap {
			return
		}
		next, err := q.client.Do(ctx, q.client.B().Zpopmin().Key(waiting).Count(raceCap-count).Build()).AsZScores()
		require.NoError(t, err)
		for _, n := range next {
			require.NoError(t, q.client.Do(ctx, q.client.B().Zadd().Key(active).ScoreMember().ScoreMember(0, n.Member).Build()).Error())
		}
	}
	require.Greater(t, mostActive(t, gateways, tick), int64(raceCap), "the broken admission must be found out")
}

const raceCap = 10

// mostActive lets four admit, again and again and each time at once, and returns the most sessions that were ever active. Sessions are
// released between the rounds, so that there is always room for more.
func mostActive(t *testing.T, gateways [2]*Queue, tick func(i int)) (most int64) {
	t.Helper()
	q := gateways[0]
	fill(t, q.client, q, time.Now().Add(time.Hour), 5000)
	active := q.keys("arena")[4]
	s, _, err := q.Tick(t.Context(), "arena", time.Time{})
	require.NoError(t, err)
	for range 100 {
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() { tick(i) })
		}
		all.Wait()
		members, err := q.client.Do(t.Context(), q.client.B().Zrange().Key(active).Min("0").Max("-1").Build()).AsStrSlice()
		require.NoError(t, err)
		most = max(most, int64(len(members)))
		for _, member := range members {
			release(t, q, s.Epoch, member)
		}
	}
	return most
}

// release ends a session also where the control has admitted it halfway.
func release(t *testing.T, q *Queue, epoch int64, member string) {
	t.Helper()
	var number int64
	_, err := fmt.Sscan(member, &number)
	require.NoError(t, err)
	require.NoError(t, q.Release(t.Context(), "arena", epoch, number))
	require.NoError(t, q.client.Do(t.Context(), q.client.B().Zrem().Key(q.keys("arena")[4]).Member(member).Build()).Error())
}

// twoQueues makes one room and two queues on it, each with a client of its own, going by the clock of Redis.
func twoQueues(t *testing.T, mode waitroom.Mode) (queues [2]*Queue) {
	t.Helper()
	env := testenv.Redis(t)
	for i := range queues {
		client, err := Dial(env.URL)
		require.NoError(t, err)
		t.Cleanup(client.Close)
		queues[i] = New(client, env.Prefix, WithTimeout(20*time.Second))
	}
	policy := waitroom.DefaultPolicy()
	policy.Mode, policy.MaxActive, policy.RatePerMinute = mode, raceCap, 6_000_000
	_, err := queues[0].Create(context.Background(), "arena", policy)
	require.NoError(t, err)
	return queues
}
