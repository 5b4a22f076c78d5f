package report

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// WriteText writes the comparison for the terminal.
func (c *Comparison) WriteText(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	line("A: %s, %s", c.A.Verdict, c.Ran(c.A))
	line("B: %s, %s", c.B.Verdict, c.Ran(c.B))
	for _, warning := range c.Warnings {
		line("WARNING: %s", warning)
	}
	last := ""
	for _, r := range c.Actions {
		if r.Action != last {
			line("\n%s\tA\tB\tB/A", r.Action)
			last = r.Action
		}
		line("  %s, %s\t%s\t%s\t%s", r.Figure, r.Unit, r.Side("A"), r.Side("B"), r.Times())
	}
	if len(c.Changes) == 0 {
		line("\nEvery promise and every service level came out alike.")
	} else {
		line("\nCame out differently\tA\tB")
	}
	for _, change := range c.Changes {
		line("  %s\t%s\t%s", change.What, change.A, change.B)
	}
	return out.Flush()
}

// Side is what a row shows of A or of B.
func (r Row) Side(side string) string {
	switch {
	case r.Absent == side:
		return "–"
	case side == "A":
		return figure(r.A)
	default:
		return figure(r.B)
	}
}

// Times is the ratio as it is shown.
func (r Row) Times() string {
	if r.Ratio == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", r.Ratio)
}

// Tone says whether B is clearly better (good) or worse (bad); empty when the two are alike.
func (r Row) Tone() string {
	better := 1 / r.Ratio
	if r.MoreIsBetter {
		better = r.Ratio
	}
	switch {
	case r.Ratio == 0:
		return ""
	case better > 1.1:
		return "good"
	case better < 1/1.1:
		return "bad"
	default:
		return ""
	}
}

// Ran says in one line what was run.
func (c *Comparison) Ran(r *Report) string {
	commit := ""
	if r.Commit != "" {
		commit = ", commit " + r.Commit
	}
	return fmt.Sprintf("%s of %s%s: %d visitors, %d requests in %.1f s", r.Suite, r.Began.UTC().Format("2006-01-02 15:04 UTC"), commit,
		r.Load.Visitors, r.Load.Requests, r.Seconds)
}
