// Package backing provides the real Redis and the real PostgreSQL that the system, its tests and its load
// suites run on. It is the one place that does, and it looks in this order: addresses that were given,
// programs on this machine, programs it may install, embedded ones.
//
// What it starts is private: a free port on 127.0.0.1, a data folder of its own, no unix socket, never a
// system service, and nothing outlives the program that started it. Services do not import this package.
package backing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"anteroom/internal/backing/process"
)

// Labels of where a Redis or a PostgreSQL comes from.
const (
	Given    = "given"                             // its address was given
	Private  = "private instance"                  // a program of this machine, started here
	Embedded = "embedded, for demonstration only"  // miniredis: no figure taken on it means anything
	FromNPM  = "private instance of npm's package" // PostgreSQL's real binaries, as a package
)

// Options says what to start. Dir is required.
type Options struct {
	Dir         string // state folder, made when absent and used again by the next start
	RedisURL    string // given address; empty: start one
	DatabaseURL string // given address; empty: start one

	Fast               bool // for tests only: nothing survives a crash of the machine, nothing of Redis survives a stop
	CrashSafe          bool // what was acknowledged survives a kill of the servers, also with Fast; Redis writes each change to disk before it answers
	NoInstall          bool // never install a program on the machine
	AllowEmbeddedRedis bool // accept miniredis when there is no other way
	EmbeddedPostgres   bool // take npm's PostgreSQL even if the machine has one
	EmbeddedRedis      bool // take miniredis even if the machine has Redis

	Progress func(line string) // hears one line a step; nil: nobody does

	aptUpdated *bool // whether this start has read the list of packages already
}

// FromEnvironment fills in the addresses that REDIS_URL and DATABASE_URL give.
func (o Options) FromEnvironment() Options {
	o.RedisURL, o.DatabaseURL = os.Getenv("REDIS_URL"), os.Getenv("DATABASE_URL")
	return o
}

// Backing is a running pair. Its fields do not change.
type Backing struct {
	RedisURL       string
	RedisSource    string // one of the labels
	DatabaseURL    string
	PostgresSource string // one of the labels
	Children       []*process.Process

	stops []func(context.Context) error // in the order in which they were started
}

// Start brings up what was not given and waits until both answer. On an error nothing is left running.
func Start(ctx context.Context, o Options) (*Backing, error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil || o.Dir == "" {
		return nil, fmt.Errorf("backing: a state folder is needed, not %q", o.Dir)
	}
	o.Dir, o.aptUpdated = dir, new(bool)
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return nil, err
	}
	b := &Backing{RedisURL: o.RedisURL, RedisSource: Given, DatabaseURL: o.DatabaseURL, PostgresSource: Given}
	if o.DatabaseURL == "" {
		err = b.startPostgres(ctx, o)
	}
	if err == nil && o.RedisURL == "" {
		err = b.startRedis(ctx, o)
	}
	if err != nil {
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		return nil, errors.Join(err, b.Stop(stopCtx))
	}
	return b, nil
}

// Stop ends what Start started, the last first, and waits for it; when ctx ends first, the rest is killed.
// What was given is left alone.
func (b *Backing) Stop(ctx context.Context) error {
	var errs []error
	for i := len(b.stops) - 1; i >= 0; i-- {
		errs = append(errs, b.stops[i](ctx))
	}
	b.stops = nil
	return errors.Join(errs...)
}

// attempts is how often a start is tried: a free port can be taken by somebody else before it is used.
const attempts = 4

// StartServer runs a server on a free port until ready answers without an error, for a minute at most. On an error nothing is left running.
func StartServer(ctx context.Context, spec func(port int) process.Spec, ready func(ctx context.Context, port int) error) (*process.Process, int, error) {
	for attempt := 1; ; attempt++ {
		port, err := FreePort()
		if err != nil {
			return nil, 0, err
		}
		p, err := process.Start(spec(port))
		if err != nil {
			return nil, 0, err
		}
		err = awaitReady(ctx, p, func(ctx context.Context) error { return ready(ctx, port) })
		if err == nil {
			return p, port, nil
		}
		portWasTaken := p.PortTaken()
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		err = errors.Join(err, p.Stop(stopCtx))
		cancel()
		if !portWasTaken || attempt == attempts {
			return nil, 0, err
		}
	}
}

// awaitReady asks until ready agrees, the process ends, or a minute is over.
func awaitReady(ctx context.Context, p *process.Process, ready func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		once, cancelOnce := context.WithTimeout(ctx, 5*time.Second)
		err := ready(once)
		cancelOnce()
		if err == nil {
			return nil
		}
		select {
		case <-p.Done():
			return fmt.Errorf("%s ended while starting (%s); the end of its log:\n%s", p.Name(), p.Outcome(), p.Tail(15))
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer (%w); the end of its log:\n%s", p.Name(), err, p.Tail(15))
		case <-tick.C:
		}
	}
}

// acquire takes an instance's folder for this program and waits for remains of a crashed one.
func acquire(ctx context.Context, o Options, dir string) (*process.Lock, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return process.Acquire(ctx, filepath.Join(dir, "lock"), o.Progress)
}
