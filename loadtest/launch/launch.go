// Package launch brings up a system of its own for a load test, from the real programs, and takes it down again.
package launch

import (
	"context"
	"encoding/json"
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
	Progress io.Writer // hears one line a step; nil: nobody does
}

// System is a running system and the folder it lives in.
type System struct {
	visit.System
	Died <-chan error // delivers the first end of a program that nobody asked to end

	running *local.System
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
	running, err := local.Start(ctx, local.Options{
		Dir: filepath.Join(dir, "state"), BinDir: bin, Gateways: o.Gateways, FreePorts: true, Fast: o.Fast, Progress: o.Progress,
	})
	if err != nil {
		return nil, err
	}
	s := &System{running: running, dir: dir, Died: running.Died(), System: visit.System{
		Gateways: running.GatewayURLs, BookingOps: running.BookingOpsURL, Recount: Recount(filepath.Join(bin, "booking"), running.DatabaseURL),
		Facts: map[string]string{
			"Redis": running.RedisSource, "PostgreSQL": running.PostgresSource, "durable writes": fmt.Sprint(!o.Fast),
			"gateways": fmt.Sprintf("%d processes", len(running.GatewayURLs)),
		},
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
	return errors.Join(s.running.Stop(ctx), os.RemoveAll(s.dir))
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

// Recount runs booking's own checker and returns its counts by name, and the command as it may be shown.
func Recount(program, databaseURL string) func(ctx context.Context) (map[string]int64, string, error) {
	return func(ctx context.Context) (map[string]int64, string, error) {
		const shown = "booking check --json"
		command := exec.CommandContext(ctx, program, "check", "--json")
		command.Env = append(os.Environ(), "BOOKING_DATABASE_URL="+databaseURL) // not on the command line: it may hold a password
		out, err := command.Output()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			return nil, shown, err
		}
		counts, malformed := parseRecount(out)
		if malformed != nil && err != nil {
			return nil, shown, fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return counts, shown, malformed
	}
}

// parseRecount reads what `booking check --json` prints. A report without checks, or one whose verdict does not fit its counts, is an error.
func parseRecount(out []byte) (map[string]int64, error) {
	var report struct {
		OK     *bool `json:"ok"`
		Checks []struct {
			Name  string `json:"name"`
			Count int64  `json:"count"`
		} `json:"checks"`
	}
	if err := json.Unmarshal(out, &report); err != nil {
		return nil, fmt.Errorf("booking check printed no report: %w", err)
	}
	counts := map[string]int64{}
	clean := true
	for _, c := range report.Checks {
		counts[c.Name] = c.Count
		clean = clean && c.Count == 0
	}
	if len(counts) == 0 || report.OK == nil || *report.OK != clean {
		return nil, fmt.Errorf("booking check printed a report that contradicts itself: %.300s", out)
	}
	return counts, nil
}
