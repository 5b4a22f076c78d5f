package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"anteroom/internal/service"
)

// terminal is what the command talks to.
type terminal struct {
	out io.Writer // results
	log io.Writer // progress, and what went wrong
}

// fail prints what went wrong, unless the reader of the command line has, and gives the exit code.
func (t terminal) fail(err error) int {
	switch {
	case errors.Is(err, flag.ErrHelp):
		return held
	case !errors.Is(err, service.ErrUsage):
		fmt.Fprintln(t.log, "loadtest:", err)
	}
	return unmeasured
}

const help = `Usage: loadtest COMMAND …

  list                     the suites: who comes, for how long, and what is expected
  run SUITE [flags]        load a system, judge the journal, write report.json and report.html
  run all [flags]          every suite after another
  check JOURNAL…           judge a journal again, from the file alone
  report JOURNAL… [flags]  write report.json and report.html again
  export JOURNAL… [flags]  the requests as JSON lines, for other programs
  compare A B [flags]      two runs beside each other: journals, report.json, or folders with them

Each takes --help. Exit codes: 0 held, 1 a promise broken, 2 a service level missed, 3 could not measure.
`

// run is the command.
func run(ctx context.Context, args []string, out, log io.Writer) int {
	t := terminal{out: out, log: log}
	if len(args) == 0 {
		fmt.Fprint(log, help)
		return unmeasured
	}
	switch name, rest := args[0], args[1:]; name {
	case "list":
		return list(rest, t)
	case "run":
		return runSuite(ctx, rest, t)
	case "check":
		return checkJournals(rest, t)
	case "report":
		return reportJournals(rest, t)
	case "export":
		return exportJournals(rest, t)
	case "compare":
		return compare(rest, t)
	case generatorCommand: // started by run, for itself
		return generate(ctx, rest, t)
	case "help", "--help", "-help", "-h":
		fmt.Fprint(out, help)
		return held
	default:
		return t.fail(fmt.Errorf("there is no command %q; there are list, run, check, report, export and compare (a suite is run by: loadtest run SUITE)", name))
	}
}

// parse reads flags before and after the words of a command line, for example of: check a.journal --json.
func parse(f *service.Flags, args []string) (words []string, err error) {
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		words, args = append(words, args[0]), args[1:]
	}
	rest, err := f.Parse(args)
	if err != nil {
		return nil, err
	}
	for _, word := range rest {
		if strings.HasPrefix(word, "-") {
			return nil, f.Fail(fmt.Errorf("%s stands after %q: put the flags in one place", word, rest[0]))
		}
	}
	return append(words, rest...), nil
}
