package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"anteroom/internal/service"
	"anteroom/loadtest/profile"
)

// list tells of every suite, or of the profiles that are given.
func list(args []string, t terminal) int {
	f := service.NewFlags("loadtest list [PROFILE…]", "LOADTEST", t.log)
	words, err := parse(f, args)
	if err != nil {
		return t.fail(err)
	}
	if len(words) == 0 {
		if err := listAll(t.out); err != nil {
			return t.fail(err)
		}
		return held
	}
	for _, word := range words {
		p, err := profile.Open(word)
		if err == nil {
			err = describe(t.out, p)
		}
		if err != nil {
			return t.fail(err)
		}
	}
	return held
}

func listAll(w io.Writer) error {
	for _, p := range profile.List() {
		if err := describe(w, p); err != nil {
			return err
		}
	}
	for _, s := range own {
		fmt.Fprintf(w, "%s\n  %s\n\n", s.name, s.about)
	}
	_, err := fmt.Fprintln(w, "A profile of your own is a YAML file (docs/profiles.md; the ones above are in loadtest/profile/profiles): loadtest run ./mine.yaml")
	return err
}

// describe says in a few lines what a profile is.
func describe(w io.Writer, p *profile.Profile) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "%s\n  %s\n", p.Name, strings.TrimSpace(p.About))
	scaled := ""
	if p.Scale != 1 {
		scaled = fmt.Sprintf(", at %.3g of full size", p.Scale)
	}
	fmt.Fprintf(out, "  arrivals\t%d in %s, at most %.4g a second%s\n", p.Count(), p.Length(), peak(p), scaled)
	fmt.Fprintf(out, "  ends\tat %s at the latest\n", time.Duration(p.Deadline))
	fmt.Fprintf(out, "  visitors\t%s\n", mix(p))
	if p.Hostile > 0 {
		fmt.Fprintf(out, "  hostile\t%d tries at gated paths without a good pass\n", p.Hostile)
	}
	for i, fault := range p.Faults {
		fmt.Fprintf(out, "  %s\t%s %s at %s for %s\n", first(i, "faults"), fault.What, fault.How, fault.At, fault.For)
	}
	if len(p.Requires) > 0 {
		fmt.Fprintf(out, "  must judge\t%s\n", strings.Join(p.Requires, ", "))
	}
	for i, s := range p.SLOs {
		fmt.Fprintf(out, "  %s\t%s\n", first(i, "expects"), level(s))
	}
	fmt.Fprintln(out)
	return out.Flush()
}

// first is the word in the first line of a paragraph, and nothing in the others.
func first(i int, word string) string {
	if i > 0 {
		return ""
	}
	return word
}

// peak is the highest rate of arrivals.
func peak(p *profile.Profile) (most float64) {
	for _, a := range p.Arrivals {
		most = max(most, a.PerSecond*p.Scale)
	}
	return most
}

// mix is who comes, by share.
func mix(p *profile.Profile) string {
	var total float64
	for i := range p.Visitors {
		total += p.Visitors[i].Weight
	}
	var parts []string
	for i := range p.Visitors {
		k := &p.Visitors[i]
		parts = append(parts, fmt.Sprintf("%.3g %% %s (%s)", 100*k.Weight/total, k.Name, k.Do))
	}
	return strings.Join(parts, ", ")
}

// level is a service level in words.
func level(s profile.SLO) string {
	words := s.Metric
	if s.Kind != "" {
		words += " of " + s.Kind
	}
	unit := ""
	if m, err := profile.ParseMetric(s.Metric); err == nil {
		unit = " " + m.Unit()
	}
	if s.Min != nil {
		words += fmt.Sprintf(" at least %g%s", *s.Min, unit)
	}
	if s.Max != nil {
		words += fmt.Sprintf(" at most %g%s", *s.Max, unit)
	}
	return words
}
