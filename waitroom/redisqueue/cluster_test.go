package redisqueue_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/redistest"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
	"anteroom/waitroom/redisqueue"
)

// unhurried are the arguments of nodes that do not take one for dead which a busy machine has made stand still. A node whose others stand still takes
// itself for cut off, and serves nobody: with a second for it, rooms were refused whose node was well. Who is killed refuses connections at once.
var unhurried = []string{"--cluster-node-timeout", "60000"}

// TestConformanceOnACluster is the whole suite on three masters.
func TestConformanceOnACluster(t *testing.T) {
	t.Parallel()
	cluster := redistest.StartCluster(t, unhurried...)
	queuetest.Run(t, opener(t, cluster.URL(), "wr"))
}

// TestRoomsOfACluster: each room lives on one node, whatever is done in it, and rooms live on every node. When one of the nodes is killed in the
// middle of storms on all rooms, its rooms say that the line is unavailable, and the others go on; when it is back from its log, its
// rooms go on where they were, and nobody has lost a place.
func TestRoomsOfACluster(t *testing.T) {
	t.Parallel()
	cluster := redistest.StartCluster(t, append(unhurried, redistest.Durable...)...)
	queues := make([]*redisqueue.Queue, 2)
	for i := range queues {
		queues[i] = redisqueue.New(dial(t, cluster.URL()), "wr", redisqueue.WithTimeout(patience))
	}
	rooms := map[string]*clusterRoom{}
	nodes := map[*redistest.Server]int{}
	for _, name := range []string{"arena", "theatre", "stadium", "hall", "club", "field", "park"} {
		r := &clusterRoom{name: name, node: cluster.NodeOf("wr:{" + name + "}:room"), queues: queues}
		nodes[r.node]++
		r.fill(t)
		rooms[name] = r
	}
	require.Len(t, nodes, len(cluster.Nodes), "the rooms do not reach every node, so this shows nothing")
	for _, node := range cluster.Nodes {
		keys, err := node.Do("KEYS", "wr:{*")
		require.NoError(t, err)
		kinds := map[string]bool{}
		for key := range strings.FieldsSeq(keys) {
			name, kind, _ := strings.Cut(strings.TrimPrefix(key, "wr:{"), "}:")
			require.Equal(t, node, rooms[name].node, "%s is elsewhere than its room", key)
			kinds[kind] = true
		}
		require.Greater(t, len(kinds), 5, "there are few keys, so this shows little: %v", kinds)
	}

	ctx, stop := context.WithCancel(t.Context())
	var storms sync.WaitGroup
	t.Cleanup(func() { stop(); storms.Wait() })
	for _, r := range rooms {
		storms.Go(func() { r.storm(ctx) })
	}
	away := rooms["arena"].node
	eachRoom(rooms, away, func(r *clusterRoom) { r.awaitMore(t, 20) }, func(r *clusterRoom) { r.awaitMore(t, 20) })
	away.Kill()
	eachRoom(rooms, away, func(r *clusterRoom) { r.awaitRefused(t) }, func(r *clusterRoom) { r.awaitMore(t, 20) })
	away.Restart()
	cluster.AwaitSound()
	eachRoom(rooms, away, func(r *clusterRoom) { r.awaitMore(t, 20) }, func(r *clusterRoom) { r.awaitMore(t, 20) })
	stop()
	storms.Wait()
	for _, r := range rooms {
		if r.node != away {
			require.Empty(t, r.refused, "room %s is not on the node that was killed", r.name)
		}
		storms.Go(r.check)
	}
	storms.Wait()
	for _, r := range rooms {
		require.Empty(t, r.defects, r.name)
	}
}

// TestWAITOnACluster: the script and the WAIT for its writes go to one node together; these have no replicas, so nothing is acknowledged.
func TestWAITOnACluster(t *testing.T) {
	t.Parallel()
	cluster := redistest.StartCluster(t, unhurried...)
	plain := redisqueue.New(dial(t, cluster.URL()), "wr", redisqueue.WithTimeout(patience))
	safe := redisqueue.New(dial(t, cluster.URL()), "wr", redisqueue.WithTimeout(patience),
		redisqueue.WithDurability(redisqueue.Durability{Replicas: 1, Timeout: 50 * time.Millisecond}))
	for _, room := range []string{"arena", "theatre", "stadium", "hall"} {
		_, err := plain.Create(t.Context(), room, waitroom.DefaultPolicy())
		require.NoError(t, err)
		_, err = plain.Join(t.Context(), room, waitroom.Entrant{})
		require.NoError(t, err)
		_, err = safe.Join(t.Context(), room, waitroom.Entrant{})
		require.ErrorIs(t, err, waitroom.ErrLineUnavailable)
		require.Equal(t, redisqueue.CauseReplicas, redisqueue.Cause(err))
	}
}

// clusterRoom is a room with one client, who joins again and again.
type clusterRoom struct {
	name   string
	node   *redistest.Server
	queues []*redisqueue.Queue
	epoch  int64

	mu      sync.Mutex
	numbers []int64 // acknowledged, in order
	refused []error
	defects []error
}

// fill makes the room and does a bit of everything in it.
func (r *clusterRoom) fill(t *testing.T) {
	t.Helper()
	q := r.queues[0]
	policy := waitroom.DefaultPolicy()
	policy.GhostSeconds = 3600
	s, err := q.Create(t.Context(), r.name, policy)
	require.NoError(t, err)
	r.epoch = s.Epoch
	for _, who := range []waitroom.Entrant{{}, {}, {Account: "a"}, {Key: "k"}, {}, {}} {
		_, err = q.Join(t.Context(), r.name, who)
		require.NoError(t, err)
	}
	hold := waitroom.ModeHold
	_, err = q.Change(t.Context(), r.name, waitroom.PolicyChange{Mode: &hold})
	require.NoError(t, err)
	require.NoError(t, q.Evict(t.Context(), r.name, r.epoch, 1))
	require.NoError(t, q.Leave(t.Context(), r.name, r.epoch, 6))
	require.NoError(t, q.Append(t.Context(), r.name, 1, "line"))
	_, _, err = q.Tick(t.Context(), r.name, time.Time{})
	require.NoError(t, err)
}

func (r *clusterRoom) storm(ctx context.Context) {
	pace := time.NewTicker(10 * time.Millisecond)
	defer pace.Stop()
	for i := 0; ctx.Err() == nil; i++ {
		<-pace.C
		p, err := r.queues[i%len(r.queues)].Join(context.WithoutCancel(ctx), r.name, waitroom.Entrant{})
		r.mu.Lock()
		switch {
		case err == nil:
			r.numbers = append(r.numbers, p.Number)
		case errors.Is(err, waitroom.ErrLineUnavailable):
			r.refused = append(r.refused, err)
		default:
			r.defects = append(r.defects, err)
		}
		r.mu.Unlock()
	}
}

// check looks at every place that was acknowledged.
func (r *clusterRoom) check() {
	last := int64(0)
	for _, number := range r.numbers {
		var (
			p   waitroom.Place
			err error
		)
		testenv.Eventually(func() bool { // the first may go on a connection from before the kill
			p, err = r.queues[1].Look(context.Background(), r.name, r.epoch, number)
			return !errors.Is(err, waitroom.ErrLineUnavailable)
		})
		if err != nil || p.State != waitroom.Waiting || number <= last {
			r.defects = append(r.defects, fmt.Errorf("number %d after %d: %s, %w", number, last, p.State, err))
		}
		last = number
	}
}

func (r *clusterRoom) counts() (acknowledged, refused int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.numbers), len(r.refused)
}

func (r *clusterRoom) awaitMore(t *testing.T, n int) {
	t.Helper()
	before, _ := r.counts()
	require.True(t, testenv.Eventually(func() bool { now, _ := r.counts(); return now >= before+n }), r.name)
}

func (r *clusterRoom) awaitRefused(t *testing.T) {
	t.Helper()
	require.True(t, testenv.Eventually(func() bool { _, refused := r.counts(); return refused > 0 }), r.name)
}

// eachRoom calls one function for rooms on a node and another one for the rest.
func eachRoom(rooms map[string]*clusterRoom, node *redistest.Server, on, off func(*clusterRoom)) {
	for _, r := range rooms {
		if r.node == node {
			on(r)
		} else {
			off(r)
		}
	}
}
