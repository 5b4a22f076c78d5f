package benchmarks

import "fmt"

// allocations is what a Metric has in place of a calibrator when it is a count of allocations.
const allocations = "allocs"

// Metric is one number that the gate holds: what one operation costs in operations of its calibrator, or how often it allocates.
// Less is better.
type Metric struct {
	Package string
	Name    string // of the benchmark
	Against string // its calibrator, or "allocs": allocations of one operation, which every machine counts alike
}

// String is the metric's name in thresholds.yaml and baseline.json.
func (m Metric) String() string { return m.Package + "." + m.Name + "/" + m.Against }

// Metrics are the metrics of a list: each figure beside each of its calibrators, and the allocations of each that is ours,
// which is each that is not there for the others alone.
func Metrics(figures []Figure) []Metric {
	calibrator := map[string]bool{}
	for _, f := range figures {
		for _, c := range f.calibrators() {
			calibrator[f.Package+"."+c] = true
		}
	}
	var all []Metric
	for _, f := range figures {
		for _, c := range f.calibrators() {
			all = append(all, Metric{f.Package, f.Name, c})
		}
		if len(f.calibrators()) > 0 || !calibrator[f.Package+"."+f.Name] {
			all = append(all, Metric{f.Package, f.Name, allocations})
		}
	}
	return all
}

// Values are a metric's values, one a round; a ratio is of two runs of the same round. When there are none, skipped says why.
func (m *Measurement) Values(metric Metric) (values []float64, skipped string) {
	own, skipped := m.runs(metric.Package, metric.Name)
	if skipped != "" {
		return nil, skipped
	}
	if metric.Against == allocations {
		return own["allocs/op"], ""
	}
	other, skipped := m.runs(metric.Package, metric.Against)
	if skipped != "" {
		return nil, skipped
	}
	for i, ns := range own["ns/op"] {
		values = append(values, ns/other["ns/op"][i])
	}
	return values, ""
}

func (m *Measurement) runs(pkg, name string) (Runs, string) {
	for _, b := range m.Benchmarks {
		if b.Package == pkg && b.Name == name {
			return b.Runs, b.Skipped
		}
	}
	return nil, fmt.Sprintf("%s.%s was not measured", pkg, name)
}
