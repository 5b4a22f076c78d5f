package process

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// startLauncher runs this test program as a launcher and returns its child's number.
func startLauncher(t *testing.T, mode, lock string) (cmd *exec.Cmd, child int) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), launcher+"="+mode, "PROCESS_TEST_LOCK="+lock)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	_, err = fmt.Sscan(line, &child)
	require.NoError(t, err, line)
	require.False(t, gone(child))
	return cmd, child
}

func TestALockIsRefusedWhileItsMakerLivesAndClearedAfterItsDeath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "lock")
	maker, child := startLauncher(t, "lock", path)
	_, err := Acquire(t.Context(), path, func(string) {})
	var inUse *InUseError
	require.ErrorAs(t, err, &inUse)
	require.Equal(t, maker.Process.Pid, inUse.PID)

	require.NoError(t, maker.Process.Kill())
	_ = maker.Wait()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	lock, err := Acquire(ctx, path, func(line string) { t.Log(line) })
	require.NoError(t, err)
	defer lock.Release()
	// A process lets go of its files, and so of the lock, an instant before the kernel calls it gone.
	require.Eventually(t, func() bool { return gone(child) }, time.Minute, time.Millisecond, "the lock was had while a child of its maker was alive")
}

func TestALockHeldByAChildThatStaysIsNotHadAndSaysSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	lock, err := Acquire(t.Context(), path, func(string) {})
	require.NoError(t, err)
	begin(t, Spec{Path: "sleep", Args: []string{"600"}, Inherit: []*os.File{lock.File}})
	// As if the maker had been killed: no number of a living process in the file.
	require.NoError(t, lock.File.Truncate(0))
	lock.Release()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err = Acquire(ctx, path, func(string) {})
	require.ErrorContains(t, err, "does not stop")
}

func TestALockIsFreeAfterItsRelease(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	for range 3 {
		lock, err := Acquire(t.Context(), path, func(string) {})
		require.NoError(t, err)
		lock.Release()
	}
}
