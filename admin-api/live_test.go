package adminapi

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
)

// counting is a gateway far away that counts the questions; its answers carry their count as the version.
type counting struct {
	Gateway
	asked atomic.Int64
	err   atomic.Pointer[error]
}

func (c *counting) Room(_ context.Context, who auth.Staff, name string) (Room, error) {
	n := c.asked.Add(1)
	if who.Role != auth.Developer {
		return Room{}, errors.New("the live view may read rooms and nothing else")
	}
	if err := c.err.Load(); err != nil {
		return Room{}, *err
	}
	return Room{Name: name, Version: n}, nil
}

func TestOneQuestionForAllWatchers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gateway := &counting{}
		live := NewLive(gateway, time.Second, 100)
		watchers := make([]*Watcher, 50)
		for i := range watchers {
			var err error
			watchers[i], err = live.Watch("arena")
			require.NoError(t, err)
		}
		for second := int64(1); second <= 3; second++ {
			synctest.Wait()
			for _, w := range watchers {
				require.Equal(t, Room{Name: "arena", Version: second}, (<-w.Sights()).Room)
			}
			require.Equal(t, second, gateway.asked.Load())
			time.Sleep(time.Second) // the bubble's clock: takes no time
		}
		late, err := live.Watch("arena")
		require.NoError(t, err)
		require.Equal(t, "arena", (<-late.Sights()).Room.Name, "a late watcher sees the last sight at once")
		for _, w := range append(watchers, late) {
			w.Close()
			w.Close()
		}
		require.Zero(t, live.Watching())
		synctest.Wait()
		before := gateway.asked.Load()
		time.Sleep(time.Minute)
		require.Equal(t, before, gateway.asked.Load(), "the questions end with the last watcher")
	})
}

func TestTwoRoomsAreTwoQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gateway := &counting{}
		live := NewLive(gateway, time.Second, 100)
		a, err := live.Watch("arena")
		require.NoError(t, err)
		b, err := live.Watch("theatre")
		require.NoError(t, err)
		require.Equal(t, "arena", (<-a.Sights()).Room.Name)
		require.Equal(t, "theatre", (<-b.Sights()).Room.Name)
		require.EqualValues(t, 2, gateway.asked.Load())
		a.Close()
		b.Close()
	})
}

func TestSlowWatcherSeesTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		live := NewLive(&counting{}, time.Second, 100)
		w, err := live.Watch("arena")
		require.NoError(t, err)
		defer w.Close()
		time.Sleep(10*time.Second + time.Millisecond)
		synctest.Wait()
		require.EqualValues(t, 11, (<-w.Sights()).Room.Version)
	})
}

func TestProblemIsSeenAndPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gateway := &counting{}
		away := errors.New("away")
		gateway.err.Store(&away)
		live := NewLive(gateway, time.Second, 100)
		w, err := live.Watch("arena")
		require.NoError(t, err)
		defer w.Close()
		require.ErrorIs(t, (<-w.Sights()).Err, away)
		gateway.err.Store(nil)
		require.NoError(t, (<-w.Sights()).Err)
	})
}

func TestWatchersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		live := NewLive(&counting{}, time.Second, 2)
		a, err := live.Watch("arena")
		require.NoError(t, err)
		b, err := live.Watch("theatre")
		require.NoError(t, err)
		_, err = live.Watch("arena")
		require.ErrorIs(t, err, ErrTooManyStreams)
		a.Close()
		c, err := live.Watch("arena")
		require.NoError(t, err)
		b.Close()
		c.Close()
	})
}
