package benchmarks

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Text writes the comparison for a terminal.
func (c *Comparison) Text() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "metric\tbaseline\tnow\tworse by\tallowed\tP\tverdict\t")
	for _, v := range c.Verdicts {
		f := v.fields()
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", v.Metric, f.before, f.now, f.worse, f.limit, f.p, v.Outcome, v.Note)
	}
	_ = w.Flush() // into a string
	for _, r := range c.Remarks {
		fmt.Fprintln(&b, r)
	}
	fmt.Fprintln(&b, c.summary())
	return b.String()
}

// Markdown writes the comparison for a pull request.
func (c *Comparison) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### Speed against the baseline: %s\n\n", c.summary())
	fmt.Fprintln(&b, "| metric | baseline | now | worse by | allowed | P | verdict | |\n|---|--:|--:|--:|--:|--:|---|---|")
	for _, v := range c.Verdicts {
		f := v.fields()
		outcome := string(v.Outcome)
		if v.Outcome == Regression {
			outcome = "**" + outcome + "**"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n", v.Metric, f.before, f.now, f.worse, f.limit, f.p, outcome, v.Note)
	}
	for _, r := range c.Remarks {
		fmt.Fprintf(&b, "\n%s\n", r)
	}
	fmt.Fprintf(&b, "\nA ratio is the time of one operation in operations of its calibrator, both measured in the same round (median of %d rounds of %s); allocations are per operation. "+
		"A regression is worse by more than is allowed, by a two-sided Mann–Whitney U test not by chance, and seen in two measurements.\n", c.Measured.Rounds, c.Measured.BenchTime)
	return b.String()
}

func (c *Comparison) summary() string {
	parts := []string{}
	for _, o := range []Outcome{Regression, OK, Faster, Noise, Skipped} {
		if n := c.count(o); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	return strings.Join(parts, ", ")
}

type fields struct{ before, now, worse, limit, p string }

func (v Verdict) fields() fields {
	if v.Outcome == Skipped {
		return fields{"–", "–", "–", "–", "–"}
	}
	return fields{number(v.Before), number(v.Now), fmt.Sprintf("%+.1f %%", 100*v.Worse), fmt.Sprintf("%.0f %%", 100*v.Limit), fmt.Sprintf("%.4f", v.P)}
}

// number writes a figure with three digits and never with an exponent.
func number(x float64) string {
	switch {
	case x >= 100 || x == float64(int(x)):
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	case x >= 0.1:
		return fmt.Sprintf("%.2f", x)
	default:
		return fmt.Sprintf("%.4f", x)
	}
}
