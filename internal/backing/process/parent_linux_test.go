package process

import (
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAChildEndsWhenItsLauncherIsKilled(t *testing.T) {
	cmd, child := startLauncher(t, "child", "")
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.Eventually(t, func() bool { return gone(child) }, time.Minute, 5*time.Millisecond)
}

// The control of the test that a child survives the end of other threads: forked from a thread that ends,
// it does not, which is what Start guards against.
func TestWithoutAThreadOfItsOwnAChildIsToldToStop(t *testing.T) {
	cmd := exec.Command("sleep", "30")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	started := make(chan error)
	go onAThreadThatEnds(func() { started <- cmd.Start() })
	require.NoError(t, <-started)
	require.ErrorContains(t, cmd.Wait(), "terminated")
}

// onAThreadThatEnds must be called in a goroutine of its own: never unlocked, its thread ends with it. The
// process's first thread alone would stay, so that one is only held until another has done the work.
func onAThreadThatEnds(work func()) {
	runtime.LockOSThread()
	if syscall.Gettid() != syscall.Getpid() {
		work()
		return
	}
	done := make(chan struct{})
	go onAThreadThatEnds(func() { work(); close(done) })
	<-done
	runtime.UnlockOSThread()
}
