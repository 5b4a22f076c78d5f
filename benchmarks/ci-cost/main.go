// Command ci-cost compares what hosted minutes of continuous integration cost with a machine of one's own, and says from how many minutes a
// month on the machine is cheaper. What is assumed is in a file; nothing is assumed beyond it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"anteroom/internal/service"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) && !errors.Is(err, service.ErrUsage) { // those have been printed
		fmt.Fprintln(os.Stderr, "ci-cost:", err)
	}
	os.Exit(service.ExitCode(err))
}

func run(args []string, out, log io.Writer) error {
	var inputs, table, plot string
	f := service.NewFlags("ci-cost", "CI_COST", log)
	f.String(&inputs, "inputs", "benchmarks/ci-cost/inputs.yaml", "YAML file with what is assumed")
	f.String(&table, "table", "", "file for the tables, in Markdown; empty: printed")
	f.String(&plot, "plot", "", "file for the plot, in SVG; empty: none")
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return f.Fail(fmt.Errorf("no setting: %q", rest))
	}
	body, err := os.ReadFile(inputs)
	if err != nil {
		return err
	}
	in, err := read(body)
	if err != nil {
		return fmt.Errorf("%s: %w", inputs, err)
	}
	image := ""
	if plot != "" {
		if err := os.WriteFile(plot, []byte(in.plot()), 0o644); err != nil {
			return err
		}
		image = filepath.Base(plot)
	}
	if table == "" {
		fmt.Fprint(out, in.tables(image))
		return nil
	}
	return os.WriteFile(table, []byte(in.tables(image)), 0o644)
}
