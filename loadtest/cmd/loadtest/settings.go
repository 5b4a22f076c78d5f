package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"anteroom/internal/service"
	"anteroom/loadtest/launch"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/visit"
)

// settings are the command line of a run of a profile.
type settings struct {
	suite   string
	command string // as it was given, without secrets
	profile *profile.Profile

	target     *visit.System // nil: a system of its own is brought up and taken down
	gateways   int           // of that system
	generators int
	seed       int
	out        string

	// As they were given.
	named, targets, scale                   string
	duration                                time.Duration
	bookingOps, databaseURL, bookingProgram string
	staffEmail, staffPassword               string
}

// parseRun reads the command line of `run` for a suite that is a profile.
func parseRun(suite string, args []string, log io.Writer) (*settings, error) {
	s := &settings{suite: suite, command: shown("loadtest run "+suite, args)}
	f := service.NewFlags("loadtest run "+suite, "LOADTEST", log)
	s.define(f, ".")
	words, err := parse(f, args)
	if err != nil {
		return nil, err
	}
	if len(words) > 0 {
		return nil, f.Fail(fmt.Errorf("%q is one word too many: one suite is run at a time, and all of them by: loadtest run all", words[0]))
	}
	if err := s.complete(); err != nil {
		return nil, f.Fail(err)
	}
	return s, nil
}

func (s *settings) define(f *service.Flags, out string) {
	f.String(&s.named, "profile", "", "what is run instead of the suite's own profile: a file, or the name of a shipped one")
	f.String(&s.targets, "target", "", "gateways to load, separated by commas; empty: a system of its own is brought up and taken down")
	f.Duration(&s.duration, "duration", 0, "how long visitors arrive, 1s to 24h: the profile is stretched or shortened, at the same rates; 0: as long as it says")
	f.String(&s.scale, "scale", "", "every rate of arrival of the profile is multiplied by this, 0.0001 to 10000; empty: by the profile's own scale")
	f.Int(&s.seed, "seed", 1, "of every random choice; the same seed makes the same crowd")
	f.String(&s.out, "out", out, "folder for report.json, report.html and run.journal; what another run left there is replaced")
	f.Int(&s.generators, "generators", 1, "processes that share the visitors, 1 to 64, on this machine")
	f.Int(&s.gateways, "gateways", 2, "gateway processes of the system that is brought up, 1 to 16")
	f.String(&s.bookingOps, "booking-ops", "", "with --target: base address of booking's private port, for its count of gated requests; empty: not counted")
	f.String(&s.databaseURL, "database-url", "", "with --target: booking's database, for its recount of the sales; empty: not recounted")
	f.String(&s.bookingProgram, "booking-program", "bin/booking", "with --target: booking's program, for that recount")
	f.String(&s.staffEmail, "staff-email", "", "with --target: who sets the room and lists the orders; empty: the room is left as it is")
	f.String(&s.staffPassword, "staff-password", "", "of the same; better given by its environment variable")
}

// complete checks the settings and makes of them what is run.
func (s *settings) complete() (err error) {
	if err := within([]bound{{"gateways", s.gateways, 1, 16}, {"generators", s.generators, 1, 64}, {"seed", s.seed, 0, 1 << 53}}); err != nil {
		return err
	}
	if s.duration != 0 && (s.duration < time.Second || s.duration > 24*time.Hour) {
		return fmt.Errorf("--duration must be from 1s to 24h, is %s", s.duration)
	}
	if s.out == "" {
		return errors.New("--out must name a folder")
	}
	if s.profile, err = profileOf(s.suite, s.named); err != nil {
		return err
	}
	if s.scale != "" {
		scale, err := strconv.ParseFloat(s.scale, 64)
		if err != nil || !(scale >= 0.0001 && scale <= 10000) {
			return fmt.Errorf("--scale must be a number from 0.0001 to 10000, is %q", s.scale)
		}
		s.profile.Scale = scale
	}
	if s.duration != 0 {
		s.profile.Stretch(s.duration)
	}
	if err := s.profile.Validate(); err != nil {
		return fmt.Errorf("--scale %s, --duration %s: %w", s.scale, s.duration, err)
	}
	if s.profile.Count() < s.generators {
		return fmt.Errorf("--generators %d are more than the %d visitors of the profile", s.generators, s.profile.Count())
	}
	return s.aim()
}

// aim reads where to load.
func (s *settings) aim() error {
	if s.targets == "" {
		for _, given := range []struct{ flag, value string }{
			{"booking-ops", s.bookingOps}, {"database-url", s.databaseURL}, {"staff-email", s.staffEmail}, {"staff-password", s.staffPassword},
		} {
			if given.value != "" {
				return fmt.Errorf("--%s is for a system that is given by --target", given.flag)
			}
		}
		return nil
	}
	system := &visit.System{Email: s.staffEmail, Password: s.staffPassword}
	for target := range strings.SplitSeq(s.targets, ",") {
		address, err := base("target", target)
		if err != nil {
			return err
		}
		system.Gateways = append(system.Gateways, address)
	}
	system.Facts = map[string]string{"gateways": strings.Join(system.Gateways, ", ")}
	if s.bookingOps != "" {
		address, err := base("booking-ops", s.bookingOps)
		if err != nil {
			return err
		}
		system.BookingOps = address
	}
	if (s.staffEmail == "") != (s.staffPassword == "") {
		return errors.New("--staff-email and --staff-password belong together: one of them is empty")
	}
	if s.databaseURL != "" {
		system.Recount = launch.Recount(s.bookingProgram, s.databaseURL)
	}
	s.target = system
	return nil
}

// base reads the base address of a server.
func base(flag, text string) (string, error) {
	u, err := url.Parse(strings.TrimSuffix(strings.TrimSpace(text), "/"))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" {
		return "", fmt.Errorf("--%s: %q is not an address of the form http://host:port", flag, text)
	}
	return u.String(), nil
}

// bound is what a setting may be.
type bound struct {
	name           string
	value, low, up int
}

func within(bounds []bound) error {
	for _, b := range bounds {
		if b.value < b.low || b.value > b.up {
			return fmt.Errorf("--%s must be from %d to %d, is %d", b.name, b.low, b.up, b.value)
		}
	}
	return nil
}

// secret are the settings whose values are written down nowhere.
var secret = []string{"staff-password", "database-url"}

// shown is a command line as it may be written into a journal.
func shown(command string, args []string) string {
	words := []string{command}
	hide := false
	for _, arg := range args {
		name, _, whole := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		switch {
		case hide:
			arg, hide = "…", false
		case !strings.HasPrefix(arg, "-"):
		case isSecret(name) && whole:
			arg = "--" + name + "=…"
		case isSecret(name):
			hide = true
		}
		words = append(words, arg)
	}
	return strings.Join(words, " ")
}

func isSecret(name string) bool { return slices.Contains(secret, name) }
