package seed

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

// theirFailover is in seconds; it was published as 10 to 15 minutes.
const theirFailover = "600–900"

// failovers have the services' own benchmarks kill a primary, and take what they report.
func failovers(ctx context.Context, o Options) []Row {
	rows := []Row{
		{What: "Redis' primary killed, three Sentinels promote its replica: until a join is acknowledged again",
			Note: "of which the Sentinels wait 3 s before they believe it; one machine"},
		{What: "PostgreSQL's primary killed, its replica promoted at once: until a purchase goes through again",
			Note: "without what somebody, or a manager of clusters, takes to see it and to ask for the promotion; one machine"},
	}
	for i, pkg := range []string{"./waitroom/cmd/waitroom", "./booking/cmd/booking"} {
		args := []string{"test", "-run", "^$", "-bench", "^BenchmarkFailover$", "-benchtime", "1x", "-count", strconv.Itoa(o.Runs), pkg}
		runs, err := reported(ctx, o.Root, args, o.Runs)
		rows[i] = rows[i].measured(runs, err)
		rows[i].Command = fmt.Sprintf("go test -run '^$' -bench '^BenchmarkFailover$' -benchtime 1x -count %d %s", o.Runs, pkg)
	}
	rows = append(rows, Row{What: "a whole region lost: until a purchase goes through in another",
		Absent: "there is no second region yet: `make dr-failover` comes with disaster recovery"})
	for i := range rows {
		rows[i].Topic, rows[i].Theirs, rows[i].Unit = "failover", theirFailover, "s"
	}
	return rows
}

var away = regexp.MustCompile(`(?m)^BenchmarkFailover\S*\s.*\s([0-9.]+(?:e[+-]?\d+)?) s-away\b`)

// reported runs a benchmark and returns what it reports, in the order of its runs, of which there must be so many.
func reported(ctx context.Context, root string, args []string, want int) ([]time.Duration, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("go test: %w: %s", err, lastLines(out))
	}
	var runs []time.Duration
	for _, m := range away.FindAllSubmatch(out, -1) {
		seconds, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			return nil, err
		}
		runs = append(runs, time.Duration(seconds*float64(time.Second)))
	}
	if len(runs) != want {
		return nil, fmt.Errorf("the benchmark reported %d runs, not %d: %s", len(runs), want, lastLines(out))
	}
	return runs, nil
}

// lastLines are the end of what a program has said, short enough for a table.
func lastLines(out []byte) string {
	const enough = 400
	if len(out) > enough {
		out = out[len(out)-enough:]
	}
	return string(out)
}
