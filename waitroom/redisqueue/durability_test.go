package redisqueue

import (
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/redistest"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
)

// TestReadinessKnowsTheDisk: while Redis does not write to its disk as was declared, the gateway says so and names what differs, also when an
// operator changes it later.
func TestReadinessKnowsTheDisk(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no log":       {nil, "appendonly no"},
		"every second": {[]string{"--appendonly", "yes", "--appendfsync", "everysec"}, "appendfsync everysec"},
		"as declared":  {redistest.Durable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := redistest.Start(t, c.args...)
			declared := patient(t, server.URL(), WithDurability(Durability{Fsync: true}))
			require.NoError(t, patient(t, server.URL()).Ping(t.Context()), "nothing is declared, nothing is asked")
			err := declared.Ping(t.Context())
			if c.want == "" {
				require.NoError(t, err)
				_, err = server.Do("CONFIG", "SET", "appendfsync", "no")
				require.NoError(t, err)
				c.want, err = "appendfsync no", declared.Ping(t.Context())
			}
			require.ErrorIs(t, err, waitroom.ErrLineUnavailable)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestReplicasHaveWhatWasAcknowledged: with WAIT nobody is told of a number that the replica does not have, so the failover loses none,
// even before the counter jumps. In the control, without WAIT, the replica's counter is behind what people were told.
func TestReplicasHaveWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	for name, declared := range map[string]Durability{
		"WAIT":    {Replicas: 1, Timeout: 200 * time.Millisecond},
		"control": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pair := redistest.StartPair(t)
			queues := gateways(t, 2, pair.URL(), WithDurability(declared))
			room := create(t, queues[0], "arena", gathering())
			s := begin(t, 16, queues...)
			s.awaitMore(300)
			pair.Lag()
			lagged := s.now()
			if declared.Replicas == 0 {
				s.awaitMore(300)
			} else {
				s.awaitRefused(lagged, 50, CauseReplicas)
			}
			pair.Primary.Kill()
			known := issued(t, pair.Replica)
			pair.Promote()
			journal := s.end()
			if declared.Replicas == 0 {
				require.Less(t, known, highestOf(journal))
				return
			}
			require.LessOrEqual(t, highestOf(journal), known)
			for _, j := range journal {
				require.Less(t, j.Sent, lagged, "number %d was acknowledged", j.Number)
			}
			// The promoted one has no replica; an operator lowers the demand until it has.
			after := gateways(t, 1, pair.URL())[0]
			crowd := persist(t, "reading the crowd", func() (*waitroom.Crowd, error) {
				return after.Crowd(t.Context(), "arena", waitroom.Turn{Epoch: room.Epoch})
			})
			for _, j := range journal {
				require.True(t, crowd.Present(j.Number), "number %d is lost", j.Number)
			}
			require.NoError(t, queuetest.CheckFIFO(journal))
			requireServedInOrder(t, after, room.Epoch, journal)
		})
	}
}

// TestABatchSharesOneWAIT: while the first join waits for the replica, 500 others gather; they cost one WAIT together, and when the replica
// lags none of them is acknowledged. The control joins one after the other, at one WAIT each.
func TestABatchSharesOneWAIT(t *testing.T) {
	t.Parallel()
	const people = 500
	pair := redistest.StartPair(t)
	q := patient(t, pair.URL(), WithDurability(Durability{Replicas: 1, Timeout: enough}))
	create(t, q, "arena", gathering())

	_, err := q.Join(t.Context(), "arena", waitroom.Entrant{}) // Redis knows the script from now on
	require.NoError(t, err)
	before := waits(t, pair.Primary)
	for n := range int64(20) {
		_, err := q.Join(t.Context(), "arena", waitroom.Entrant{})
		require.NoError(t, err)
		require.Equal(t, before+n+1, waits(t, pair.Primary))
	}
	pair.Replica.Freeze()
	together := joinTogether(t, q, people)
	pair.Replica.Thaw()
	errs := together()
	require.Len(t, errs, people+1)
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, before+20+2, waits(t, pair.Primary))

	q.durability.Timeout = time.Second
	pair.Lag()
	pair.Primary.Freeze() // else the first WAIT could be over before all have gathered
	together = joinTogether(t, q, people)
	pair.Primary.Thaw()
	errs = together()
	require.Len(t, errs, people+1)
	for _, err := range errs {
		require.ErrorIs(t, err, waitroom.ErrLineUnavailable)
		require.Equal(t, CauseReplicas, Cause(err), err)
	}
	require.Equal(t, before+20+2+2, waits(t, pair.Primary))
}

// joinTogether lets one join leave for a Redis that does not answer it yet, and so many others gather behind it. What it returns waits for their
// outcome.
func joinTogether(t *testing.T, q *Queue, people int) (outcome func() []error) {
	t.Helper()
	errs := make([]error, people+1)
	var all sync.WaitGroup
	join := func(i int) {
		all.Go(func() { _, errs[i] = q.Join(t.Context(), "arena", waitroom.Entrant{}) })
	}
	c := q.committer("arena")
	join(0)
	require.True(t, testenv.Eventually(func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.busy && len(c.waiting) == 0
	}), "the first did not leave")
	for i := range people {
		join(i + 1)
	}
	require.True(t, testenv.Eventually(func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.waiting) == 1 && c.waiting[0].count == int64(people)
	}), "the others did not gather")
	return func() []error {
		all.Wait()
		return errs
	}
}

// waits is how often a server was asked to wait for its replicas, by those who do not wait any more.
func waits(t *testing.T, server *redistest.Server) int64 {
	t.Helper()
	stats, err := server.Do("INFO", "commandstats")
	require.NoError(t, err)
	calls := regexp.MustCompile(`cmdstat_wait:calls=(\d+)`).FindStringSubmatch(stats)
	require.NotNil(t, calls, stats)
	n, err := strconv.ParseInt(calls[1], 10, 64)
	require.NoError(t, err)
	return n
}
