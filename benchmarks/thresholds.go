package benchmarks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Thresholds say what the gate allows. They are read from benchmarks/thresholds.yaml.
type Thresholds struct {
	Alpha   float64              `yaml:"alpha"`           // of the test, above 0 and at most 0.05
	Default int                  `yaml:"default_percent"` // a metric may be worse by so much, 1 to 100, unless Metrics has it
	Metrics map[string]Threshold `yaml:"metrics"`         // by the metric's name
}

// Threshold is what one metric is allowed.
type Threshold struct {
	Percent int    `yaml:"percent"` // it may be worse by so much, 1 to 100
	Because string `yaml:"because"` // why it needs another limit than the rest
}

// ReadThresholds reads and checks a file of thresholds; every metric in it must be one of those given. The error names file and field.
func ReadThresholds(path string, metrics []Metric) (*Thresholds, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var t Thresholds
	d := yaml.NewDecoder(bytes.NewReader(body))
	d.KnownFields(true)
	if err := d.Decode(&t); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: there is more than one document", path)
	}
	if err := t.valid(metrics); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &t, nil
}

func (t *Thresholds) valid(metrics []Metric) error {
	if t.Alpha <= 0 || t.Alpha > 0.05 {
		return fmt.Errorf("alpha: is %v, must be above 0 and at most 0.05", t.Alpha)
	}
	if t.Default < 1 || t.Default > 100 {
		return fmt.Errorf("default_percent: is %d, must be from 1 to 100", t.Default)
	}
	for name, one := range t.Metrics {
		switch {
		case !slices.ContainsFunc(metrics, func(m Metric) bool { return m.String() == name }):
			return fmt.Errorf("metrics: there is no metric %q", name)
		case one.Percent < 1 || one.Percent > 100:
			return fmt.Errorf("metrics: %s: percent: is %d, must be from 1 to 100", name, one.Percent)
		case one.Because == "":
			return fmt.Errorf("metrics: %s: because: is empty", name)
		}
	}
	return nil
}

// limit is the share that a metric is allowed, but never below atLeast percent.
func (t *Thresholds) limit(metric string, atLeast int) float64 {
	percent := t.Default
	if one, ok := t.Metrics[metric]; ok {
		percent = one.Percent
	}
	return float64(max(percent, atLeast)) / 100
}
