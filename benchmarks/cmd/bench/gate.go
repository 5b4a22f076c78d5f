package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"anteroom/benchmarks"
	"anteroom/internal/service"
)

// errRegression ends the gate with 1; the table has said the rest.
var errRegression = errors.New("there is a regression, see the table")

// gate compares with the baseline.
func (c command) gate(args []string) error {
	var s selection
	var from, limits, markdown string
	var atLeast int
	f := service.NewFlags("bench gate", "BENCH", c.log)
	s.flags(f)
	f.String(&from, "baseline", baselineFile, "to compare with")
	f.String(&limits, "thresholds", thresholdsFile, "what is allowed")
	f.String(&markdown, "markdown", "", "file to write the table to for a pull request; empty: none")
	f.Int(&atLeast, "at-least", 0, "percent, 0 to 100: nothing fails that is worse by less, whatever its threshold; for machines that others share")
	figures, err := s.choose(f, args, c.log)
	if err != nil {
		return err
	}
	if atLeast < 0 || atLeast > 100 {
		return f.Fail(fmt.Errorf("--at-least must be from 0 to 100, is %d", atLeast))
	}
	// Both are read before anything is measured: a mistake in them should not cost minutes.
	thresholds, err := benchmarks.ReadThresholds(limits, benchmarks.Metrics(benchmarks.Figures))
	if err != nil {
		return err
	}
	baseline, err := benchmarks.ReadBaseline(from, false)
	if err != nil {
		return err
	}
	comparison, err := benchmarks.Gate(c.ctx, figures, baseline, thresholds, atLeast, func(ctx context.Context, part []benchmarks.Figure) (*benchmarks.Measurement, error) {
		return c.take(ctx, part, s.o, append([]string{"gate"}, args...))
	})
	if err != nil {
		return err
	}
	fmt.Fprint(c.out, comparison.Text())
	if markdown != "" {
		if err := os.WriteFile(markdown, []byte(comparison.Markdown()), 0o644); err != nil {
			return err
		}
	}
	if comparison.Failed() {
		return errRegression
	}
	return nil
}

// baseline records what is measured as what the gate compares with from now on.
func (c command) baseline(args []string) error {
	var s selection
	var file, limits, from string
	var worse bool
	f := service.NewFlags("bench baseline", "BENCH", c.log)
	s.flags(f)
	f.String(&file, "baseline", baselineFile, "file to write; what it has of other metrics is kept")
	f.String(&limits, "thresholds", thresholdsFile, "what is allowed")
	f.String(&from, "from", "", "file of a measurement that has been taken, to record instead of measuring; empty: measures")
	f.Bool(&worse, "accept-worse", false, "also record what is a regression against the old baseline")
	figures, err := s.choose(f, args, c.log)
	if err != nil {
		return err
	}
	all := benchmarks.Metrics(benchmarks.Figures)
	thresholds, err := benchmarks.ReadThresholds(limits, all)
	if err != nil {
		return err
	}
	b, err := benchmarks.ReadBaseline(file, true)
	if err != nil {
		return err
	}
	b.Forget(all)
	var m *benchmarks.Measurement
	if from != "" {
		m, err = benchmarks.ReadMeasurement(from)
	} else {
		m, err = c.take(c.ctx, figures, s.o, append([]string{"baseline"}, args...))
	}
	if err != nil {
		return err
	}
	fmt.Fprint(c.out, b.Record(m, benchmarks.Metrics(figures), thresholds, worse).Text())
	if err := b.Write(file); err != nil {
		return err
	}
	fmt.Fprintln(c.log, "wrote", file)
	return nil
}

// check looks at the gate's own files without measuring anything.
func (c command) check(args []string) error {
	f := service.NewFlags("bench check", "BENCH", c.log)
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return f.Fail(fmt.Errorf("there are words that are no flags: %q", rest))
	}
	if _, err := benchmarks.Short(benchmarks.Figures); err != nil {
		return err
	}
	metrics := benchmarks.Metrics(benchmarks.Figures)
	thresholds, err := benchmarks.ReadThresholds(thresholdsFile, metrics)
	if err != nil {
		return err
	}
	b, err := benchmarks.ReadBaseline(baselineFile, false)
	if err != nil {
		return err
	}
	if err := b.Valid(metrics, thresholds.Alpha); err != nil {
		return fmt.Errorf("%s: %w", baselineFile, err)
	}
	fmt.Fprintf(c.out, "%d metrics, %d of them in the baseline\n", len(metrics), len(b.Metrics))
	return nil
}

// prove shows on this machine that the gate can be believed.
func (c command) prove(args []string) error {
	o := benchmarks.Options{Root: ".", Progress: c.log}
	var comparisons int
	var limits, record string
	f := service.NewFlags("bench prove", "BENCH", c.log)
	f.Int(&o.Count, "count", 6, "rounds of each measurement, 5 to 100")
	f.String(&o.BenchTime, "benchtime", "300ms", "of each benchmark in each round")
	f.Int(&comparisons, "comparisons", 20, "of the same build with itself, 1 to 1000")
	f.String(&limits, "thresholds", thresholdsFile, "what is allowed")
	f.String(&record, "record", "", "file to write the ratios of the same build to, as JSON; empty: none")
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || o.Count < 5 || o.Count > 100 || comparisons < 1 || comparisons > 1000 {
		return f.Fail(fmt.Errorf("--count must be from 5 to 100, is %d; --comparisons from 1 to 1000, is %d; other words are none of ours: %q", o.Count, comparisons, rest))
	}
	thresholds, err := benchmarks.ReadThresholds(limits, benchmarks.Metrics(benchmarks.Figures))
	if err != nil {
		return err
	}
	same, err := benchmarks.Prove(c.ctx, o, thresholds, comparisons, c.out)
	if record != "" && len(same) > 0 {
		err = errors.Join(err, benchmarks.WriteRatios(record, same))
	}
	return err
}
