package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/backing/process"
	"anteroom/internal/testenv"
)

// asProgram makes the test's own binary behave as the program: tests of whole processes start it so, and nothing must be built first.
const asProgram = "BOOKING_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// program is the service in a process of its own, which a test may end in every way.
type program struct {
	t           testing.TB
	args        []string
	public, ops string // base URLs
	runs        int
	running     *process.Process
	logs        string
}

// newProgram starts the service on a database, with further flags, and waits until it is ready.
func newProgram(t testing.TB, flags ...string) *program {
	t.Helper()
	p := &program{t: t, logs: t.TempDir()}
	listen, ops := fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(t)), fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(t))
	p.public, p.ops = "http://"+listen, "http://"+ops
	p.args = append([]string{"serve", "--listen", listen, "--ops-listen", ops}, flags...)
	t.Cleanup(p.kill)
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
		Name: "booking", Path: self, Args: p.args, Env: append(os.Environ(), asProgram+"=1"),
		Log: filepath.Join(p.logs, fmt.Sprintf("booking-%d.log", p.runs)),
	})
	require.NoError(p.t, err)
	p.awaitReady()
}

func (p *program) awaitReady() {
	p.t.Helper()
	client := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	ready := func() bool {
		res, err := client.Get(p.ops + "/readyz")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	}
	if !eventually(ready) {
		p.t.Fatalf("the service is not ready; the end of its log:\n%s", p.running.Tail(20))
	}
}

// eventually waits for what must happen; nothing is concluded from how long it took.
func eventually(happened func() bool) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !happened() {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}

// kill ends it as a power cut would.
func (p *program) kill() {
	if p.running != nil {
		p.running.Signal(syscall.SIGKILL)
		<-p.running.Done()
	}
}
