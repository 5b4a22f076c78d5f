package testenv

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"anteroom/internal/backing/process"
)

// programTime is how long a program may take until it is ready, and to end when it is asked to; nothing is concluded from how long it took.
const programTime = 2 * time.Minute

// Program is a service in a process of its own, which a test may end in every way: the test's own binary, so that nothing must be built first.
// It is for one goroutine, but for Ready, Reachable and Kill.
type Program struct {
	Name                string
	Address, OpsAddress string           // host:port, of the public and of the private port
	Running             *process.Process // the latest life

	t    testing.TB
	env  string
	args []string
	runs int
	logs string
}

// StartProgram starts "serve" on two free ports, with further flags, and waits until it is ready. The variable as tells TestMain of the test's own
// binary to be the program. It is killed when the test is over.
func StartProgram(t testing.TB, name, as string, flags ...string) *Program {
	t.Helper()
	p := &Program{Name: name, Address: freeAddress(t), OpsAddress: freeAddress(t), t: t, env: as + "=1", logs: t.TempDir()}
	p.args = append([]string{"serve", "--listen", p.Address, "--ops-listen", p.OpsAddress}, flags...)
	t.Cleanup(p.Kill)
	p.Start()
	return p
}

func freeAddress(t testing.TB) string { return fmt.Sprintf("127.0.0.1:%d", FreePort(t)) }

// URL is where its public port is, OpsURL where its private one is.
func (p *Program) URL() string { return "http://" + p.Address }

// OpsURL is the base of its private port's addresses.
func (p *Program) OpsURL() string { return "http://" + p.OpsAddress }

// Start runs the program, again if it has ended, and waits until it is ready.
func (p *Program) Start() {
	p.t.Helper()
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	p.runs++
	p.Running, err = process.Start(process.Spec{
		Name: p.Name, Path: self, Args: p.args, Env: append(os.Environ(), p.env),
		Log: filepath.Join(p.logs, fmt.Sprintf("%s-%d.log", p.Name, p.runs)),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.AwaitReady()
}

// AwaitReady waits until it is ready.
func (p *Program) AwaitReady() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), programTime)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !p.Ready() {
		select {
		case <-p.Running.Done():
			p.t.Fatalf("%s has ended; the end of its log:\n%s", p.Name, p.Running.Tail(20))
		case <-ctx.Done():
			p.t.Fatalf("%s is not ready; the end of its log:\n%s", p.Name, p.Running.Tail(20))
		case <-tick.C:
		}
	}
}

// Ready asks as a load balancer does.
func (p *Program) Ready() bool {
	client := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, p.OpsURL()+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	res, err := client.Do(request)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// Reachable reports whether its public port takes connections.
func (p *Program) Reachable() bool {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(context.Background(), "tcp", p.Address)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

// Stop asks it to end, as a supervisor does, and waits until it has. It must end well.
func (p *Program) Stop() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), programTime)
	defer cancel()
	err := p.Running.Stop(ctx)
	if err == nil {
		err = p.Running.Err()
	}
	if err != nil {
		p.t.Fatalf("%s did not end well: %v; the end of its log:\n%s", p.Name, err, p.Running.Tail(20))
	}
}

// Kill ends it as a power cut would.
func (p *Program) Kill() {
	if p.Running != nil {
		p.Running.Signal(syscall.SIGKILL)
		<-p.Running.Done()
	}
}
