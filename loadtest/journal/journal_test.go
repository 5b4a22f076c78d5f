package journal_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/journal"
)

func TestALostRequestHasNoAnswer(t *testing.T) {
	t.Parallel()
	require.True(t, (&journal.Record{Visitor: 3, Action: journal.Pay, Error: "timeout"}).Lost())
	require.False(t, (&journal.Record{Visitor: 1, Action: journal.Join, Status: 201}).Lost())
}

func TestClockIsMonotonicAndUnix(t *testing.T) {
	t.Parallel()
	clock := journal.NewClock()
	now := time.Now()
	require.InDelta(t, now.UnixNano(), clock.At(now), float64(time.Minute))
	require.Equal(t, int64(time.Second), clock.At(now.Add(time.Second))-clock.At(now))
}
