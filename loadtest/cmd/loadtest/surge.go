package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/launch"
	"anteroom/loadtest/machine"
	"anteroom/loadtest/report"
	"anteroom/loadtest/surge"
)

// surgeSettings are the command line of the suite surge.
type surgeSettings struct {
	common
	gateways int
	target   surge.System
	journal  string
	surge    surge.Options
}

// parseSurge reads the command line. What is wrong with it has been printed when the error is not nil.
func parseSurge(args []string, log io.Writer) (suite, error) {
	s := &surgeSettings{surge: surge.Defaults()}
	o := &s.surge
	var targets, databaseURL, bookingProgram string
	var seed int
	f := s.flags(surgeName, log)
	f.Int(&o.Visitors, "visitors", o.Visitors, "people who join, 1 to 1000000")
	f.Int(&o.JoinRate, "join-rate", o.JoinRate, "joins a second, 1 to 100000")
	f.Int(&o.Tries, "tries", o.Tries, "hostile tries at gated paths, 1 to 100000")
	f.Int(&s.gateways, "gateways", 2, "gateway processes of the system that is brought up, 1 to 16")
	f.Int(&seed, "seed", 1, "of every random choice; the same seed makes the same crowd")
	f.Int(&o.Policy.RatePerMinute, "rate-per-minute", o.Policy.RatePerMinute, "what the room is set to: admissions in any 60 s, 1 to 10000000")
	f.Int(&o.Policy.MaxActive, "max-active", o.Policy.MaxActive, "what the room is set to: admitted sessions at any instant, 1 to 1000000; 0: a twentieth of the visitors, 10 to 600")
	f.Int(&o.Connections, "connections", o.Connections, "open connections to each gateway, 1 to 10000")
	f.Int(&o.ThinkMS, "think-ms", o.ThinkMS, "how long a visitor looks at a page at most, milliseconds, 1 to 60000")
	f.Duration(&o.Deadline, "deadline", o.Deadline, "when the load ends whatever has happened, 1s to 1h")
	f.String(&s.journal, "journal", "", "file for the journal: gzipped JSON lines")
	f.String(&targets, "target", "", "gateways to load, separated by commas; empty: a system of its own is brought up and taken down")
	f.String(&s.target.BookingOps, "booking-ops", "", "with --target: base address of booking's private port, for its count of gated requests")
	f.String(&bookingProgram, "booking-program", "bin/booking", "with --target: booking's program, for its recount")
	f.String(&databaseURL, "database-url", "", "with --target: booking's database, for its recount")
	f.String(&o.Email, "staff-email", o.Email, "who sets the room and lists the orders")
	f.String(&o.Password, "staff-password", o.Password, "of the same")
	if err := s.parse(f, args); err != nil {
		return nil, err
	}
	o.Seed = uint64(seed)
	if err := s.validate(); err != nil {
		return nil, f.Fail(err)
	}
	if targets == "" {
		return s, nil
	}
	for _, target := range strings.Split(targets, ",") {
		u, err := url.Parse(strings.TrimSuffix(strings.TrimSpace(target), "/"))
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, f.Fail(fmt.Errorf("--target: %q is not an address of the form http://host:port", target))
		}
		s.target.Gateways = append(s.target.Gateways, u.String())
	}
	if s.target.BookingOps == "" || databaseURL == "" {
		return nil, f.Fail(fmt.Errorf("--target wants --booking-ops and --database-url as well: without them leaks and sales cannot be judged"))
	}
	s.target.Recount = launch.Recount(bookingProgram, databaseURL)
	s.target.Facts = map[string]string{"gateways": strings.Join(s.target.Gateways, ", ")}
	return s, nil
}

func (s *surgeSettings) validate() error {
	o := &s.surge
	if err := within([]bound{
		{"visitors", o.Visitors, 1, 1_000_000}, {"join-rate", o.JoinRate, 1, 100_000}, {"tries", o.Tries, 1, 100_000},
		{"gateways", s.gateways, 1, 16}, {"rate-per-minute", o.Policy.RatePerMinute, 1, 10_000_000},
		{"max-active", o.Policy.MaxActive, 0, 1_000_000}, {"connections", o.Connections, 1, 10_000}, {"think-ms", o.ThinkMS, 1, 60_000},
	}); err != nil {
		return err
	}
	return deadline(o.Deadline)
}

// load brings a system up unless one was given, runs the suite against it and judges what came of it.
func (s *surgeSettings) load(ctx context.Context, log io.Writer) (*report.Report, error) {
	s.surge.Progress = progress(log)
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
		ctx, cancel = whileAlive(ctx, system.Died)
		defer cancel(nil)
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
	return s.describe(target, outcome), nil
}

func (s *surgeSettings) describe(target surge.System, o *surge.Outcome) *report.Report {
	settings := s.surge
	settings.Policy = o.Policy
	r := &report.Report{
		Schema: report.Schema, Suite: surgeName, Began: o.Began, Seconds: o.Took.Seconds(), Outcomes: o.Outcomes,
		Settings: settings, Machine: machine.This(), System: target.Facts,
		Load: report.Load{Visitors: s.surge.Visitors, Cut: o.Cut},
	}
	r.Measure(o.Evidence.Records, o.Evidence.Samples, o.Began)
	r.Judge(check.Judge(o.Evidence))
	return r
}
