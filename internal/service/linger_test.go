package service

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
)

const (
	bufferSize = 64 << 10 // of each socket, so that most of a body is still with the client when the answer comes
	tooLarge   = 8 << 20
	patience   = time.Minute
)

// smallBuffers is a listener whose connections hold little that was not read.
type smallBuffers struct{ net.Listener }

func (l smallBuffers) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return c, c.(*net.TCPConn).SetReadBuffer(bufferSize)
}

// refusing starts a server of ours with the error handler that wrap makes of its own, and returns its address.
func refusing(t *testing.T, wrap func(func(*fasthttp.RequestCtx, error)) func(*fasthttp.RequestCtx, error)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := newServer("demo", func(*fasthttp.RequestCtx) {})
	s.ErrorHandler = wrap(problem(s))
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(smallBuffers{l}) }()
	t.Cleanup(func() {
		limit, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		require.NoError(t, s.ShutdownWithContext(limit))
		require.NoError(t, <-ended)
	})
	return l.Addr().String()
}

func dial(t *testing.T, address string) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(patience)))
	tcp := c.(*net.TCPConn)
	require.NoError(t, tcp.SetWriteBuffer(bufferSize))
	return tcp
}

// sendAll sends a body that is too large and reads the answer after that only, as many a client does.
func sendAll(t *testing.T, address string) (*http.Response, error) {
	t.Helper()
	c := dial(t, address)
	if _, err := fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: demo\r\nContent-Length: %d\r\n\r\n", tooLarge); err != nil {
		return nil, err
	}
	if _, err := c.Write(make([]byte, tooLarge)); err != nil {
		return nil, err
	}
	return http.ReadResponse(bufio.NewReader(c), nil)
}

func TestAClientThatStillSendsGetsTheAnswer(t *testing.T) {
	t.Parallel()
	res, err := sendAll(t, refusing(t, lingerAfter(endpoint.Lingering{Bytes: 2 * tooLarge, Time: patience})))
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, 413, res.StatusCode)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Contains(t, string(body), "body-too-large")
}

// The control: with a plain close the same client never sees the answer.
func TestWithoutLingeringTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	plain := func(h func(*fasthttp.RequestCtx, error)) func(*fasthttp.RequestCtx, error) { return h }
	_, err := sendAll(t, refusing(t, plain))
	var broken *net.OpError
	require.ErrorAs(t, err, &broken)
	require.False(t, broken.Timeout(), "cut by the server, not by the test's deadline: %v", err)
}

func TestLingeringEnds(t *testing.T) {
	t.Parallel()
	t.Run("after so many bytes", func(t *testing.T) {
		t.Parallel()
		_, err := sendAll(t, refusing(t, lingerAfter(endpoint.Lingering{Bytes: bufferSize, Time: patience})))
		var broken *net.OpError
		require.ErrorAs(t, err, &broken)
		require.False(t, broken.Timeout(), "cut by the server, not by the test's deadline: %v", err)
	})
	t.Run("after so long", func(t *testing.T) {
		t.Parallel()
		c := dial(t, refusing(t, lingerAfter(endpoint.Lingering{Bytes: tooLarge, Time: 20 * time.Millisecond})))
		fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: demo\r\nContent-Length: %d\r\n\r\n", tooLarge)
		answer, err := io.ReadAll(c)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(answer), "HTTP/1.1 413 "), "%s", answer)
		require.Eventually(t, func() bool {
			_, err := c.Write([]byte("x")) // fails once the server has closed
			return err != nil
		}, patience, 5*time.Millisecond)
	})
	t.Run("when the client has finished", func(t *testing.T) {
		t.Parallel()
		address := refusing(t, lingerAfter(endpoint.Lingering{Bytes: tooLarge, Time: time.Hour}))
		c := dial(t, address)
		fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: demo\r\nContent-Length: %d\r\n\r\n", tooLarge)
		_, err := io.ReadAll(c)
		require.NoError(t, err)
		require.NoError(t, c.Close()) // the shutdown at the end of the test waits for it, and not for an hour
	})
}

// Both ports of a running service linger, and both answer in problem documents.
func TestRunLingers(t *testing.T) {
	t.Parallel()
	public, private, _ := started(t, t.Context(), Options{
		Handler: func(*fasthttp.RequestCtx) {},
		Server:  func(s *fasthttp.Server) { s.MaxRequestBodySize = 1 << 10 },
	})
	for url, limit := range map[string]string{public: "1024 bytes", private: "4194304 bytes"} {
		res, err := sendAll(t, strings.TrimPrefix(url, "http://"))
		require.NoError(t, err)
		defer res.Body.Close()
		require.Equal(t, 413, res.StatusCode)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Contains(t, string(body), limit)
	}
}
