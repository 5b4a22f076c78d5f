// Command seed measures what the system that Anteroom grew out of published of itself, and writes its figures beside ours. It starts what it
// measures by itself, for the failovers on the Redis and PostgreSQL that are on this machine.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"anteroom/benchmarks/seed"
	"anteroom/internal/service"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) && !errors.Is(err, service.ErrUsage) { // those have been printed
		fmt.Fprintln(os.Stderr, "seed:", err)
	}
	os.Exit(service.ExitCode(err))
}

func run(ctx context.Context, args []string, log io.Writer) error {
	o := seed.Options{Root: ".", Progress: log}
	var out, only string
	f := service.NewFlags("seed", "SEED", log)
	f.String(&o.Report, "report", "report.json", "report of a load suite that measured P1 and P6 (make loadtest writes one)")
	f.String(&out, "out", "benchmarks/seed.json", "file to write")
	f.String(&only, "only", "", "some of "+strings.Join(seed.Topics, ", ")+", separated by commas; empty: all")
	f.Int(&o.Runs, "runs", 5, "of each start and failover, 1 to 100")
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || o.Runs < 1 || o.Runs > 100 {
		return f.Fail(fmt.Errorf("--runs must be from 1 to 100, is %d; other words are none of ours: %q", o.Runs, rest))
	}
	if only != "" {
		o.Only = strings.Split(only, ",")
	}
	file, err := seed.Measure(ctx, o)
	if err != nil {
		return err
	}
	for _, r := range file.Rows {
		figure := r.Ours + " " + r.Unit
		if r.Ours == "" {
			figure = "absent: " + r.Absent
		}
		fmt.Fprintf(log, "%s: %s: theirs %s, ours %s\n", r.Topic, r.What, r.Theirs, figure)
	}
	if err := file.Write(out); err != nil {
		return err
	}
	fmt.Fprintln(log, "wrote", out)
	return nil
}
