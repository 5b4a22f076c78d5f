package postgres

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/testenv"
)

// PostgreSQL goes away while connections lie idle in the pool. Every call that gets one of them says that the database is
// away, however it finds out, and none takes it for a defect of ours.
func TestConnectionsCutWhileIdleMeanThatTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	cable, url := testenv.NewCable(t, h.url)
	const idle = 8
	pool, err := Open(url, idle)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	store := NewStore(pool)
	conns := make([]*pgxpool.Conn, idle)
	for i := range conns {
		conns[i], err = pool.Acquire(t.Context())
		require.NoError(t, err)
	}
	for _, c := range conns {
		c.Release()
	}
	cable.Cut()
	for range idle + 1 { // the last one has to connect anew
		_, err := store.SearchShows(t.Context(), booking.ShowQuery{Limit: 1})
		require.ErrorIs(t, err, booking.ErrUnavailable)
	}
	cable.Join()
	_, err = store.SearchShows(t.Context(), booking.ShowQuery{Limit: 1})
	require.NoError(t, err, "the control")
}
