// Command bench measures what benchmarks.Figures lists and writes BENCHMARKS.md. It wants REDIS_URL and DATABASE_URL, which `make bench` sets.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"anteroom/benchmarks"
	"anteroom/internal/service"
	"anteroom/loadtest/machine"
	"anteroom/loadtest/report"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stderr)
	stop()
	switch {
	case errors.Is(err, service.ErrUsage): // it has been printed
		os.Exit(2)
	case err != nil && !errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, log io.Writer) error {
	o := benchmarks.Options{Root: ".", Progress: log}
	var out, reports string
	f := service.NewFlags("bench", "BENCH", log)
	f.Int(&o.Count, "count", 6, "runs of each benchmark, 1 to 100")
	f.String(&o.BenchTime, "benchtime", "1s", "of each run: a time, or a number of operations such as 1000x")
	f.String(&out, "out", "BENCHMARKS.md", "file to write")
	f.String(&reports, "report", "report.json", "reports of load suites to include, separated by commas; a file that is not there is left out")
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || o.Count < 1 || o.Count > 100 {
		return f.Fail(fmt.Errorf("--count must be from 1 to 100, is %d; other words are none of ours: %q", o.Count, rest))
	}
	redisURL, databaseURL := os.Getenv("REDIS_URL"), os.Getenv("DATABASE_URL")
	if redisURL == "" || databaseURL == "" {
		return errors.New("REDIS_URL and DATABASE_URL must be set: run `make bench`")
	}
	page := benchmarks.Page{Date: time.Now(), Machine: machine.This(), Figures: benchmarks.Figures}
	if page.Redis, err = benchmarks.RedisVersion(ctx, redisURL); err != nil {
		return err
	}
	if page.PostgreSQL, err = benchmarks.PostgresVersion(ctx, databaseURL); err != nil {
		return err
	}
	for _, file := range strings.Split(reports, ",") {
		suite, err := report.ReadJSON(file)
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(log, "%s is not there; the page will hold no such suite (make loadtest writes one)\n", file)
			continue
		}
		if err != nil {
			return err
		}
		page.Suites = append(page.Suites, suite)
	}
	if page.Results, err = benchmarks.Measure(ctx, page.Figures, o); err != nil {
		return err
	}
	if err := os.WriteFile(out, []byte(page.Markdown()), 0o644); err != nil {
		return err
	}
	fmt.Fprintln(log, "wrote", out)
	return nil
}
