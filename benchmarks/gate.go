package benchmarks

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Comparison is what the gate found: one verdict a metric, in the list's order.
type Comparison struct {
	Verdicts []Verdict
	Remarks  []string // what makes the comparison weaker than it looks
	Measured *Measurement
}

// Failed says whether there is a regression.
func (c *Comparison) Failed() bool { return c.count(Regression) > 0 }

func (c *Comparison) count(o Outcome) (n int) {
	for _, v := range c.Verdicts {
		if v.Outcome == o {
			n++
		}
	}
	return n
}

// Gate measures figures and compares them with the baseline. Groups with a regression are measured a second time, and only what is one
// again stays one: a busy minute of the machine does not come twice. No metric is allowed less than atLeast percent, whatever its threshold
// says. A comparison of nothing is an error.
func Gate(ctx context.Context, figures []Figure, b *Baseline, t *Thresholds, atLeast int, measure func(context.Context, []Figure) (*Measurement, error)) (*Comparison, error) {
	m, err := measure(ctx, figures)
	if err != nil {
		return nil, err
	}
	c := compare(b, m, Metrics(figures), t, atLeast)
	if c.count(Skipped) == len(c.Verdicts) {
		return nil, errors.New("nothing could be compared: " + c.Verdicts[0].Note)
	}
	var again []string
	for _, v := range c.Verdicts {
		if v.Outcome == Regression {
			again = append(again, figureOf(v.Metric, figures))
		}
	}
	if len(again) == 0 {
		return c, nil
	}
	part, err := Choose(figures, again)
	if err != nil {
		return nil, err
	}
	m, err = measure(ctx, part)
	if err != nil {
		return nil, err
	}
	c.confirm(compare(b, m, Metrics(part), t, atLeast))
	return c, nil
}

// confirm takes back what a second measurement does not show.
func (c *Comparison) confirm(second *Comparison) {
	for i := range c.Verdicts {
		v := &c.Verdicts[i]
		if v.Outcome != Regression {
			continue
		}
		at := slices.IndexFunc(second.Verdicts, func(other Verdict) bool { return other.Metric == v.Metric })
		if at < 0 {
			continue // it stands: nothing speaks against it
		}
		other := second.Verdicts[at]
		if other.Outcome != Regression && other.Outcome != Skipped {
			v.Outcome = Noise
		}
		v.Note = fmt.Sprintf("measured again: %+.1f %%, P %.4f", 100*other.Worse, other.P)
	}
}

func figureOf(metric string, figures []Figure) string {
	for _, m := range Metrics(figures) {
		if m.String() == metric {
			return m.Package + "." + m.Name
		}
	}
	return metric
}

// compare judges every metric; Verdicts has one for each of metrics, in their order.
func compare(b *Baseline, m *Measurement, metrics []Metric, t *Thresholds, atLeast int) *Comparison {
	c := &Comparison{Measured: m}
	for _, metric := range metrics {
		name := metric.String()
		now, skipped := m.Values(metric)
		before, known := b.Metrics[name]
		switch {
		case skipped != "":
			c.Verdicts = append(c.Verdicts, Verdict{Metric: name, Outcome: Skipped, Note: skipped})
			continue
		case !known:
			c.Verdicts = append(c.Verdicts, Verdict{Metric: name, Outcome: Skipped, Now: spreadOf(now).median, Note: "not in the baseline"})
			continue
		}
		c.Verdicts = append(c.Verdicts, judge(name, before.Values, now, t.limit(name, atLeast), t.Alpha))
		if before.Machine.CPU != m.Machine.CPU || before.Machine.Cores != m.Machine.Cores {
			c.remark(fmt.Sprintf("The baseline is of another machine: %s, %d cores. Ratios move less than times from machine to machine, but they do move.", before.Machine.CPU, before.Machine.Cores))
		}
		if before.BenchTime != m.BenchTime {
			c.remark(fmt.Sprintf("The baseline ran each benchmark for %s, this is %s.", before.BenchTime, m.BenchTime))
		}
	}
	return c
}

func (c *Comparison) remark(text string) {
	if !slices.Contains(c.Remarks, text) {
		c.Remarks = append(c.Remarks, text)
	}
}
