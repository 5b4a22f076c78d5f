package main

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
)

// BenchmarkPgbenchUpdate is what a whole purchase is compared with: pgbench' own simple update (one row changed, one read, one added), each a
// transaction, with as many connections as the service has.
func BenchmarkPgbenchUpdate(b *testing.B) {
	program := findPgbench(b)
	database := testenv.Lasting(b, "database of pgbench", func(t testing.TB) string {
		database := testenv.Postgres(t)
		out, err := pgbenchCommand(t, program, database, "", "-i", "-q").CombinedOutput()
		require.NoError(t, err, "%s", out)
		return database
	})
	pgbench(b, database, "", "-b", "simple-update")
}

// findPgbench is the program's path: Debian keeps it beside the server's programs. Where there is none, what needs it is skipped.
func findPgbench(b testing.TB) string {
	b.Helper()
	if path, err := exec.LookPath("pgbench"); err == nil {
		return path
	}
	paths, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	require.NoError(b, err)
	if len(paths) == 0 {
		b.Skip("pgbench is not on this machine: it comes with Debian's package postgresql")
	}
	return slices.Max(paths)
}

// pgbench runs transactions over benchPool connections, some hundred at a time, and believes what it says of how many a second: that leaves out what
// it takes to start it and to connect. The options are those of each session.
func pgbench(b *testing.B, database, options string, args ...string) {
	b.Helper()
	const each = 25 // of each connection at a time
	program := findPgbench(b)
	args = append([]string{"-n", "-c", strconv.Itoa(benchPool), "-j", "1", "-t", strconv.Itoa(each)}, args...)
	var took, done float64 // nanoseconds, transactions
	for b.Loop() {
		out, err := pgbenchCommand(b, program, database, options, args...).CombinedOutput()
		require.NoError(b, err, "%s", out)
		m := transactionsPerSecond.FindSubmatch(out)
		require.NotNil(b, m, "%s", out)
		tps, err := strconv.ParseFloat(string(m[1]), 64)
		require.NoError(b, err)
		require.Contains(b, string(out), fmt.Sprintf("%d/%[1]d", each*benchPool), "every call succeeds")
		took, done = took+each*benchPool*1e9/tps, done+each*benchPool
	}
	b.ReportMetric(took/done, "ns/op")
}

var transactionsPerSecond = regexp.MustCompile(`tps = ([0-9.]+)`)

func pgbenchCommand(b testing.TB, program, database, options string, args ...string) *exec.Cmd {
	b.Helper()
	u, err := url.Parse(database)
	require.NoError(b, err)
	password, _ := u.User.Password()
	cmd := exec.CommandContext(b.Context(), program, append(args, "-h", u.Hostname(), "-p", u.Port(), "-U", u.User.Username(), strings.TrimPrefix(u.Path, "/"))...)
	cmd.Env = append(os.Environ(), "PGPASSWORD="+password, "PGOPTIONS="+options)
	return cmd
}
