package benchmarks

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/benchmarks/seed"
	"anteroom/loadtest/machine"
	"anteroom/loadtest/report"
)

func shown(t *testing.T) ([]Figure, *Measurement) {
	runs, skipped, err := parse([]byte(`
BenchmarkAdmitted-2   	   50000	     20000 ns/op	     120 B/op	       3 allocs/op
BenchmarkBareProxy-2  	   80000	     16000 ns/op	      10 B/op	       0 allocs/op	 99.5 hits/s
BenchmarkAdmitted-2   	   50000	     30000 ns/op	     120 B/op	       3 allocs/op
BenchmarkBareProxy-2  	   80000	     15000 ns/op	      10 B/op	       0 allocs/op
    bench_test.go:1: haproxy is not on this machine
--- SKIP: BenchmarkHAProxy
`))
	require.NoError(t, err)
	return []Figure{{"waitroom/proxy", "Admitted", "a request", "BareProxy,HAProxy"}, {"waitroom/proxy", "BareProxy", "the same", ""}, {"waitroom/proxy", "HAProxy", "the same", ""}},
		&Measurement{Date: time.Unix(0, 0), Commit: "abc", Machine: machine.This(), Redis: "7.0.15", PostgreSQL: "15.18", Rounds: 2, BenchTime: "1s",
			Command: "bench measure --out /somewhere/page.md --count 2", Benchmarks: []Benchmark{
				{Package: "waitroom/proxy", Name: "Admitted", Runs: runs["Admitted"]}, {Package: "waitroom/proxy", Name: "BareProxy", Runs: runs["BareProxy"]},
				{Package: "waitroom/proxy", Name: "HAProxy", Skipped: skipped["HAProxy"]}}}
}

func TestPage(t *testing.T) {
	t.Parallel()
	figures, m := shown(t)
	text := Page{
		Figures: figures, Measurement: m, Plots: "benchmarks/plots", Raw: "benchmarks/results/x.txt",
		Suites: []*report.Report{{Suite: "surge", Verdict: "PASS", Command: "loadtest --suite surge --out report.json --html report.html --scale 2", Actions: []report.Action{{Name: "join", P99: 12.34}}}},
		Seed: &seed.File{Rows: []seed.Row{
			{Topic: "cold start", What: "the gateway", Theirs: "4–5", Ours: "0.2", Unit: "s", Command: "go run ./benchmarks/cmd/seed --out /somewhere | sort"},
			{Topic: "failover", What: "of a region", Theirs: "10–15", Unit: "min", Absent: "there is no second region yet"}}},
	}.Markdown()
	for _, want := range []string{
		"| **Admitted**: a request | 25 µs (20 µs–30 µs) | 40000 | 120 | 3 | 0.65 of BareProxy (0.50–0.80), HAProxy skipped: haproxy is not on this machine |  |",
		"|  | 99.5 hits/s |",
		"| **HAProxy**: the same | skipped: haproxy is not on this machine |",
		"- waitroom/proxy.HAProxy was skipped: haproxy is not on this machine",
		"BENCH_PASSES=16 go test -run '^$' -bench '^Benchmark(Admitted|BareProxy|HAProxy)$' -benchmem -benchtime 62.5ms ./waitroom/proxy",
		"![Operations for one of the calibrator, by round](benchmarks/plots/waitroom-proxy.svg)",
		"`bench measure --count 2`: 2 rounds", "Redis 7.0.15, PostgreSQL 15.18", "| commit | abc |", "[benchmarks/results/x.txt](benchmarks/results/x.txt)",
		"verdict **PASS**", "| join | 0 | 0.0 | 0.0 | 12.3 | 0.0 |", "\nloadtest --suite surge --scale 2\n",
		"| **cold start**: the gateway | 4–5 | 0.2 | s | `go run ./benchmarks/cmd/seed \\| sort` |  |",
		"| **failover**: of a region | 10–15 | absent: there is no second region yet | min |  |  |",
		"## What is not measured",
	} {
		require.Contains(t, text, want)
	}
}

func TestPlot(t *testing.T) {
	t.Parallel()
	figures, m := shown(t)
	require.True(t, HasPlot(figures, m, "waitroom/proxy"))
	require.False(t, HasPlot(figures, m, "waitroom"))
	plot := Plot(figures, m, "waitroom/proxy")
	require.Equal(t, 2, strings.Count(plot, "<circle")) // a dot for each round of the one ratio there is
	require.Contains(t, plot, ">Admitted / BareProxy</text>")
	d := xml.NewDecoder(strings.NewReader(plot))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
	}
}
