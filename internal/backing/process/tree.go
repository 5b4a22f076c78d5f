package process

import (
	"context"
	"fmt"
	"slices"
	"syscall"
	"time"
)

// A server such as PostgreSQL puts its children into sessions of their own, so that a signal to its group does not reach them: what is done
// to the whole of it is done to all its descendants, which descendants finds.

// condition is how a process is.
type condition int

const (
	over condition = iota // it is no more, or nobody has collected it yet
	stopped
	running
)

// Kill ends the child and all its descendants as kill -9 does, and returns when they are gone. What they had not written is lost.
func (p *Process) Kill() {
	select {
	case <-p.done:
		return
	default:
	}
	// The child first and stopped, so that it starts nobody else while its descendants are looked for.
	_ = p.cmd.Process.Signal(syscall.SIGSTOP)
	all := descendants(p.PID())
	_ = p.cmd.Process.Kill()
	for _, pid := range all {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	p.killGroup()
	<-p.done
	// What they hold, a lock or a port, they let go of only when they are gone.
	limit := time.Now().Add(goneTime)
	for slices.ContainsFunc(all, func(pid int) bool { return state(pid) != over }) && time.Now().Before(limit) {
		<-time.After(time.Millisecond)
	}
}

// goneTime bounds how long Kill waits for descendants: one that the kernel keeps busy ends when it is done.
const goneTime = 10 * time.Second

// Pause stops the child and all its descendants, as SIGSTOP does, and returns when each of them has stopped. Connections to it stay open and
// the kernel goes on accepting new ones; nobody answers.
func (p *Process) Pause(ctx context.Context) error {
	p.paused.Store(true)
	return p.each(ctx, "stop", syscall.SIGSTOP, func(pid int) bool { return state(pid) != running })
}

// Resume lets the child and all its descendants go on after Pause. Resuming one that runs changes nothing.
func (p *Process) Resume(ctx context.Context) error {
	err := p.each(ctx, "go on", syscall.SIGCONT, func(pid int) bool { return state(pid) != stopped })
	if err == nil {
		p.paused.Store(false)
	}
	return err
}

// each sends a signal to the child and to all its descendants until each of them is as wanted.
func (p *Process) each(ctx context.Context, verb string, sig syscall.Signal, as func(pid int) bool) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			return fmt.Errorf("%s has ended (%s)", p.Name(), p.Outcome())
		default:
		}
		// The child before the others, so that a paused one starts nobody else.
		all := append([]int{p.PID()}, descendants(p.PID())...)
		if !slices.ContainsFunc(all, func(pid int) bool { return !as(pid) }) {
			return nil
		}
		for _, pid := range all {
			if !as(pid) {
				_ = syscall.Kill(pid, sig)
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not %s: %w", p.Name(), verb, ctx.Err())
		case <-tick.C:
		}
	}
}
