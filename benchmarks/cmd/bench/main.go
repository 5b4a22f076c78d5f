// Command bench measures what benchmarks.Figures lists, writes BENCHMARKS.md, and compares with the recorded baseline. What it measures
// wants REDIS_URL and DATABASE_URL, which `make bench` sets.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"anteroom/benchmarks"
	"anteroom/internal/service"
)

// The files of the gate, from the module's folder.
const (
	thresholdsFile = "benchmarks/thresholds.yaml"
	baselineFile   = "benchmarks/baseline.json"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, out, log io.Writer) int {
	c := command{ctx, out, log}
	return service.Main("bench", args, log, map[string]func([]string) error{
		"measure": c.measure, "page": c.page, "gate": c.gate, "baseline": c.baseline, "check": c.check, "prove": c.prove,
	})
}

type command struct {
	ctx      context.Context
	out, log io.Writer
}

// selection is what is measured, and how: the flags that several subcommands share.
type selection struct {
	o       benchmarks.Options
	short   bool
	figures string
}

// benchTime is what each benchmark runs for in each round: the same in the short form as in the whole one, so that both can be compared with
// one baseline.
const benchTime = "500ms"

func (s *selection) flags(f *service.Flags) {
	f.Int(&s.o.Count, "count", 6, "rounds, 5 to 100; with fewer the test of the gate could not find anything")
	f.String(&s.o.BenchTime, "benchtime", benchTime, "of each benchmark in each round: a time, or a number of operations such as 1000x")
	f.Bool(&s.short, "short", false, "only the paths that every visitor takes")
	f.String(&s.figures, "figures", "", "only these and what they are compared with, as package.Name, separated by commas; empty: all")
}

// choose reads the command line and gives the part of the list that is wanted. A bad setting is printed.
func (s *selection) choose(f *service.Flags, args []string, log io.Writer) ([]benchmarks.Figure, error) {
	s.o.Root, s.o.Progress = ".", log
	rest, err := f.Parse(args)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, f.Fail(fmt.Errorf("there are words that are no flags: %q", rest))
	}
	if s.o.Count < 5 || s.o.Count > 100 {
		return nil, f.Fail(fmt.Errorf("--count must be from 5 to 100, is %d", s.o.Count))
	}
	if s.short && s.figures != "" {
		return nil, f.Fail(errors.New("--short and --figures exclude each other"))
	}
	if s.short {
		return benchmarks.Short(benchmarks.Figures)
	}
	if s.figures == "" {
		return benchmarks.Figures, nil
	}
	figures, err := benchmarks.Choose(benchmarks.Figures, strings.Split(s.figures, ","))
	if err != nil {
		return nil, f.Fail(fmt.Errorf("--figures: %w", err))
	}
	return figures, nil
}

// take measures, and says on what.
func (c command) take(ctx context.Context, figures []benchmarks.Figure, o benchmarks.Options, args []string) (*benchmarks.Measurement, error) {
	redisURL, databaseURL := os.Getenv("REDIS_URL"), os.Getenv("DATABASE_URL")
	if redisURL == "" || databaseURL == "" {
		return nil, errors.New("REDIS_URL and DATABASE_URL must be set: run it by `make`, or inside `bin/backing exec -- …`")
	}
	redis, err := benchmarks.RedisVersion(ctx, redisURL)
	if err != nil {
		return nil, err
	}
	postgres, err := benchmarks.PostgresVersion(ctx, databaseURL)
	if err != nil {
		return nil, err
	}
	m, err := benchmarks.Measure(ctx, figures, o)
	if err != nil {
		return nil, err
	}
	m.Redis, m.PostgreSQL, m.Command = redis, postgres, strings.Join(append([]string{"bench"}, args...), " ")
	return m, nil
}
