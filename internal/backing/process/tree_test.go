package process

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// aFamily is a child with a grandchild in a session of its own, which a signal to the child's group does not reach. Each writes a line
// to its file now and then.
func aFamily(t *testing.T) (parent *Process, grandchild int, files [2]string) {
	t.Helper()
	dir := t.TempDir()
	files = [2]string{filepath.Join(dir, "parent"), filepath.Join(dir, "grandchild")}
	const forever = `while :; do echo x >>"$0"; sleep 0.02; done`
	script := fmt.Sprintf(`setsid sh -c '%s' %s & echo $!; exec sh -c '%s' %s`, forever, files[1], forever, files[0])
	parent = begin(t, Spec{Path: "sh", Args: []string{"-c", script}, Log: filepath.Join(dir, "log")})
	require.Eventually(t, func() bool { n, _ := fmt.Sscan(parent.Tail(1), &grandchild); return n == 1 }, time.Minute, 5*time.Millisecond)
	for _, file := range files {
		grows(t, file)
	}
	return parent, grandchild, files
}

func size(file string) int64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return info.Size()
}

func grows(t *testing.T, file string) {
	t.Helper()
	before := size(file)
	require.Eventually(t, func() bool { return size(file) > before }, time.Minute, 5*time.Millisecond, file)
}

func TestAPausedFamilyDoesNothingUntilItIsResumed(t *testing.T) {
	parent, grandchild, files := aFamily(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, parent.Pause(ctx))
	require.Equal(t, [2]condition{stopped, stopped}, [2]condition{state(parent.PID()), state(grandchild)}, "each has stopped when Pause returns")
	require.NoError(t, parent.Pause(ctx), "pausing twice is harmless")
	before := [2]int64{size(files[0]), size(files[1])}
	require.Never(t, func() bool { return [2]int64{size(files[0]), size(files[1])} != before }, 200*time.Millisecond, 10*time.Millisecond)

	require.NoError(t, parent.Resume(ctx))
	for _, file := range files {
		grows(t, file)
	}
	parent.Kill()
	require.ErrorContains(t, parent.Pause(ctx), "has ended")
}

func TestAPausedChildCanBeStopped(t *testing.T) {
	p := begin(t, Spec{Path: "sleep", Args: []string{"60"}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, p.Pause(ctx))
	require.NoError(t, p.Stop(ctx))
	require.Equal(t, 143, p.ExitCode(), "it was not killed")
}

func TestAKilledFamilyLeavesNobody(t *testing.T) {
	parent, grandchild, _ := aFamily(t)
	parent.Kill()
	require.Equal(t, 137, parent.ExitCode())
	require.Eventually(t, func() bool { return gone(grandchild) }, time.Minute, 5*time.Millisecond)
	parent.Kill()
}

// The control of the two above: a signal to the group alone leaves the grandchild running.
func TestASignalToTheGroupDoesNotReachAnotherSession(t *testing.T) {
	parent, grandchild, files := aFamily(t)
	parent.killGroup()
	ended(t, parent)
	grows(t, files[1])
	require.False(t, gone(grandchild))
	killAll(grandchild)
	require.Eventually(t, func() bool { return gone(grandchild) }, time.Minute, 5*time.Millisecond) // it writes into a folder that the test removes
}

func killAll(pid int) {
	for _, p := range append(descendants(pid), pid) {
		if found, err := os.FindProcess(p); err == nil {
			_ = found.Kill()
		}
	}
}
