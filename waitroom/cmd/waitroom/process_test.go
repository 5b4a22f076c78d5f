package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/backing/process"
	"anteroom/internal/testenv"
)

// program is a gateway in a process of its own, which a test may end in every way.
type program struct {
	t            *testing.T
	name         string
	args         []string
	address, ops string // host:port
	runs         int
	running      *process.Process
	logs         string
}

// process makes a gateway of the system in a process of its own, with further flags, and waits until it is ready.
func (s *system) process(name string, flags ...string) *program {
	s.t.Helper()
	p := &program{t: s.t, name: name, logs: s.t.TempDir()}
	p.address, p.ops = fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(s.t)), fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(s.t))
	p.args = append([]string{
		"serve", "--listen", p.address, "--ops-listen", p.ops, "--redis-url", s.settings.RedisURL, "--key-prefix", s.settings.KeyPrefix,
		"--keys-file", s.settings.KeysFile, "--booking-url", s.settings.BookingURL, "--admin-url", s.settings.AdminURL,
		"--staff-jwks-url", s.settings.StaffJWKSURL,
	}, flags...)
	s.t.Cleanup(p.kill)
	p.start()
	return p
}

// start runs the program, again if it has ended, and waits until it is ready.
func (p *program) start() {
	p.t.Helper()
	self, err := os.Executable()
	require.NoError(p.t, err)
	p.runs++
	p.running, err = process.Start(process.Spec{
		Name: p.name, Path: self, Args: p.args, Env: append(os.Environ(), asProgram+"=1"),
		Log: filepath.Join(p.logs, fmt.Sprintf("%s-%d.log", p.name, p.runs)),
	})
	require.NoError(p.t, err)
	require.Eventually(p.t, p.ready, deadline, 20*time.Millisecond, "%s is not ready; the end of its log:\n%s", p.name, p.running.Tail(20))
}

// ready asks as a load balancer does.
func (p *program) ready() bool {
	client := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Get("http://" + p.ops + "/readyz")
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// stop asks it to end, as a supervisor does, and waits until it has. It must end well.
func (p *program) stop() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	require.NoError(p.t, p.running.Stop(ctx))
	require.NoError(p.t, p.running.Err(), "the end of its log:\n%s", p.running.Tail(20))
}

// kill ends it as a power cut would.
func (p *program) kill() {
	if p.running == nil {
		return
	}
	p.running.Signal(killed)
	<-p.running.Done()
}

// reachable reports whether its public port takes connections.
func (p *program) reachable() bool {
	conn, err := net.DialTimeout("tcp", p.address, time.Second)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

// elsewhere is a gateway of another process, to be asked as this one is.
func (g *server) elsewhere(p *program) *server {
	return &server{t: g.t, url: "http://" + p.address, opsURL: "http://" + p.ops, addr: p.address, client: g.client, staffKeys: g.staffKeys}
}
