package redistest

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// Where servers listen. All of it lies below the range from which systems take the ports of outgoing connections (32768 and up on
// Linux). A port from that range could be lost while its server is dead; worse, a client that keeps dialling it on the loopback is in time
// connected to itself.
const (
	lowestPort = 10_000
	ports      = 5_000
	// claimStep from a server's port is a port on which the test itself listens, which tells other tests that the server's is spoken for,
	// also while the server is dead.
	claimStep = 5_000
	// busStep from a server's port is its cluster bus; Redis settles that.
	busStep = 10_000
)

// claim finds a port for a server, free together with its bus, and holds it against other users of this package until the claim is closed.
// A program that knows nothing of it can still take the port first.
func claim() (port int, held net.Listener, err error) {
	for range 200 {
		port = lowestPort + rand.IntN(ports)
		held, err = listen(port + claimStep)
		if err != nil {
			continue
		}
		if err = errors.Join(probe(port), probe(port+busStep)); err == nil {
			return port, held, nil
		}
		_ = held.Close()
	}
	return 0, nil, err
}

// probe says whether a port can be listened on.
func probe(port int) error {
	l, err := listen(port)
	if err != nil {
		return err
	}
	return l.Close()
}

func listen(port int) (net.Listener, error) {
	return (&net.ListenConfig{}).Listen(context.Background(), "tcp", address(port))
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
