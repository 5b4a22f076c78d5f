package main

import (
	"context"
	"fmt"
	"io"

	"anteroom/loadtest/launch"
	"anteroom/loadtest/machine"
	"anteroom/loadtest/report"
	"anteroom/loadtest/tenmillion"
	"anteroom/loadtest/tenmillion/proof"
)

// tenMillionSettings are the command line of the suite ten-million.
type tenMillionSettings struct {
	common
	gateways int
	fsync    string
	options  tenmillion.Options
}

// parseTenMillion reads the command line. What is wrong with it has been printed when the error is not nil.
func parseTenMillion(args []string, log io.Writer) (suite, error) {
	s := &tenMillionSettings{options: tenmillion.Defaults()}
	o := &s.options
	f := s.flags(tenMillionName, log)
	f.Int(&o.Visitors, "visitors", o.Visitors, "people in all, 2 to 100000000")
	f.Int(&o.HTTPVisitors, "http-visitors", o.HTTPVisitors, "of these, who come over HTTP, 1 to 10000000; the others are driven through the engine")
	f.Int(&o.HTTPRate, "http-rate", o.HTTPRate, "requests a second that the machine answers over HTTP beside all the rest, 100 to 1000000; joins and polls are spread by it, and with it grows or shrinks the time that the suite takes")
	f.Int(&o.RatePerMinute, "rate-per-minute", o.RatePerMinute, "admissions in any 60 s, 60 to 10000000; 0: twelve times the visitors, at most 900000")
	f.Int(&s.gateways, "gateways", 2, "real gateway processes, 1 to 16")
	f.Int(&o.DrillGateways, "drill-gateways", o.DrillGateways, "gateways that the driver of the others is, 1 to 64")
	f.Int(&o.Connections, "connections", o.Connections, "open connections to each real gateway, 1 to 1000")
	f.String(&s.fsync, "appendfsync", "everysec", "when Redis writes its log to disk: always, everysec, or no for no log")
	f.Duration(&o.Deadline, "deadline", o.Deadline, "when the load ends whatever has happened, 1s to 1h")
	if err := s.parse(f, args); err != nil {
		return nil, err
	}
	if err := s.validate(); err != nil {
		return nil, f.Fail(err)
	}
	return s, nil
}

func (s *tenMillionSettings) validate() error {
	o := &s.options
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
	return deadline(o.Deadline)
}

func (s *tenMillionSettings) load(ctx context.Context, log io.Writer) (*report.Report, error) {
	s.options.Progress = progress(log)
	line, err := launch.StartLine(ctx, launch.LineOptions{Gateways: s.gateways, Fsync: s.fsync, Progress: s.options.Progress})
	if err != nil {
		return nil, err
	}
	defer func() {
		if stop := line.Stop(); stop != nil {
			fmt.Fprintln(log, "loadtest: stop:", stop)
		}
	}()
	ctx, cancel := whileAlive(ctx, line.Died)
	defer cancel(nil)
	outcome, err := tenmillion.Run(ctx, line.System, s.options)
	if err != nil {
		return nil, err
	}
	s.options.Progress("ten-million: judging")
	r := &report.Report{
		Schema: report.Schema, Suite: tenMillionName, Machine: machine.This(), System: line.Facts,
		Settings: struct {
			tenmillion.Options
			tenmillion.Plan `json:"plan"`
		}{s.options, outcome.Plan},
	}
	outcome.Fill(r)
	r.Judge(proof.Judge(outcome.Evidence))
	return r, nil
}
