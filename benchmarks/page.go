package benchmarks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"anteroom/benchmarks/seed"
	"anteroom/loadtest/report"
)

// Page is all that BENCHMARKS.md says.
type Page struct {
	Figures     []Figure
	Measurement *Measurement
	Raw         string           // the file of what the benchmarks printed, beside the page; empty: not kept
	Plots       string           // folder of the plots, as the page names it
	Suites      []*report.Report // of load suites
	Seed        *seed.File       // the seed system's figures beside ours; nil: not measured
}

type printer func(format string, args ...any)

// Markdown writes the page.
func (p Page) Markdown() string {
	var b strings.Builder
	line := printer(func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) })
	m := p.Measurement
	line("# Benchmarks\n")
	line("Written by `make bench`; do not edit. Compare ratios, not absolutes: another machine gives other figures.\n")
	line("| | |\n|---|---|")
	line("| date | %s |", m.Date.UTC().Format("2006-01-02 15:04 UTC"))
	line("| commit | %s |", m.Commit)
	line("| machine | %s, %d cores, %.1f GiB memory |", m.Machine.CPU, m.Machine.Cores, m.Machine.MemoryGB)
	line("| system | %s, Linux %s |", m.Machine.OS, m.Machine.Kernel)
	line("| software | %s, Redis %s, PostgreSQL %s |", m.Machine.Go, m.Redis, m.PostgreSQL)
	p.method(line)
	for _, pkg := range packages(p.Figures) {
		p.pkg(line, pkg)
	}
	seedRows(line, p.Seed)
	for _, r := range p.Suites {
		suite(line, r)
	}
	p.absent(line)
	return b.String()
}

func (p Page) method(line printer) {
	m := p.Measurement
	line("\n## How it is measured\n")
	line("`%s`: %d rounds in %.0f minutes. Each round runs every benchmark for %s, a benchmark and its calibrators one right after the other:",
		seed.WithoutPaths(m.Command), m.Rounds, m.Seconds/60, m.BenchTime)
	line("A B C, A B C, …, in %d short passes whose medians count, or in one where what is needed takes long to make. A figure is the median of the rounds, with the least and the most in brackets; a ratio is taken within each round,", manyPasses)
	line("and is how many operations there are in the time of one of the calibrator. Everything is on loopback: Redis, PostgreSQL, the")
	line("program and the load share the cores.\n")
	line("To repeat: `make bench`; a part: `make bench ARGS=\"--figures internal/auth.PassSign\"`; a round of one group by hand, inside `bin/backing exec -- …`")
	line("where it needs Redis or PostgreSQL: the command below its heading. To compare with the recorded baseline: `make bench-gate`.")
	if p.Raw != "" {
		line("All values: [%s](%s), for `benchstat`, and the same as JSON beside it.", p.Raw, p.Raw)
	}
}

func (p Page) pkg(line printer, pkg string) {
	line("\n## %s\n", pkg)
	line("```")
	for _, g := range groupsOf(p.Figures) {
		if g.pkg == pkg {
			line("%s", g.repeat(p.Measurement.BenchTime))
		}
	}
	line("```\n")
	if HasPlot(p.Figures, p.Measurement, pkg) {
		line("![Operations for one of the calibrator, by round](%s/%s)\n", p.Plots, PlotName(pkg))
	}
	line("| benchmark | time an operation | operations a second | bytes | allocations | beside its calibrator | besides |\n|---|---|---|---|---|---|---|")
	for _, f := range p.Figures {
		if f.Package == pkg {
			p.figure(line, f)
		}
	}
}

func (p Page) figure(line printer, f Figure) {
	runs, skipped := p.Measurement.runs(f.Package, f.Name)
	if skipped != "" {
		line("| **%s**: %s | skipped: %s | | | | | |", f.Name, f.What, skipped)
		return
	}
	ns := spreadOf(runs["ns/op"])
	line("| **%s**: %s | %s (%s–%s) | %.0f | %.0f | %.0f | %s | %s |", f.Name, f.What, duration(ns.median), duration(ns.least), duration(ns.most),
		1e9/ns.median, spreadOf(runs["B/op"]).median, spreadOf(runs["allocs/op"]).median, p.beside(f), besides(runs))
}

// beside is how many operations there are in the time of one of each calibrator.
func (p Page) beside(f Figure) string {
	var all []string
	for _, c := range f.calibrators() {
		share, skipped := shares(p.Measurement, Metric{f.Package, f.Name, c})
		if skipped != "" {
			all = append(all, fmt.Sprintf("%s skipped: %s", c, skipped))
			continue
		}
		s := spreadOf(share)
		all = append(all, fmt.Sprintf("%s of %s (%s–%s)", number(s.median), c, number(s.least), number(s.most)))
	}
	return strings.Join(all, ", ")
}

// shares are a ratio's values the other way round, as people speak of them: how much of the calibrator's speed there is.
func shares(m *Measurement, metric Metric) (all []float64, skipped string) {
	values, skipped := m.Values(metric)
	for _, v := range values {
		all = append(all, 1/v)
	}
	return all, skipped
}

// besides are the medians of the units that a benchmark reports of its own.
func besides(runs Runs) string {
	var own []string
	for _, unit := range slices.Sorted(maps.Keys(runs)) {
		if unit != "ns/op" && unit != "B/op" && unit != "allocs/op" {
			own = append(own, fmt.Sprintf("%.3g %s", spreadOf(runs[unit]).median, unit))
		}
	}
	return strings.Join(own, ", ")
}

// duration writes nanoseconds with three digits.
func duration(ns float64) string {
	switch {
	case ns >= 1e9:
		return fmt.Sprintf("%.3g s", ns/1e9)
	case ns >= 1e6:
		return fmt.Sprintf("%.3g ms", ns/1e6)
	case ns >= 1e3:
		return fmt.Sprintf("%.3g µs", ns/1e3)
	default:
		return fmt.Sprintf("%.3g ns", ns)
	}
}
