package main

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/backing"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// ownRedis is a Redis that the test may stop. Its data are in a log in dir.
type ownRedis struct {
	t    *testing.T
	port int
	dir  string
	cmd  *exec.Cmd
}

func newOwnRedis(t *testing.T) *ownRedis {
	t.Helper()
	r := &ownRedis{t: t, port: testenv.FreePort(t), dir: t.TempDir()}
	r.start()
	t.Cleanup(r.stop)
	return r
}

func (r *ownRedis) url() string { return fmt.Sprintf("redis://127.0.0.1:%d/0", r.port) }

func (r *ownRedis) start() {
	r.t.Helper()
	var err error
	r.cmd, err = backing.RedisCommand(context.Background(), "--port", strconv.Itoa(r.port), "--bind", "127.0.0.1", "--dir", r.dir, "--appendonly", "yes", "--appendfsync", "always", "--save", "")
	require.NoError(r.t, err)
	require.NoError(r.t, r.cmd.Start())
	require.Eventually(r.t, func() bool {
		conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", r.port), time.Second)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, deadline, 10*time.Millisecond)
}

// stop kills it, as a power cut would.
func (r *ownRedis) stop() {
	if r.cmd.ProcessState == nil {
		_ = r.cmd.Process.Kill()
		_ = r.cmd.Wait()
	}
}

func TestRedisOutage(t *testing.T) {
	t.Parallel()
	redis := newOwnRedis(t)
	s := newSystem(t, redis.url(), "wr")
	s.room("arena", func(p *waitroom.Policy) { p.MaxActive = 1 })
	g := s.start()
	inside := g.join("arena")
	require.Equal(t, waitroom.Admitted, inside.State)
	waiting := g.join("arena")
	require.Equal(t, waitroom.Waiting, waiting.State)

	redis.stop()
	require.Eventually(t, func() bool { return g.get(g.opsURL+"/readyz").status == 503 }, deadline, 20*time.Millisecond)
	readyz := string(g.get(g.opsURL + "/readyz").body)
	assert.Contains(t, readyz, `"redis":`)
	assert.Contains(t, readyz, `"ready":false`)
	require.Eventually(t, func() bool { return strings.Contains(string(g.get(g.opsURL+"/readyz").body), "old") }, deadline, 20*time.Millisecond, "the view's age is said")

	// Who is inside goes on; who waits is told honestly and keeps the ticket.
	for range 5 {
		require.Equal(t, "upstream", string(g.get(seats, "Waitroom-Pass", inside.Pass).body))
	}
	require.Equal(t, "line-unavailable", g.get(seats, "Cookie", "wr_arena="+waiting.Ticket).problem(t))
	page := g.get("/shows/arena/seats", "Accept", "text/html", "Accept-Language", "en", "Cookie", "wr_arena="+waiting.Ticket)
	assert.Equal(t, 503, page.status)
	assert.NotEmpty(t, page.header.Get("Retry-After"))
	assert.Empty(t, page.header.Values("Set-Cookie"))
	assert.Contains(t, string(page.body), "Your place is kept")
	assert.Equal(t, "line-unavailable", g.do("POST", "/waitroom/v1/arena/join", nil).problem(t))
	assert.Equal(t, 200, g.get("/waitroom/v1/arena/receipt", "Cookie", "wr_arena="+waiting.Ticket).status)

	// A gateway that starts now knows no rooms: it stays shut, and stays up.
	late := s.launch()
	assert.Equal(t, "line-unavailable", late.get(seats, "Waitroom-Pass", inside.Pass).problem(t))
	assert.Equal(t, 200, late.get(late.opsURL+"/healthz").status)

	redis.start()
	for _, gateway := range []*server{g, late} {
		require.Eventually(t, func() bool { return gateway.get(gateway.opsURL+"/readyz").status == 200 }, deadline, 20*time.Millisecond)
		require.Equal(t, "upstream", string(gateway.get(seats, "Waitroom-Pass", inside.Pass).body))
		gateway.steady = true // from here on
		assert.Equal(t, waiting.Number, gateway.get("/waitroom/v1/arena/status", "Cookie", "wr_arena="+waiting.Ticket).visit(t).Number)
	}
}

func TestRedisComesBackEmpty(t *testing.T) {
	t.Parallel()
	redis := newOwnRedis(t)
	s := newSystem(t, redis.url(), "wr")
	s.room("arena", func(*waitroom.Policy) {})
	g := s.start()
	inside := g.join("arena")
	require.Equal(t, "upstream", string(g.get(seats, "Waitroom-Pass", inside.Pass).body))

	redis.stop()
	redis.dir = t.TempDir()
	redis.start()
	lost := func() bool {
		a := g.get(seats, "Waitroom-Pass", inside.Pass)
		return a.status == 503 && a.problem(t) == "room-lost"
	}
	require.Eventually(t, lost, deadline, 20*time.Millisecond)
	s.booking.forget()
	assert.Equal(t, "room-lost", g.get(seats).problem(t))
	assert.Contains(t, string(g.get("/shows/arena/seats", "Accept", "text/html", "Accept-Language", "en").body), "being restored")
	assert.Empty(t, s.booking.all(), "nobody is let in on a guess")
	require.Eventually(t, func() bool { return strings.Contains(string(g.get(g.opsURL+"/readyz").body), "lost") }, deadline, 20*time.Millisecond)

	// Restored by an operator, the line is a new one: what was given before counts no more.
	policy := waitroom.DefaultPolicy()
	policy.Mode = waitroom.ModeHold
	require.Eventually(t, func() bool { // the test's own connections break one by one
		_, err := s.queue.Create(t.Context(), "arena", policy)
		return err == nil
	}, deadline, 20*time.Millisecond)
	require.Eventually(t, func() bool { return g.get(g.opsURL+"/readyz").status == 200 }, deadline, 20*time.Millisecond)
	g.steady = true // from here on
	a := g.get(seats, "Accept", "application/json", "Waitroom-Pass", inside.Pass, "Cookie", "wr_arena="+inside.Ticket)
	assert.Equal(t, waitroom.Waiting, a.visit(t).State)
	assert.Equal(t, 410, g.get("/waitroom/v1/arena/status", "Cookie", "wr_arena="+inside.Ticket).status)
	assert.Empty(t, s.booking.all())
}
