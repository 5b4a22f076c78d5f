package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"anteroom/internal/service"
	"anteroom/loadtest/check"
	"anteroom/loadtest/report"
)

// checkJournals judges the promises of a run again, from its journal alone. Service levels are report's.
func checkJournals(args []string, t terminal) int {
	var machine bool
	f := service.NewFlags("loadtest check JOURNAL…", "LOADTEST", t.log)
	f.Bool(&machine, "json", false, "print the verdict as JSON")
	words, err := journalsNamed(f, args)
	if err != nil {
		return t.fail(err)
	}
	e, err := read(words)
	if err != nil {
		return t.fail(err)
	}
	p, err := e.profile()
	if err != nil {
		return t.fail(err)
	}
	verdict := check.Judge(e.log)
	r := &report.Report{}
	r.Judge(verdict)
	r.Require(p.Requires)
	for _, why := range e.lack {
		r.CouldNotMeasure(why.Error())
	}
	if machine {
		err = json.NewEncoder(t.out).Encode(r.Promises)
	} else {
		err = writePromises(t.out, e, r)
	}
	if err != nil {
		return t.fail(err)
	}
	for _, why := range e.lack {
		fmt.Fprintln(t.log, "loadtest:", why)
	}
	return r.ExitCode()
}

// writePromises says of every check what it looked at and what it found.
func writePromises(w io.Writer, e *evidence, r *report.Report) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "%s: suite %s, seed %d, %d requests, %d samples of the room, begun %s\n",
		e.log.Path, e.log.Header.Suite, e.log.Header.Seed, len(e.log.Records), len(e.log.Samples), e.log.Header.Began.UTC().Format("2006-01-02 15:04:05 UTC"))
	for _, p := range r.Promises {
		fmt.Fprintf(out, "\n%s %s: %s\n", p.ID, p.Name, p.State)
		for i := range p.Checks {
			c := &p.Checks[i]
			if c.State == report.NotMeasured {
				fmt.Fprintf(out, "  %s\t%s\t%s\n", c.Name, c.State, c.Missing)
				continue
			}
			fmt.Fprintf(out, "  %s\t%s\t%d of %d wrong\t%s\n", c.Name, c.State, c.Violations, c.Of, c.Note)
			for _, example := range c.Examples {
				fmt.Fprintf(out, "    e.g. %s\n", example)
			}
		}
	}
	fmt.Fprintf(out, "\nVERDICT: %s\n", r.Verdict)
	for _, reason := range r.Reasons {
		fmt.Fprintf(out, "  %s\n", reason)
	}
	return out.Flush()
}
