package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/testenv"
)

// benchConnections is how many clients load the service, each waiting for its answer before the next request.
const benchConnections = 64

// benchConstant makes the test's own binary a server that answers everything with as many bytes as it says: the calibrator.
const benchConstant = "BOOKING_BENCH_CONSTANT"

func init() {
	size, err := strconv.Atoi(os.Getenv(benchConstant))
	if err != nil {
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	answer := []byte(strings.Repeat("x", size))
	panic((&fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		ctx.Response.Header.SetContentType("application/json")
		ctx.Response.SetBodyRaw(answer)
	}}).Serve(l))
}

// constantServer starts the calibrator and returns its address.
func constantServer(b testing.TB, size int) string {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", benchConstant, size))
	out, err := cmd.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, cmd.Start())
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	addr, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(b, err)
	return strings.TrimSpace(addr)
}

// benchClient speaks just enough HTTP/1.1, so that measuring takes little of the machine from what is measured.
type benchClient struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte // of the last answer
}

func dialBench(b testing.TB, addr string) *benchClient {
	b.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(addr, "http://"))
	require.NoError(b, err)
	b.Cleanup(func() { _ = conn.Close() })
	return &benchClient{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}
}

var contentLength = []byte("Content-Length: ")

// do sends a whole request and reads the answer; the body is the client's until the next.
func (c *benchClient) do(request []byte) (status int, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, err
	}
	size := 0
	for first := true; ; first = false {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		switch {
		case first:
			if len(line) < len("HTTP/1.1 200") {
				return 0, fmt.Errorf("no answer: %q", line)
			}
			if status, err = strconv.Atoi(string(line[9:12])); err != nil {
				return 0, err
			}
		case len(line) <= len("\r\n"):
			c.body = slices.Grow(c.body[:0], size)[:size]
			_, err := io.ReadFull(c.in, c.body)
			return status, err
		case bytes.HasPrefix(line, contentLength):
			if size, err = strconv.Atoi(string(bytes.TrimSpace(line[len(contentLength):]))); err != nil {
				return 0, err
			}
		}
	}
}

// post is a request with a body of JSON.
func post(path, body, headers string) []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s", path, headers, len(body), body)
}

// loadBench does b.N operations with all clients and reports how long the slowest of a hundred took. An operation gets its number and its
// client's, and fails the benchmark with its error. The connections last: a round is many short passes, which would else measure how they warm up.
func loadBench(b *testing.B, addr string, operation func(c *benchClient, client, i int) error) {
	b.Helper()
	clients := testenv.Lasting(b, "clients of "+addr, func(t testing.TB) []*benchClient {
		clients := make([]*benchClient, benchConnections)
		for i := range clients {
			clients[i] = dialBench(t, addr)
		}
		return clients
	})
	for i, c := range clients {
		if err := operation(c, i, i); err != nil { // opens the service's connections, too
			b.Fatal(err)
		}
	}
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	// They all stand there before it begins: to start them would count as allocations of the operations, where a slow machine does few.
	var crowd, ready sync.WaitGroup
	begin := make(chan struct{})
	ready.Add(len(clients))
	for i, c := range clients {
		crowd.Go(func() {
			ready.Done()
			<-begin
			for {
				n := int(next.Add(1)) - 1
				if n >= b.N {
					return
				}
				start := time.Now()
				if err := operation(c, i, benchConnections+n); err != nil {
					b.Error(err)
					return
				}
				took[n] = time.Since(start)
			}
		})
	}
	ready.Wait()
	b.ResetTimer()
	close(begin)
	crowd.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
