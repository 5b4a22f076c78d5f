package redisqueue_test

import (
	"testing"

	"github.com/alicebob/miniredis/v2"

	"anteroom/waitroom/queuetest"
)

// TestEmbedded: the imitation of Redis, which `make run` falls back to for a demonstration, keeps the line as well.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	queuetest.Run(t, opener(t, "redis://"+miniredis.RunT(t).Addr(), "wr"))
}
