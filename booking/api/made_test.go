package api

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMadeMakesEachOnceAndTriesAgainWhatFailed(t *testing.T) {
	t.Parallel()
	var made atomic.Int64
	away := errors.New("away")
	var fail atomic.Bool
	fail.Store(true)
	m := newMade(func(_ context.Context, key string) (string, error) {
		made.Add(1)
		if fail.Load() {
			return "", away
		}
		return "made of " + key, nil
	})
	_, err := m.get("a")
	require.ErrorIs(t, err, away)
	fail.Store(false)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if v, err := m.get("a"); err != nil || v != "made of a" {
				t.Error(v, err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 2, made.Load(), "once in vain, once for all")
}

// A hall that takes long must not hold up the one that everybody is looking at.
func TestMakingOneHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	begun, end := make(chan struct{}), make(chan struct{})
	m := newMade(func(_ context.Context, key string) (string, error) {
		if key == "slow" {
			close(begun)
			<-end
		}
		return key, nil
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = m.get("slow")
	}()
	<-begun
	v, err := m.get("quick") // would never return
	require.NoError(t, err)
	require.Equal(t, "quick", v)
	close(end)
	<-done
}
