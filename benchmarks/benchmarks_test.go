package benchmarks

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/loadtest/machine"
	"anteroom/loadtest/report"
)

const output = `goos: linux
pkg: anteroom/waitroom/proxy
BenchmarkAdmitted-2   	   50000	     20000 ns/op	     120 B/op	       3 allocs/op
BenchmarkAdmitted-2   	   50000	     30000 ns/op	     120 B/op	       3 allocs/op
BenchmarkAdmitted-2   	   50000	     10000 ns/op	     180 B/op	       4 allocs/op
BenchmarkBareProxy-2  	   80000	     16000 ns/op	      10 B/op	       0 allocs/op
BenchmarkBareProxy-2  	   80000	     15000 ns/op	      10 B/op	       0 allocs/op	 99.5 hits/s
BenchmarkNoisy
    noisy_test.go:3: something
PASS
ok  	anteroom/waitroom/proxy	3.2s
`

func TestParse(t *testing.T) {
	t.Parallel()
	all, err := parse([]byte(output))
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, []float64{20000, 30000, 10000}, all["Admitted"]["ns/op"])
	require.Equal(t, []float64{99.5}, all["BareProxy"]["hits/s"])

	for _, bad := range []string{"BenchmarkX-2 100 12", "BenchmarkX-2 100 many ns/op"} {
		_, err := parse([]byte(bad))
		require.ErrorContains(t, err, "BenchmarkX", bad)
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	require.Equal(t, spread{20, 10, 40}, spreadOf([]float64{40, 10, 20}))
	require.Equal(t, spread{15, 10, 20}, spreadOf([]float64{20, 10}))
	require.Equal(t, spread{}, spreadOf(nil))
}

func TestPage(t *testing.T) {
	t.Parallel()
	runs, err := parse([]byte(output))
	require.NoError(t, err)
	page := Page{
		Date: time.Unix(0, 0), Machine: machine.This(), Redis: "7.0.15", PostgreSQL: "15.18",
		Figures: []Figure{{"waitroom/proxy", "Admitted", "a request", "BareProxy"}, {"waitroom/proxy", "BareProxy", "the same", ""}},
		Results: []Result{{Package: "waitroom/proxy", Command: "go test -bench x", Runs: runs}},
		Suites:  []*report.Report{{Suite: "surge", Verdict: "PASS", Actions: []report.Action{{Name: "join", P99: 12.34}}}},
	}
	text := page.Markdown()
	for _, want := range []string{
		"| **Admitted**: a request | 20 µs (10 µs–30 µs) | 50000 | 120 | 3 | 0.78 of BareProxy (0.50–1.60) |  |",
		"|  | 99.5 hits/s |",
		"go test -bench x", "Redis 7.0.15, PostgreSQL 15.18", "verdict **PASS**", "| join | 0 | 0.0 | 0.0 | 12.3 | 0.0 |",
	} {
		require.Contains(t, text, want)
	}
}

func TestTheListNamesBenchmarksThatAreThere(t *testing.T) {
	t.Parallel()
	for _, pkg := range packages(Figures) {
		var source []byte
		entries, err := os.ReadDir("../" + pkg)
		require.NoError(t, err)
		for _, e := range entries {
			if regexp.MustCompile(`_test\.go$`).MatchString(e.Name()) {
				body, err := os.ReadFile("../" + pkg + "/" + e.Name())
				require.NoError(t, err)
				source = append(source, body...)
			}
		}
		for _, f := range Figures {
			if f.Package == pkg {
				require.True(t, bytes.Contains(source, []byte("func Benchmark"+f.Name+"(")), "%s has no Benchmark%s", pkg, f.Name)
				for _, c := range strings.FieldsFunc(f.Calibrator, func(r rune) bool { return r == ',' }) {
					require.True(t, bytes.Contains(source, []byte("func Benchmark"+c+"(")), "%s has no Benchmark%s", pkg, c)
				}
			}
		}
	}
}

func TestVersionsAreAsked(t *testing.T) {
	t.Parallel()
	redis, err := RedisVersion(t.Context(), testenv.Redis(t).URL)
	require.NoError(t, err)
	require.Regexp(t, `^\d+\.\d+`, redis)
	postgres, err := PostgresVersion(t.Context(), testenv.Postgres(t))
	require.NoError(t, err)
	require.Regexp(t, `^\d+`, postgres)
}

func TestMeasureSaysWhichBenchmarkIsMissing(t *testing.T) {
	t.Parallel()
	_, err := Measure(t.Context(), []Figure{{"internal/fault", "Nothing", "", ""}}, Options{Root: "..", Count: 1, BenchTime: "1x", Progress: t.Output()})
	require.ErrorContains(t, err, "BenchmarkNothing ran 0 times")
}
