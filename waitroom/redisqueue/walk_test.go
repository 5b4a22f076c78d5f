package redisqueue_test

import (
	"testing"

	"anteroom/internal/testenv"
	"anteroom/waitroom/queuetest"
)

// TestWalks lets anything happen in any order, beside the model.
func TestWalks(t *testing.T) {
	t.Parallel()
	env := testenv.Redis(t)
	queuetest.Walk(t, opener(t, env.URL, env.Prefix))
}

// TestRates lets two minutes go by at each of several rates.
func TestRates(t *testing.T) {
	t.Parallel()
	env := testenv.Redis(t)
	queuetest.RunRates(t, opener(t, env.URL, env.Prefix), 60_000)
}
