package testenv

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// Where servers of tests listen, beside those of redistest, which are below. All of it lies below the range from which systems take the ports of outgoing
// connections (32768 and up on Linux): a port from that range may be lost before its server has it, or while that is dead; and a client that keeps
// dialling it on the loopback is in time connected to itself.
const (
	lowestPort = 25_000
	// ports further on is a port on which the test itself listens, which tells other tests that this one is spoken for.
	ports = 3_500
)

// FreePort returns a port of 127.0.0.1 for a server of this test. No other test gets it until this one is over, whether the server lives or not; a program
// that knows nothing of it can still take it first.
func FreePort(t testing.TB) int {
	t.Helper()
	var err error
	for range 200 {
		port := lowestPort + rand.IntN(ports) //nolint:gosec // No secret: it only spreads them.
		var held, probe net.Listener
		if held, err = listen(port + ports); err != nil {
			continue
		}
		if probe, err = listen(port); err != nil {
			_ = held.Close()
			continue
		}
		if err = probe.Close(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = held.Close() })
		return port
	}
	t.Fatalf("there is no free port: %v", err)
	return 0
}

func listen(port int) (net.Listener, error) {
	return (&net.ListenConfig{}).Listen(context.Background(), "tcp", fmt.Sprintf("127.0.0.1:%d", port))
}
