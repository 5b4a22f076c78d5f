package postgres

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/internal/testenv"
)

// hash is one password hash for all tests; hashing is slow on purpose.
var hash = sync.OnceValue(func() string {
	h, err := auth.HashPassword(DemoPassword)
	if err != nil {
		panic(err)
	}
	return h
})

var owner = auth.Staff{Email: "owner@demo.test", Name: "Olivia Owens", Role: auth.Owner}

// patience is how long a call may take: a stall of the machine is no finding.
const patience = 2 * time.Minute

// newStore gives a migrated store of its own with one member of staff, and a connection of its own beside it.
func newStore(t *testing.T) (*Store, *pgx.Conn) {
	t.Helper()
	t.Parallel()
	ctx := context.Background()
	databaseURL := testenv.Postgres(t)
	_, err := Migrate(ctx, databaseURL)
	require.NoError(t, err)
	store, err := Open(databaseURL, patience)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	_, err = store.pool.Exec(ctx, `INSERT INTO staff (email, name, role, password_hash) VALUES ($1, $2, $3, $4)`, owner.Email, owner.Name, owner.Role, hash())
	require.NoError(t, err)
	return store, connect(t, databaseURL)
}

func connect(t *testing.T, databaseURL string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), databaseURL)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.Background())) })
	return conn
}

func TestMigrateTwiceAndCurrent(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	databaseURL := testenv.Postgres(t)
	store, err := Open(databaseURL, patience)
	require.NoError(t, err)
	defer store.Close()
	require.ErrorContains(t, store.Current(ctx), "run admin-api migrate")
	applied, err := Migrate(ctx, databaseURL)
	require.NoError(t, err)
	require.Equal(t, 2, applied)
	require.NoError(t, store.Current(ctx))
	applied, err = Migrate(ctx, databaseURL)
	require.NoError(t, err)
	require.Zero(t, applied)

	_, err = store.pool.Exec(ctx, `DELETE FROM goose_db_version WHERE version_id = 2`)
	require.NoError(t, err)
	require.ErrorContains(t, store.Current(ctx), "is at version 1, 2 is wanted")
}

func TestMigrateMakesTheSchema(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	databaseURL := testenv.Postgres(t)
	conn := connect(t, databaseURL)
	var schema string
	require.NoError(t, conn.QueryRow(ctx, `SELECT current_schema()`).Scan(&schema))
	_, err := conn.Exec(ctx, `DROP SCHEMA `+schema)
	require.NoError(t, err)
	_, err = Migrate(ctx, databaseURL)
	require.NoError(t, err)
	var tables int
	require.NoError(t, conn.QueryRow(ctx, `SELECT count(*) FROM pg_tables WHERE schemaname = $1 AND tablename IN ('staff', 'staff_sessions', 'audit')`, schema).Scan(&tables))
	require.Equal(t, 3, tables)
}

func TestSeedTwice(t *testing.T) {
	store, conn := newStore(t) // the owner is there already, and is left as is
	ctx := context.Background()
	made, err := store.Seed(ctx)
	require.NoError(t, err)
	require.Equal(t, 7, made)
	made, err = store.Seed(ctx)
	require.NoError(t, err)
	require.Zero(t, made)
	var roles int
	require.NoError(t, conn.QueryRow(ctx, `SELECT count(DISTINCT role) FROM staff`).Scan(&roles))
	require.Equal(t, 8, roles)
	person, err := store.Person(ctx, "auditor@demo.test")
	require.NoError(t, err)
	require.Equal(t, auth.Auditor, person.Role)
	require.True(t, auth.CheckPassword(person.PasswordHash, "demo-anteroom"))
}

func TestDatabaseAwayIsSaidSo(t *testing.T) {
	t.Parallel()
	store, err := Open("postgres://nobody@127.0.0.1:1/none?sslmode=disable", patience)
	require.NoError(t, err)
	defer store.Close()
	_, err = store.Person(context.Background(), "owner@demo.test")
	require.ErrorContains(t, err, "database-unavailable")
	require.ErrorContains(t, store.Ping(context.Background()), "does not answer")
}
