package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"anteroom/internal/service"
	"anteroom/loadtest/launch"
	"anteroom/loadtest/machine"
	"anteroom/loadtest/progress"
	"anteroom/loadtest/report"
	"anteroom/loadtest/tenmillion"
	"anteroom/loadtest/tenmillion/proof"
)

// tenMillionSettings are the command line of the suite ten-million.
type tenMillionSettings struct {
	out      string
	gateways int
	fsync    string
	options  tenmillion.Options
}

// parseTenMillion reads the command line. What is wrong with it has been printed when the error is not nil.
func parseTenMillion(args []string, log io.Writer) (*tenMillionSettings, error) {
	s := &tenMillionSettings{options: tenmillion.Defaults()}
	o := &s.options
	f := service.NewFlags("loadtest run "+tenMillion, "LOADTEST", log)
	f.String(&s.out, "out", ".", "folder for report.json and report.html; what another run left there is replaced")
	f.Int(&o.Visitors, "visitors", o.Visitors, "people in all, 2 to 100000000")
	f.Int(&o.HTTPVisitors, "http-visitors", o.HTTPVisitors, "of these, who come over HTTP, 1 to 10000000; the others are driven through the engine")
	f.Int(&o.HTTPRate, "http-rate", o.HTTPRate, "requests a second that the machine answers over HTTP beside all the rest, 100 to 1000000; joins and polls are spread by it, and with it grows or shrinks the time that the suite takes")
	f.Int(&o.RatePerMinute, "rate-per-minute", o.RatePerMinute, "admissions in any 60 s, 60 to 10000000; 0: twelve times the visitors, at most 900000")
	f.Int(&s.gateways, "gateways", 2, "real gateway processes, 1 to 16")
	f.Int(&o.DrillGateways, "drill-gateways", o.DrillGateways, "gateways that the driver of the others is, 1 to 64")
	f.Int(&o.Connections, "connections", o.Connections, "open connections to each real gateway, 1 to 1000")
	f.String(&s.fsync, "appendfsync", "everysec", "when Redis writes its log to disk: always, everysec, or no for no log")
	f.Duration(&o.Deadline, "deadline", o.Deadline, "when the load ends whatever has happened, 1s to 1h")
	words, err := parse(f, args)
	if err != nil {
		return nil, err
	}
	if err := s.validate(words); err != nil {
		return nil, f.Fail(err)
	}
	return s, nil
}

func (s *tenMillionSettings) validate(words []string) error {
	o := &s.options
	if len(words) > 0 {
		return fmt.Errorf("%q is not a setting", words[0])
	}
	bounds := []bound{
		{"visitors", o.Visitors, 2, 100_000_000}, {"http-visitors", o.HTTPVisitors, 1, 10_000_000}, {"gateways", s.gateways, 1, 16},
		{"http-rate", o.HTTPRate, 100, 1_000_000}, {"drill-gateways", o.DrillGateways, 1, 64}, {"connections", o.Connections, 1, 1000},
	}
	if o.RatePerMinute != 0 {
		bounds = append(bounds, bound{"rate-per-minute", o.RatePerMinute, 60, 10_000_000})
	}
	if err := within(bounds); err != nil {
		return err
	}
	if o.HTTPVisitors >= o.Visitors {
		return fmt.Errorf("--http-visitors must be fewer than --visitors, which are %d", o.Visitors)
	}
	if s.fsync != "always" && s.fsync != "everysec" && s.fsync != "no" {
		return fmt.Errorf("--appendfsync must be always, everysec or no, is %q", s.fsync)
	}
	if o.Deadline < time.Second || o.Deadline > time.Hour {
		return fmt.Errorf("--deadline must be from 1s to 1h, is %s", o.Deadline)
	}
	return nil
}

// runTenMillion runs the suite. Ctrl-C ends its load early; what there is is judged and reported all the same, and does not count as measured.
func runTenMillion(ctx context.Context, args []string, t terminal) int {
	s, err := parseTenMillion(args, t.log)
	if err != nil {
		return t.fail(err)
	}
	return t.runOwn(ctx, s.out, shown("loadtest run "+tenMillion, args), s.load)
}

func (s *tenMillionSettings) load(ctx context.Context, board *progress.Board) (*report.Report, error) {
	s.options.Progress = timed(board)
	line, err := launch.StartLine(ctx, launch.LineOptions{Gateways: s.gateways, Fsync: s.fsync, Progress: s.options.Progress})
	if err != nil {
		return nil, err
	}
	defer stopLine(line, board)
	alive, cancel := whileAlive(context.WithoutCancel(ctx), line.Died)
	defer cancel(nil)
	s.options.Stop = ctx.Done()
	outcome, err := tenmillion.Run(alive, line.System, s.options)
	if err != nil {
		return nil, err
	}
	s.options.Progress("ten-million: judging")
	r := &report.Report{
		Schema: report.Schema, Suite: tenMillion, Commit: commit(), Machine: machine.This(), System: line.Facts,
		Settings: struct {
			tenmillion.Options
			tenmillion.Plan `json:"plan"`
		}{s.options, outcome.Plan},
	}
	outcome.Fill(r)
	r.Judge(proof.Judge(outcome.Evidence))
	if errors.Is(context.Cause(ctx), errInterrupted) {
		r.Ended, r.Load.Cut = "interrupted", false // it was not the deadline
		r.CouldNotMeasure("it was interrupted before everybody was admitted")
	}
	return r, nil
}
