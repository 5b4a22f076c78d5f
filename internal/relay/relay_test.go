package relay

import (
	"bufio"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 30 * time.Second

// parrot answers each line with its own name and the line.
func parrot(t *testing.T, name string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					fmt.Fprintf(conn, "%s %s\n", name, lines.Text())
				}
			}()
		}
	}()
	return listener.Addr().String()
}

// caller is a connection through a relay.
type caller struct {
	net.Conn
	lines *bufio.Reader
}

func call(address string) (*caller, error) {
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, err
	}
	return &caller{conn, bufio.NewReader(conn)}, nil
}

// ask sends a line and returns the answer, or an error when none came until the deadline.
func (c *caller) ask(line string, deadline time.Time) (string, error) {
	if err := c.SetDeadline(deadline); err != nil {
		return "", err
	}
	if _, err := fmt.Fprintln(c, line); err != nil {
		return "", err
	}
	return c.lines.ReadString('\n')
}

// through is a new relay and a connection through it.
func through(t *testing.T, target string) (*Relay, *caller) {
	t.Helper()
	r, err := New(t.Context(), target)
	require.NoError(t, err)
	t.Cleanup(r.Close)
	c, err := call(r.Address())
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return r, c
}

func TestARelayCarriesUntilItIsCutAndAfterItIsJoined(t *testing.T) {
	r, c := through(t, parrot(t, "a"))
	answer, err := c.ask("one", time.Now().Add(patience))
	require.NoError(t, err)
	require.Equal(t, "a one\n", answer)

	at := r.Address()
	r.Cut()
	r.Cut()
	_, err = c.ask("two", time.Now().Add(patience))
	require.Error(t, err, "the connection must have ended")
	for range 3 {
		if refused, err := call(at); err == nil {
			_, err = refused.ask("three", time.Now().Add(patience))
			require.Error(t, err, "no other may begin")
			_ = refused.Close()
		}
	}

	r.Join()
	r.Join()
	require.Equal(t, at, r.Address())
	again, err := call(at)
	require.NoError(t, err)
	defer again.Close()
	answer, err = again.ask("three", time.Now().Add(patience))
	require.NoError(t, err)
	require.Equal(t, "a three\n", answer)
}

func TestASlowRelayDelaysEachQuestionAndKeepsTheirOrder(t *testing.T) {
	r, c := through(t, parrot(t, "a"))
	const slow = 150 * time.Millisecond
	r.Delay(slow)
	began := time.Now()
	require.NoError(t, c.SetDeadline(began.Add(patience)))
	for i := range 20 {
		_, err := fmt.Fprintln(c, i)
		require.NoError(t, err)
	}
	for i := range 20 {
		answer, err := c.lines.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("a %d\n", i), answer)
	}
	require.GreaterOrEqual(t, time.Since(began), slow)
	r.Delay(0)
	answer, err := c.ask("last", time.Now().Add(patience))
	require.NoError(t, err)
	require.Equal(t, "a last\n", answer)
}

func TestAMuteRelayLosesAnswersAndKeepsTheConnection(t *testing.T) {
	r, c := through(t, parrot(t, "a"))
	_, err := c.ask("heard", time.Now().Add(patience))
	require.NoError(t, err)
	r.Mute(true)
	_, err = fmt.Fprintln(c, "lost")
	require.NoError(t, err)
	require.Eventually(t, func() bool { return r.lost.Load() == int64(len("a lost\n")) }, patience, time.Millisecond)
	r.Mute(false)
	answer, err := c.ask("heard again", time.Now().Add(patience))
	require.NoError(t, err)
	require.Equal(t, "a heard again\n", answer)
}

func TestARelayLeadsElsewhere(t *testing.T) {
	r, c := through(t, parrot(t, "a"))
	answer, err := c.ask("none", time.Now().Add(patience)) // so it is led, and not only taken
	require.NoError(t, err)
	require.Equal(t, "a none\n", answer)
	r.Lead(parrot(t, "b"))
	_, err = c.ask("one", time.Now().Add(patience))
	require.Error(t, err, "the old way must have ended")
	other, err := call(r.Address())
	require.NoError(t, err)
	defer other.Close()
	answer, err = other.ask("two", time.Now().Add(patience))
	require.NoError(t, err)
	require.Equal(t, "b two\n", answer)
}

func TestAServerThatIsNotThereHangsUp(t *testing.T) {
	r, err := New(t.Context(), "127.0.0.1:1") // a port that nobody is given by chance
	require.NoError(t, err)
	t.Cleanup(r.Close)
	c, err := call(r.Address())
	if err == nil { // else it was hung up on at once
		defer c.Close()
		_, err = c.ask("one", time.Now().Add(patience))
	}
	require.Error(t, err)
}
