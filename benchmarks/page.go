package benchmarks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"anteroom/loadtest/machine"
	"anteroom/loadtest/report"
)

// Page is all that BENCHMARKS.md says.
type Page struct {
	Date              time.Time
	Machine           machine.Machine
	Redis, PostgreSQL string // versions
	Figures           []Figure
	Results           []Result
	Suites            []*report.Report // of load suites
}

// Markdown writes the page.
func (p Page) Markdown() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Benchmarks\n")
	line("Written by `make bench`; do not edit. Compare ratios, not absolutes: another machine gives other figures.\n")
	line("| | |\n|---|---|")
	line("| date | %s |", p.Date.UTC().Format("2006-01-02 15:04 UTC"))
	line("| machine | %s, %d cores, %.1f GiB memory |", p.Machine.CPU, p.Machine.Cores, p.Machine.MemoryGB)
	line("| system | %s, Linux %s |", p.Machine.OS, p.Machine.Kernel)
	line("| software | %s, Redis %s, PostgreSQL %s |", p.Machine.Go, p.Redis, p.PostgreSQL)
	line("\nEverything is on loopback; Redis, PostgreSQL, the program and the load share the cores. A figure is the median of its runs,")
	line("with the least and the most in brackets.")
	for _, r := range p.Results {
		p.result(line, r)
	}
	for _, r := range p.Suites {
		suite(line, r)
	}
	return b.String()
}

func (p Page) result(line func(string, ...any), r Result) {
	line("\n## %s\n", r.Package)
	line("```\n%s\n```\n", r.Command)
	line("| benchmark | time an operation | operations a second | bytes | allocations | beside its calibrator | besides |\n|---|---|---|---|---|---|---|")
	for _, f := range p.Figures {
		if f.Package != r.Package {
			continue
		}
		runs := r.Runs[f.Name]
		ns := spreadOf(runs["ns/op"])
		line("| **%s**: %s | %s (%s–%s) | %.0f | %.0f | %.0f | %s | %s |", f.Name, f.What, duration(ns.median), duration(ns.least), duration(ns.most),
			1e9/ns.median, spreadOf(runs["B/op"]).median, spreadOf(runs["allocs/op"]).median, beside(f, r.Runs), besides(runs))
	}
}

// beside is how many operations there are for one of each calibrator, with the range that the runs allow.
func beside(f Figure, runs map[string]Runs) string {
	if f.Calibrator == "" {
		return ""
	}
	var all []string
	own := spreadOf(runs[f.Name]["ns/op"])
	for _, name := range strings.Split(f.Calibrator, ",") {
		other := spreadOf(runs[name]["ns/op"])
		all = append(all, fmt.Sprintf("%.2f of %s (%.2f–%.2f)", other.median/own.median, name, other.least/own.most, other.most/own.least))
	}
	return strings.Join(all, ", ")
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

func suite(line func(string, ...any), r *report.Report) {
	line("\n## Suite %s\n", r.Suite)
	line("```\n%s\n```\n", r.Command)
	line("%s, verdict **%s**: %d visitors, %d requests in %.1f s (%.0f a second, %d in the busiest), %.3f %% failed; the generator is on the same machine.\n",
		r.Began.UTC().Format("2006-01-02 15:04 UTC"), r.Verdict, r.Load.Visitors, r.Load.Requests, r.Seconds, r.Load.PerSecond, r.Load.PeakPerSecond, r.Load.FailedPercent)
	if len(r.Phases) > 0 {
		line("| phase | seconds | people | a second | CPU of Redis | memory of Redis | |\n|---|---|---|---|---|---|---|")
		for _, p := range r.Phases {
			line("| %s | %.1f | %d | %.0f | %.0f %% of a core | %.1f MiB | %s |", p.Name, p.Seconds, p.People, p.PerSecond, p.RedisCPUPercent, float64(p.RedisMemory)/(1<<20), p.Note)
		}
		line("")
	}
	line("| promise | check | right | wrong | of |\n|---|---|---|---|---|")
	for _, p := range r.Promises {
		for _, c := range p.Checks {
			line("| %s %s | %s | %.3f %% | %d | %d |", p.ID, p.Name, c.Name, c.Percent, c.Violations, c.Of)
		}
	}
	line("\nLatency counts from when a request was due, in milliseconds.\n")
	line("| request | count | p50 | p95 | p99 | max |\n|---|---|---|---|---|---|")
	for _, a := range r.Actions {
		line("| %s | %d | %.1f | %.1f | %.1f | %.1f |", a.Name, a.Count, a.P50, a.P95, a.P99, a.Max)
	}
}
