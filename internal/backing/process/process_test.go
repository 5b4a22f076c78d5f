package process

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// launcher makes this test program start one child, print its number and wait to be killed.
const launcher = "PROCESS_TEST_LAUNCHER"

func TestMain(m *testing.M) {
	switch os.Getenv(launcher) {
	case "":
		os.Exit(m.Run())
	case "lock":
		lock, err := Acquire(context.Background(), os.Getenv("PROCESS_TEST_LOCK"), func(string) {})
		exitOn(err)
		p, err := Start(Spec{Path: "sleep", Args: []string{"60"}, Inherit: []*os.File{lock.File}})
		exitOn(err)
		exitOn(lock.Note(p))
		fmt.Println(p.PID())
	default:
		p, err := Start(Spec{Path: "sleep", Args: []string{"60"}})
		exitOn(err)
		fmt.Println(p.PID())
	}
	select {}
}

func exitOn(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func begin(t *testing.T, spec Spec) *Process {
	t.Helper()
	p, err := Start(spec)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_ = p.Stop(ctx)
	})
	return p
}

func ended(t *testing.T, p *Process) {
	t.Helper()
	select {
	case <-p.Done():
	case <-time.After(time.Minute):
		t.Fatal("the child is still there")
	}
}

func TestExitCodesAreThoseOfAShell(t *testing.T) {
	for script, want := range map[string]int{"exit 0": 0, "exit 7": 7, "kill -TERM $$": 143} {
		p := begin(t, Spec{Path: "sh", Args: []string{"-c", script}})
		ended(t, p)
		require.Equal(t, want, p.ExitCode(), script)
		require.Equal(t, want == 0, p.Err() == nil, script)
	}
}

func TestAProgramThatIsNotThereIsNamed(t *testing.T) {
	_, err := Start(Spec{Name: "booking", Path: "/nowhere/booking"})
	require.ErrorContains(t, err, "booking could not be started")
}

func TestStopSendsTheSignalAndWaits(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	p := begin(t, Spec{Path: "sh", Args: []string{"-c", `trap 'echo stopped; exit 0' INT; echo up; while :; do sleep 0.05; done`},
		StopSignal: syscall.SIGINT, Log: log})
	require.Eventually(t, func() bool { return p.Tail(1) == "    up" }, time.Minute, 5*time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, p.Stop(ctx))
	require.Equal(t, "    up\n    stopped", p.Tail(5))
	require.NoError(t, p.Stop(ctx), "stopping twice is harmless")
	p.Signal(syscall.SIGKILL)
}

func TestWaitEndsWithTheChildOrStopsItWithItsContext(t *testing.T) {
	p := begin(t, Spec{Path: "sh", Args: []string{"-c", "exit 3"}})
	require.NoError(t, p.Wait(t.Context()), "how it ended is for Err to say")
	require.Equal(t, 3, p.ExitCode())

	p = begin(t, Spec{Path: "sleep", Args: []string{"60"}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := p.Wait(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "sleep")
	ended(t, p)
}

func TestWhatDoesNotStopIsKilledWithItsGroup(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	p := begin(t, Spec{Name: "stubborn", Path: "sh", Args: []string{"-c", `trap '' TERM; sleep 60 & echo $!; wait`}, Log: log})
	var grandchild int
	require.Eventually(t, func() bool { n, _ := fmt.Sscan(p.Tail(1), &grandchild); return n == 1 }, time.Minute, 5*time.Millisecond)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorContains(t, p.Stop(ctx), "stubborn did not stop in time and was killed")
	require.Eventually(t, func() bool { return gone(grandchild) }, time.Minute, 5*time.Millisecond)
}

func TestStoppingALauncherOfOthersLeavesNoneOfThem(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	p := begin(t, Spec{Path: "sh", Args: []string{"-c", `sleep 60 & echo $!; wait`}, Log: log})
	var grandchild int
	require.Eventually(t, func() bool { n, _ := fmt.Sscan(p.Tail(1), &grandchild); return n == 1 }, time.Minute, 5*time.Millisecond)
	require.NoError(t, p.Stop(t.Context()))
	require.Eventually(t, func() bool { return gone(grandchild) }, time.Minute, 5*time.Millisecond)
}

func TestTheLogOfTheRunBeforeIsKept(t *testing.T) {
	log := filepath.Join(t.TempDir(), "logs", "x.log")
	for _, word := range []string{"first", "second"} {
		ended(t, begin(t, Spec{Path: "echo", Args: []string{word}, Log: log}))
	}
	require.Equal(t, "    second", Tail(log, 5))
	require.Equal(t, "    first", Tail(log+".old", 5))
	require.Empty(t, Tail(log+".older", 5))
}

func TestAChildSurvivesTheEndOfOtherThreads(t *testing.T) {
	p := begin(t, Spec{Path: "sleep", Args: []string{"60"}})
	for range 50 {
		over := make(chan struct{})
		go func() {
			runtime.LockOSThread() // ends the thread together with the goroutine
			close(over)
		}()
		<-over
	}
	select {
	case <-p.Done():
		t.Fatal("the child was told to stop although its starter lives")
	default:
	}
}

// gone: a child whose parent was killed may stay on as a zombie where nobody collects it.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	var number int
	var name, state string
	_, _ = fmt.Sscan(string(stat), &number, &name, &state)
	return err == nil && state == "Z"
}
