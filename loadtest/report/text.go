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
	line("%s", r.machineName())
	for _, name := range slices.Sorted(maps.Keys(r.System)) {
		line("%s: %s", name, r.System[name])
	}
	for i, f := range r.Faults {
		line("fault %d: %s", i+1, f)
	}
	r.textPhases(line)
	line("\nHow the visits went")
	for _, name := range byCount(r.Outcomes) {
		line("  %s\t%d", name, r.Outcomes[name])
	}
	line("\nLatency from the due time, ms\tcount\tp50\tp95\tp99\tmax\tlost")
	for _, a := range r.Actions {
		line("  %s\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t%d", a.Name, a.Count, a.P50, a.P95, a.P99, a.Max, a.Lost)
	}
	r.textErrors(line)
	r.textLevels(line)
	r.textPromises(line)
	r.textMissing(line)
	line("\n%s", strings.Repeat("=", 60))
	headline := "order kept: " + r.orderKept()
	for _, h := range r.figures() {
		headline += "   " + h.Name + ": " + h.Value
	}
	line("%s", headline)
	if figures := r.orderFigures(); figures != "" {
		line("%s", figures)
	}
	for _, why := range r.Reasons {
		line("because %s", why)
	}
	ended := ""
	if r.Ended != "" && r.Ended != "done" {
		ended = " (" + r.Ended + ")"
	}
	line("VERDICT: %s%s", r.Verdict, ended)
	return out.Flush()
}

type liner func(format string, args ...any)

func (r *Report) textPhases(line liner) {
	if len(r.Phases) > 0 {
		line("\nPhase\tseconds\tpeople\tpeople/s\tRedis CPU\tused_memory\trss")
	}
	for _, p := range r.Phases {
		line("  %s\t%.1f\t%d\t%.0f\t%.0f %%\t%.2f MB\t%.2f MB\t%s", p.Name, p.Seconds, p.People, p.PerSecond, p.RedisCPUPercent, megabytes(p.RedisMemory), megabytes(p.RedisRSS), p.Note)
	}
}

func (r *Report) textErrors(line liner) {
	errors := r.errors()
	if len(errors) > 0 {
		line("\nErrors by type")
	}
	for _, name := range byCount(errors) {
		line("  %s\t%d", name, errors[name])
	}
}

func (r *Report) textLevels(line liner) {
	if len(r.SLOs) > 0 {
		line("\nService levels")
	}
	for _, s := range r.SLOs {
		line("  %s%s\t%s\t%s\t%s\t%s", s.Name, mark(s.Decides, "", " (informative)"), s.Measured(), s.Bound(), mark(s.State() == "missed", "MISSED", s.State()), s.Missing)
	}
}

func (r *Report) textPromises(line liner) {
	for _, p := range r.Promises {
		line("\n%s %s: %s", p.ID, p.Name, mark(p.State == Broken, "BROKEN", string(p.State)))
		for _, c := range p.Checks {
			switch c.State {
			case NotMeasured:
				line("  -- %s\tnot measured\t\t%s", c.Name, c.Missing)
			default:
				line("  %s %s\t%.3f %%\t%d of %d wrong\t%s", mark(c.Kept, "ok", "!!"), c.Name, c.Percent, c.Violations, c.Of, c.Note)
			}
			for _, example := range c.Examples {
				line("       e.g. %s", example)
			}
		}
	}
}

func (r *Report) textMissing(line liner) {
	if len(r.Missing) > 0 {
		line("\nNot measured")
	}
	for _, g := range r.Missing {
		line("  %s: %s", g.What, g.Why)
	}
	if g := r.Generator; g != nil && g.Saturated != "" {
		line("\nTHE GENERATOR WAS SATURATED: %s", g.Saturated)
	}
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

// orderFigures are what else is known of the order: inverted pairs and Kendall's tau.
func (r *Report) orderFigures() string {
	c := r.check("order of joining")
	if c == nil || c.Of == 0 || len(c.Figures) == 0 {
		return ""
	}
	said := fmt.Sprintf("%s pairs inverted", figure(c.Figures["pairs_inverted"]))
	if tau, ok := c.Figures["kendall_tau"]; ok {
		said += ", Kendall's tau " + figure(tau)
	}
	return said
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
