package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// WriteText writes the closing block for the terminal.
func (r *Report) WriteText(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }

	line("")
	line("%s: %d visitors, %d requests in %.1f s (%.0f/s, busiest second %d; joins %.0f/s), %.3f %% failed",
		r.Suite, r.Load.Visitors, r.Load.Requests, r.Seconds, r.Load.PerSecond, r.Load.PeakPerSecond, r.Load.JoinsPerSecond, r.Load.FailedPercent)
	line("%s, %d cores, %.1f GiB, Linux %s, %s", r.Machine.CPU, r.Machine.Cores, r.Machine.MemoryGB, r.Machine.Kernel, r.Machine.Go)
	for _, name := range slices.Sorted(maps.Keys(r.System)) {
		line("%s: %s", name, r.System[name])
	}
	if r.Load.Cut {
		line("The deadline came before the last visitor was done: no promise counts as kept.")
	}

	if len(r.Phases) > 0 {
		line("\nPhase\tseconds\tpeople\tpeople/s\tRedis CPU\tused_memory\trss")
	}
	for _, p := range r.Phases {
		line("  %s\t%.1f\t%d\t%.0f\t%.0f %%\t%.2f MB\t%.2f MB\t%s", p.Name, p.Seconds, p.People, p.PerSecond, p.RedisCPUPercent, megabytes(p.RedisMemory), megabytes(p.RedisRSS), p.Note)
	}

	line("\nHow the visits went")
	for _, name := range byCount(r.Outcomes) {
		line("  %s\t%d", name, r.Outcomes[name])
	}

	line("\nLatency from the due time, ms\tcount\tp50\tp95\tp99\tmax\tlost")
	for _, a := range r.Actions {
		line("  %s\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t%d", a.Name, a.Count, a.P50, a.P95, a.P99, a.Max, a.Lost)
	}

	line("\nService levels (informative)")
	for _, s := range r.SLOs {
		line("  %s\t%.3f %s\t%s %.3g %s", s.Name, s.Value, s.Unit, mark(s.Met, "within", "OVER"), s.Limit, s.Unit)
	}

	for _, p := range r.Promises {
		line("\n%s %s: %s", p.ID, p.Name, mark(p.Kept, "kept", "BROKEN"))
		for _, c := range p.Checks {
			line("  %s %s\t%.3f %%\t%d of %d wrong\t%s", mark(c.Kept, "ok", "!!"), c.Name, c.Percent, c.Violations, c.Of, c.Note)
			for _, example := range c.Examples {
				line("       e.g. %s", example)
			}
		}
	}
	line("\n%s", strings.Repeat("=", 60))
	headline := "order kept: " + r.orderKept()
	for _, h := range r.figures() {
		headline += "   " + h.Name + ": " + h.Value
	}
	line("%s", headline)
	line("VERDICT: %s", r.Verdict)
	return out.Flush()
}

func mark(ok bool, yes, no string) string {
	if ok {
		return yes
	}
	return no
}

// orderKept is the share of joins in order; a share that is not whole never rounds up to a whole one.
func (r *Report) orderKept() string {
	c := r.check("order of joining")
	if c == nil || c.Of == 0 {
		return "not known"
	}
	if c.Violations > 0 {
		return fmt.Sprintf("%.3f %%", min(c.Percent, 99.999))
	}
	return "100.000 %"
}

// keyFigure is a figure that is shown first.
type keyFigure struct{ Name, Value string }

// figures are those that the suite looked at, of the checks that people ask for first.
func (r *Report) figures() (all []keyFigure) {
	for _, h := range []struct{ name, check string }{
		{"double sales", "seats sold once"}, {"reached without a pass", "gated paths without a valid pass"},
		{"not admitted", "everybody who waited was admitted"},
	} {
		switch c := r.check(h.check); {
		case c == nil:
		case c.Of == 0:
			all = append(all, keyFigure{h.name, "not known"})
		default:
			all = append(all, keyFigure{h.name, fmt.Sprintf("%d of %d", c.Violations, c.Of)})
		}
	}
	return all
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

func (r *Report) check(name string) *CheckResult {
	for i := range r.Promises {
		for j := range r.Promises[i].Checks {
			if c := &r.Promises[i].Checks[j]; c.Name == name {
				return c
			}
		}
	}
	return nil
}

func byCount(counts map[string]int) []string {
	names := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(names, func(a, b string) int { return counts[b] - counts[a] })
	return names
}
