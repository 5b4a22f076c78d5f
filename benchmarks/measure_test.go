package benchmarks

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
)

func TestRoundsAreInterleaved(t *testing.T) {
	t.Parallel()
	var raw bytes.Buffer
	m, err := Measure(t.Context(), proof, Options{Root: "..", Count: 3, BenchTime: "2x", Progress: t.Output(), Raw: &raw})
	require.NoError(t, err)
	var order []string
	for _, match := range regexp.MustCompile(`(?m)^Benchmark(\w+)-?\d*\s+\d`).FindAllStringSubmatch(raw.String(), -1) {
		order = append(order, match[1])
	}
	require.Equal(t, []string{"Proof", "ProofCalibrator", "Proof", "ProofCalibrator", "Proof", "ProofCalibrator"}, order)
	require.Len(t, m.Benchmarks, 2)
	values, skipped := m.Values(Metric{"benchmarks", "Proof", "ProofCalibrator"})
	require.Empty(t, skipped)
	require.Len(t, values, 3)
	for i, ns := range m.Benchmarks[0].Runs["ns/op"] {
		require.InDelta(t, ns/m.Benchmarks[1].Runs["ns/op"][i], values[i], 1e-9)
	}

	path := filepath.Join(t.TempDir(), "results", m.FileName()+".json")
	require.NoError(t, m.Write(path))
	again, err := ReadMeasurement(path)
	require.NoError(t, err)
	require.Equal(t, m.Benchmarks, again.Benchmarks)

	m.Rounds = 4 // one more than there are values
	require.NoError(t, m.Write(path))
	_, err = ReadMeasurement(path)
	require.ErrorContains(t, err, "benchmarks.Proof has 3 times, not one for each of 4 rounds")
}

func TestARoundIsManyPassesWhoseMediansCount(t *testing.T) {
	t.Parallel()
	require.Equal(t, testenv.PassesVariable, passesVariable)
	var raw bytes.Buffer
	m, err := Measure(t.Context(), proof, Options{Root: "..", Count: 1, BenchTime: "16ms", Progress: t.Output(), Raw: &raw})
	require.NoError(t, err)
	matches := regexp.MustCompile(`(?m)^Benchmark(\w+)-?\d*\s+\d+\s+([0-9.]+) ns/op`).FindAllStringSubmatch(raw.String(), -1)
	require.Len(t, matches, 2*manyPasses)
	var own []float64
	for i, match := range matches {
		require.Equal(t, []string{"Proof", "ProofCalibrator"}[i%2], match[1])
		if i%2 == 0 {
			ns, err := strconv.ParseFloat(match[2], 64)
			require.NoError(t, err)
			own = append(own, ns)
		}
	}
	slices.Sort(own)
	require.Len(t, m.Benchmarks[0].Runs["ns/op"], 1)
	require.InDelta(t, (own[manyPasses/2-1]+own[manyPasses/2])/2, m.Benchmarks[0].Runs["ns/op"][0], 1e-6)
}

func TestAPackageThatDoesNotGoThroughThePassesIsNamed(t *testing.T) {
	t.Parallel()
	_, err := Measure(t.Context(), []Figure{{"waitroom/ledger", "Sign", "", ""}}, Options{Root: "..", Count: 1, BenchTime: "16ms", Progress: t.Output()})
	require.ErrorContains(t, err, "waitroom/ledger: Sign: BenchmarkSign ran 1 times in 16 passes; does the package's TestMain run by testenv.Passes?")
}

func TestASkippedBenchmarkKeepsItsReason(t *testing.T) {
	t.Parallel()
	m, err := Measure(t.Context(), proof, Options{Root: "..", Count: 1, BenchTime: "2x", Env: []string{"BENCH_PROOF_SKIP=not on this machine"}, Progress: t.Output()})
	require.NoError(t, err)
	_, skipped := m.Values(Metric{"benchmarks", "Proof", "ProofCalibrator"})
	require.Equal(t, "not on this machine", skipped)
	require.Contains(t, Page{Figures: proof, Measurement: m}.Markdown(), "skipped: not on this machine")
}

// What is needed may be fetched by a later round: figures of some rounds are none, and no failure.
func TestABenchmarkThatSkippedSomeRoundsIsSkipped(t *testing.T) {
	t.Parallel()
	m := &Measurement{Rounds: 2, Benchmarks: []Benchmark{{Package: "a", Name: "One", Skipped: "not fetched", Runs: Runs{"ns/op": {1}}}}}
	require.NoError(t, m.complete())
	require.Equal(t, Benchmark{Package: "a", Name: "One", Skipped: "not fetched", Runs: Runs{}}, m.Benchmarks[0])
	m.Benchmarks[0] = Benchmark{Package: "a", Name: "One", Runs: Runs{"ns/op": {1}}}
	require.ErrorContains(t, m.complete(), "BenchmarkOne ran 1 times, not 2")
}

// A service that complains while it is measured says so in the middle of a line of results.
func TestComplaintsDoNotSpoilResults(t *testing.T) {
	t.Parallel()
	var raw bytes.Buffer
	o := Options{Root: "..", Count: 1, BenchTime: "2x", Env: []string{"BENCH_PROOF_COMPLAINT=slow "}, Progress: t.Output(), Raw: &raw}
	m, err := Measure(t.Context(), proof, o)
	require.NoError(t, err)
	require.Len(t, m.Benchmarks[0].Runs["ns/op"], 1)
	require.Contains(t, raw.String(), "slow ", "it is kept all the same")
}

func TestMeasureSaysWhichBenchmarkIsMissingOrFailed(t *testing.T) {
	t.Parallel()
	_, err := Measure(t.Context(), []Figure{{"benchmarks", "Nothing", "", ""}}, Options{Root: "..", Count: 1, BenchTime: "1x", Progress: t.Output()})
	require.ErrorContains(t, err, "BenchmarkNothing ran 0 times")
	_, err = Measure(t.Context(), []Figure{{"internal/fault", "Nothing", "", ""}}, Options{Root: "..", Count: 1, BenchTime: "1x", Progress: t.Output()})
	require.ErrorContains(t, err, "internal/fault has no tests")
	_, err = Measure(t.Context(), proof, Options{Root: "..", Count: 1, BenchTime: "1x", Env: []string{ProofSlower + "=much"}, Progress: t.Output()})
	require.ErrorContains(t, err, "round 1 of 1")
	require.ErrorContains(t, err, "benchmarks: Proof, ProofCalibrator")
}
