package benchmarks

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// recordedRounds are 21 real measurements of one build: the ratios of six rounds each of BenchmarkProof beside BenchmarkProofCalibrator, written by
// `bench prove --record benchmarks/testdata/rounds.json`.
func recordedRounds(t *testing.T) (measurements [][]float64) {
	t.Helper()
	require.NoError(t, readJSON("testdata/rounds.json", &measurements))
	require.Len(t, measurements, 21)
	for _, m := range measurements {
		require.GreaterOrEqual(t, len(m), 6)
	}
	return measurements
}

func projectLimits(t *testing.T) *Thresholds {
	t.Helper()
	limits, err := ReadThresholds("thresholds.yaml", Metrics(Figures))
	require.NoError(t, err)
	return limits
}

func TestTheSameBuildPassesTwentyTimesOfTwenty(t *testing.T) {
	t.Parallel()
	limits, all := projectLimits(t), recordedRounds(t)
	for i := range 20 {
		v := judge("m", all[i], all[i+1], limits.limit("", 0), limits.Alpha)
		require.NotEqual(t, Regression, v.Outcome, "measurements %d and %d: %+v", i, i+1, v)
	}
}

func TestASlowdownOfFifteenPercentIsCaught(t *testing.T) {
	t.Parallel()
	limits, all := projectLimits(t), recordedRounds(t)
	for i := range 20 {
		v := judge("m", all[i], slower(all[i+1], 1.15), limits.limit("", 0), limits.Alpha)
		require.Equal(t, Regression, v.Outcome, "measurements %d and %d: %+v", i, i+1, v)
	}
}

// The control: judged by the medians alone, without limit and test, the same real rounds do raise false alarms.
func TestWithoutTheLimitAndTheTestTheSameBuildIsAccused(t *testing.T) {
	t.Parallel()
	all, accused := recordedRounds(t), 0
	for i := range 20 {
		if judge("m", all[i], all[i+1], 0, 1).Outcome == Regression {
			accused++
		}
	}
	require.NotZero(t, accused)
}

// What the project itself gates with.
func TestTheProjectsThresholdsAndBaselineFit(t *testing.T) {
	t.Parallel()
	metrics := Metrics(Figures)
	b, err := ReadBaseline("baseline.json", false)
	require.NoError(t, err)
	require.NoError(t, b.Valid(metrics, projectLimits(t).Alpha))
	require.NotEmpty(t, b.Metrics)
}
