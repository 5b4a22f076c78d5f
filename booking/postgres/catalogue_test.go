package postgres

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

func TestSeatStateAndCatalogueCountTheSame(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	h.buy(h.seats[0], h.seats[21])
	h.hold(h.guest(), h.seats[1])
	s := h.guest()
	h.start(s, h.place(s, h.hold(s, h.seats[9])))
	h.expire(h.hold(h.guest(), h.seats[30]).ID)

	page, err := h.SearchShows(t.Context(), booking.ShowQuery{Limit: 10})
	require.NoError(t, err)
	shows := page.Shows
	require.Len(t, shows, 1)
	require.Equal(t, 60, shows[0].SeatsTotal)
	require.Equal(t, 56, shows[0].SeatsAvailable)
	require.Len(t, shows[0].Bands, 2)
	state, err := h.SeatState(t.Context(), shows[0].ID)
	require.NoError(t, err)
	require.Equal(t, 56, state.Available)
	for i := range h.seats {
		taken := i == 0 || i == 1 || i == 9 || i == 21
		require.Equal(t, taken, state.Unavailable.Get(i), "seat %d", i)
	}
	_, err = h.SeatState(t.Context(), -1)
	require.ErrorIs(t, err, booking.ErrShowUnknown)
}

// Seats that are only held may come back: a show is sold out when the last one is sold.
func TestSoldOutIsForGood(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	look := func() booking.Show {
		show, err := h.Show(t.Context(), "small")
		require.NoError(t, err)
		return show
	}
	for i := 0; i+1 < len(h.seats); i++ {
		h.buy(h.seats[i])
	}
	require.False(t, look().SoldOut)
	s := h.guest()
	hold := h.hold(s, h.seats[len(h.seats)-1])
	require.Zero(t, look().SeatsAvailable)
	require.False(t, look().SoldOut, "the last seat is only held")
	h.pay(s, h.place(s, hold))
	require.True(t, look().SoldOut)
}

func TestADatabaseThatIsAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	pool, err := Open("postgres://nobody@127.0.0.1:1/none?search_path=x", 2)
	require.NoError(t, err, "opening does not connect")
	defer pool.Close()
	store := NewStore(pool)
	_, err = store.SearchShows(t.Context(), booking.ShowQuery{Limit: 1})
	require.ErrorIs(t, err, booking.ErrUnavailable)
	_, err = store.HoldSeats(t.Context(), nil, "x", []int64{1})
	require.ErrorIs(t, err, booking.ErrUnavailable)
	_, err = store.StartGuest(t.Context(), "a@b.org", make([]byte, 32))
	require.ErrorIs(t, err, booking.ErrUnavailable)
	require.Error(t, store.Ready(t.Context()))
	expired, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = store.Show(expired, "small")
	require.Error(t, err)
}

func TestSearchOrders(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	var all []string
	for i := range 5 {
		_, o := h.buy(h.seats[i])
		all = append([]string{o.ID}, all...)
	}
	find := func(f booking.OrderFilter) (ids []string, last int64) {
		found, err := h.SearchOrders(t.Context(), f)
		require.NoError(t, err)
		for _, o := range found {
			ids, last = append(ids, o.ID), o.Position
		}
		return ids, last
	}
	first, last := find(booking.OrderFilter{Limit: 3})
	second, _ := find(booking.OrderFilter{Limit: 3, Before: last})
	require.Equal(t, all, append(first, second...), "newest first, each once")

	reference := query[string](h, `SELECT reference FROM orders WHERE id = $1`, all[2])
	got, _ := find(booking.OrderFilter{Limit: 9, Query: reference[:7]})
	require.Contains(t, got, all[2])
	got, _ = find(booking.OrderFilter{Limit: 9, Query: "GUEST@example.org", State: booking.Paid, Show: "small"})
	require.Len(t, got, 5)
	got, _ = find(booking.OrderFilter{Limit: 9, State: booking.Cancelled})
	require.Empty(t, got)
}
