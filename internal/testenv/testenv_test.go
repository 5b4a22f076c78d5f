package testenv

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"
)

func TestTheKeysOfATestAreDeletedAndOthersAreNot(t *testing.T) {
	options, err := rueidis.ParseURL(Patient(t, os.Getenv("REDIS_URL")))
	require.NoError(t, err)
	c, err := rueidis.NewClient(options)
	require.NoError(t, err)
	defer c.Close()
	other := Redis(t)
	set := func(key string) {
		require.NoError(t, c.Do(t.Context(), c.B().Set().Key(key).Value("1").Build()).Error())
	}
	count := func(key string) int64 {
		n, err := c.Do(t.Context(), c.B().Exists().Key(key).Build()).AsInt64()
		require.NoError(t, err)
		return n
	}
	set(other.Prefix + ":kept")
	var used string
	t.Run("a test", func(t *testing.T) {
		env := Redis(t)
		require.NotEqual(t, other.Prefix, env.Prefix)
		used = env.Prefix
		for i := range 2500 {
			set(fmt.Sprintf("%s:{room}:%d", used, i))
		}
		set("{" + used + ":room}:x")
	})
	require.Zero(t, count(used+":{room}:7"))
	require.Zero(t, count("{"+used+":room}:x"))
	require.EqualValues(t, 1, count(other.Prefix+":kept"))
}

func TestATestHasItsOwnSchemaUntilItEnds(t *testing.T) {
	var schema string
	t.Run("a test", func(t *testing.T) {
		conn, err := pgx.Connect(t.Context(), Postgres(t))
		require.NoError(t, err)
		defer conn.Close(context.Background())
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT current_schema()").Scan(&schema))
		_, err = conn.Exec(t.Context(), "CREATE TABLE seat (id int)")
		require.NoError(t, err)
	})
	require.Regexp(t, "^test_", schema)
	conn, err := pgx.Connect(t.Context(), os.Getenv("DATABASE_URL"))
	require.NoError(t, err)
	defer conn.Close(context.Background())
	var left int
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_namespace WHERE nspname = $1", schema).Scan(&left))
	require.Zero(t, left)
}

// fatal is a test that records why it was ended instead of ending ours.
type fatal struct {
	testing.TB
	why string
}

func (f *fatal) Helper()           {}
func (f *fatal) Fatal(args ...any) { f.why = fmt.Sprint(args...); panic(f) }

func TestWithoutAddressesATestFailsAndSaysWhatToDo(t *testing.T) {
	t.Setenv("REDIS_URL", "")
	t.Setenv("DATABASE_URL", "")
	for name, ask := range map[string]func(testing.TB){
		"REDIS_URL":    func(t testing.TB) { Redis(t) },
		"DATABASE_URL": func(t testing.TB) { Postgres(t) },
	} {
		f := &fatal{TB: t}
		require.Panics(t, func() { ask(f) })
		require.Contains(t, f.why, name+" is not set")
		require.Contains(t, f.why, "make test")
	}
}

func TestAFreePortIsNobodyElsesUntilItsTestIsOver(t *testing.T) {
	var port int
	t.Run("a test", func(t *testing.T) {
		port = FreePort(t)
		require.Less(t, port+ports, 32_768)
		for range 3 { // its server may die and come back
			l, err := listen(port)
			require.NoError(t, err)
			require.NoError(t, l.Close())
			_, err = listen(port + ports)
			require.Error(t, err, "it is spoken for all the while")
		}
	})
	l, err := listen(port + ports)
	require.NoError(t, err)
	require.NoError(t, l.Close())
}
