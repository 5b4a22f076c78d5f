package main

import (
	"fmt"
	"strconv"
	"strings"
)

// tables are all cases in Markdown; image is the plot's file beside it, or empty.
func (in *inputs) tables(image string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Hosted minutes or a machine of one's own\n")
	line("Written by `go run ./benchmarks/ci-cost` from its inputs; do not edit. Amounts are in %s a month.\n", in.Currency)
	if image != "" {
		line("![cost by minutes a month, hosted and self-hosted, each case](%s)\n", image)
	}
	line("| case | break-even, minutes a month |\n|---|---|")
	for _, c := range in.Cases {
		line("| %s | %s |", c.Name, in.verdict(c))
	}
	for _, c := range in.Cases {
		line("\n## %s\n\n%s\n", c.Name, strings.TrimSpace(c.About))
		line("| minutes a month | hosted | self-hosted | machines | cheaper |\n|---:|---:|---:|---:|---|")
		for _, m := range in.Minutes {
			hosted, own := c.hostedAt(m), c.ownAt(m)
			line("| %s | %.2f | %.2f | %.0f | %s |", thousands(m), hosted, own, c.machines(m), cheaper(hosted, own))
		}
	}
	return b.String()
}

// verdict says where one's own machines cost no more.
func (in *inputs) verdict(c cost) string {
	spans := c.cheaper(in.UpTo)
	if len(spans) == 0 {
		return fmt.Sprintf("none up to %s", thousands(in.UpTo))
	}
	var all []string
	for _, s := range spans {
		if s.to == in.UpTo {
			all = append(all, thousands(s.from))
		} else {
			all = append(all, fmt.Sprintf("%s, dearer again above %s", thousands(s.from), thousands(s.to)))
		}
	}
	return strings.Join(all, "; again from ")
}

func cheaper(hosted, own float64) string {
	switch {
	case fmt.Sprintf("%.2f", hosted) == fmt.Sprintf("%.2f", own):
		return "the same"
	case own < hosted:
		return fmt.Sprintf("self-hosted, by %.2f", hosted-own)
	default:
		return fmt.Sprintf("hosted, by %.2f", own-hosted)
	}
}

// thousands writes a number with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
