package main

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/admin-api/postgres"
)

// cable is the way to the database, which can be cut.
type cable struct {
	t      *testing.T
	addr   string // ours
	target string
	mu     sync.Mutex
	l      net.Listener
	conns  []net.Conn
}

// newCable makes a cut cable to the database and the URL that goes through it.
func newCable(t *testing.T, databaseURL string) (*cable, string) {
	t.Helper()
	u, err := url.Parse(databaseURL)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	c := &cable{t: t, addr: l.Addr().String(), target: u.Host}
	u.Host = c.addr
	t.Cleanup(c.cut)
	return c, u.String()
}

func (c *cable) join() {
	l, err := net.Listen("tcp", c.addr)
	require.NoError(c.t, err)
	c.mu.Lock()
	c.l = l
	c.mu.Unlock()
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return // cut
			}
			out, err := net.Dial("tcp", c.target)
			if err != nil {
				_ = in.Close()
				continue
			}
			c.mu.Lock()
			c.conns = append(c.conns, in, out)
			c.mu.Unlock()
			go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
			go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
		}
	}()
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.l != nil {
		_ = c.l.Close()
	}
	for _, conn := range c.conns {
		_ = conn.Close()
	}
	c.l, c.conns = nil, nil
}

// The database is away at the start, comes, goes again and comes back; the service stays up, says so and recovers.
func TestDatabaseComesAndGoes(t *testing.T) {
	t.Parallel()
	o := prepare(t)
	cable, databaseURL := newCable(t, o.databaseURL)
	o.start(databaseURL)
	get := func(path string) (int, string) {
		res, err := http.Get(o.ops + path)
		require.NoError(t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res.StatusCode, string(body)
	}
	away := func(v *visitor) {
		t.Helper()
		status, _ := get("/healthz")
		require.Equal(t, 200, status)
		status, body := get("/readyz")
		require.Equal(t, 503, status)
		require.Contains(t, body, `"postgresql":"does not answer`)
		for _, a := range []answer{
			v.signIn("owner@demo.test", postgres.DemoPassword),
			(&visitor{office: o, cookie: &http.Cookie{Name: "an_staff", Value: "x"}}).do("PATCH", arena, rate(120)),
		} {
			require.Equal(t, 503, a.status)
			require.Equal(t, "database-unavailable", a.problem())
			require.NotEmpty(t, a.header.Get("Retry-After"))
		}
		require.Equal(t, 200, v.do("GET", "/admin/api/.well-known/jwks.json", nil).status, "what can be served is")
	}
	v := o.visitor()
	away(v)
	cable.join()
	o.eventually("readiness", func() bool { status, _ := get("/readyz"); return status == 200 })
	require.Equal(t, 200, v.signIn("owner@demo.test", postgres.DemoPassword).status)
	events, _ := watch(v)
	until(t, events, "a room", isRoom)

	cable.cut()
	until(t, events, "a room while the database is away: the stream goes on for a while", isRoom)
	away(v)
	require.Zero(t, o.gateway.changed())
	cable.join()
	o.eventually("readiness again", func() bool { status, _ := get("/readyz"); return status == 200 })
	require.Equal(t, 200, v.do("PATCH", arena, rate(120)).status)
	until(t, events, "the change", func(e event) bool { return e.doc["version"] == float64(2) })
}
