package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tap is a wire to an upstream that keeps whatever is sent along it, before the upstream gets it.
type tap struct {
	url string

	mu   sync.Mutex
	sent []*bytes.Buffer // by connection
}

// newTap lays a wire to what listens at a URL.
func newTap(t *testing.T, to string) *tap {
	t.Helper()
	w := &tap{}
	w.url = "http://" + relay(t, func(in net.Conn) {
		out, err := net.Dial("tcp", strings.TrimPrefix(to, "http://"))
		if err != nil {
			return
		}
		defer out.Close()
		var back sync.WaitGroup
		back.Go(func() {
			_, _ = io.Copy(in, out)
			_ = in.Close()
		})
		_, _ = io.Copy(out, io.TeeReader(in, w.track()))
		_ = out.(*net.TCPConn).CloseWrite() // the upstream answers what it has, and closes
		back.Wait()
	})
	return w
}

// track is where the bytes of one connection are kept.
func (w *tap) track() io.Writer {
	w.mu.Lock()
	defer w.mu.Unlock()
	one := &bytes.Buffer{}
	w.sent = append(w.sent, one)
	return writing(func(p []byte) (int, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		return one.Write(p)
	})
}

type writing func(p []byte) (int, error)

func (w writing) Write(p []byte) (int, error) { return w(p) }

// take returns what was sent since it was asked last, connection by connection.
func (w *tap) take() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all strings.Builder
	for _, one := range w.sent {
		all.Write(one.Bytes())
		one.Reset()
	}
	return all.String()
}

// credulous is a proxy that takes each request to end where the first length in it says, lets everything pass that it does not understand,
// and hands it on as it came. It returns the proxy's address.
func credulous(t *testing.T, to string) string {
	t.Helper()
	return relay(t, func(in net.Conn) {
		out, err := net.Dial("tcp", strings.TrimPrefix(to, "http://"))
		if err != nil {
			return
		}
		defer out.Close()
		var back sync.WaitGroup
		back.Go(func() { _, _ = io.Copy(in, out) })
		for r := bufio.NewReader(in); handOn(r, out) == nil; {
		}
		_ = out.(*net.TCPConn).CloseWrite()
		back.Wait()
	})
}

// handOn passes one request on.
func handOn(in *bufio.Reader, out io.Writer) error {
	length := int64(0)
	for {
		line, err := in.ReadString('\n')
		if _, err := io.WriteString(out, line); err != nil {
			return err
		}
		if err != nil {
			return err
		}
		if name, value, ok := strings.Cut(line, ":"); ok && length == 0 && strings.EqualFold(name, "Content-Length") {
			length, _ = strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		}
		if strings.TrimRight(line, "\r\n") == "" {
			_, err = io.CopyN(out, in, max(length, 0))
			return err
		}
	}
}

// relay serves each connection until it ends, and waits for all of them at the end of the test.
func relay(t *testing.T, serve func(net.Conn)) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var running sync.WaitGroup
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer c.Close()
				serve(c)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		running.Wait()
	})
	return l.Addr().String()
}

// pour sends bytes as they are, says that this is all if it is, and reads answers until there are no more. The error is what ended them.
func pour(t *testing.T, addr, raw string, all bool) (answers []answer, ended error) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, deadline)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(deadline)))
	if _, err := io.WriteString(conn, raw); err != nil {
		return nil, err
	}
	if all {
		_ = conn.(*net.TCPConn).CloseWrite() // fails where the other side has closed already
	}
	for in := bufio.NewReader(conn); ; {
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return answers, err
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			return answers, err
		}
		answers = append(answers, answer{res.StatusCode, res.Header, body})
	}
}
