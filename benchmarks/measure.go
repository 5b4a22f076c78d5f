package benchmarks

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"anteroom/loadtest/machine"
)

// Options say how to measure.
type Options struct {
	Root      string    // the module's folder
	Count     int       // rounds
	BenchTime string    // of each benchmark in each round, as `go test -benchtime` takes it
	Env       []string  // for the benchmarks, besides the environment: NAME=value
	Progress  io.Writer // what is being done
	Raw       io.Writer // all that the benchmarks printed, as benchstat reads it; nil: not kept
}

// Measure builds the test program of every package of the list once and then runs all groups in rounds: A B C, A B C, …, so that a slow
// minute of the machine meets everything, and a benchmark and its calibrators at the same time. A round is many short passes of its group,
// A B A B …, whose medians count, unless the group is dear. It fails when a benchmark fails, or one that is listed is not there; one that skips itself, because something is absent from the machine, is kept with its reason.
func Measure(ctx context.Context, figures []Figure, o Options) (*Measurement, error) {
	if o.Raw == nil {
		o.Raw = io.Discard
	}
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	programs := map[string]string{}
	for i, pkg := range packages(figures) {
		programs[pkg] = filepath.Join(dir, fmt.Sprintf("%d.test", i))
		fmt.Fprintf(o.Progress, "building the benchmarks of %s\n", pkg)
		build := exec.CommandContext(ctx, "go", "test", "-c", "-o", programs[pkg], "./"+pkg)
		build.Dir = o.Root
		if out, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", strings.Join(build.Args, " "), err, out)
		}
		if _, err := os.Stat(programs[pkg]); err != nil {
			return nil, fmt.Errorf("%s has no tests, and so no benchmarks", pkg)
		}
	}
	m := &Measurement{Schema: Schema, Date: time.Now().UTC(), Machine: machine.This(), Commit: commit(ctx, o.Root), Rounds: o.Count, BenchTime: o.BenchTime}
	for _, f := range figures {
		m.Benchmarks = append(m.Benchmarks, Benchmark{Package: f.Package, Name: f.Name, Runs: Runs{}})
	}
	for round := range o.Count {
		for _, g := range groupsOf(figures) {
			began := time.Now()
			if err := m.round(ctx, runner{g, programs[g.pkg], o}); err != nil {
				return nil, fmt.Errorf("round %d of %d: %w", round+1, o.Count, err)
			}
			fmt.Fprintf(o.Progress, "round %d of %d, %.1f s: %s\n", round+1, o.Count, time.Since(began).Seconds(), g)
		}
	}
	m.Seconds = time.Since(m.Date).Seconds()
	return m, m.complete()
}

// tries is how often a round of a group may be begun: a benchmark that fails on a machine that is much too busy, by a timeout, should not cost all that
// was measured. One that is broken fails each time.
const tries = 3

// round runs a group, again if that fails. Each benchmark gets one value more: the median of its passes.
func (m *Measurement) round(ctx context.Context, r runner) error {
	runs, skipped, err := r.run(ctx)
	for again := 1; again < tries && err != nil && ctx.Err() == nil; again++ {
		fmt.Fprintf(r.o.Progress, "%v\nonce more\n", err)
		runs, skipped, err = r.run(ctx)
	}
	if err != nil {
		return err
	}
	for i := range m.Benchmarks {
		b := &m.Benchmarks[i]
		if b.Package != r.g.pkg {
			continue
		}
		if why, ok := skipped[b.Name]; ok {
			b.Skipped = why
		}
		for unit, values := range runs[b.Name] {
			b.Runs[unit] = append(b.Runs[unit], spreadOf(values).median)
		}
	}
	return nil
}

// complete refuses a benchmark that did not run in every round: its ratios could not be told. One that skipped itself in some of them, because
// what it needs could not be fetched at first, has no figures.
func (m *Measurement) complete() error {
	for i := range m.Benchmarks {
		b := &m.Benchmarks[i]
		n := len(b.Runs["ns/op"])
		switch {
		case b.Skipped != "":
			b.Runs = Runs{}
		case n != m.Rounds:
			return fmt.Errorf("%s: Benchmark%s ran %d times, not %d; is it still there?", b.Package, b.Name, n, m.Rounds)
		}
	}
	return nil
}

// commit names the commit of the work tree, shortly; files that measuring itself writes may differ from it. Empty: not known.
func commit(ctx context.Context, root string) string {
	git := func(args ...string) (string, error) {
		command := exec.CommandContext(ctx, "git", args...)
		command.Dir = root
		out, err := command.Output()
		return strings.TrimSpace(string(out)), err
	}
	id, err := git("rev-parse", "--short=10", "HEAD")
	if err != nil {
		return ""
	}
	changes, err := git("status", "--porcelain", "--untracked-files=no", "--", ":/", ":!/BENCHMARKS.md", ":!/benchmarks/*.json", ":!/benchmarks/plots")
	if err != nil || changes != "" {
		id += "+changes"
	}
	return id
}
