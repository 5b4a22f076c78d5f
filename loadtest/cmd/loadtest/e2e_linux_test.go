package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/launch"
	"anteroom/loadtest/report"
)

// crowd is a small profile; %s is how long people arrive.
const crowd = `
name: small
about: A few people who buy.
arrivals: [ { at: 0s, per_second: 40 }, { at: %s, per_second: 40 } ]
deadline: 4m
visitors: [ { name: buyer, do: buy, think: { median: 5ms } } ]
room: { mode: queue, rate_per_minute: 6000, max_active: 30, session_idle_seconds: 6, session_limit_seconds: 45, ghost_seconds: 20, return_grace_seconds: 60, poll_min_ms: 150, poll_max_ms: 1000 }
connections: 16
requires: [P1, P2, P3, P6]
`

// TestRuns runs the command against the real programs: with two generators, interrupted, and with a generator that is killed.
func TestRuns(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	system, err := launch.Start(ctx, launch.Options{Gateways: 2, Fast: true, Progress: io.Discard})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, system.Stop()) })
	profileOf := func(arrive string) string {
		file := filepath.Join(t.TempDir(), "small.yaml")
		require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, crowd, arrive), 0o644))
		return file
	}
	args := func(arrive, dir string, more ...string) []string {
		return append([]string{"run", profileOf(arrive), "--out", dir, "--target", strings.Join(system.Gateways, ","),
			"--staff-email", system.Email, "--staff-password", system.Password}, more...)
	}

	t.Run("two generators share a run", func(t *testing.T) {
		dir := t.TempDir()
		code, out, log := commandWithin(ctx, args("2s", dir, "--generators", "2")...)
		require.Equal(t, held, code, out+log)
		r, err := report.ReadJSON(filepath.Join(dir, reportJSON))
		require.NoError(t, err)
		require.Equal(t, report.Pass, r.Verdict)
		require.Equal(t, 80, r.Load.Visitors)
		require.Equal(t, 2, r.Generator.Processes)
		for _, file := range []string{"run-1.journal", "run-2.journal"} {
			l, err := journal.Read(filepath.Join(dir, file))
			require.NoError(t, err)
			require.Equal(t, 40, l.End.Visitors)
		}
		for _, file := range []string{reportJSON, reportHTML} {
			body, err := os.ReadFile(filepath.Join(dir, file))
			require.NoError(t, err)
			require.NotContains(t, string(body), system.Password)
		}

		code, out, log = commandWithin(ctx, "check", dir)
		require.Equal(t, held, code, log)
		require.Contains(t, out, "P6 no double sale: kept")
		code, _, log = commandWithin(ctx, "compare", dir, filepath.Join(dir, reportJSON))
		require.Equal(t, held, code, log)

		// One part alone is not the run.
		code, _, log = commandWithin(ctx, "check", filepath.Join(dir, "run-1.journal"))
		require.Equal(t, unmeasured, code, log)
		require.Contains(t, log, "run-1.journal: it is part 0 of 2")
	})

	t.Run("an interrupted run is judged and reported", func(t *testing.T) {
		dir := t.TempDir()
		run, interrupt := context.WithCancelCause(ctx)
		defer interrupt(nil)
		var code int
		var out, log string
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			code, out, log = commandWithin(run, args("2m", dir)...)
		}()
		await(t, ended, func() bool { return paid(filepath.Join(dir, "run.journal")) > 3 }) // without a sale there would be nothing to judge them by
		interrupt(errInterrupted)
		<-ended
		require.Equal(t, held, code, out+log)
		require.Contains(t, log, "interrupted: the load ends")
		r, err := report.ReadJSON(filepath.Join(dir, reportJSON))
		require.NoError(t, err)
		require.Equal(t, "interrupted", r.Ended)
		require.Less(t, r.Load.Visitors, 4800, "of the people who were to come")
	})

	t.Run("a generator that is killed is named, and what was seen is judged", func(t *testing.T) {
		dir := t.TempDir()
		var code int
		var out, log string
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			code, out, log = commandWithin(ctx, args("15s", dir, "--generators", "2")...)
		}()
		await(t, ended, func() bool { return requests(filepath.Join(dir, "run-2.journal")) > 10 })
		require.NoError(t, syscall.Kill(generatorOf(t), syscall.SIGKILL))
		<-ended
		require.Equal(t, unmeasured, code, out+log)
		require.Contains(t, log, "generator 2 of 2")
		require.Contains(t, log, "signal: killed")
		r, err := report.ReadJSON(filepath.Join(dir, reportJSON))
		require.NoError(t, err)
		require.Equal(t, report.Unmeasured, r.Verdict)
		require.True(t, r.Promises[0].Kept, "order is judged from what is left")
	})
}

// requests is how many requests a journal holds by now.
func requests(path string) int {
	l, _ := journal.Read(path)
	if l == nil {
		return 0
	}
	return len(l.Records)
}

// paid is how many payments were acknowledged by now.
func paid(path string) (n int) {
	l, _ := journal.Read(path)
	if l == nil {
		return 0
	}
	for _, r := range l.Records {
		if r.Action == journal.Pay && r.Status == http.StatusOK {
			n++
		}
	}
	return n
}

// await polls until it holds; the run must not end before.
func await(t *testing.T, ended <-chan struct{}, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(2 * time.Minute); !holds(); {
		select {
		case <-ended:
			t.Fatal("the run ended before it was expected to")
		case <-tick.C:
			require.True(t, time.Now().Before(deadline), "the run does not go on")
		}
	}
}

// generatorOf is the process of the one further generator that this test's command has started.
func generatorOf(t *testing.T) int {
	t.Helper()
	processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	parent := fmt.Sprintf("\nPPid:\t%d\n", os.Getpid())
	for _, file := range processes {
		line, _ := os.ReadFile(file)
		status, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "status"))
		if strings.HasSuffix(string(line), "\x00"+generatorCommand+"\x00") && strings.Contains(string(status), parent) {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			require.NoError(t, err)
			return pid
		}
	}
	t.Fatal("no further generator runs")
	return 0
}
