package benchmarks

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThresholdsNameWhatIsWrong(t *testing.T) {
	t.Parallel()
	metrics := Metrics(some)
	read := func(text string) (*Thresholds, error) {
		path := filepath.Join(t.TempDir(), "thresholds.yaml")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return ReadThresholds(path, metrics)
	}
	good := "alpha: 0.01\ndefault_percent: 10\nmetrics:\n  a.One/X: {percent: 25, because: it varies}\n"
	limits, err := read(good)
	require.NoError(t, err)
	require.Equal(t, 0.25, limits.limit("a.One/X", 0))
	require.Equal(t, 0.35, limits.limit("a.One/X", 35))
	require.Equal(t, 0.1, limits.limit("a.Two/X", 0))

	for text, want := range map[string]string{
		good + "more: 1\n":                    "field more not found",
		"alpha: 0.2\ndefault_percent: 10\n":   "alpha: is 0.2",
		"alpha: 0.01\n":                       "default_percent: is 0",
		"alpha: 0.01\ndefault_percent: ten\n": "line 2",
		"alpha: 0.01\ndefault_percent: 10\nmetrics: {a.None/X: {percent: 10, because: x}}": `there is no metric "a.None/X"`,
		"alpha: 0.01\ndefault_percent: 10\nmetrics: {a.One/X: {percent: 101, because: x}}": "a.One/X: percent: is 101",
		"alpha: 0.01\ndefault_percent: 10\nmetrics: {a.One/X: {percent: 10}}":              "a.One/X: because: is empty",
		"alpha: 0.01\ndefault_percent: 10\nmetrics: {a.One/X: {percent: 10, becuse: x}}":   "field becuse not found",
		good + "---\nalpha: 0.01\n": "more than one document",
	} {
		_, err := read(text)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "thresholds.yaml")
	}
}
