// Package process runs child programs that do not outlive the program that started them.
package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// Spec describes a child program. Path is required, the rest is not.
type Spec struct {
	Name       string              // what messages call it; default: the base name of Path
	Path       string              // program file, as exec.LookPath gives it
	Argv0      string              // argument zero, when a program looks at the name it was called by
	Args       []string            // arguments after argument zero
	Env        []string            // whole environment; nil: this program's own
	Dir        string              // working folder; empty: this program's own
	Log        string              // file that takes both outputs; the previous one is kept as <Log>.old
	Stdin      io.Reader           // empty when nil
	Stdout     io.Writer           // used when Log is empty
	Stderr     io.Writer           // used when Log is empty
	StopSignal syscall.Signal      // what ends it cleanly; default SIGTERM
	Credential *syscall.Credential // other user to run as; needs root
	Inherit    []*os.File          // files kept open in the child, from descriptor 3 on
	SameGroup  bool                // stay in our process group, to share a terminal with us
}

// Process is a running child. Its methods are safe for concurrent use.
type Process struct {
	spec Spec
	cmd  *exec.Cmd
	done chan struct{}
	err  error // written before done is closed

	paused atomic.Bool
}

// Start runs the program. On Linux it gets its StopSignal when this program dies, however that happens.
// In a process group of its own (the default) a Ctrl-C at the terminal does not reach it, so that its
// starter decides the order in which things stop.
func Start(spec Spec) (*Process, error) {
	if spec.Name == "" {
		spec.Name = filepath.Base(spec.Path)
	}
	if spec.StopSignal == 0 {
		spec.StopSignal = syscall.SIGTERM
	}
	// No context: its end would be SIGKILL, and Stop is gentler.
	cmd := exec.Command(spec.Path, spec.Args...) //nolint:noctx // see above
	if spec.Argv0 != "" {
		cmd.Args[0] = spec.Argv0
	}
	cmd.Env, cmd.Dir, cmd.ExtraFiles = spec.Env, spec.Dir, spec.Inherit
	cmd.Stdin, cmd.Stdout, cmd.Stderr = spec.Stdin, spec.Stdout, spec.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: !spec.SameGroup, Credential: spec.Credential}
	dieWithParent(cmd.SysProcAttr, spec.StopSignal)
	// A grandchild that keeps our pipe open must not keep us waiting for ever.
	cmd.WaitDelay = 5 * time.Second
	if spec.Log != "" {
		log, err := openLog(spec.Log)
		if err != nil {
			return nil, err
		}
		defer log.Close()
		cmd.Stdout, cmd.Stderr = log, log
	}

	p := &Process{spec: spec, cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel ties "parent" to the OS thread that forked, not to the process: if the Go runtime
		// ended that thread, the child would be told to stop. So this goroutine keeps its thread for as
		// long as the child lives.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("%s could not be started: %w", spec.Name, err)
	}
	return p, nil
}

func openLog(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	if err := os.Rename(path, path+".old"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
}

// Name is what messages call the child.
func (p *Process) Name() string { return p.spec.Name }

// PID is the child's process number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the child has ended and its outputs are complete.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says how the child ended: nil for exit code 0. Only valid once Done is closed.
func (p *Process) Err() error { return p.err }

// Outcome says how the child ended in words, also when it went well. Only valid once Done is closed.
func (p *Process) Outcome() string { return p.cmd.ProcessState.String() }

// ExitCode is the child's exit code in the manner of a shell: 128 plus the signal when one ended it.
// Only valid once Done is closed.
func (p *Process) ExitCode() int {
	state, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if ok && state.Signaled() {
		return 128 + int(state.Signal())
	}
	return p.cmd.ProcessState.ExitCode()
}

// Signal passes sig on to the child, or to its whole group when it has one of its own.
// A child that has ended is no error.
func (p *Process) Signal(sig syscall.Signal) {
	select {
	case <-p.done: // its number may belong to somebody else by now
		return
	default:
	}
	if p.spec.SameGroup {
		_ = p.cmd.Process.Signal(sig)
		return
	}
	_ = syscall.Kill(-p.PID(), sig)
}

// Stop asks the child to end and waits for it; what it leaves of its group is killed. When ctx ends first
// all of them are killed and the error says so. Stopping a child that has ended does nothing.
func (p *Process) Stop(ctx context.Context) error {
	select {
	case <-p.done:
		return nil
	default:
	}
	// The child alone: PostgreSQL, for one, must tell its own children itself.
	_ = p.cmd.Process.Signal(p.spec.StopSignal)
	if p.paused.Load() { // else it hears of it only when it goes on
		_ = p.Resume(ctx)
	}
	select {
	case <-p.done:
		p.killGroup()
		return nil
	case <-ctx.Done():
	}
	_ = p.cmd.Process.Kill()
	p.killGroup()
	<-p.done
	return fmt.Errorf("%s did not stop in time and was killed", p.spec.Name)
}

// waitStop is how long Wait gives a child to stop once its context has ended.
const waitStop = 5 * time.Second

// Wait lets the child run to its end, for a child that ends by itself; Err then says how it ended. When ctx ends first the child is
// stopped and the error is that of ctx.
func (p *Process) Wait(ctx context.Context) error {
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), waitStop)
	defer cancel()
	return errors.Join(fmt.Errorf("%s: %w", p.spec.Name, ctx.Err()), p.Stop(stop))
}

// killGroup ends what is left of the child's group; npm, for one, does not pass a signal on to what it runs.
func (p *Process) killGroup() {
	if !p.spec.SameGroup {
		_ = syscall.Kill(-p.PID(), syscall.SIGKILL)
	}
}

// Tail returns the last lines of the child's log, indented for a message; empty without a log.
func (p *Process) Tail(lines int) string { return Tail(p.spec.Log, lines) }

// PortTaken reports whether the child said at last that its port was in use. Redis, PostgreSQL, web servers and our own programs use the same words.
func (p *Process) PortTaken() bool { return strings.Contains(p.Tail(40), "ddress already in use") }

// Tail returns the last lines of a file, each indented by four spaces; empty when it cannot be read.
func Tail(path string, lines int) string {
	body, err := os.ReadFile(path)
	if err != nil || len(body) == 0 {
		return ""
	}
	all := strings.Split(strings.TrimRight(string(body), "\n"), "\n")
	if len(all) > lines {
		all = all[len(all)-lines:]
	}
	return "    " + strings.Join(all, "\n    ")
}
