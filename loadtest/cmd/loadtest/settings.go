package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"anteroom/internal/service"
	"anteroom/loadtest/launch"
	"anteroom/loadtest/surge"
)

// settings are the command line.
type settings struct {
	suite              string
	gateways           int
	target             surge.System
	out, html, journal string
	surge              surge.Options
}

// parse reads the command line. What is wrong with it has been printed when the error is not nil.
func parse(args []string, log io.Writer) (settings, error) {
	s := settings{surge: surge.Defaults()}
	o := &s.surge
	var targets, databaseURL, bookingProgram string
	var seed int
	f := service.NewFlags("loadtest", "LOADTEST", log)
	f.String(&s.suite, "suite", "surge", "what to run; there is one suite so far: surge")
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
	f.String(&s.out, "out", "", "file for the report as JSON")
	f.String(&s.html, "html", "", "file for the report as a page")
	f.String(&s.journal, "journal", "", "file for the journal: gzipped JSON lines")
	f.String(&targets, "target", "", "gateways to load, separated by commas; empty: a system of its own is brought up and taken down")
	f.String(&s.target.BookingOps, "booking-ops", "", "with --target: base address of booking's private port, for its count of gated requests")
	f.String(&bookingProgram, "booking-program", "bin/booking", "with --target: booking's program, for its recount")
	f.String(&databaseURL, "database-url", "", "with --target: booking's database, for its recount")
	f.String(&o.Email, "staff-email", o.Email, "who sets the room and lists the orders")
	f.String(&o.Password, "staff-password", o.Password, "of the same")
	rest, err := f.Parse(args)
	if err != nil {
		return s, err
	}
	if len(rest) > 0 {
		return s, f.Fail(fmt.Errorf("%q is not a setting", rest[0]))
	}
	o.Seed = uint64(seed)
	if err := s.validate(); err != nil {
		return s, f.Fail(err)
	}
	if targets == "" {
		return s, nil
	}
	for _, target := range strings.Split(targets, ",") {
		u, err := url.Parse(strings.TrimSuffix(strings.TrimSpace(target), "/"))
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return s, f.Fail(fmt.Errorf("--target: %q is not an address of the form http://host:port", target))
		}
		s.target.Gateways = append(s.target.Gateways, u.String())
	}
	if s.target.BookingOps == "" || databaseURL == "" {
		return s, f.Fail(fmt.Errorf("--target wants --booking-ops and --database-url as well: without them leaks and sales cannot be judged"))
	}
	s.target.Recount = launch.Recount(bookingProgram, databaseURL)
	s.target.Facts = map[string]string{"gateways": strings.Join(s.target.Gateways, ", ")}
	return s, nil
}

func (s *settings) validate() error {
	o := &s.surge
	if s.suite != "surge" {
		return fmt.Errorf("--suite: there is no suite %q; there is: surge", s.suite)
	}
	for _, limit := range []struct {
		name           string
		value, low, up int
	}{
		{"visitors", o.Visitors, 1, 1_000_000}, {"join-rate", o.JoinRate, 1, 100_000}, {"tries", o.Tries, 1, 100_000},
		{"gateways", s.gateways, 1, 16}, {"rate-per-minute", o.Policy.RatePerMinute, 1, 10_000_000},
		{"max-active", o.Policy.MaxActive, 0, 1_000_000}, {"connections", o.Connections, 1, 10_000}, {"think-ms", o.ThinkMS, 1, 60_000},
	} {
		if limit.value < limit.low || limit.value > limit.up {
			return fmt.Errorf("--%s must be from %d to %d, is %d", limit.name, limit.low, limit.up, limit.value)
		}
	}
	if o.Deadline < time.Second || o.Deadline > time.Hour {
		return fmt.Errorf("--deadline must be from 1s to 1h, is %s", o.Deadline)
	}
	return nil
}
