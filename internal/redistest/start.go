package redistest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"anteroom/internal/backing"
	"anteroom/internal/backing/process"
)

// attempts is how often a server is tried on another port when somebody else was faster.
const attempts = 4

var errPortTaken = errors.New("the port is taken")

// start runs a server on a claimed port; arguments makes those for its folder and port.
func start(t testing.TB, claim claimer, arguments func(dir string, port int) ([]string, error)) *Server {
	t.Helper()
	for attempt := 1; ; attempt++ {
		s, held, err := startOnce(t, claim, arguments)
		if err == nil {
			t.Cleanup(func() {
				s.Kill()
				_ = held.Close()
				if t.Failed() {
					t.Logf("the end of the log of Redis at %s:\n%s", s.Addr(), s.LogTail())
				}
			})
			return s
		}
		if !errors.Is(err, errPortTaken) || attempt == attempts {
			t.Fatalf("starting Redis: %v", err)
		}
	}
}

func startOnce(t testing.TB, claim claimer, arguments func(dir string, port int) ([]string, error)) (*Server, net.Listener, error) {
	t.Helper()
	port, held, err := claim()
	if err != nil {
		return nil, nil, err
	}
	s := &Server{t: t, dir: t.TempDir(), port: port}
	if s.args, err = arguments(s.dir, port); err == nil {
		err = s.run()
	}
	if err != nil {
		_ = held.Close()
		return nil, nil, err
	}
	return s, held, nil
}

// run starts the process and waits until it answers and has read its files; on an error nothing is left running.
func (s *Server) run() error {
	cmd, err := backing.RedisCommand(context.Background(), s.args...)
	if err != nil {
		return err
	}
	p, err := process.Start(process.Spec{Name: "Redis", Path: cmd.Path, Argv0: cmd.Args[0], Args: cmd.Args[1:], Dir: s.dir, Log: s.logPath(),
		StopSignal: syscall.SIGKILL}) // sent too when the test's process dies; a frozen server would not hear a gentler one
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.proc = p
	s.mu.Unlock()
	err = poll(func() error {
		select {
		case <-p.Done():
			return errEnded
		default:
		}
		// While it reads its files, this is an error.
		if _, err := s.ask("PING"); err != nil {
			return err
		}
		if pid := s.Info("server", "process_id"); pid != strconv.Itoa(p.PID()) {
			return fmt.Errorf("the process %s answers at %s, not ours, %d", pid, s.Addr(), p.PID())
		}
		return nil
	})
	if err == nil {
		return nil
	}
	s.Kill()
	if p.PortTaken() {
		err = errPortTaken
	}
	return fmt.Errorf("%w (%s, %s); the end of its log:\n%s", err, s.Addr(), p.Outcome(), s.LogTail())
}

// errEnded ends a poll: there is nothing to wait for.
var errEnded = errors.New("the server ended")

// poll asks until there is no error or patience is over, and returns the last error.
func poll(ask func() error) error {
	over := time.NewTimer(patience)
	defer over.Stop()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		err := ask()
		if err == nil || errors.Is(err, errEnded) {
			return err
		}
		select {
		case <-over.C:
			return err
		case <-again.C:
		}
	}
}

// await polls, and ends the test with the logs of the servers concerned when it was in vain.
func await(t testing.TB, what string, ask func() error, servers ...*Server) {
	t.Helper()
	err := poll(ask)
	if err == nil {
		return
	}
	var logs strings.Builder
	for _, s := range servers {
		fmt.Fprintf(&logs, "\nthe end of the log of Redis at %s:\n%s", s.Addr(), s.LogTail())
	}
	t.Fatalf("waited in vain for %s: %v%s", what, err, logs.String())
}
