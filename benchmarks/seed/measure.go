package seed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"time"

	"anteroom/loadtest/machine"
)

// Topics are what Measure can measure, in the order of the rows.
var Topics = []string{"order", "consistency", "build", "start", "failover"}

// Options say what to measure.
type Options struct {
	Root     string   // the module's folder
	Report   string   // of a load suite, report.json: where order and consistency come from
	Only     []string // some of Topics; empty: all
	Runs     int      // of each start and failover, at least 1
	Progress io.Writer
}

// Measure measures ours. What cannot be measured here gets a row that says why; an error means that nothing was measured because the options are
// wrong, or ctx has ended.
func Measure(ctx context.Context, o Options) (*File, error) {
	for _, topic := range o.Only {
		if !slices.Contains(Topics, topic) {
			return nil, fmt.Errorf("there is no topic %q; there are %s", topic, strings.Join(Topics, ", "))
		}
	}
	if o.Runs < 1 {
		return nil, fmt.Errorf("at least one run is needed, not %d", o.Runs)
	}
	f := &File{Measured: time.Now().UTC().Truncate(time.Second), Commit: commit(ctx, o.Root), Machine: machine.This()}
	wanted := func(topic string) bool { return len(o.Only) == 0 || slices.Contains(o.Only, topic) }
	for _, row := range promises(o.Report) {
		if wanted(row.Topic) {
			f.Rows = append(f.Rows, row)
		}
	}
	for _, part := range []struct {
		topic   string
		measure func(context.Context, Options) []Row
	}{{"build", builds}, {"start", starts}, {"failover", failovers}} {
		if wanted(part.topic) {
			fmt.Fprintln(o.Progress, "measuring:", part.topic)
			f.Rows = append(f.Rows, part.measure(ctx, o)...)
		}
	}
	if ctx.Err() != nil {
		return nil, errors.Join(errors.New("stopped before everything was measured"), context.Cause(ctx))
	}
	return f, nil
}

// measured gives a row the median of its runs, in seconds, or the reason why it has none.
func (r Row) measured(runs []time.Duration, err error) Row {
	if err != nil {
		r.Absent = err.Error()
		return r
	}
	for _, run := range runs {
		r.Runs = append(r.Runs, Run(run.Round(time.Millisecond).Seconds()))
	}
	sorted := slices.Sorted(slices.Values(r.Runs))
	n := len(sorted)
	r.Ours = fmt.Sprintf("%.3g", float64(sorted[(n-1)/2]+sorted[n/2])/2)
	return r
}

// commit is the short name of the tree's commit, with a + when something is changed; "" where git does not tell.
func commit(ctx context.Context, root string) string {
	out, err := exec.CommandContext(ctx, "git", "-C", root, "describe", "--always", "--dirty=+", "--exclude=*").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
