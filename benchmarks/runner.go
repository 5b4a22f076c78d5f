package benchmarks

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// runner runs one group by its package's test program.
type runner struct {
	g       group
	program string
	o       Options
}

// manyPasses is how often a round goes through its group. Machines that others use, too, slow down for moments: single passes of 20 ms beside an equal
// calibrator scattered by 15 %, the medians of sixteen such passes by 3 %, their means by 4.4 %.
const manyPasses = 16

// passes is how often a round goes through the group, and part for how long each time, of the time that a round has for each benchmark.
func (g group) passes(benchTime string) (passes int, part string) {
	each, err := time.ParseDuration(benchTime)
	if err != nil || g.dear() { // a number of operations has no parts
		return 1, benchTime
	}
	return manyPasses, (each / manyPasses).String()
}

// run runs a round of the group: all its passes in one process, so that what the benchmarks need is made once.
func (r runner) run(ctx context.Context) (runs map[string]Runs, skipped map[string]string, err error) {
	passes, benchTime := r.g.passes(r.o.BenchTime)
	// Without -test.v a benchmark that skips itself leaves no trace.
	command := exec.CommandContext(ctx, r.program, "-test.run=^$", "-test.bench="+r.g.pattern(), "-test.benchmem", "-test.benchtime="+benchTime,
		"-test.v", "-test.timeout=20m")
	command.Dir = filepath.Join(r.o.Root, r.g.pkg)
	command.Env = append(append(os.Environ(), r.o.Env...), fmt.Sprintf("%s=%d", passesVariable, passes))
	command.WaitDelay = 10 * time.Second // for what the benchmark started
	// Apart: the testing package writes a benchmark's name and its result in two, and what a program complains of in between would make the line none.
	var out, complaints bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaints
	err = command.Run()
	said := append(bytes.Clone(out.Bytes()), complaints.Bytes()...)
	if _, failed := r.o.Raw.Write(said); failed != nil {
		return nil, nil, failed
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w\n%s", r.g, err, said)
	}
	runs, skipped, err = parse(out.Bytes())
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r.g, err)
	}
	for name, run := range runs {
		if n := len(run["ns/op"]); n != passes {
			return nil, nil, fmt.Errorf("%s: Benchmark%s ran %d times in %d passes; does the package's TestMain run by testenv.Passes?", r.g, name, n, passes)
		}
	}
	return runs, skipped, nil
}

// passesVariable is testenv.PassesVariable: that package is for tests alone.
const passesVariable = "BENCH_PASSES"

// repeat is the command that runs a round of the group by hand.
func (g group) repeat(benchTime string) string {
	passes, part := g.passes(benchTime)
	return fmt.Sprintf("%s=%d go test -run '^$' -bench '%s' -benchmem -benchtime %s ./%s", passesVariable, passes, g.pattern(), part, g.pkg)
}
