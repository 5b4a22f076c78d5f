package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/launch"
	"anteroom/loadtest/report"
	"anteroom/loadtest/surge"
)

// The exit codes.
const (
	kept      = 0
	broken    = 1
	usage     = 2
	cannotRun = 3
)

// run is the command.
func run(ctx context.Context, args []string, out, log io.Writer) int {
	s, err := parse(args, log)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return kept
	case err != nil:
		return usage
	}
	s.surge.Progress = func(line string) { fmt.Fprintln(log, time.Now().Format("15:04:05"), line) }
	r, err := load(ctx, s, log)
	if err != nil {
		fmt.Fprintln(log, "loadtest:", err)
		return cannotRun
	}
	r.Command = "loadtest " + strings.Join(args, " ")
	if err := write(r, s, out); err != nil {
		fmt.Fprintln(log, "loadtest:", err)
		return cannotRun
	}
	if r.Verdict != "PASS" {
		return broken
	}
	return kept
}

// load brings a system up unless one was given, runs the suite against it and judges what came of it.
func load(ctx context.Context, s settings, log io.Writer) (_ *report.Report, err error) {
	target := s.target
	if len(target.Gateways) == 0 {
		system, err := launch.Start(ctx, launch.Options{Gateways: s.gateways, Progress: log})
		if err != nil {
			return nil, err
		}
		defer func() {
			if stop := system.Stop(); stop != nil {
				fmt.Fprintln(log, "loadtest: stop:", stop)
			}
		}()
		target = system.System
		var cancel context.CancelCauseFunc
		ctx, cancel = context.WithCancelCause(ctx)
		defer cancel(nil)
		go func() {
			select {
			case died := <-system.Died:
				cancel(died)
			case <-ctx.Done():
			}
		}()
	}
	outcome, err := surge.Run(ctx, target, s.surge)
	if err != nil {
		return nil, err
	}
	if s.journal != "" {
		if err := journal.WriteFile(s.journal, outcome.Evidence.Records); err != nil {
			return nil, err
		}
	}
	return describe(s, target, outcome), nil
}

func describe(s settings, target surge.System, o *surge.Outcome) *report.Report {
	s.surge.Policy = o.Policy
	r := &report.Report{
		Schema: report.Schema, Suite: s.suite, Began: o.Began, Seconds: o.Took.Seconds(), Outcomes: o.Outcomes,
		Settings: s.surge, Machine: report.ThisMachine(), System: target.Facts,
		Load: report.Load{Visitors: s.surge.Visitors, Cut: o.Cut},
	}
	r.Measure(o.Evidence.Records, o.Evidence.Samples, o.Began)
	r.Judge(check.Judge(o.Evidence))
	return r
}

func write(r *report.Report, s settings, out io.Writer) error {
	if s.out != "" {
		if err := r.WriteJSON(s.out); err != nil {
			return err
		}
	}
	if s.html != "" {
		if err := r.WriteHTML(s.html); err != nil {
			return err
		}
	}
	return r.WriteText(out)
}
