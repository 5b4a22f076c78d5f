package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"anteroom/internal/service"
)

// allSettings are the command line of `run all`.
type allSettings struct {
	only, out, target string
	passed            []string // what each suite that is a profile is given
	suites            []string
}

// parseAll reads the command line: that of every suite that is a profile, and --only.
func parseAll(args []string, log io.Writer) (*allSettings, error) {
	a := &allSettings{}
	s := &settings{suite: rounds[0]}
	f := service.NewFlags("loadtest run "+all, "LOADTEST", log)
	f.String(&a.only, "only", "", "the suites to run, separated by commas; empty: "+strings.Join(rounds, ","))
	s.define(f, "reports")
	words, err := parse(f, args)
	if err != nil {
		return nil, err
	}
	if err := a.complete(s, words); err != nil {
		return nil, f.Fail(err)
	}
	a.out, a.target = s.out, s.targets
	a.passed = without(args, "out", "only")
	return a, nil
}

func (a *allSettings) complete(s *settings, words []string) error {
	switch {
	case len(words) > 0:
		return fmt.Errorf("%q is not a setting; say which suites by --only", words[0])
	case s.named != "":
		return errors.New("--profile is for one suite: every suite here is its own profile")
	}
	a.suites = rounds
	if a.only != "" {
		a.suites = nil
		for name := range strings.SplitSeq(a.only, ",") {
			name = strings.TrimSpace(name)
			if !slices.Contains(rounds, name) && !suiteOfOurs(name) {
				return fmt.Errorf("--only: %w", unknownSuite(name))
			}
			a.suites = append(a.suites, name)
		}
	}
	return s.complete() // what holds for the first suite holds for all
}

// without leaves settings out of a command line.
func without(args []string, names ...string) (rest []string) {
	for i := 0; i < len(args); i++ {
		name, _, whole := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		switch {
		case !strings.HasPrefix(args[i], "-") || !slices.Contains(names, name):
			rest = append(rest, args[i])
		case !whole:
			i++
		}
	}
	return rest
}

// runAll runs suites one after another, each against a system of its own unless one was given, and each into a folder of its own. It goes on
// after one that fails; Ctrl-C ends the one that runs and leaves out the rest.
func runAll(ctx context.Context, args []string, t terminal) int {
	a, err := parseAll(args, t.log)
	if err != nil {
		return t.fail(err)
	}
	var codes []int
	table := &strings.Builder{}
	rows := tabwriter.NewWriter(table, 0, 0, 2, ' ', 0)
	for _, suite := range a.suites {
		if ctx.Err() != nil {
			codes = append(codes, unmeasured)
			fmt.Fprintf(rows, "  %s\tnot run: %v\n", suite, context.Cause(ctx))
			continue
		}
		if why := a.cannot(suite); why != "" {
			fmt.Fprintf(rows, "  %s\tleft out: %s\n", suite, why)
			continue
		}
		fmt.Fprintf(t.log, "\n== %s ==\n", suite)
		out, began := filepath.Join(a.out, suite), time.Now()
		code := runSuite(ctx, append([]string{suite, "--out", out}, a.given(suite)...), t)
		codes = append(codes, code)
		fmt.Fprintf(rows, "  %s\t%s\t%s\t%s\n", suite, word[code], time.Since(began).Round(time.Second), filepath.Join(out, reportHTML))
	}
	if len(codes) == 0 {
		codes = append(codes, unmeasured)
	}
	if err := rows.Flush(); err != nil {
		return t.fail(err)
	}
	fmt.Fprintf(t.out, "\nAll suites\n%s\n", table)
	return worst(codes...)
}

// cannot says why a suite cannot be run against the system that was given.
func (a *allSettings) cannot(suite string) string {
	if a.target == "" {
		return ""
	}
	if suite == tenMillion {
		return "it brings up a system of its own"
	}
	if p, err := profileOf(suite, ""); err == nil && len(p.Faults) > 0 {
		return "it breaks parts of a system that the laboratory has brought up itself"
	}
	return ""
}

// given are the settings that the suite is passed; the one with a driver of its own has others.
func (a *allSettings) given(suite string) []string {
	if suite == tenMillion {
		return nil
	}
	return a.passed
}

// word is an exit code in words.
var word = map[int]string{held: "held", broken: "A PROMISE BROKEN", missed: "a service level missed", unmeasured: "COULD NOT MEASURE"}
