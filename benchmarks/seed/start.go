package seed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"anteroom/infra/local"
)

// theirStart is before and after the seed system's own improvement.
const theirStart = "12, then 4–5"

// One start takes no longer than this, or it counts as failed.
const startTime = 2 * time.Minute

// starts measures how long the whole system takes until every service says that it is ready, first with nothing there and then with its data, and how long
// each service takes, alone, from the start of its process to its first good answer.
func starts(ctx context.Context, o Options) []Row {
	const command = "go run ./benchmarks/cmd/seed --only start"
	rows := []Row{
		{What: "the whole system, nothing there: databases made, tables, demonstration data, every service ready"},
		{What: "the whole system again, its data there"},
		{What: "a gateway, from the start of its process to its first answer about a room"},
		{What: "booking, to its first answer with the shows"},
		{What: "admin-api, to its first answer with its public keys"},
	}
	took, err := startAll(ctx, o)
	for i := range rows {
		rows[i].Topic, rows[i].Theirs, rows[i].Unit, rows[i].Command = "cold start", theirStart, "s", command
		if err != nil {
			rows[i] = rows[i].measured(nil, err)
			continue
		}
		rows[i] = rows[i].measured(took[i], nil)
		rows[i].Note = "the programs are built; Redis and PostgreSQL are private ones that write durably"
		if i > 1 {
			rows[i].Note = "the rest of the system is up; it was killed before"
		}
	}
	return rows
}

// startAll returns, for each row of starts, its runs.
func startAll(ctx context.Context, o Options) ([][]time.Duration, error) {
	dir, err := os.MkdirTemp("", "anteroom-start-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL may have to run as another user, who must get in
		return nil, err
	}
	bin := filepath.Join(dir, "bin")
	build := exec.CommandContext(ctx, "go", "build", "-o", bin+string(filepath.Separator), "./waitroom/cmd/waitroom", "./booking/cmd/booking", "./admin-api/cmd/admin-api")
	build.Dir = o.Root
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the programs: %w: %s", err, lastLines(out))
	}
	all := make([][]time.Duration, 5)
	for run := range o.Runs {
		state := filepath.Join(dir, fmt.Sprintf("state-%d", run))
		for again := range 2 {
			fmt.Fprintf(o.Progress, "   run %d of %d, start %d\n", run+1, o.Runs, again+1)
			began := time.Now()
			system, err := local.Start(ctx, local.Options{Dir: state, BinDir: bin, FreePorts: true})
			if err != nil {
				return nil, err
			}
			all[again] = append(all[again], time.Since(began))
			if again == 1 {
				err = startEach(ctx, system, all[2:])
			}
			if err = errors.Join(err, stop(system)); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

func stop(system *local.System) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return system.Stop(ctx)
}

// startEach kills each service and adds how long it takes until it answers again.
func startEach(ctx context.Context, system *local.System, into [][]time.Duration) error {
	for i, service := range []struct{ name, address string }{
		{"waitroom-1", system.GatewayURLs[0] + "/waitroom/v1/theatre/serving"},
		{"booking", system.BookingURL + "/api/v1/shows"},
		{"admin-api", system.AdminURL + "/admin/api/.well-known/jwks.json"},
	} {
		took, err := startOne(ctx, system, service.name, service.address)
		if err != nil {
			return fmt.Errorf("%s: %w", service.name, err)
		}
		into[i] = append(into[i], took)
	}
	return nil
}

func startOne(ctx context.Context, system *local.System, name, address string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	old := system.Process(name)
	if err := system.Kill(name); err != nil {
		return 0, err
	}
	if err := old.Wait(ctx); err != nil {
		return 0, err
	}
	if answers(ctx, address) {
		return 0, errors.New("it answers although it was killed")
	}
	ready := make(chan error, 1)
	began := time.Now()
	go func() { ready <- system.Restart(ctx, name) }()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !answers(ctx, address) {
		select {
		case <-ctx.Done():
			return 0, errors.Join(fmt.Errorf("%s does not answer", address), <-ready)
		case <-tick.C:
		}
	}
	took := time.Since(began)
	return took, <-ready
}

// answers reports whether an address gives a good answer, over a connection of its own.
func answers(ctx context.Context, address string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return false
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}
