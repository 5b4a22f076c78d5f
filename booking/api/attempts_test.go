package api

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAttemptsRunOutAndComeBack(t *testing.T) {
	a, now := newAttempts(), time.Unix(1_000_000, 0)
	for range attemptsAllowed {
		require.Zero(t, a.take("ann@example.org", now))
	}
	require.Equal(t, attemptsWindow-time.Minute, a.take("ANN@example.org", now.Add(time.Minute)))
	require.Zero(t, a.take("ben@example.org", now), "others are not affected")
	require.Zero(t, a.take("ann@example.org", now.Add(attemptsWindow)))
	a.forget("ann@example.org")
	require.Zero(t, a.take("ann@example.org", now))
}

func TestAttemptsAreBounded(t *testing.T) {
	a, now := newAttempts(), time.Unix(1_000_000, 0)
	for i := range attemptsKept + 10 {
		a.take(strconv.Itoa(i), now)
	}
	require.LessOrEqual(t, len(a.byID), attemptsKept)
}
