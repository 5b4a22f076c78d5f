package backing

import (
	"context"
	"net"
	"strconv"
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

// Accepts asks whether a port of this machine takes connections, for StartServer, where a server says no more of itself.
func Accepts(ctx context.Context, port int) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	return conn.Close()
}
