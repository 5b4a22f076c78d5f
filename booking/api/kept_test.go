package api

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestKeptLoadsOnceForAllWhoAskAtATime(t *testing.T) {
	t.Parallel()
	var loads atomic.Int64
	k := newKept(10, time.Hour, time.Hour, func(_ context.Context, key string) (string, error) {
		loads.Add(1)
		return "value of " + key, nil
	})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			v, err := k.get("a")
			if err != nil || v != "value of a" {
				t.Error(v, err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, loads.Load())
}

// Whoever asks for all the keys there are must not fill the memory.
func TestKeptNeverHoldsMoreThanItMay(t *testing.T) {
	t.Parallel()
	k := newKept(10, time.Hour, time.Hour, func(_ context.Context, key string) (string, error) { return key, nil })
	for i := range 1000 {
		v, err := k.get(strconv.Itoa(i))
		require.NoError(t, err)
		require.Equal(t, strconv.Itoa(i), v)
		require.LessOrEqual(t, len(k.values), 10)
	}
	require.Len(t, k.values, 10)
}
