package local

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"anteroom/internal/backing/process"
)

// readyTime is how long a service may take until it is ready; prepareTime, how long one preparing command may.
const (
	readyTime   = time.Minute
	prepareTime = 2 * time.Minute
)

func (s *System) program(name string) string { return filepath.Join(s.o.BinDir, name) }
func (s *System) keysFile(of string) string  { return filepath.Join(s.KeysDir, of+".keys") }

// prepare makes keys, tables, demonstration data and rooms, each only where it is not there yet.
func (s *System) prepare(ctx context.Context) error {
	if err := os.MkdirAll(s.KeysDir, 0o700); err != nil {
		return err
	}
	steps := [][]string{
		{"waitroom", "keys", "init", "--keys-file", s.keysFile("waitroom")},
		{"admin-api", "keys", "init", "--keys-file", s.keysFile("admin-api")},
		{"booking", "keys", "init", "--keys-file", s.keysFile("booking")},
		{"booking", "migrate", "--database-url", s.DatabaseURL},
		{"admin-api", "migrate", "--database-url", s.AdminDatabaseURL},
		{"booking", "seed", "--database-url", s.DatabaseURL},
		{"admin-api", "seed", "--database-url", s.AdminDatabaseURL},
	}
	for _, room := range slices.Sorted(maps.Keys(s.o.Rooms)) {
		steps = append(steps, append([]string{"waitroom", "room", "put", room, "--redis-url", s.RedisURL,
			"--key-prefix", s.KeyPrefix, "--if-absent"}, s.o.Rooms[room]...))
	}
	s.say("keys, tables, demonstration data and rooms: preparing")
	for _, step := range steps {
		if err := s.run(ctx, step[0], step[1:]...); err != nil {
			return err
		}
	}
	return nil
}

// run lets one of our programs do something and end.
func (s *System) run(ctx context.Context, program string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, prepareTime)
	defer cancel()
	name := program + " " + strings.Join(words(args), " ")
	p, err := process.Start(process.Spec{Name: name, Path: s.program(program), Args: args,
		Log: filepath.Join(s.LogDir, "prepare", strings.ReplaceAll(name, " ", "-")+".log"), Inherit: []*os.File{s.lock.File}})
	if err != nil {
		return err
	}
	if err := p.Wait(ctx); err != nil {
		return err
	}
	if p.Err() != nil {
		return fmt.Errorf("%s failed (%w); the end of its output:\n%s", name, p.Err(), p.Tail(15))
	}
	return nil
}

// words are the arguments up to the first flag: what a command is called in messages.
func words(args []string) []string {
	i := slices.IndexFunc(args, func(a string) bool { return strings.HasPrefix(a, "-") })
	if i < 0 {
		return args
	}
	return args[:i]
}

// startServices starts booking, admin-api and the gateways; each is told where the others will be.
func (s *System) startServices(context.Context) error {
	free := &s.ports
	var gateways []pair
	for i := range s.o.Gateways {
		what := "gateway"
		if s.o.Gateways > 1 {
			what = fmt.Sprintf("gateway %d", i+1)
		}
		p, err := free.pair(what, gatewayPort+i*gatewayStep)
		if err != nil {
			return err
		}
		gateways = append(gateways, p)
		s.GatewayURLs, s.GatewayControlURLs = append(s.GatewayURLs, p.url()), append(s.GatewayControlURLs, p.opsURL())
	}
	booking, err := free.pair("booking service", bookingPort)
	if err != nil {
		return err
	}
	admin, err := free.pair("admin-api", adminPort)
	if err != nil {
		return err
	}
	s.BookingURL, s.BookingOpsURL, s.AdminURL, s.AdminOpsURL = booking.url(), booking.opsURL(), admin.url(), admin.opsURL()
	staffKeys := admin.url() + "/admin/api/.well-known/jwks.json"
	bookingURL, err := s.via("booking", booking.url())
	if err != nil {
		return err
	}
	adminURL, err := s.via("admin", admin.url())
	if err != nil {
		return err
	}

	s.say("services: starting")
	if err := s.serve("booking", "booking", booking, append(booking.listen(), "--database-url", s.DatabaseURL,
		"--pass-jwks-url", gateways[0].url()+"/.well-known/jwks.json", "--staff-jwks-url", staffKeys,
		"--keys-file", s.keysFile("booking"), "--mail-dir", filepath.Join(s.o.Dir, "mail"), "--public-url", gateways[0].url())); err != nil {
		return err
	}
	if err := s.serve("admin-api", "admin-api", admin, append(admin.listen(), "--database-url", s.AdminDatabaseURL,
		"--waitroom-url", gateways[0].opsURL(), "--booking-url", booking.opsURL(), "--keys-file", s.keysFile("admin-api"))); err != nil {
		return err
	}
	for i, g := range gateways {
		args := append(g.listen(), "--redis-url", s.RedisURL, "--key-prefix", s.KeyPrefix, "--keys-file", s.keysFile("waitroom"),
			"--booking-url", bookingURL, "--admin-url", adminURL, "--spa-dir", s.o.SPADir, "--staff-jwks-url", staffKeys,
			"--drain-delay", "0s") // nobody balances between them, and a Ctrl-C shall not take longer
		if s.o.CrashSafe {
			args = append(args, "--redis-fsync")
		}
		if err := s.serve("waitroom", fmt.Sprintf("waitroom-%d", i+1), g, args); err != nil {
			return err
		}
	}
	return nil
}

func (s *System) serve(program, name string, at pair, args []string) error {
	spec := process.Spec{Name: name, Path: s.program(program), Args: append([]string{"serve"}, args...),
		Log: filepath.Join(s.LogDir, name+".log"), Inherit: []*os.File{s.lock.File}}
	p, err := process.Start(spec)
	if err != nil {
		return err
	}
	s.services = append(s.services, &service{Process: p, spec: spec, ready: at.opsURL() + "/readyz", lives: 1})
	s.watch(p)
	return s.lock.Note(p)
}

// awaitReady waits until every service says that nothing is missing.
func (s *System) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	for _, service := range s.services {
		if err := s.awaitOne(ctx, service.Process, service.ready, s.died); err != nil {
			return err
		}
	}
	return nil
}

// awaitOne waits until a program says that nothing is missing; died ends it too.
func (s *System) awaitOne(ctx context.Context, p *process.Process, address string, died <-chan error) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	missing := "it does not answer"
	for {
		answer, err := ask(ctx, address)
		if err == nil && answer == "" {
			return nil
		}
		if err == nil {
			missing = answer
		}
		select {
		case err := <-died:
			return err
		case <-p.Done():
			return fmt.Errorf("%s ended by itself (%s); the end of its log:\n%s", p.Name(), p.Outcome(), p.Tail(20))
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready (%s): %w; the end of its log:\n%s", p.Name(), missing, ctx.Err(), p.Tail(20))
		case <-tick.C:
		}
	}
}

// ask returns what a service says is missing; empty when it is ready.
func ask(ctx context.Context, address string) (missing string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	if err != nil || response.StatusCode == http.StatusOK {
		return "", err
	}
	var answer struct{ Checks map[string]string }
	if err := json.Unmarshal(body, &answer); err != nil || len(answer.Checks) == 0 {
		return fmt.Sprintf("%s answers %d", address, response.StatusCode), nil
	}
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(answer.Checks)) {
		if answer.Checks[name] != "ok" {
			wrong = append(wrong, name+": "+answer.Checks[name])
		}
	}
	if len(wrong) == 0 {
		return fmt.Sprintf("%s answers %d", address, response.StatusCode), nil
	}
	return strings.Join(wrong, "; "), nil
}
