package main

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// offer opens a move and returns the path of the link.
func (g *server) offer(room, ticket string) string {
	g.t.Helper()
	a := g.do("POST", "/waitroom/v1/"+room+"/move", nil, "Authorization", "Bearer "+ticket)
	require.Equal(g.t, http.StatusCreated, a.status, string(a.body))
	var link waitroom.MoveLink
	require.NoError(g.t, json.Unmarshal(a.body, &link))
	return link.URL
}

// claim follows the link of a move. It is repeated with the same key where the gateway is held up, for the place may have been moved all the same.
func (g *server) claim(link string) answer {
	g.t.Helper()
	return g.do("POST", link, nil, "Idempotency-Key", rand.Text())
}

// TestAMovedPlaceOnTwoGateways moves a place at one gateway and claims it at another; the old ticket ends on both.
func TestAMovedPlaceOnTwoGateways(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", hold)
	a, b := s.start(), s.start()
	here := a.join("arena")
	a.join("arena")
	link := a.offer("arena", here.Ticket)

	// Two devices open the link at once, at different gateways: one of them has the place.
	var both sync.WaitGroup
	answers := make([]answer, 8)
	for i := range answers {
		both.Go(func() { answers[i] = []*server{a, b}[i%2].claim(link) })
	}
	both.Wait()
	var there waitroom.Visit
	won := 0
	for _, one := range answers {
		if one.status == http.StatusCreated {
			there, won = one.visit(t), won+1
		} else {
			assert.Equal(t, "move-spent", one.problem(t))
		}
	}
	require.Equal(t, 1, won)
	require.Equal(t, here.Number, there.Number)

	// Where it would do harm the old ticket is refused at once, on both; where it only tells, within about a second.
	for _, g := range []*server{a, b} {
		assert.Equal(t, "ticket-moved", g.do("DELETE", "/waitroom/v1/arena/ticket", nil, "Authorization", "Bearer "+here.Ticket).problem(t))
		require.Eventually(t, func() bool {
			return g.get("/waitroom/v1/arena/status", "Authorization", "Bearer "+here.Ticket).status == http.StatusGone
		}, deadline, 10*time.Millisecond)
		assert.Equal(t, waitroom.Waiting, g.get("/waitroom/v1/arena/status", "Authorization", "Bearer "+there.Ticket).visit(t).State)
	}

	// A gateway that starts later knows of it before it serves anybody a pass.
	c := s.start()
	mode := waitroom.ModeQueue
	s.change("arena", waitroom.PolicyChange{Mode: &mode})
	require.Eventually(t, func() bool {
		old := c.get("/waitroom/v1/arena/status", "Authorization", "Bearer "+here.Ticket)
		require.NotContains(t, string(old.body), `"pass"`)
		return c.get("/waitroom/v1/arena/status", "Authorization", "Bearer "+there.Ticket).visit(t).State == waitroom.Admitted
	}, deadline, 10*time.Millisecond)
	assert.Equal(t, "ticket-moved", c.get("/waitroom/v1/arena/status", "Authorization", "Bearer "+here.Ticket).problem(t))
}

// TestMovingRacesTheTurn claims places while they are being admitted and both devices ask, at two gateways. A place gives passes to one ticket: to the
// new one when the claim came first, else to the old one. That this can fail is shown where the guard can be switched off (TestOnePassForAMovedPlace).
func TestMovingRacesTheTurn(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { hold(p); p.RatePerMinute, p.BurstSeconds = 600, 1 })
	a, b := s.start(), s.start()
	const places = 24
	type moved struct {
		old      waitroom.Visit
		link     string
		claimed  answer
		oldPass  bool
		newState waitroom.State
	}
	all := make([]moved, places)
	for i := range all {
		all[i].old = a.join("arena")
		all[i].link = a.offer("arena", all[i].old.Ticket)
	}
	var running sync.WaitGroup
	begin, admitted := make(chan struct{}), make(chan struct{})
	first := sync.OnceFunc(func() { close(admitted) })
	for i := range all {
		one := &all[i]
		running.Go(func() {
			if i%2 == 1 { // half of them when the first turn has come, so that there are both outcomes
				<-admitted
			} else {
				<-begin
			}
			one.claimed = b.claim(one.link)
		})
		running.Go(func() { // the old device asks until it is told that it is admitted, or has no place any more
			<-begin
			for until := time.Now().Add(deadline); time.Now().Before(until); {
				answer := a.get("/waitroom/v1/arena/status", "Authorization", "Bearer "+one.old.Ticket)
				if answer.status == http.StatusGone {
					return
				}
				if answer.visit(t).Pass != "" {
					one.oldPass = true
					first()
					return
				}
			}
		})
	}
	mode := waitroom.ModeQueue
	close(begin)
	s.change("arena", waitroom.PolicyChange{Mode: &mode})
	running.Wait()
	moves := 0
	for i := range all {
		one := &all[i]
		if one.claimed.status != http.StatusCreated {
			require.Equal(t, "place-served", one.claimed.problem(t))
			require.True(t, one.oldPass, "number %d: nobody got in", one.old.Number)
			continue
		}
		moves++
		require.False(t, one.oldPass, "number %d: the old device got a pass although the place was moved", one.old.Number)
		ticket := one.claimed.visit(t).Ticket
		require.Eventually(t, func() bool {
			one.newState = b.get("/waitroom/v1/arena/status", "Authorization", "Bearer "+ticket).visit(t).State
			return one.newState == waitroom.Admitted
		}, deadline, 10*time.Millisecond)
	}
	require.Less(t, moves, places, "one was admitted before it was claimed")
	t.Logf("%d of %d places were moved before their turn", moves, places)
}

// The setting reaches the visitor calls through the whole front.
func TestCORSOriginsAreASetting(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.settings.CORSOrigins = "https://shop.example"
	s.room("arena", hold)
	g := s.start()
	a := g.do("OPTIONS", "/waitroom/v1/arena/join", nil, "Origin", "https://shop.example", "Access-Control-Request-Method", "POST")
	require.Equal(t, 204, a.status, string(a.body))
	require.Equal(t, "https://shop.example", a.header.Get("Access-Control-Allow-Origin"))
	joined := g.do("POST", "/waitroom/v1/arena/join", nil, "Origin", "https://shop.example")
	require.Equal(t, 201, joined.status, string(joined.body))
	require.Equal(t, "https://shop.example", joined.header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, 403, g.do("POST", "/waitroom/v1/arena/join", nil, "Origin", "https://elsewhere.example").status)

	_, err := parseServe([]string{"--cors-origins", "shop.example"})
	require.Error(t, err)
}
