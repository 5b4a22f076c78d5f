package seed

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/machine"
)

func TestRowsSurviveTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seed.json")
	written := &File{Measured: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC), Commit: "abc", Machine: machine.Machine{Cores: 2}, Rows: []Row{
		{Topic: "cold start", What: "the gateway", Theirs: "4–5", Ours: "0.1", Unit: "s", Command: "go run .", Runs: []Run{0.2, 0.1, 0.1}},
		{Topic: "failover", What: "a region", Theirs: "10–15", Unit: "min", Absent: "there is no second region yet"},
	}}
	require.NoError(t, written.Write(path))
	read, err := Read(path)
	require.NoError(t, err)
	require.Equal(t, written, read)
}

func TestAFileThatSaysTooLittleOrTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seed.json")
	for body, want := range map[string]string{
		`{"rows":[{"what":"x","unit":"s"}]}`:                               "rows[0]: ours: is empty",
		`{"rows":[{"ours":"1","command":"c"}]}`:                            "rows[0]: what: is empty",
		`{"rows":[{"what":"x","ours":"1","absent":"why","command":"c"}]}`:  "rows[0]: ours and absent",
		`{"rows":[{"what":"x","ours":"1"}]}`:                               "rows[0]: command: is empty",
		`{"rows":[{"what":"x","ours":"1","command":"c","colour":"blue"}]}`: `unknown field "colour"`,
		`{"rows":[]} {}`: "there is more after the rows",
		`{"rows":`:       "unexpected EOF",
	} {
		require.NoError(t, os.WriteFile(path, []byte(body), 0o600))
		_, err := Read(path)
		require.ErrorContains(t, err, want, body)
		require.ErrorContains(t, err, path)
	}
	_, err := Read(filepath.Join(t.TempDir(), "none.json"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.Error(t, (&File{Rows: []Row{{What: "x"}}}).Write(path))
}
