package main

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

var kinds = []waitroom.Outage{waitroom.OutageHold, waitroom.OutageOpen, waitroom.OutageClosed}

// outageScene is a gateway with three rooms that declare the three behaviours. In each somebody is inside and some wait.
type outageScene struct {
	*system
	g      *server
	inside map[waitroom.Outage]waitroom.Visit
	wait   map[waitroom.Outage][]waitroom.Visit

	stopShopping func() (failed []string, times int)
}

// whoWaits is how many wait in each room.
const whoWaits = 5

// newOutageScene brings people into the rooms of a system that is not started yet.
func newOutageScene(s *system) *outageScene {
	s.t.Helper()
	c := &outageScene{system: s, inside: map[waitroom.Outage]waitroom.Visit{}, wait: map[waitroom.Outage][]waitroom.Visit{}}
	for _, kind := range kinds {
		s.room(string(kind), func(p *waitroom.Policy) { p.OnOutage, p.MaxActive, p.RatePerMinute = kind, 1, 600 })
	}
	c.g = s.start()
	for _, kind := range kinds {
		c.inside[kind] = c.g.join(string(kind))
		require.Equal(s.t, waitroom.Admitted, c.inside[kind].State)
		for range whoWaits {
			c.wait[kind] = append(c.wait[kind], c.g.join(string(kind)))
		}
	}
	c.shop()
	return c
}

func gatedPath(kind waitroom.Outage) string { return "/api/v1/shows/" + string(kind) + "/seats" }

func (c *outageScene) asInside(g *server, kind waitroom.Outage) answer {
	return g.get(gatedPath(kind), "Waitroom-Pass", c.inside[kind].Pass)
}

// shop lets those inside go on all the time, in the rooms where an outage must not be noticed.
func (c *outageScene) shop() {
	stop := make(chan struct{})
	var busy sync.WaitGroup
	var failed []string
	times := 0
	busy.Go(func() {
		for {
			for _, kind := range []waitroom.Outage{waitroom.OutageHold, waitroom.OutageOpen} {
				if a := c.asInside(c.g, kind); string(a.body) != "upstream" {
					failed = append(failed, string(kind)+": "+string(a.body))
				}
				times++
			}
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	var once sync.Once
	c.stopShopping = func() ([]string, int) {
		once.Do(func() { close(stop) })
		busy.Wait()
		return failed, times
	}
	c.t.Cleanup(func() { c.stopShopping() })
}

func (c *outageScene) eventually(what string, is func() bool) {
	c.t.Helper()
	require.Eventually(c.t, is, deadline, 20*time.Millisecond, "%s", what)
}

// lineIsDown waits until the gateway has noticed, and sees the declared behaviour of each room.
func (c *outageScene) lineIsDown() {
	c.t.Helper()
	c.eventually("the gateway says that it is not ready", func() bool { return c.g.get(c.g.opsURL+"/readyz").status == 503 })
	c.eventually("closed: who is inside is stopped", func() bool { return c.asInside(c.g, waitroom.OutageClosed).status == 503 })
	require.Equal(c.t, 200, c.g.get(c.g.opsURL+"/healthz").status)
	c.eventually("hold: nobody new goes in, nor is left without an answer", func() bool {
		return c.told(gatedPath(waitroom.OutageHold)) && c.told(gatedPath(waitroom.OutageClosed))
	})
	c.eventually("open: somebody new goes in", func() bool { return string(c.g.get(gatedPath(waitroom.OutageOpen)).body) == "upstream" })
	for _, kind := range kinds {
		if kind == waitroom.OutageOpen {
			continue
		}
		c.eventually("who waits is told that the place is kept", func() bool {
			page := c.g.get("/shows/"+string(kind)+"/seats", "Accept", "text/html", "Accept-Language", "en", "Cookie", "wr_"+string(kind)+"="+c.wait[kind][0].Ticket)
			return page.status == 503 && strings.Contains(string(page.body), "place is kept")
		})
	}
}

// told reports whether a request without a pass is told that the line is down, and when to come again.
func (c *outageScene) told(path string) bool {
	a := c.g.get(path)
	return a.status == 503 && a.header.Get("Retry-After") != "" && strings.Contains(string(a.body), "line-unavailable")
}

// allIsWell waits until the gateway is ready, and sees that nobody has lost anything, on this gateway or, when given, on others too.
func (c *outageScene) allIsWell(others ...*server) {
	c.t.Helper()
	failed, times := c.stopShopping()
	require.Empty(c.t, failed, "of %d requests of those inside, where an outage must not be noticed", times)
	require.NotZero(c.t, times)
	for _, g := range append(others, c.g) {
		c.eventually("the gateway is ready", func() bool { return g.get(g.opsURL+"/readyz").status == 200 })
		for _, kind := range kinds {
			c.eventually("who was inside is", func() bool { return string(c.asInside(g, kind).body) == "upstream" })
			seen := map[int64]bool{c.inside[kind].Number: true}
			for _, one := range c.wait[kind] {
				var a answer
				c.eventually("there is an answer", func() bool {
					a = g.get("/waitroom/v1/"+string(kind)+"/status", "Cookie", "wr_"+string(kind)+"="+one.Ticket)
					return a.status == 200
				})
				v := a.visit(c.t)
				require.Equal(c.t, one.Number, v.Number)
				require.Equal(c.t, waitroom.Waiting, v.State)
				require.False(c.t, seen[v.Number], "number %d was given twice", v.Number)
				seen[v.Number] = true
			}
			var joined answer
			c.eventually("somebody joins", func() bool {
				joined = g.do(http.MethodPost, "/waitroom/v1/"+string(kind)+"/join", nil)
				return joined.status == 201
			})
			v := joined.visit(c.t)
			require.False(c.t, seen[v.Number], "number %d was given twice", v.Number)
			c.wait[kind] = append(c.wait[kind], v)
		}
	}
}

// through takes the scene through an outage of the line.
func (c *outageScene) through(fail, mend func()) {
	c.t.Helper()
	fail()
	c.lineIsDown()
	mend()
	c.allIsWell()
}
