package benchmarks

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"anteroom/loadtest/machine"
)

// Baseline is what the gate compares with: benchmarks/baseline.json.
type Baseline struct {
	Schema  int                 `json:"schema"`
	Metrics map[string]Recorded `json:"metrics"` // by the metric's name
}

// Recorded is one metric as it was when the baseline was last changed for it.
type Recorded struct {
	Values    []float64       `json:"values"` // one a round
	Date      time.Time       `json:"date"`
	Commit    string          `json:"commit"`
	BenchTime string          `json:"benchtime"`
	Machine   machine.Machine `json:"machine"`
}

// ReadBaseline reads a baseline. One that is not there is an empty one if absent is allowed.
func ReadBaseline(path string, mayBeAbsent bool) (*Baseline, error) {
	b := Baseline{Schema: Schema, Metrics: map[string]Recorded{}}
	err := readJSON(path, &b)
	switch {
	case mayBeAbsent && errors.Is(err, fs.ErrNotExist):
		return &b, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w; `make bench-baseline` records one", err)
	case err != nil:
		return nil, err
	case b.Schema != Schema:
		return nil, fmt.Errorf("%s: schema: is %d, this command reads %d", path, b.Schema, Schema)
	}
	return &b, nil
}

// Write writes the baseline.
func (b *Baseline) Write(path string) error { return writeJSON(path, b) }

// Valid says whether the baseline can serve: only metrics that there are, and of each enough values for a test with this alpha against as
// many new ones.
func (b *Baseline) Valid(metrics []Metric, alpha float64) error {
	for name, r := range b.Metrics {
		switch {
		case !slices.ContainsFunc(metrics, func(m Metric) bool { return m.String() == name }):
			return fmt.Errorf("metrics: there is no metric %q", name)
		case leastP(len(r.Values), len(r.Values)) >= alpha:
			return fmt.Errorf("metrics: %s: %d values are too few for a test with alpha %v", name, len(r.Values), alpha)
		case slices.ContainsFunc(r.Values, func(v float64) bool { return v < 0 }):
			return fmt.Errorf("metrics: %s: a value is below 0", name)
		}
	}
	return nil
}

// Forget drops what is no metric any more.
func (b *Baseline) Forget(metrics []Metric) {
	maps.DeleteFunc(b.Metrics, func(name string, _ Recorded) bool {
		return !slices.ContainsFunc(metrics, func(m Metric) bool { return m.String() == name })
	})
}

// Record takes over what was measured, metric by metric. What is a regression against the baseline is taken over only if worse is set: a
// baseline that follows every slowdown finds none. It returns the verdicts of the comparison with the old baseline.
func (b *Baseline) Record(m *Measurement, metrics []Metric, t *Thresholds, worse bool) *Comparison {
	c := compare(b, m, metrics, t, 0)
	for i := range c.Verdicts {
		v := &c.Verdicts[i]
		values, skipped := m.Values(metrics[i])
		switch {
		case skipped != "":
		case v.Outcome == Regression && !worse:
			v.Note = "kept the old one"
		default:
			if _, known := b.Metrics[v.Metric]; !known {
				v.Note = "new"
			}
			b.Metrics[v.Metric] = Recorded{Values: values, Date: m.Date, Commit: m.Commit, BenchTime: m.BenchTime, Machine: m.Machine}
		}
	}
	return c
}
