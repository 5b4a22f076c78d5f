package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// build makes the real command; the signals that go to it must not come to the test program.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "backing")
	out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	return program
}

// given spares the test a Redis and a PostgreSQL of its own: exec passes on what is given.
func given(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, append([]string{"exec", "--"}, args...)...)
	cmd.Env = append(os.Environ(), "REDIS_URL=redis://given", "DATABASE_URL=postgres://given")
	return cmd
}

func TestExecPassesTheExitCodeTheAddressesAndSignalsOn(t *testing.T) {
	program := build(t)
	out, err := given(program, "sh", "-c", `echo "$REDIS_URL $DATABASE_URL"; exit 7`).Output()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 7, exit.ExitCode())
	require.Equal(t, "redis://given postgres://given\n", string(out))

	require.NoError(t, given(program, "true").Run())
	require.ErrorAs(t, given(program, "/nowhere/at-all").Run(), &exit)
	require.Equal(t, 1, exit.ExitCode())
	require.ErrorAs(t, exec.Command(program, "exec").Run(), &exit)
	require.Equal(t, 2, exit.ExitCode())
	require.ErrorAs(t, exec.Command(program, "serve", "--fast=maybe").Run(), &exit)
	require.Equal(t, 2, exit.ExitCode())

	// A signal reaches the command's children too: here the shell waits for one that ends it all.
	cmd := given(program, "sh", "-c", `trap 'echo told; exit 9' TERM; sleep 60 & echo up; wait`)
	pipe, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	watchdog := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer watchdog.Stop()
	lines := bufio.NewScanner(pipe)
	require.True(t, lines.Scan())
	require.Equal(t, "up", lines.Text())
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.True(t, lines.Scan())
	require.Equal(t, "told", lines.Text())
	require.ErrorAs(t, cmd.Wait(), &exit)
	require.Equal(t, 9, exit.ExitCode())
}

func TestExecStartsRealOnesAndLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(build(t), "exec", "--fast", "--", "sh", "-c", "echo $REDIS_URL; echo $DATABASE_URL")
	cmd.Env = append(os.Environ(), "REDIS_URL=", "DATABASE_URL=", "TMPDIR="+dir)
	require.NoError(t, os.Chmod(dir, 0o755))
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	out, err := cmd.Output()
	require.NoError(t, err)
	lines := strings.Fields(string(out))
	require.Len(t, lines, 2)
	require.Regexp(t, `^redis://127\.0\.0\.1:\d+/0$`, lines[0])
	require.Regexp(t, `^postgres://anteroom:\w+@127\.0\.0\.1:\d+/anteroom\?`, lines[1])
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}
