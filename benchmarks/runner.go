package benchmarks

import (
	"bytes"
	"context"
	"fmt"
	"io"
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

// manyPasses is how often a round goes through a group that is cheap to start.
const manyPasses = 16

// cheap says whether a group whose benchmarks, each run once for the whole time, took so long should have its rounds in many passes instead, each
// for a part of the time. Machines that others use, too, slow down for moments: single passes of 20 ms beside an equal calibrator scattered
// by 15 %, the medians of sixteen such passes by 3 %, their means by 4.4 %. But each pass starts a process anew with all that it needs; where
// that takes long, one pass it is.
func (r runner) cheap(took time.Duration) bool {
	each, err := time.ParseDuration(r.o.BenchTime)
	if err != nil {
		return false // a number of operations
	}
	return took <= each*time.Duration(len(r.g.names))*3/2+300*time.Millisecond
}

// run runs the group once, for one of so many passes.
func (r runner) run(ctx context.Context, passes int) (runs map[string]Runs, skipped map[string]string, err error) {
	benchTime := r.o.BenchTime
	if each, err := time.ParseDuration(benchTime); err == nil && passes > 1 {
		benchTime = (each / time.Duration(passes)).String()
	}
	// Without -test.v a benchmark that skips itself leaves no trace.
	command := exec.CommandContext(ctx, r.program, "-test.run=^$", "-test.bench="+r.g.pattern(), "-test.benchmem", "-test.benchtime="+benchTime,
		"-test.v", "-test.timeout=20m")
	command.Dir = filepath.Join(r.o.Root, r.g.pkg)
	command.Env = append(os.Environ(), r.o.Env...)
	command.WaitDelay = 10 * time.Second // for what the benchmark started
	var out bytes.Buffer
	both := io.MultiWriter(&out, r.o.Raw) // one writer for both, or two goroutines would write to it at once
	command.Stdout, command.Stderr = both, both
	if err := command.Run(); err != nil {
		return nil, nil, fmt.Errorf("%s: %w\n%s", r.g, err, out.Bytes())
	}
	runs, skipped, err = parse(out.Bytes())
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r.g, err)
	}
	return runs, skipped, nil
}

// repeat is the command that runs a group by hand.
func (g group) repeat(benchtime string, count int) string {
	return fmt.Sprintf("go test -run '^$' -bench '%s' -benchmem -benchtime %s -count %d ./%s", g.pattern(), benchtime, count, g.pkg)
}
