package backing

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// writeAndKill writes to both servers, kills them as soon as both have answered, and starts them again. It returns what is there then.
func writeAndKill(t *testing.T, o Options) (place, seat string) {
	t.Helper()
	first := start(t, o)
	c := redisClient(t, first)
	require.NoError(t, c.Do(t.Context(), c.B().Set().Key("place").Value("17").Build()).Error())
	conn, err := pgx.Connect(t.Context(), first.DatabaseURL)
	require.NoError(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), "CREATE TABLE seat (name text)")
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "INSERT INTO seat VALUES ('A-1')")
	require.NoError(t, err)
	for _, p := range first.Children {
		p.Kill()
	}
	second := start(t, o)
	c = redisClient(t, second)
	place, _ = c.Do(t.Context(), c.B().Get().Key("place").Build()).ToString() // nothing there is an answer as well
	return place, query(t, second, "SELECT coalesce(max(name), '') FROM seat")
}

func TestACrashSafePairForgetsNothingWhenItIsKilled(t *testing.T) {
	place, seat := writeAndKill(t, Options{Dir: stateDir(t), Fast: true, CrashSafe: true})
	require.Equal(t, "17", place)
	require.Equal(t, "A-1", seat)
}

// The control: without CrashSafe a fast pair forgets. Of PostgreSQL it depends on the moment; what it was told to do does not.
func TestAFastPairForgetsWhenItIsKilled(t *testing.T) {
	o := Options{Dir: stateDir(t), Fast: true, DatabaseURL: "none"}
	first := start(t, o)
	c := redisClient(t, first)
	require.NoError(t, c.Do(t.Context(), c.B().Set().Key("place").Value("17").Build()).Error())
	first.Children[0].Kill()
	second := start(t, o)
	c = redisClient(t, second)
	require.Error(t, c.Do(t.Context(), c.B().Get().Key("place").Build()).Error())
	require.Contains(t, postgresArgs(o, "", 1), "synchronous_commit=off")
	o.CrashSafe = true
	require.NotContains(t, postgresArgs(o, "", 1), "synchronous_commit=off")
}
