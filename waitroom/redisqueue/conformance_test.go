package redisqueue_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
	"anteroom/waitroom/redisqueue"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	env := testenv.Redis(t)
	queuetest.Run(t, opener(t, env.URL, env.Prefix))
}

// opener makes lines on the Redis (or cluster) at the URL, each under a prefix of its own. Every gateway has a client of its own.
func opener(t testing.TB, url, prefix string) queuetest.Open {
	t.Helper()
	clients := make([]rueidis.Client, 4)
	for i := range clients {
		clients[i] = dial(t, url)
	}
	var opened atomic.Int64
	return func(clock *queuetest.Clock, gateways int) ([]waitroom.Line, func()) {
		own := fmt.Sprintf("%s-%d", prefix, opened.Add(1))
		lines := make([]waitroom.Line, gateways)
		for i := range lines {
			lines[i] = redisqueue.New(clients[i], own, redisqueue.WithClock(clock.Now), redisqueue.WithTimeout(patience))
		}
		return lines, func() {}
	}
}

// patience is for machines that do much else at the same time; what is bounded in time has a test of its own.
const patience = 20 * time.Second

func dial(t testing.TB, url string) rueidis.Client {
	t.Helper()
	client, err := redisqueue.Dial(testenv.Patient(t, url))
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}
