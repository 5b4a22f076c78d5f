package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// impatient is how long a gateway waits for the first byte where it is to give up, patient where no busy machine is to make it.
const (
	impatient = "300ms"
	patient   = "60s"
)

// upstreamOutages are those of what stands behind the gate.
func upstreamOutages() []outage {
	const here = "; the line goes on, the gateway stays ready, nobody loses a session by it"
	return []outage{
		{"upstream_down", "an upstream down", "its port closed", "502 at once" + here, "with the next request", seeUpstream(nil, patient, 502, "upstream-failed")},
		{"upstream_slow", "an upstream slow", "answers after 300 ms, with `first_byte: 60s`", "requests take as long as it does; others are not held up", "not needed", seeSlowUpstream},
		{"upstream_half_open", "an upstream half-open", "takes connections and requests, answers nothing, with `first_byte: 300ms`", "504 after `first_byte`" + here, "with the next request", seeUpstream(swallow, impatient, 504, "upstream-timeout")},
		{"upstream_resetting", "an upstream resetting", "reads the request and resets the connection", "502" + here + "; the request is not sent again", "with the next request", seeUpstream(reset, patient, 502, "upstream-failed")},
		{"upstream_cut_off", "an upstream cut off in its answer", "resets the connection after half of the body", "the visitor's connection ends too: half an answer is never passed off as a whole one" + here, "not needed", seeCutOff},
	}
}

// sick is an upstream that takes connections and then does something else than to answer.
type sick struct {
	t        *testing.T
	listener net.Listener
	mu       sync.Mutex
	conns    []net.Conn
	requests int
	well     atomic.Bool // connections that are made from now on are answered
}

func newSick(t *testing.T, treat func(*sick, net.Conn)) *sick {
	return newSickAt(t, "127.0.0.1:0", treat)
}

func newSickAt(t *testing.T, address string, treat func(*sick, net.Conn)) *sick {
	t.Helper()
	var l net.Listener
	require.Eventually(t, func() (ok bool) { // somebody's connection may have the port for a while
		var err error
		l, err = net.Listen("tcp", address)
		return err == nil
	}, deadline, 20*time.Millisecond)
	s := &sick{t: t, listener: l}
	var busy sync.WaitGroup
	busy.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns = append(s.conns, conn)
			s.mu.Unlock()
			busy.Go(func() {
				if s.well.Load() {
					answerWell(s, conn)
					return
				}
				treat(s, conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		s.mu.Lock()
		for _, conn := range s.conns {
			_ = conn.Close()
		}
		s.mu.Unlock()
		busy.Wait()
	})
	return s
}

// next reads the head of a request.
func (s *sick) next(in *bufio.Reader) bool {
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == "\r\n" {
			s.mu.Lock()
			s.requests++
			s.mu.Unlock()
			return true
		}
	}
}

func answerWell(s *sick, conn net.Conn) {
	in := bufio.NewReader(conn)
	for s.next(in) {
		if _, err := fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nupstream"); err != nil {
			return
		}
	}
}

func swallow(s *sick, conn net.Conn) {
	in := bufio.NewReader(conn)
	for s.next(in) {
	}
}

func reset(s *sick, conn net.Conn) {
	if s.next(bufio.NewReader(conn)) {
		_ = conn.(*net.TCPConn).SetLinger(0) // a reset, not an end
		_ = conn.Close()
	}
}

// withUpstream sets the gateway up with a file in which the upstream is at this address, and has this patience.
func (s *system) withUpstream(address, firstByte string) {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "anteroom.yaml")
	text := fmt.Sprintf(`version: 1
upstreams:
  sick:
    addresses: [%q]
    timeouts: {first_byte: %s}
  well:
    addresses: [%q]
sites:
  - hosts: ["*"]
    routes:
      - name: sick
        paths: [/sick/**]
        upstream: sick
        room: hold
      - name: show
        paths: ["/api/v1/shows/{room}/**"]
        upstream: well
        room: "{room}"
`, address, firstByte, s.booking.url[len("http://"):])
	require.NoError(s.t, os.WriteFile(file, []byte(text), 0o600))
	s.settings.Config = file
}

func (c *outageScene) ofTheSick() answer {
	return c.g.get("/sick/x", "Waitroom-Pass", c.inside[waitroom.OutageHold].Pass)
}

// seeUpstream puts a gateway in front of an upstream that is treated so, or is not there, and sees what visitors are told. The gateway waits for the
// first byte of an answer as long as given.
func seeUpstream(treat func(*sick, net.Conn), firstByte string, status int, problem string) func(*testing.T) {
	return func(t *testing.T) {
		s := newTestSystem(t)
		var address string
		var up *sick
		if treat != nil {
			up = newSick(t, treat)
			address = up.listener.Addr().String()
		} else {
			address = fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(t)) // which nobody else comes to listen on meanwhile
		}
		s.withUpstream(address, firstByte)
		c := newOutageScene(s)
		const tries = 3
		for range tries {
			a := c.ofTheSick()
			require.Equal(t, status, a.status, string(a.body))
			require.Equal(t, problem, a.problem(t))
		}
		if up != nil {
			up.mu.Lock()
			if firstByte == impatient { // which may be over before a request is under way, or has been read
				require.LessOrEqual(t, up.requests, tries, "no request was sent twice")
			} else {
				require.Equal(t, tries, up.requests, "each request was sent once")
			}
			up.mu.Unlock()
			up.well.Store(true)
		} else {
			newSickAt(t, address, answerWell)
		}
		next := c.ofTheSick()
		if firstByte == impatient && next.status == status { // a busy machine may need longer by itself
			c.eventually("an answer comes in time", func() bool { next = c.ofTheSick(); return next.status != status })
		}
		require.Equal(t, "upstream", string(next.body), "the next request is served")
		c.allIsWell()
	}
}

func seeSlowUpstream(t *testing.T) {
	s := newTestSystem(t)
	slow := newSick(t, func(s *sick, conn net.Conn) {
		in := bufio.NewReader(conn)
		for s.next(in) {
			<-time.After(300 * time.Millisecond)
			if _, err := fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nupstream"); err != nil {
				return
			}
		}
	})
	s.withUpstream(slow.listener.Addr().String(), patient)
	c := newOutageScene(s)
	require.Equal(t, "upstream", string(c.ofTheSick().body))
	c.allIsWell()
}

func seeCutOff(t *testing.T) {
	const half = 256 << 10 // more than is gathered on the way
	began := make(chan struct{})
	up := newSick(t, func(s *sick, conn net.Conn) {
		if s.next(bufio.NewReader(conn)) {
			_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", 2*half)
			_, _ = conn.Write(make([]byte, half))
			<-began
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		}
	})
	s := newTestSystem(t)
	s.withUpstream(up.listener.Addr().String(), patient)
	c := newOutageScene(s)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.g.url+"/sick/x", nil)
	require.NoError(t, err)
	req.Header.Set("Waitroom-Pass", c.inside[waitroom.OutageHold].Pass)
	res, err := c.g.client.Do(req)
	require.NoError(t, err)
	require.Equal(t, 200, res.StatusCode)
	_, err = io.ReadFull(res.Body, make([]byte, 1024))
	require.NoError(t, err, "what the upstream has sent arrives before it has sent all")
	close(began)
	rest, err := io.ReadAll(res.Body)
	require.Error(t, err, "%d bytes look whole", 1024+len(rest))
	require.NoError(t, res.Body.Close())
	c.allIsWell()
}
