package seed

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func report(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.json")
	require.NoError(t, os.WriteFile(path, []byte(body), 0o600))
	return path
}

func TestOrderAndConsistencyComeFromAReport(t *testing.T) {
	t.Parallel()
	// Of P1 1 of 4 + 16 is wrong, so 95 %; of P6 nothing.
	rows := promises(report(t, `{"suite":"surge","command":"loadtest run surge","promises":[
		{"id":"P1","checks":[{"name":"a","violations":1,"of":4},{"name":"b","violations":0,"of":16}]},
		{"id":"P2","checks":[{"name":"a","violations":9,"of":9}]},
		{"id":"P6","checks":[{"name":"a","violations":0,"of":7}]}]}`))
	require.Len(t, rows, 2)
	require.Equal(t, []string{"95.000", "100.000"}, []string{rows[0].Ours, rows[1].Ours})
	require.Equal(t, "loadtest run surge", rows[0].Command)
	require.Equal(t, "over 20 cases of all checks of the promise", rows[0].Note)

	for body, want := range map[string]string{
		`{"suite":"idle","promises":[{"id":"P9"}]}`:                                `holds no case of P1: the suite "idle" did not measure it`,
		`{"promises":[{"id":"P1","checks":[{"name":"a"}]}]}`:                       "holds no case of P1",
		`{"promises":[{"id":"P1","checks":[{"name":"a","violations":2,"of":1}]`:    "unexpected end",
		`{"promises":[{"id":"P1","checks":[{"name":"a","violations":2,"of":1}]}]}`: "P1, a: 2 of 1 cannot be",
	} {
		row := promises(report(t, body))[0]
		require.Empty(t, row.Ours)
		require.Contains(t, row.Absent, want)
	}
	absent := promises(filepath.Join(t.TempDir(), "none.json"))[1]
	require.Contains(t, absent.Absent, "none.json")
	require.NoError(t, absent.valid())
}

func TestNothingBelowIsRoundedToAHundred(t *testing.T) {
	t.Parallel()
	require.Equal(t, "100.000", percentText(100))
	require.Equal(t, "99.800", percentText(99.8))
	require.Equal(t, "99.999900000", percentText(100-1e-4))
}

func TestARowIsTheMedianOfItsRuns(t *testing.T) {
	t.Parallel()
	r := Row{What: "x", Command: "c", Unit: "s"}
	require.Equal(t, "2.5", r.measured([]time.Duration{4 * time.Second, time.Second, 2 * time.Second, 3 * time.Second}, nil).Ours)
	odd := r.measured([]time.Duration{9 * time.Second, 120 * time.Millisecond, 1234 * time.Millisecond}, nil)
	require.Equal(t, "1.23", odd.Ours)
	require.Equal(t, []Run{9, 0.12, 1.234}, odd.Runs)
	failed := r.measured(nil, errors.New("no tar here"))
	require.Equal(t, "no tar here", failed.Absent)
	require.NoError(t, failed.valid())
}

func TestWhatBenchmarksReportIsRead(t *testing.T) {
	t.Parallel()
	out := "goos: linux\nBenchmarkFailover-2   \t       1\t6624261172 ns/op\t         4.304 s-away\n--- BENCH: BenchmarkFailover-2\n" +
		"BenchmarkFailover \t       1\t 1 ns/op\t 12 s-away\t 3 B/op\nBenchmarkOther-2 \t 1\t 1 ns/op\t 9 s-away\nPASS\n"
	var found []string
	for _, m := range away.FindAllStringSubmatch(out, -1) {
		found = append(found, m[1])
	}
	require.Equal(t, []string{"4.304", "12"}, found)
	// A package without the benchmark says nothing of it, which is no measurement.
	_, err := reported(t.Context(), ".", []string{"test", "-run", "^$", "-bench", "^BenchmarkFailover$", "-benchtime", "1x", "../../internal/fault"}, 1)
	require.ErrorContains(t, err, "reported 0 runs, not 1")
	_, err = reported(t.Context(), ".", []string{"test", "./there-is-no-such-package"}, 1)
	require.ErrorContains(t, err, "there-is-no-such-package")
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	_, err := Measure(t.Context(), Options{Only: []string{"order", "speed"}, Runs: 1, Progress: t.Output()})
	require.ErrorContains(t, err, `there is no topic "speed"; there are order, consistency, build, start, failover`)
	_, err = Measure(t.Context(), Options{Progress: t.Output()})
	require.ErrorContains(t, err, "at least one run")
	f, err := Measure(t.Context(), Options{Root: "../..", Report: "none.json", Only: []string{"consistency"}, Runs: 1, Progress: t.Output()})
	require.NoError(t, err)
	require.Len(t, f.Rows, 1)
	require.Equal(t, "99.8", f.Rows[0].Theirs)
	require.NotEmpty(t, f.Rows[0].Absent)
}
