package redisqueue

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/redistest"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
)

// TestRedisKilledInAStorm: Redis is killed in the middle of a storm and comes back from its log. Everybody who was told of a number is
// still there, in the line as Redis has it, not only in what the jump of the counter would make good; no number is given twice; and
// order goes on across the kill. (Killing the process cannot tell appendfsync always from everysec: what was written survives in the
// system's memory either way.)
func TestRedisKilledInAStorm(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Durable...)
	queues := gateways(t, 3, server.URL(), WithDurability(Durability{Fsync: true}))
	obey(t, "being ready", func() error { return queues[0].Ping(t.Context()) })
	room := create(t, queues[0], "arena", gathering())
	s := begin(t, 16, queues...)
	s.awaitMore(1000)
	server.Kill()
	killed := s.now()
	s.awaitRefused(killed, 10, CauseGone)
	before := s.acknowledged()
	server.Restart()
	s.awaitMore(500)
	journal := s.end()

	crowd := persist(t, "reading the crowd", func() (*waitroom.Crowd, error) {
		return queues[1].Crowd(t.Context(), "arena", waitroom.Turn{Epoch: room.Epoch})
	})
	for _, j := range journal {
		require.True(t, crowd.Present(j.Number), "number %d is lost", j.Number)
	}
	require.NoError(t, queuetest.CheckFIFO(journal))
	require.Greater(t, highestOf(journal), highestOf(before)+DefaultMargin, "the counter has jumped")
	requireServedInOrder(t, queues[2], room.Epoch, journal)
}

// TestRedisWithoutALogLosesTheLine is the control: the same kill of a Redis that keeps nothing.
func TestRedisWithoutALogLosesTheLine(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	queues := gateways(t, 2, server.URL())
	room := create(t, queues[0], "arena", gathering())
	p := persist(t, "joining", func() (waitroom.Place, error) { return queues[0].Join(t.Context(), "arena", waitroom.Entrant{}) })
	server.Kill()
	server.Restart()
	require.True(t, testenv.Eventually(func() bool { return queues[1].Ping(t.Context()) == nil }))
	_, err := look(t, queues[1], room.Epoch, p.Number)
	require.ErrorIs(t, err, waitroom.ErrRoomUnknown)
}
