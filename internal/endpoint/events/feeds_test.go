package events

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

var errFull = errors.New("full")

// counting tells numbers, one a second, and keeps how many it has told of each key.
type counting struct {
	mu   sync.Mutex
	told map[string]int
}

func newCounting() *counting { return &counting{told: map[string]int{}} }

func (c *counting) look(ctx context.Context, key string, tell func(int)) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		c.mu.Lock()
		c.told[key]++
		n := c.told[key]
		c.mu.Unlock()
		tell(n)
	}
}

func (c *counting) all() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.told)
}

// TestOneLookForAllWhoWatch also shows that the last one who leaves ends the looking, and that a slow watcher has the newest only.
func TestOneLookForAllWhoWatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		looks := newCounting()
		feeds := NewFeeds(1000, errFull, looks.look)
		var news []<-chan int
		var leave []func()
		for range 1000 {
			n, l, err := feeds.Watch("arena")
			require.NoError(t, err)
			news, leave = append(news, n), append(leave, l)
		}
		time.Sleep(10*time.Second + time.Millisecond)
		require.Equal(t, map[string]int{"arena": 10}, looks.all())
		for _, n := range news {
			require.Equal(t, 10, <-n)
			require.Empty(t, n)
		}
		for _, l := range leave[1:] {
			l()
		}
		require.Equal(t, 1, feeds.Open())
		time.Sleep(time.Second)
		require.Equal(t, 11, <-news[0], "it goes on for who is left")
		require.Empty(t, news[1], "who has left is told nothing")
		leave[0]()
		time.Sleep(time.Hour)
		require.Equal(t, map[string]int{"arena": 11}, looks.all())
		require.Zero(t, feeds.Open())
		require.Empty(t, feeds.feeds)
	})
}

func TestWatchersAreBoundedOverAllKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		looks := newCounting()
		feeds := NewFeeds(2, errFull, looks.look)
		_, leaveArena, err := feeds.Watch("arena")
		require.NoError(t, err)
		theatre, leaveTheatre, err := feeds.Watch("theatre")
		require.NoError(t, err)
		for _, key := range []string{"arena", "opera"} {
			_, _, err = feeds.Watch(key)
			require.ErrorIs(t, err, errFull)
		}
		require.Equal(t, 2, feeds.Open())
		leaveArena()
		opera, leaveOpera, err := feeds.Watch("opera")
		require.NoError(t, err, "there is room again")
		time.Sleep(5*time.Second + time.Millisecond)
		require.Equal(t, 5, <-theatre)
		require.Equal(t, 5, <-opera)
		require.Equal(t, map[string]int{"theatre": 5, "opera": 5}, looks.all(), "who was refused is not looked for")
		leaveTheatre()
		leaveOpera()
	})
}

// TestWatchersComeAndGo is for the race detector: those who come while the last one leaves have a feed that is looked at.
func TestWatchersComeAndGo(t *testing.T) {
	t.Parallel()
	feeds := NewFeeds(100, errFull, func(ctx context.Context, _ int, tell func(int)) {
		tick := time.NewTicker(100 * time.Microsecond)
		defer tick.Stop()
		for i := 0; ctx.Err() == nil; i++ {
			tell(i)
			<-tick.C
		}
	})
	done := make(chan error)
	for range 8 {
		go func() {
			for i := range 200 {
				news, leave, err := feeds.Watch(i % 2)
				if err != nil {
					done <- err
					return
				}
				<-news
				leave()
			}
			done <- nil
		}()
	}
	for range 8 {
		require.NoError(t, <-done)
	}
	require.Zero(t, feeds.Open())
	require.Empty(t, feeds.feeds)
}
