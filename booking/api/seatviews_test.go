package api

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/booking"
)

// halls are states that change, and count how often they are looked at.
type halls struct {
	mu    sync.Mutex
	state booking.SeatState
	looks int
}

func (h *halls) load(context.Context, int64) (booking.SeatState, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.looks++
	s := h.state
	s.Unavailable = append(booking.Bitmap(nil), s.Unavailable...)
	return s, nil
}

func (h *halls) take(seat int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.Unavailable.Set(seat)
	h.state.Available--
	h.state.Version++
}

func newHalls(seats int) (*halls, *seatViews) {
	h := &halls{state: booking.SeatState{LayoutVersion: 1, Version: 100, Available: seats, Unavailable: booking.NewBitmap(seats)}}
	return h, newSeatViews(h.load, func(int64, int) ([]int, int, error) {
		of := make([]int, seats)
		for i := range of {
			of[i] = i * 2 / seats
		}
		return of, 2, nil
	})
}

type seatAnswer struct {
	booking.SeatState
	Since    *int64
	Taken    []int
	Sections []int
}

func (s *seatSnapshot) tell(t *testing.T, since int64) (a seatAnswer) {
	t.Helper()
	require.NoError(t, json.Unmarshal(s.since(since).plain, &a))
	return a
}

func TestChangesAreToldSinceEveryVersionThatIsRemembered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, views := newHalls(4000)
		look := func() *seatSnapshot {
			time.Sleep(stateTTL)
			now, err := views.of(1).now.get()
			require.NoError(t, err)
			return now
		}
		first := look()
		require.Equal(t, []int{2000, 2000}, first.tell(t, 100).Sections)
		for i := range 5 {
			h.take(i)
			look()
		}
		now := look()
		for i := range 6 {
			a := now.tell(t, int64(100+i))
			require.EqualValues(t, 100+i, *a.Since)
			require.Len(t, a.Taken, 5-i)
			require.Empty(t, a.Unavailable)
			require.Equal(t, []int{1995, 2000}, a.Sections)
		}
		for _, unknown := range []int64{0, 99, 106, 1 << 52} {
			a := now.tell(t, unknown)
			require.Nil(t, a.Since)
			require.Len(t, a.Unavailable, 500)
		}
		require.Nil(t, first.tell(t, 105).Since, "a version that comes later is not known")
		for i := range pastStates {
			h.take(100 + i)
			look()
		}
		require.Nil(t, look().tell(t, 100).Since, "what is too old is forgotten")
		for i := range 3000 {
			h.take(1000 + i)
		}
		require.Nil(t, look().tell(t, h.state.Version-3000).Since, "a longer answer than the whole state")

		h.mu.Lock()
		h.state.LayoutVersion, h.state.Version = 2, 50
		h.mu.Unlock()
		look()
		require.Nil(t, look().tell(t, h.state.Version+1).Since, "versions are of one layout")
		require.NotNil(t, look().tell(t, 50).Since)
	})
}

func TestAnAnswerIsEncodedOnceForAll(t *testing.T) {
	t.Parallel()
	h, views := newHalls(4000)
	h.take(7)
	now, err := views.of(1).now.get()
	require.NoError(t, err)
	require.Same(t, now.full(), now.full())
	require.Same(t, now.since(101), now.since(101))
	unzipped, err := fasthttp.AppendGunzipBytes(nil, now.full().zipped())
	require.NoError(t, err)
	require.Equal(t, now.full().plain, unzipped)
}

// TestThousandsOfWatchersCostOneLookATick also shows that the last one who leaves ends the looking.
func TestThousandsOfWatchersCostOneLookATick(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, views := newHalls(800)
		feeds := newSeatFeeds(views, 5000)
		watchers := make([]<-chan *seatSnapshot, 5000)
		leave := make([]func(), len(watchers))
		for i := range watchers {
			var err error
			watchers[i], leave[i], err = feeds.Watch(1)
			require.NoError(t, err)
		}
		_, _, err := feeds.Watch(1)
		require.ErrorIs(t, err, errTooManyWatchers)
		const ticks = 20
		for i := range ticks {
			h.take(i)
			time.Sleep(stateTTL)
		}
		synctest.Wait()
		for _, news := range watchers {
			require.Equal(t, h.state.Version, (<-news).state.Version, "who is slow has the newest")
			require.Empty(t, news)
		}
		require.LessOrEqual(t, h.looks, ticks+1)
		require.Greater(t, h.looks, ticks/2)
		for _, l := range leave {
			l()
		}
		synctest.Wait()
		before := h.looks
		time.Sleep(time.Minute)
		require.Equal(t, before, h.looks)
		require.Zero(t, feeds.Open())
	})
}
