package redistest

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var errStillThere = errors.New("it still counts as there")

// pipelined sends two commands on one connection and returns the answer to the second.
func pipelined(t *testing.T, s *Server, format string, args ...any) string {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr())
	require.NoError(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, format, args...)
	require.NoError(t, err)
	answers := bufio.NewReader(conn)
	first, err := readReply(answers)
	require.NoError(t, err)
	require.Equal(t, "OK", first)
	second, err := readReply(answers)
	require.NoError(t, err)
	return second
}

// awaitFollow says whether a server has a value.
func awaitFollow(s *Server, key, want string) error {
	got, err := s.Do("GET", key)
	if err == nil && got != want {
		err = fmt.Errorf("it has %q", got)
	}
	return err
}

func contains(answer, part string) error {
	if !strings.Contains(answer, part) {
		return fmt.Errorf("no %q in it", part)
	}
	return nil
}
