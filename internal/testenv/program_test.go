package testenv

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// asProgram makes this test's own binary a little service, as services make theirs one of theirs.
const asProgram = "TESTENV_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(littleService(os.Args[2:])) // after "serve"
	}
	os.Exit(m.Run())
}

// littleService is ready on its private port and ends well when asked to, or badly where the flag says so.
func littleService(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	listen, ops, code := flags.String("listen", "", ""), flags.String("ops-listen", "", ""), flags.Int("code", 0, "")
	if flags.Parse(args) != nil {
		return 2
	}
	failed := make(chan error, 2)
	for _, address := range []string{*listen, *ops} { // the private one last: who is ready can be reached
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		go func() {
			failed <- http.Serve(l, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		}()
	}
	select {
	case err := <-failed:
		fmt.Fprintln(os.Stderr, err)
		return 1
	case <-ctx.Done():
		return *code
	}
}

func TestAProgramIsStartedKilledAndStartedAgain(t *testing.T) {
	p := StartProgram(t, "little", asProgram)
	require.True(t, Eventually(p.Ready)) // each asks for seconds only, which a busy machine may take
	require.True(t, Eventually(p.Reachable))
	first := p.Running.PID()
	p.Kill()
	require.False(t, p.Ready())
	require.False(t, p.Reachable())
	p.Kill() // it is dead already
	p.Start()
	require.NotEqual(t, first, p.Running.PID())
	require.True(t, Eventually(p.Reachable))
	p.Stop()
	require.False(t, p.Reachable())
	require.NoError(t, p.Running.Err())
}

// TestABadEndIsSeen is the control of Stop's.
func TestABadEndIsSeen(t *testing.T) {
	p := StartProgram(t, "little", asProgram, "--code", "3")
	require.NoError(t, p.Running.Stop(t.Context()))
	require.Error(t, p.Running.Err())
	require.Equal(t, 3, p.Running.ExitCode())
}
