package postgres

import (
	"context"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking/demo"
	"anteroom/internal/testenv"
)

func TestMigratingAtTheSameTimeAppliesEachMigrationOnce(t *testing.T) {
	t.Parallel()
	url := testenv.Postgres(t)
	applied := make([]int, 3)
	together(3, func(i int) {
		n, err := Migrate(context.Background(), url)
		require.NoError(t, err)
		applied[i] = n
	})
	files, err := fs.Glob(migrations(), "*.sql")
	require.NoError(t, err)
	require.Equal(t, len(files), applied[0]+applied[1]+applied[2])
}

func TestReadySaysWhatIsWrongWithTheSchema(t *testing.T) {
	t.Parallel()
	url := testenv.Postgres(t)
	pool, err := Open(url, 2)
	require.NoError(t, err)
	defer pool.Close()
	store := NewStore(pool)
	require.ErrorContains(t, store.Ready(t.Context()), "run booking migrate")

	_, err = Migrate(t.Context(), url)
	require.NoError(t, err)
	require.NoError(t, store.Ready(t.Context()))

	_, err = pool.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`)
	require.NoError(t, err)
	require.ErrorContains(t, store.Ready(t.Context()), "version 999")
}

func TestSeedingIsIdempotentAndTheDemoIsWhole(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	for _, show := range demo.Shows() {
		for _, want := range []bool{true, false} {
			created, err := h.SeedShow(t.Context(), show)
			require.NoError(t, err)
			require.Equal(t, want, created)
		}
		id := query[int64](h, `SELECT id FROM shows WHERE slug = $1`, show.Slug)
		layout, err := h.Layout(t.Context(), id)
		require.NoError(t, err)
		n := show.Layout.Seats()
		for _, column := range []int{len(layout.Seats.ID), len(layout.Seats.Section), len(layout.Seats.Row), len(layout.Seats.Number), len(layout.Seats.X), len(layout.Seats.Y)} {
			require.Equal(t, n, column)
		}
		require.Len(t, layout.Sections, len(show.Layout.Sections))
		require.InDelta(t, show.Layout.Sections[0].Seats[0].X, layout.Seats.X[0], 0.06)
		state, err := h.SeatState(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, n, state.Available)
		require.Len(t, state.Unavailable, (n+7)/8)
	}
	h.allZero()
}
