// Package launch brings up a system of its own for a load test, from the real programs, and takes it down again.
package launch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"anteroom/infra/local"
	"anteroom/loadtest/visit"
)

// Options say what to bring up.
type Options struct {
	Root     string    // the module's folder; empty: found from the working folder upwards
	Gateways int       // gateway processes
	Fast     bool      // for tests: Redis and PostgreSQL do not write durably
	Faults   bool      // faults can be done to it: there are relays between its parts, and what was acknowledged survives a kill of Redis and PostgreSQL
	Progress io.Writer // hears one line a step; nil: nobody does
}

// System is a running system and the folder it lives in.
type System struct {
	visit.System
	Died <-chan error // delivers the first end of a program that nobody asked to end

	running *local.System
	relays  relays // nil without Options.Faults
	dir     string
}

// Start builds the programs and starts them on free ports, with a Redis and a PostgreSQL of their own, never embedded ones: no figure
// taken on those means anything. On an error nothing is left behind.
func Start(ctx context.Context, o Options) (*System, error) {
	if o.Root == "" {
		var err error
		if o.Root, err = moduleRoot(); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "anteroom-loadtest-")
	if err != nil {
		return nil, err
	}
	// PostgreSQL may have to run as another user, who must be able to reach its folder.
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s, err := start(ctx, o, dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func start(ctx context.Context, o Options, dir string) (*System, error) {
	bin := filepath.Join(dir, "bin")
	if err := build(ctx, o.Root, bin, "./waitroom/cmd/waitroom", "./booking/cmd/booking", "./admin-api/cmd/admin-api"); err != nil {
		return nil, err
	}
	options := local.Options{
		Dir: filepath.Join(dir, "state"), BinDir: bin, Gateways: o.Gateways, FreePorts: true, Fast: o.Fast, CrashSafe: o.Faults, Progress: o.Progress,
	}
	var ways relays
	if o.Faults {
		ways = relays{}
		options.Via = func(part, host string) (string, error) { return ways.lead(ctx, part, host) }
	}
	running, err := local.Start(ctx, options)
	if err != nil {
		ways.close()
		return nil, err
	}
	s := &System{running: running, relays: ways, dir: dir, Died: running.Died(), System: visit.System{
		Gateways: running.GatewayURLs, BookingOps: running.BookingOpsURL, Recount: Recount(filepath.Join(bin, "booking"), running.DatabaseURL),
		Email: ownerEmail, Password: ownerPassword, Facts: facts(o, running),
	}}
	if running.Redis != "real" {
		return nil, errors.Join(errors.New("this Redis is embedded: no load figure taken on it means anything"), s.Stop())
	}
	return s, nil
}

// Stop ends everything and removes the folder.
func (s *System) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err := s.running.Stop(ctx)
	s.relays.close()
	return errors.Join(err, os.RemoveAll(s.dir))
}

// Of the demonstration's staff, which the programs make themselves: who may do everything, and what all of them sign in with.
const (
	ownerEmail    = "owner@demo.test"
	ownerPassword = "demo-anteroom"
)

// facts is what a report should say of the system.
func facts(o Options, running *local.System) map[string]string {
	f := map[string]string{
		"Redis": running.RedisSource, "PostgreSQL": running.PostgresSource, "durable writes": fmt.Sprint(!o.Fast),
		"gateways": fmt.Sprintf("%d processes", len(running.GatewayURLs)),
	}
	if o.Faults {
		f["durable writes"] = fmt.Sprintf("%v; Redis writes each change before it answers (appendfsync always)", !o.Fast)
		f["between the parts"] = "relays, which faults cut and slow down; they cost latency and processor time of the generator's process"
	}
	return f
}

// Logs is the folder with the programs' logs.
func (s *System) Logs() string { return s.running.LogDir }

func build(ctx context.Context, root, bin string, programs ...string) error {
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	command := exec.CommandContext(ctx, "go", append([]string{"build", "-o", bin + string(filepath.Separator)}, programs...)...)
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("build the programs: %w\n%s", err, out)
	}
	return nil
}

// moduleRoot is the nearest folder upwards that holds the module.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		body, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(body), "module anteroom\n") {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("this must run inside Anteroom's repository: it builds the programs that it loads")
		}
		dir = up
	}
}
