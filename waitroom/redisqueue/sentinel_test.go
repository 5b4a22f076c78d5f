package redisqueue

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/redistest"
)

// TestSentinelsPromoteInAStorm: real sentinels replace the primary that is killed in the middle of a storm. The gateways, which know only
// them, find the new one by themselves and go on; nobody's place is lost, no number is given twice, the order holds.
func TestSentinelsPromoteInAStorm(t *testing.T) {
	t.Parallel()
	rig := redistest.StartSentinels(t, redistest.Durable...)
	queues := gateways(t, 3, rig.URL())
	room := create(t, queues[0], "arena", gathering())
	s := begin(t, 6, queues...)
	s.awaitMore(300)
	old := rig.Primary()
	old.Kill()
	now := rig.WaitForPromotion(old)
	s.awaitMore(300)
	journal := s.end()
	require.Equal(t, now, rig.Primary())
	require.Greater(t, highestOf(journal), int64(DefaultMargin), "the counter has jumped")
	require.Zero(t, duplicates(journal))
	for _, q := range queues {
		obey(t, "finding the new primary", func() error { return q.Ping(t.Context()) })
	}
	requireServedInOrder(t, queues[2], room.Epoch, journal)
}
