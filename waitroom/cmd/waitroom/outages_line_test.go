package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/redistest"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/redisqueue"
)

// lineOutages are those of Redis, and of the gateways themselves.
func lineOutages() []outage {
	const soon = "by itself, when Redis serves again; no restart"
	return []outage{
		{"redis_stopped", "Redis stopped", "`kill -9`, then started again from its log", "the line is down; `/readyz` names redis", soon, seeRedis(
			func(_ *testing.T, r *redistest.Server) { r.Kill() }, func(_ *testing.T, r *redistest.Server) { r.Restart() })},
		{"redis_hung", "Redis hung", "`SIGSTOP`: connections stay open, nothing is answered", "the line is down; calls of it are given up after 1 s", soon, seeRedis(
			func(_ *testing.T, r *redistest.Server) { r.Freeze() }, func(_ *testing.T, r *redistest.Server) { r.Thaw() })},
		{"redis_full", "Redis full", "`maxmemory` of one byte", "the line is down: Redis refuses to write, and nothing is done by half", soon, seeRedis(
			ordered("CONFIG", "SET", "maxmemory", "1"), ordered("CONFIG", "SET", "maxmemory", "0"))},
		{"redis_read_only", "Redis read-only", "made a replica of nobody", "the line is down", soon + "; for two seconds after a change of the primary nobody new is admitted", seeRedis(
			ordered("REPLICAOF", "127.0.0.1", "1"), ordered("REPLICAOF", "NO", "ONE"))},
		{"redis_slow", "Redis slow", "200 ms on the way to Redis", "the line stays up and the gateway ready; joins take as much longer; who is inside, and polls of who waits, notice nothing, for neither asks Redis", "at once", seeSlow},
		{"redis_flapping", "Redis flapping", "the way to Redis cut and joined five times", "each cut is as when Redis is stopped; those inside go on throughout", "by itself each time", seeFlapping},
		{"gateway_killed", "a gateway of two", "`kill -9`", "the other one serves everybody: tickets and passes are good on all gateways", "the killed one serves everybody again once it is started", seeKilled},
		{"clock_ahead", "the gateway's clock", "an hour ahead of the line's", "no difference: passes, cookies and countdowns go by the line's clock", "not needed", seeClock(-time.Hour)},
		{"clock_behind", "the gateway's clock", "an hour behind the line's", "no difference", "not needed", seeClock(time.Hour)},
	}
}

// seeRedis makes a Redis fail, and then well again.
func seeRedis(fail, mend func(*testing.T, *redistest.Server)) func(*testing.T) {
	return func(t *testing.T) {
		r := redistest.Start(t, redistest.Durable...)
		c := newOutageScene(newSystem(t, r.URL(), "wr"))
		c.through(func() { fail(t, r) }, func() { mend(t, r) })
	}
}

func ordered(command ...string) func(*testing.T, *redistest.Server) {
	return func(t *testing.T, r *redistest.Server) {
		t.Helper()
		_, err := r.Do(command...)
		require.NoError(t, err)
	}
}

func seeSlow(t *testing.T) {
	env := testenv.Redis(t)
	cable, url := testenv.NewCable(t, env.URL)
	c := newOutageScene(newSystem(t, url, env.Prefix))
	cable.Delay(200 * time.Millisecond)
	for _, kind := range kinds {
		slow := c.g.join(string(kind))
		require.Equal(t, waitroom.Waiting, slow.State)
		c.wait[kind] = append(c.wait[kind], slow)
		// A busy machine may make the view stale for a moment, and then a room that is closed in an outage is.
		c.eventually("who is inside is", func() bool { return string(c.asInside(c.g, kind).body) == "upstream" })
	}
	c.allIsWell()
	cable.Delay(0)
	c.allIsWell()
}

func seeFlapping(t *testing.T) {
	env := testenv.Redis(t)
	cable, url := testenv.NewCable(t, env.URL)
	c := newOutageScene(newSystem(t, url, env.Prefix))
	for range 5 {
		cable.Cut()
		c.eventually("the gateway notices", func() bool { return c.g.get(c.g.opsURL+"/readyz").status == 503 })
		cable.Join()
		c.eventually("it is back", func() bool { return c.g.get(c.g.opsURL+"/readyz").status == 200 })
	}
	cable.Cut()
	c.lineIsDown()
	cable.Join()
	c.allIsWell()
}

func seeKilled(t *testing.T) {
	s := newTestSystem(t)
	c := newOutageScene(s)
	other := s.process("other")
	seen := c.g.elsewhere(other)
	c.allIsWell(seen)
	other.Kill()
	require.False(t, other.Reachable())
	c.shop()
	c.allIsWell()
	other.Start()
	c.allIsWell(seen)
}

// seeClock shifts the line's clock instead of the gateway's: what counts is how far they are from each other.
func seeClock(ahead time.Duration) func(*testing.T) {
	return func(t *testing.T) {
		s := newTestSystem(t)
		s.settings.clock = func() time.Time { return time.Now().Add(ahead) }
		client, err := redisqueue.Dial(testenv.Patient(t, s.settings.RedisURL))
		require.NoError(t, err)
		t.Cleanup(client.Close)
		s.queue = redisqueue.New(client, s.settings.KeyPrefix, redisqueue.WithTimeout(deadline), redisqueue.WithClock(s.settings.clock))
		c := newOutageScene(s)
		var through answer
		c.eventually("with the ticket alone, the gate gives the pass again", func() bool {
			through = c.g.get(gatedPath(waitroom.OutageOpen), "Cookie", "wr_open="+c.inside[waitroom.OutageOpen].Ticket)
			return string(through.body) == "upstream"
		})
		kept := 0
		for _, cookie := range (&http.Response{Header: through.header}).Cookies() {
			if cookie.Name == "wp_open" {
				kept = cookie.MaxAge
			}
		}
		require.Greater(t, kept, 60, "the browser keeps the pass")
		require.LessOrEqual(t, kept, int(waitroom.DefaultPolicy().SessionLimitSeconds))
		c.allIsWell()
	}
}
