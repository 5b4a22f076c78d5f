package migrate_test

import (
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"anteroom/internal/migrate"
	"anteroom/internal/testenv"
)

func file(sql string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\n" + sql + "\n")}
}

func TestEachMigrationIsAppliedOnceHoweverManyMigrate(t *testing.T) {
	t.Parallel()
	url := testenv.Postgres(t)
	files := fstest.MapFS{"00001_a.sql": file("CREATE TABLE a ();"), "00002_b.sql": file("CREATE TABLE b ();")}
	var together sync.WaitGroup
	applied := make([]int, 4)
	for i := range applied {
		together.Go(func() {
			n, err := migrate.Up(t.Context(), url, files)
			if err != nil {
				t.Error(err)
			}
			applied[i] = n
		})
	}
	together.Wait()
	require.Equal(t, 2, applied[0]+applied[1]+applied[2]+applied[3])
}

func TestAMigrationThatFailsIsUndoneAndTheOnesBeforeItStay(t *testing.T) {
	t.Parallel()
	url := testenv.Postgres(t)
	files := fstest.MapFS{"00001_a.sql": file("CREATE TABLE a ();"), "00002_b.sql": file("CREATE TABLE b ();\nCREATE TABLE a ();")}
	_, err := migrate.Up(t.Context(), url, files)
	require.ErrorContains(t, err, "version:2")
	files["00002_b.sql"] = file("CREATE TABLE b ();")
	n, err := migrate.Up(t.Context(), url, files)
	require.NoError(t, err, "the failed one had left nothing behind")
	require.Equal(t, 1, n)
}

func TestNewest(t *testing.T) {
	t.Parallel()
	n, err := migrate.Newest(fstest.MapFS{"00001_a.sql": file(""), "00012_b.sql": file(""), "readme.md": file("")})
	require.NoError(t, err)
	require.EqualValues(t, 12, n)
	_, err = migrate.Newest(fstest.MapFS{"a.sql": file("")})
	require.ErrorContains(t, err, "a.sql")
}

func TestABadAddressIsNotShown(t *testing.T) {
	t.Parallel()
	_, err := migrate.Up(t.Context(), "postgres://user:secret@host:port/x", fstest.MapFS{})
	require.Error(t, err)
	require.NotContains(t, err.Error(), "secret")
}
