package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/redisqueue"
)

// scene is the situation of one example: a room of its own, and what the example's texts may name.
type scene struct {
	t    *testing.T
	s    *system
	g    *server
	room string
	vars map[string]string
}

// givens bring situations about. The room of each is in hold and has a visitor, unless the name says otherwise.
var givens = map[string]func(*scene){
	"nobody":    func(c *scene) { c.open(hold) },
	"open":      func(c *scene) { c.open(func(*waitroom.Policy) {}) },
	"gate 202":  func(c *scene) { c.open(func(p *waitroom.Policy) { hold(p); p.GateStatus = 202 }) },
	"gate 429":  func(c *scene) { c.open(func(p *waitroom.Policy) { hold(p); p.GateStatus = 429 }) },
	"waiting":   func(c *scene) { c.open(hold); c.join() },
	"admitted":  func(c *scene) { c.open(func(*waitroom.Policy) {}); c.admit() },
	"closed":    func(c *scene) { c.open(func(p *waitroom.Policy) { p.Mode = waitroom.ModeClosed }) },
	"prequeue":  func(c *scene) { c.open(func(p *waitroom.Policy) { p.OpenAt = "2090-01-01T00:00:00" }); c.join() },
	"sold out":  func(c *scene) { c.open(hold); c.end() },
	"full":      func(c *scene) { c.open(rejecting); c.admit() },
	"reset":     func(c *scene) { c.open(hold); c.join(); c.reset() },
	"hurried":   func(c *scene) { c.open(func(p *waitroom.Policy) { p.PassRatePerSecond = 1 }); c.admit() },
	"released":  func(c *scene) { c.open(func(*waitroom.Policy) {}); c.admit(); c.release() },
	"offered":   func(c *scene) { c.open(hold); c.join(); c.offer() },
	"claimed":   func(c *scene) { c.open(hold); c.join(); c.offer(); c.claim() },
	"moved":     func(c *scene) { c.open(hold); c.join(); c.move() },
	"worn":      func(c *scene) { c.open(hold); c.join(); c.wear() },
	"too late":  func(c *scene) { c.open(hold); c.join(); c.offer(); c.letIn() },
	"all moves": func(c *scene) { c.open(hold); c.join(); c.crowd() },
	"left":      func(c *scene) { c.open(hold); c.join(); c.leave() },
	"ended":     func(c *scene) { c.open(hold); c.join(); c.end() },
	"key moved": func(c *scene) { c.open(hold); c.joinByKey(); c.move() },
	"draw":      func(c *scene) { c.open(drawing) },
	"sealed": func(c *scene) {
		c.open(func(p *waitroom.Policy) { drawing(p); p.OpenAt, p.PrequeueAt = "2026-01-01T00:00:00", "" })
		c.seal()
	},
	"offered then reset": func(c *scene) { c.open(hold); c.join(); c.offer(); c.reset() },
	"puzzle":             func(c *scene) { c.open(puzzling); c.solve() },
	"presale":            func(c *scene) { c.open(presale); c.code() },
	"guessed":            func(c *scene) { c.open(presale); c.code(); c.guess() },
	"limited":            func(c *scene) { c.open(limited); c.join() },
}

func hold(p *waitroom.Policy)      { p.Mode = waitroom.ModeHold }
func rejecting(p *waitroom.Policy) { p.Method, p.MaxActive = waitroom.MethodReject, 1 }
func drawing(p *waitroom.Policy) {
	p.Method, p.Beacon, p.PrequeueAt, p.OpenAt = waitroom.MethodDraw, "drand 1", "2026-01-01T00:00:00", "2090-01-01T00:00:00"
}

// lasting keeps the passes of a room good until the last example that is played in it, which may be minutes later.
func lasting(p *waitroom.Policy) {
	p.SessionIdleSeconds, p.SessionLimitSeconds, p.PassLifeSeconds = 86_400, 86_400, 0
}

func puzzling(p *waitroom.Policy) {
	hold(p)
	p.Guards.ProofBits, p.Guards.ProofOfWork = 8, waitroom.WatchEnforce
}

// newScene makes a scene on a running gateway. Staff tokens are named by role.
func newScene(t *testing.T, s *system, g *server, room string) *scene {
	t.Helper()
	own := *g
	own.t = t // what fails, fails in this example
	c := &scene{t: t, s: s, g: &own, room: room, vars: map[string]string{"room": room, "host": strings.TrimPrefix(g.url, "http://"), "number": "1"}}
	elsewhere, err := s.keys.SignTicket(auth.Ticket{Room: "elsewhere", Epoch: 1, Number: 1})
	require.NoError(t, err)
	code, err := waitroom.NewMoveCode(1, 1)
	require.NoError(t, err)
	c.vars["elsewhere"], c.vars["code"], c.vars["some code"] = elsewhere, code.String(), code.String()
	for _, role := range []auth.Role{auth.Owner, auth.Auditor, auth.Finance} {
		token, err := s.staff.SignStaff(auth.Staff{Email: "x@demo.test", Role: role}, "waitroom", time.Hour)
		require.NoError(t, err)
		c.vars[string(role)] = token
	}
	return c
}

func (c *scene) ask(method, path string, headers ...string) answer {
	c.t.Helper()
	return c.g.do(method, "/waitroom/v1/"+c.room+path, nil, headers...)
}

// open makes the room and waits until the gateway knows it.
func (c *scene) open(change func(*waitroom.Policy)) {
	c.t.Helper()
	policy := waitroom.DefaultPolicy()
	policy.PollMinMS = 100
	change(&policy)
	_, err := c.s.queue.Create(c.t.Context(), c.room, policy)
	require.NoError(c.t, err)
	c.until(func() bool { return c.ask("GET", "/serving").status == 200 })
}

func (c *scene) until(done func() bool) {
	c.t.Helper()
	require.Eventually(c.t, done, deadline, 20*time.Millisecond)
}

func (c *scene) join() {
	c.t.Helper()
	visit := c.g.join(c.room)
	c.vars["ticket"], c.vars["pass"] = visit.Ticket, visit.Pass
	c.vars["number"], c.vars["epoch"] = strconv.FormatInt(visit.Number, 10), strconv.FormatInt(visit.Epoch, 10)
	c.until(func() bool { return strings.Contains(string(c.ask("GET", "/serving").body), `"issued":1`) })
}

func (c *scene) admit() {
	c.t.Helper()
	c.join()
	require.NotEmpty(c.t, c.vars["pass"], "the room lets in")
}

// joinByKey takes a place as someone who can repeat it.
func (c *scene) joinByKey() {
	c.t.Helper()
	c.vars["key"] = "q4vG2mXw9sLr7TzB"
	a := c.ask("POST", "/join", "Idempotency-Key", c.vars["key"])
	require.Equal(c.t, 201, a.status, string(a.body))
	c.vars["ticket"] = a.visit(c.t).Ticket
}

func (c *scene) leave() {
	c.t.Helper()
	require.Equal(c.t, 204, c.ask("DELETE", "/ticket", "Authorization", c.bearer()).status)
	c.until(func() bool { // who is there is looked at about once a second
		return c.ask("GET", "/status", "Authorization", c.bearer()).visit(c.t).State == waitroom.Expired
	})
}

func (c *scene) bearer() string { return "Bearer " + c.vars["ticket"] }

func (c *scene) end() {
	c.t.Helper()
	_, err := c.s.queue.End(c.t.Context(), c.room, waitroom.SoldOut)
	require.NoError(c.t, err)
	c.until(func() bool { return strings.Contains(string(c.ask("GET", "/serving").body), `"ended"`) })
}

func (c *scene) reset() {
	c.t.Helper()
	_, err := c.s.queue.Reset(c.t.Context(), c.room)
	require.NoError(c.t, err)
	c.until(func() bool { return c.ask("GET", "/status", "Authorization", c.bearer()).status == 410 })
}

func (c *scene) release() {
	c.t.Helper()
	require.Equal(c.t, 204, c.ask("DELETE", "/pass", "Waitroom-Pass", c.vars["pass"]).status)
}

func (c *scene) offer() {
	c.t.Helper()
	a := c.ask("POST", "/move", "Authorization", c.bearer())
	require.Equal(c.t, 201, a.status, string(a.body))
	var link waitroom.MoveLink
	require.NoError(c.t, json.Unmarshal(a.body, &link))
	c.vars["code"] = link.URL[strings.LastIndex(link.URL, "/")+1:]
}

func (c *scene) claim() waitroom.Visit {
	c.t.Helper()
	a := c.ask("POST", "/move/"+c.vars["code"])
	require.Equal(c.t, 201, a.status, string(a.body))
	return a.visit(c.t)
}

// move leaves the old ticket in the scene, refused.
func (c *scene) move() {
	c.t.Helper()
	c.offer()
	c.vars["new"] = c.claim().Ticket
	c.until(func() bool { return c.ask("GET", "/status", "Authorization", c.bearer()).status == 410 })
}

func (c *scene) wear() {
	c.t.Helper()
	for range waitroom.MaxMoves {
		c.offer()
		c.vars["ticket"] = c.claim().Ticket
	}
}

// letIn admits who waits in hold.
func (c *scene) letIn() {
	c.t.Helper()
	mode := waitroom.ModeQueue
	_, err := c.s.queue.Change(c.t.Context(), c.room, waitroom.PolicyChange{Mode: &mode})
	require.NoError(c.t, err)
	c.until(func() bool {
		return c.ask("GET", "/status", "Authorization", c.bearer()).visit(c.t).State == waitroom.Admitted
	})
}

// crowd opens as many moves as a room has.
func (c *scene) crowd() {
	c.t.Helper()
	client, err := redisqueue.Dial(c.s.settings.RedisURL)
	require.NoError(c.t, err)
	defer client.Close()
	add := client.B().Zadd().Key(c.s.settings.KeyPrefix + ":{" + c.room + "}:offers").ScoreMember()
	until := float64(time.Now().Add(time.Hour).UnixMilli())
	for number := range waitroom.MaxOffers {
		add = add.ScoreMember(until, strconv.Itoa(number+2))
	}
	require.NoError(c.t, client.Do(c.t.Context(), add.Build()).Error())
}

// seal waits until the gateway has sealed the draw, which it does by itself once the room has opened.
func (c *scene) seal() {
	c.t.Helper()
	c.until(func() bool { return strings.Contains(string(c.ask("GET", "/draw").body), `"sealed"`) })
	d, err := c.s.queue.Drawing(c.t.Context(), c.room)
	require.NoError(c.t, err)
	c.vars["epoch"] = strconv.FormatInt(d.Epoch, 10)
}

// disasters are situations that a whole gateway is in.
var disasters = map[string]func(t *testing.T) *scene{
	"alone": func(t *testing.T) *scene { // there is but one room
		s := newTestSystem(t)
		s.room("alone", hold)
		c := newScene(t, s, s.start(), "alone")
		c.join()
		return c
	},
	"down": func(t *testing.T) *scene { // Redis cannot be reached
		env := testenv.Redis(t)
		cable, url := testenv.NewCable(t, env.URL)
		s := newSystem(t, url, env.Prefix)
		s.room("down", lasting)
		c := newScene(t, s, s.start(), "down")
		c.admit()
		cable.Cut()
		c.until(func() bool { return c.ask("GET", "/serving").status == 503 })
		return c
	},
	"lost": func(t *testing.T) *scene { // Redis has lost the room
		env := testenv.Redis(t)
		s := newSystem(t, env.URL, env.Prefix)
		s.room("lost", lasting)
		c := newScene(t, s, s.start(), "lost")
		c.admit()
		client, err := redisqueue.Dial(env.URL)
		require.NoError(t, err)
		defer client.Close()
		require.NoError(t, client.Do(t.Context(), client.B().Del().Key(env.Prefix+":{lost}:room").Build()).Error())
		c.until(func() bool { return strings.Contains(string(c.ask("GET", "/serving").body), "room-lost") })
		return c
	},
	"watched": func(t *testing.T) *scene { // somebody has the only stream
		s := newTestSystem(t)
		s.settings.MaxStreams = 1
		s.room("watched", hold)
		c := newScene(t, s, s.start(), "watched")
		ctx, cancel := context.WithCancel(context.Background())
		req, err := http.NewRequestWithContext(ctx, "GET", c.g.url+"/waitroom/v1/watched/events", nil)
		require.NoError(t, err)
		patient := http.Client{Transport: c.g.client.Transport} // without the deadline of other calls: the example may be long in coming
		res, err := patient.Do(req)
		require.NoError(t, err)
		require.Equal(t, 200, res.StatusCode)
		t.Cleanup(func() { cancel(); res.Body.Close() })
		return c
	},
}

// staged makes the scene of an example; disasters are shared by all that need them.
func staged(t *testing.T, given string, shared map[string]*scene, s *system, g *server, index int) *scene {
	t.Helper()
	if d, ok := shared[given]; ok {
		c := newScene(t, d.s, d.g, d.room)
		for name, value := range d.vars {
			c.vars[name] = value
		}
		return c
	}
	set, ok := givens[given]
	require.True(t, ok, "nothing brings %q about", given)
	c := newScene(t, s, g, fmt.Sprintf("room-%d", index))
	set(c)
	return c
}
