package backing

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"anteroom/internal/backing/process"
)

// Replica is a hot standby that streams from another PostgreSQL of this machine.
type Replica struct {
	URL     string // as the primary's, but for the port
	Process *process.Process
}

// StartReplica copies a running PostgreSQL, whose address must be that of a superuser, into a new folder below dir and starts a standby on it: it answers
// reads and follows until it is stopped, or promoted with pg_promote(). Whoever started it stops its process. It needs the programs of
// the primary's major version on this machine.
func StartReplica(ctx context.Context, dir, primaryURL string) (*Replica, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	primary, err := url.Parse(primaryURL)
	if err != nil {
		return nil, errors.New("the primary's address is not of the form postgres://…")
	}
	program, most, err := programOf(ctx, primaryURL)
	if err != nil {
		return nil, err
	}
	place, err := findPlace(Options{Dir: dir, Progress: func(string) {}})
	if err != nil {
		return nil, err
	}
	home, err := os.MkdirTemp(place.base, "replica-")
	if err != nil {
		return nil, err
	}
	if err := place.give(home); err != nil {
		return nil, err
	}
	data := filepath.Join(home, "data")
	source := *primary
	source.Path, source.RawQuery = "/", "sslmode=disable" // a connection for copying has no search_path
	copying, err := process.Start(process.Spec{Name: "pg_basebackup", Path: filepath.Join(program.bin, "pg_basebackup"), Dir: home, Credential: place.credential,
		Args: []string{"-D", data, "-d", source.String(), "-R", "-X", "stream", "-c", "fast", "--no-sync"}, Log: filepath.Join(home, "copy.log")})
	if err != nil {
		return nil, err
	}
	if err := copying.Wait(ctx); err != nil {
		return nil, err
	}
	if copying.Err() != nil {
		return nil, fmt.Errorf("pg_basebackup failed (%w); the end of its output:\n%s", copying.Err(), copying.Tail(15))
	}
	address := func(port int) string {
		replica := *primary
		replica.Host = "127.0.0.1:" + strconv.Itoa(port)
		return replica.String()
	}
	p, port, err := StartServer(ctx, func(port int) process.Spec {
		// A standby must allow as many connections as its primary does.
		return process.Spec{Name: "PostgreSQL's replica", Path: filepath.Join(program.bin, "postgres"), Dir: home, Log: filepath.Join(home, "log"),
			Args:       append(postgresArgs(Options{Fast: true}, data, port), "-c", "max_connections="+strconv.Itoa(most), "-c", "hot_standby=on"),
			Credential: place.credential, StopSignal: syscall.SIGINT}
	}, func(ctx context.Context, port int) error {
		conn, err := pgx.Connect(ctx, address(port))
		if err != nil {
			return err
		}
		return conn.Close(ctx)
	})
	if err != nil {
		return nil, err
	}
	return &Replica{URL: address(port), Process: p}, nil
}

// programOf finds the programs of the version that answers at an address, and how many connections it allows.
func programOf(ctx context.Context, address string) (program postgresProgram, connections int, err error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return program, 0, errors.New("the primary does not answer")
	}
	defer conn.Close(ctx)
	var version int
	err = conn.QueryRow(ctx, `SELECT current_setting('server_version_num')::int / 10000, current_setting('max_connections')::int`).Scan(&version, &connections)
	if err != nil {
		return program, 0, err
	}
	found := findPostgres(ctx)
	i := slices.IndexFunc(found, func(p postgresProgram) bool { return p.major == version })
	if i < 0 {
		return program, 0, fmt.Errorf("the programs of PostgreSQL %d are not on this machine; %s", version, installHint("postgresql"))
	}
	return found[i], connections, nil
}
