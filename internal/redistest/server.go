package redistest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"anteroom/internal/backing/process"
)

// patience is how long anything may take on a machine that is busy with other tests.
const patience = 2 * time.Minute

// Durable are the arguments of a Redis that has written to its disk what it answers.
//
// A kill -9 ends the process, not the machine: what was handed to the system is kept whatever appendfsync says, so no such
// test tells "always" from "everysec".
var Durable = []string{"--appendonly", "yes", "--appendfsync", "always"}

// Server is a Redis process of a test. Its methods are safe for concurrent use; those that say "the test fails" belong into the test's own
// goroutine.
type Server struct {
	t    testing.TB
	dir  string
	port int
	args []string

	mu   sync.Mutex
	proc *process.Process
}

// Start runs a Redis with further arguments in the manner of its command line ("--maxmemory", "10mb"). Without any it keeps nothing
// on disk; see Durable. The test fails when it does not answer.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	return start(t, claim, func(_ string, port int) ([]string, error) {
		own := []string{"--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
			"--repl-diskless-sync-delay", "0"} // a primary waits 5 s for more replicas to come otherwise
		return append(own, args...), nil
	})
}

// Addr is the server's host and port; both outlive a Kill.
func (s *Server) Addr() string { return address(s.port) }

// URL is the server's address for a client.
func (s *Server) URL() string { return "redis://" + s.Addr() }

// PID is the number of the process started last.
func (s *Server) PID() int { return s.process().PID() }

// Kill ends the server with SIGKILL and returns when it is gone. Killing it twice changes nothing.
func (s *Server) Kill() {
	p := s.process()
	p.Signal(syscall.SIGKILL)
	<-p.Done()
}

// Freeze stops the server (SIGSTOP) and returns when it does stand still: its connections stay open and nothing is answered. What
// arrives meanwhile waits in the system's buffers and is read after Thaw.
func (s *Server) Freeze() {
	s.t.Helper()
	p := s.process()
	p.Signal(syscall.SIGSTOP)
	await(s.t, "the server to stand still", func() error { return standing(p.PID()) }, s)
}

// Thaw lets a frozen server go on.
func (s *Server) Thaw() { s.process().Signal(syscall.SIGCONT) }

// Restart kills the server if it is alive and runs it again with the same arguments, port and folder: it comes back with what its
// append-only file holds. Where it was told by a command to be a replica, it has forgotten that. The test fails when it does not answer.
func (s *Server) Restart() {
	s.t.Helper()
	s.Kill()
	if err := s.run(); err != nil {
		s.t.Fatalf("restarting Redis: %v", err)
	}
}

// Do sends one command on a connection of its own and returns the answer as text: nothing for nil, the elements of an array one a line.
// An error answer of Redis is an error with its text.
func (s *Server) Do(args ...string) (string, error) { return call(s.Addr(), patience, args...) }

// Info is a field of a section of INFO; empty when there is no such field, or no answer. It waits for a server that is slow, so not for a frozen one.
func (s *Server) Info(section, name string) string {
	answer, _ := s.Do("INFO", section)
	return field(answer, name)
}

// LogTail is the end of what the server wrote to its log since it was started last, for a message.
func (s *Server) LogTail() string { return process.Tail(s.logPath(), 30) }

func (s *Server) logPath() string { return filepath.Join(s.dir, "log") }

// ask is Do for who asks again and again, possibly of a frozen server.
func (s *Server) ask(args ...string) (string, error) { return call(s.Addr(), 3*time.Second, args...) }

// must is Do where nothing but an answer will do.
func (s *Server) must(args ...string) string {
	s.t.Helper()
	answer, err := s.Do(args...)
	if err != nil {
		s.t.Fatalf("%s at %s: %v; the end of its log:\n%s", strings.Join(args, " "), s.Addr(), err, s.LogTail())
	}
	return answer
}

func (s *Server) process() *process.Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proc
}

// standing says whether a process is stopped. Where the system does not tell, a signal sent must do.
func standing(pid int) error {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	// The name, in brackets, may hold anything.
	if _, state, ok := strings.Cut(string(stat), ") "); !ok || state[0] != 'T' {
		return errors.New("it still runs")
	}
	return nil
}

// claimer gives a port and holds it, as claim does.
type claimer func() (port int, held net.Listener, err error)
