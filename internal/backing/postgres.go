package backing

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"anteroom/internal/backing/process"
)

// postgresName is the name of the superuser and of the database of a private instance.
const postgresName = "anteroom"

func (b *Backing) startPostgres(ctx context.Context, o Options) error {
	began := time.Now()
	place, err := findPlace(o)
	if err != nil {
		return err
	}
	dir := filepath.Join(place.base, "postgres")
	data := filepath.Join(dir, "data")
	if err := place.makeDir(dir); err != nil {
		return err
	}
	lock, err := acquire(ctx, o, dir)
	if err != nil {
		return fmt.Errorf("PostgreSQL: %w", err)
	}
	defer lock.Release()
	program, err := choosePostgres(ctx, o, place, data)
	if err != nil {
		return err
	}
	password, err := postgresPassword(place, dir)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); errors.Is(err, os.ErrNotExist) {
		o.Progress(fmt.Sprintf("PostgreSQL %d: making a database in %s", program.major, data))
		if err := initdb(ctx, o, place, program, dir, lock); err != nil {
			return err
		}
	}
	if err := dropStalePID(data); err != nil {
		return err
	}

	o.Progress(fmt.Sprintf("PostgreSQL %d: starting in %s", program.major, data))
	p, port, err := StartServer(ctx, func(port int) process.Spec {
		return process.Spec{Name: "PostgreSQL", Path: filepath.Join(program.bin, "postgres"),
			Args: postgresArgs(o, data, port), Dir: dir, Log: filepath.Join(dir, "log"), Credential: place.credential,
			StopSignal: syscall.SIGINT, // a fast stop: open transactions are rolled back
			Inherit:    []*os.File{lock.File}}
	}, func(ctx context.Context, port int) error {
		return ensureDatabase(ctx, postgresURL(port, password, "postgres"))
	})
	if err != nil {
		return err
	}
	b.Children = append(b.Children, p)
	b.stops = append(b.stops, p.Stop)
	b.DatabaseURL, b.PostgresSource = postgresURL(port, password, postgresName), program.source
	o.Progress(fmt.Sprintf("PostgreSQL %d: ready on port %d after %s", program.major, port, time.Since(began).Round(time.Millisecond)))
	return lock.Note(p)
}

// postgresArgs: settings are given here, not in the data folder, so that a change of them needs no migration.
func postgresArgs(o Options, data string, port int) []string {
	args := []string{"-D", data, "-p", strconv.Itoa(port)}
	settings := []string{
		"listen_addresses=127.0.0.1",
		"unix_socket_directories=",
		"max_connections=400",
		"shared_buffers=256MB",
		"max_wal_size=2GB",
		"timezone=UTC",
		"log_timezone=UTC",
	}
	if o.Fast {
		settings = append(settings, "fsync=off", "full_page_writes=off")
		if !o.CrashSafe { // what the system was given survives the end of the program, what the program keeps to itself does not
			settings = append(settings, "synchronous_commit=off")
		}
	}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	return args
}

func postgresURL(port int, password, database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(postgresName, password),
		Host: "127.0.0.1:" + strconv.Itoa(port), Path: "/" + database, RawQuery: "sslmode=disable"}
	return u.String()
}

// postgresPassword returns the instance's password, made at random the first time.
func postgresPassword(place place, dir string) (string, error) {
	file := passwordFile(dir)
	body, err := os.ReadFile(file)
	if err == nil && len(strings.TrimSpace(string(body))) > 0 {
		return strings.TrimSpace(string(body)), nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	password := rand.Text()
	if err := os.WriteFile(file, []byte(password+"\n"), 0o600); err != nil {
		return "", err
	}
	return password, place.give(file)
}

func passwordFile(dir string) string { return filepath.Join(dir, "password") }

// initdb makes the data folder. It works beside it and renames at the end, so that an interrupted
// initdb leaves nothing that looks like a database.
func initdb(ctx context.Context, o Options, place place, program postgresProgram, dir string, lock *process.Lock) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	data := filepath.Join(dir, "data")
	unfinished := data + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	args := []string{"-D", unfinished, "-U", postgresName, "--pwfile", passwordFile(dir),
		"--auth", "scram-sha-256", "-E", "UTF8", "--locale", "C"}
	if o.Fast {
		args = append(args, "--no-sync")
	}
	p, err := process.Start(process.Spec{Name: "initdb", Path: filepath.Join(program.bin, "initdb"), Args: args,
		Dir: dir, Log: filepath.Join(dir, "initdb.log"), Credential: place.credential, Inherit: []*os.File{lock.File}})
	if err != nil {
		return err
	}
	if err := p.Wait(ctx); err != nil {
		return err
	}
	if p.Err() != nil {
		return fmt.Errorf("initdb failed (%w); the end of its output:\n%s", p.Err(), p.Tail(15))
	}
	return os.Rename(unfinished, data)
}

// dropStalePID removes a leftover postmaster.pid. We hold the instance's lock, which a running server
// inherits, so whatever process now has the number in that file, it is not our server; but PostgreSQL,
// which cannot know that, would refuse to start.
func dropStalePID(data string) error {
	err := os.Remove(filepath.Join(data, "postmaster.pid"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// ensureDatabase makes our database if it is not there; it doubles as the question whether the server is ready.
func ensureDatabase(ctx context.Context, maintenanceURL string) error {
	conn, err := pgx.Connect(ctx, maintenanceURL)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", postgresName).Scan(&there); err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+postgresName)
	return err
}
