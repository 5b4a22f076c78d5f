package redisqueue_test

import (
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
	"anteroom/waitroom/redisqueue"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	queuetest.Run(t, func(t *testing.T, clock *queuetest.Clock) waitroom.Queue {
		env := testenv.Redis(t)
		return redisqueue.New(dial(t, env.URL), env.Prefix, options(clock)...)
	})
}

// TestConformanceOnMiniredis proves that the scripts run where a demonstration has no real Redis.
func TestConformanceOnMiniredis(t *testing.T) {
	t.Parallel()
	queuetest.Run(t, func(t *testing.T, clock *queuetest.Clock) waitroom.Queue {
		return redisqueue.New(dial(t, "redis://"+miniredis.RunT(t).Addr()), "wr", options(clock)...)
	})
}

// patience is for machines that do much else at the same time; what is bounded in time has a test of its own.
const patience = 20 * time.Second

func options(clock *queuetest.Clock) []redisqueue.Option {
	return []redisqueue.Option{redisqueue.WithClock(clock.Now), redisqueue.WithTimeout(patience)}
}

func dial(t testing.TB, url string) rueidis.Client {
	t.Helper()
	client, err := redisqueue.Dial(url)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}
