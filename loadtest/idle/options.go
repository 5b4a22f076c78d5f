// Package idle measures what connections cost a gateway that wait: it opens many, asks once on each, leaves them open, and measures the
// gateway's memory for each, and how long an admitted visitor's request takes while the others ask and while they do not.
package idle

import (
	"context"
	"crypto/tls"
	"fmt"
	"syscall"
	"time"
)

// Options say how much.
type Options struct {
	Connections int           `json:"connections"` // that wait
	Polls       int           `json:"polls"`       // of these a second, while they ask
	Requests    int           `json:"requests"`    // of admitted visitors a second
	Time        time.Duration `json:"time_ns"`     // of each of the two measurements
	TLS         bool          `json:"tls"`         // the gateway itself speaks TLS

	Progress func(line string) `json:"-"`
}

// Defaults are those of the figure.
func Defaults() Options {
	return Options{Connections: 100_000, Polls: 20_000, Requests: 500, Time: 15 * time.Second}
}

// System is the waiting room that is measured.
type System struct {
	Gateway string // base URL of its public port
	Private string // base URL of its private port, with profiles
	PID     int
	TLS     *tls.Config // how to speak to the public port; nil: without TLS
	SetRoom func(ctx context.Context, room string, fields ...string) error
}

// perAddress is how many connections come from one address of the loopback: of the ports that the system gives outgoing connections,
// 28,232 by default on Linux, some may be taken.
const perAddress = 20_000

// spare is how many file descriptors a process needs besides.
const spare = 1_000

// EnoughFiles raises the number of files that this process, and the gateway that it starts after, may have open, and fails when that is not
// allowed.
func EnoughFiles(connections int) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("ask how many files may be open: %w", err)
	}
	need := uint64(connections + spare)                                            //nolint:gosec // Not negative.
	raised := syscall.Rlimit{Cur: max(limit.Max, need), Max: max(limit.Max, need)} // root may raise the hard limit too
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &raised); err != nil {
		return fmt.Errorf("%d connections need %d open files, and %d are allowed (hard limit, and raising it failed: %w); raise it with `ulimit -Hn`, or take fewer with --connections", connections, need, limit.Max, err)
	}
	return nil
}
