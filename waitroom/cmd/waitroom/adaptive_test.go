package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

// liveRate is what the control API says of the rate.
type liveRate struct {
	Now     int64  `json:"rate_now"`
	Advised int64  `json:"rate_advised"`
	Why     string `json:"rate_why"`
}

func (g *server) rate(room string) (r liveRate) {
	g.t.Helper()
	token, err := g.staffKeys.SignStaff(auth.Staff{Email: "x@demo.test", Role: auth.Owner}, "waitroom", time.Hour)
	require.NoError(g.t, err)
	a := g.get(g.opsURL+"/control/v1/rooms/"+room, "Authorization", "Bearer "+token)
	require.Equal(g.t, http.StatusOK, a.status, string(a.body))
	var doc struct{ Live liveRate }
	require.NoError(g.t, json.Unmarshal(a.body, &doc))
	return doc.Live
}

// shopping sends gated requests with a pass, 16 at a time, until told to stop; it returns how many were answered then.
func shopping(t *testing.T, g *server, pass string) (stop func() int64) {
	t.Helper()
	var answered atomic.Int64
	var all sync.WaitGroup
	ended := make(chan struct{})
	for range 16 {
		all.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
				}
				if g.get(seats, "Waitroom-Pass", pass).status == http.StatusOK {
					answered.Add(1)
				}
			}
		})
	}
	var once sync.Once
	stop = func() int64 {
		once.Do(func() { close(ended) })
		all.Wait()
		return answered.Load()
	}
	t.Cleanup(func() { stop() })
	return stop
}

// TestASlowUpstreamLowersTheRate: through two gateways the rate falls while the upstream is slow and rises again once it is not. The control
// is the same upstream with the guard off, and with one that only watches.
func TestASlowUpstreamLowersTheRate(t *testing.T) {
	t.Parallel()
	// An answer takes much longer than is allowed, and that much longer than a busy machine needs for one.
	const allowed, takes = time.Second, 1500 * time.Millisecond
	begin := func(stage waitroom.Watch) (s *system, g *server, pass string, slow *atomic.Bool, stop func() int64) {
		s = newTestSystem(t)
		s.room("arena", func(p *waitroom.Policy) {
			p.RatePerMinute, p.MaxActive = 600, 1000
			if stage != waitroom.WatchOff {
				p.Adaptive = waitroom.Adaptive{Stage: stage, MinRatePerMinute: 60, TargetP95MS: allowed.Milliseconds(), MaxErrorPercent: 50}
			}
		})
		slow = new(atomic.Bool)
		s.booking.answerWith(func(ctx *fasthttp.RequestCtx) {
			if slow.Load() {
				<-time.After(takes) // what the upstream is about
			}
			ctx.SetBodyString("upstream")
		})
		g = s.start()
		other := s.start()
		pass = g.join("arena").Pass
		require.NotEmpty(t, pass)
		slow.Store(true)
		first, second := shopping(t, g, pass), shopping(t, other, pass)
		return s, g, pass, slow, func() int64 { return first() + second() }
	}
	s, g, pass, slow, stop := begin(waitroom.WatchEnforce)
	var low liveRate
	require.Eventually(t, func() bool { low = g.rate("arena"); return low.Now < 300 }, deadline, pollEvery)
	slowAnswers := len(s.booking.all())
	require.Contains(t, low.Why, "ms > 1000 ms")
	require.Equal(t, low.Now, low.Advised)
	require.Contains(t, string(g.get(g.opsURL+"/ops/data").body), `"pressure":"`, "the operations page says so too")
	var serving struct {
		RatePerMinute int64 `json:"rate_per_minute"`
	}
	require.Eventually(t, func() bool {
		require.NoError(t, json.Unmarshal(g.get("/waitroom/v1/arena/serving").body, &serving))
		return serving.RatePerMinute < 300
	}, deadline, pollEvery, "visitors are told of the rate that is in force")
	slow.Store(false)
	stop() // a crowd would keep a small machine slow by itself
	lowest := g.rate("arena").Now
	require.Eventually(t, func() bool {
		require.Equal(t, "upstream", string(g.get(seats, "Waitroom-Pass", pass).body), "people keep shopping")
		now := g.rate("arena").Now
		lowest = min(lowest, now)
		return now > lowest
	}, 2*deadline, pollEvery, "the rate rises again")

	_, g, _, _, stop = begin(waitroom.WatchOnly)
	require.Eventually(t, func() bool { low = g.rate("arena"); return low.Advised < 600 }, deadline, pollEvery)
	require.EqualValues(t, 600, low.Now, "what is watched changes nothing")
	require.Contains(t, low.Why, "ms > 1000 ms")
	stop()

	s, g, _, _, stop = begin(waitroom.WatchOff)
	require.Eventually(t, func() bool { return len(s.booking.all()) > slowAnswers }, deadline, pollEvery, "as many slow answers as lowered the rate above")
	require.Equal(t, liveRate{Now: 600, Advised: 600}, g.rate("arena"), "the control")
	stop()
}

// TestAFailingUpstreamLowersTheRate: so do errors, however fast they come.
func TestAFailingUpstreamLowersTheRate(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) {
		p.RatePerMinute, p.MaxActive = 600, 1000
		p.Adaptive = waitroom.Adaptive{Stage: waitroom.WatchEnforce, MinRatePerMinute: 60, TargetP95MS: 60_000, MaxErrorPercent: 20}
	})
	var count atomic.Int64
	s.booking.answerWith(func(ctx *fasthttp.RequestCtx) {
		if count.Add(1)%2 == 0 {
			ctx.SetStatusCode(http.StatusInternalServerError)
		}
	})
	g := s.start()
	pass := g.join("arena").Pass
	stop := shopping(t, g, pass)
	defer stop()
	require.Eventually(t, func() bool { return g.rate("arena").Now < 600 }, deadline, pollEvery)
	require.Contains(t, g.rate("arena").Why, "errors ")
	snapshot, err := s.queue.Press(context.Background(), "arena", "again")
	require.NoError(t, err)
	require.Less(t, snapshot.RateNow, int64(600))
}
