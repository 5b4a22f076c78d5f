package backing

import (
	"context"
	"net"
	"strings"

	"anteroom/internal/backing/process"
)

// FreePort returns a TCP port of 127.0.0.1 that was free a moment ago. Somebody else may take it first:
// who uses it must be ready to try another.
func FreePort() (int, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// portTaken reports whether a server ended because its port was in use; Redis and PostgreSQL use the same words.
func portTaken(p *process.Process) bool {
	return strings.Contains(p.Tail(40), "ddress already in use")
}
