package benchmarks

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// Options say how to measure.
type Options struct {
	Root      string // the module's folder
	Count     int    // runs of each benchmark
	BenchTime string // of each run, as `go test -benchtime` takes it
	Progress  io.Writer
}

// Result is what one package's benchmarks gave.
type Result struct {
	Package string
	Command string // that was run, exactly
	Runs    map[string]Runs
}

// Measure runs the listed benchmarks, package after package. It fails when one fails, or one that is listed has not run Count times.
func Measure(ctx context.Context, figures []Figure, o Options) ([]Result, error) {
	var results []Result
	for _, pkg := range packages(figures) {
		r, err := measure(ctx, pkg, figures, o)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

func measure(ctx context.Context, pkg string, figures []Figure, o Options) (Result, error) {
	var names []string
	for _, f := range figures {
		if f.Package == pkg {
			names = append(names, f.Name)
		}
	}
	args := []string{"test", "-run", "^$", "-bench", "^Benchmark(" + strings.Join(names, "|") + ")$",
		"-benchmem", "-benchtime", o.BenchTime, "-count", fmt.Sprint(o.Count), "./" + pkg}
	r := Result{Package: pkg, Command: "go " + quote(args)}
	fmt.Fprintln(o.Progress, r.Command)
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = o.Root
	out, err := command.CombinedOutput()
	if err != nil {
		return r, fmt.Errorf("%s: %w\n%s", r.Command, err, out)
	}
	if r.Runs, err = parse(out); err != nil {
		return r, fmt.Errorf("%s: %w", r.Command, err)
	}
	for _, name := range names {
		if n := len(r.Runs[name]["ns/op"]); n != o.Count {
			return r, fmt.Errorf("%s: Benchmark%s ran %d times, not %d; is it still there?", r.Command, name, n, o.Count)
		}
	}
	return r, nil
}

// quote writes arguments so that a shell reads them back.
func quote(args []string) string {
	quoted := make([]string, len(args))
	for i, a := range args {
		if strings.ContainsAny(a, "^$()|* ") {
			a = "'" + a + "'"
		}
		quoted[i] = a
	}
	return strings.Join(quoted, " ")
}
