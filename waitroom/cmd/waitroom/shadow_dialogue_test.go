package main

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

// TestAShadowVisitorHearsWhatOthersHear has an ordinary visitor and one in the shadow line make every call that there is for visitors, before and
// after the keys are rotated, and compares all that comes back but numbers, times and what is random. The control is a visitor with a forged ticket,
// who must hear other things.
func TestAShadowVisitorHearsWhatOthersHear(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) {
		puzzling(p)
		p.GhostSeconds, p.Guards.Shadow = 3600, waitroom.WatchEnforce
	})
	_, err := s.queue.JoinMany(t.Context(), "arena", 200)
	require.NoError(t, err)
	g := s.start()
	require.Eventually(t, func() bool { return strings.Contains(string(g.get("/waitroom/v1/arena/serving").body), `"issued":200`) }, deadline, pollEvery)

	ordinary := &caller{t: t, g: g, solve: func(text string, bits int) string { return solution(text, bits, 0) }}
	shadow := &caller{t: t, g: g, solve: unsolved}
	forger := &caller{t: t, g: g, solve: ordinary.solve, forge: true}
	all := []*caller{ordinary, shadow, forger}
	for _, c := range all {
		c.before()
	}
	for c, genuine := range map[*caller]bool{ordinary: true, shadow: false} {
		_, err := s.keys.VerifyTicket([]byte(c.ticket), "arena")
		require.Equal(t, genuine, err == nil, "one of them is in the line and the other is not: %v", err)
		_, err = auth.VerifyReceipt(t.Context(), s.keys, []byte(c.receipt))
		require.Equal(t, genuine, err == nil, "the one thing that tells them apart, to who verifies it: %v", err)
	}

	require.NoError(t, keys([]string{"rotate", "--keys-file", s.settings.KeysFile, "--lead", "1h"}))
	takeOver(t, s.settings.KeysFile)
	require.Eventually(t, func() bool {
		return g.get("/waitroom/v1/arena/status", "Authorization", "Bearer "+ordinary.ticket).visit(t).Ticket != ""
	}, deadline, pollEvery)
	for _, c := range all {
		c.after()
	}
	require.Len(t, shadow.heard, len(ordinary.heard))
	for i, want := range ordinary.heard {
		assert.Equal(t, want, shadow.heard[i], "call %d", i)
	}
	assert.NotEqual(t, ordinary.heard, forger.heard, "the comparison would let anything pass")

	made := map[string]bool{}
	for _, one := range ordinary.heard {
		made[one.call] = true
	}
	contract := readContract(t)
	for _, op := range contract.operations(t) {
		if op.path != contract.Gated.Path && !strings.HasPrefix(op.path, "/waitroom/v1/{room}/") || op.ID == "events" { // which tells everybody the same
			continue
		}
		assert.True(t, made[op.method+" "+op.path], "%s %s is not compared", op.method, op.path)
	}
	t.Logf("%d calls of %d operations compared", len(ordinary.heard), len(made))
}

// caller is a visitor who makes calls and keeps what was heard.
type caller struct {
	t       *testing.T
	g       *server
	solve   func(challenge string, bits int) string
	forge   bool   // the tickets shown are none
	ticket  string // in force
	receipt string
	heard   []heard
}

// heard is a call, as the contract names it, and the form of its answer.
type heard struct{ call, answer string }

// call makes one by its name in the contract. What comes in the place of {code} is the first of more; the rest are headers.
func (c *caller) call(op, query string, body string, more ...string) answer {
	c.t.Helper()
	method, path, _ := strings.Cut(op, " ")
	if strings.Contains(path, "{code}") {
		path, more = strings.Replace(path, "{code}", more[0], 1), more[1:]
	}
	a := c.g.do(method, strings.Replace(path, "{room}", "arena", 1)+query, []byte(body), more...)
	require.NotZero(c.t, a.status, string(a.body))
	c.heard = append(c.heard, heard{op, formOf(a)})
	return a
}

// shows is a ticket as it is shown.
func (c *caller) shows(ticket string) string {
	if c.forge {
		return ticket[:len(ticket)-4] + "AAAA"
	}
	return ticket
}

func (c *caller) bearer(ticket string) []string {
	return []string{"Authorization", "Bearer " + c.shows(ticket)}
}

func (c *caller) cookie(ticket string, more ...string) []string {
	return append(more, "Cookie", "wr_arena="+c.shows(ticket))
}

// proof answers the guard: well, or so that it trips.
func (c *caller) proof(headers ...string) string {
	c.t.Helper()
	var p struct {
		Challenge string
		Bits      int
	}
	require.NoError(c.t, json.Unmarshal(c.g.get("/waitroom/v1/arena/challenge", headers...).body, &p))
	return c.solve(p.Challenge, p.Bits)
}

// unsolved is an answer to a challenge that is none.
func unsolved(challenge string, bits int) string {
	for n := 0; ; n++ {
		if text := challenge + "." + strconv.Itoa(n); text != solution(challenge, bits, n) {
			return text
		}
	}
}

const (
	callJoin   = "POST /waitroom/v1/{room}/join"
	callStatus = "GET /waitroom/v1/{room}/status"
	callMove   = "POST /waitroom/v1/{room}/move"
	callClaim  = "POST /waitroom/v1/{room}/move/{code}"
	callAsk    = "GET /waitroom/v1/{room}/move/{code}"
	callProve  = "GET /waitroom/v1/{room}/receipt"
	callLeave  = "DELETE /waitroom/v1/{room}/ticket"
	callGated  = "GET /api/v1/shows/{room}/seats"
)

// before is what is done before the keys are rotated.
func (c *caller) before() {
	page := []string{"Accept", "text/html", "Accept-Language", "en"}
	key := []string{"Idempotency-Key", "made-at-random-" + rand.Text()}
	first := c.call(callJoin, "", "", append(key, "Waitroom-Proof", c.proof(key...))...)
	again := c.call(callJoin, "", "", append(key, "Waitroom-Proof", c.proof(key...))...) // the first answer was lost
	require.Equal(c.t, first.visit(c.t).Number, again.visit(c.t).Number)
	c.ticket = again.visit(c.t).Ticket
	for _, how := range [][]string{c.bearer(c.ticket), c.cookie(c.ticket)} {
		c.call(callStatus, "", "", how...)
		c.call(callJoin, "", "", how...)
		c.call(callGated, "", "", how...)
		c.call(callGated, "", "", append(how, page...)...)
		c.call(callProve, "", "", how...)
		c.call("GET /waitroom/v1/{room}/auth", "", "", how...)
		c.call("GET /waitroom/v1/{room}/auth", "?refuse=401", "", how...)
		c.call("GET /waitroom/v1/{room}/wait", "?return=%2Fx", "", append(how, page...)...)
		c.call("POST /waitroom/v1/{room}/wait", "", "", how...)
		c.call("DELETE /waitroom/v1/{room}/pass", "", "", how...)
		for _, open := range []string{"challenge", "serving", "draw"} {
			c.call("GET /waitroom/v1/{room}/"+open, "", "", how...)
		}
		c.call("GET /waitroom/v1/{room}/ledger", "?from=9000", "", how...) // there are not so many lines; those there are grow meanwhile
		c.call("GET /waitroom/v1/{room}/draw/entrants", "?epoch=1", "", how...)
		c.call("POST /api/v1/shows/{room}/seats", "", "order", how...)
	}
	c.receipt = c.receiptOf(c.ticket)

	c.call(callMove, "", `{"to":"/"}`, append(c.bearer(c.ticket), "Content-Type", "application/json")...)
	void := c.offers(c.ticket)
	code := c.offers(c.ticket)
	c.call(callClaim, "", "", void)
	c.call(callAsk, "", "", append([]string{code}, page...)...)
	c.call(callClaim, "", "", code, "Idempotency-Key", "short")
	old := c.ticket
	for range 2 { // the answer was lost, and it is repeated
		if visit := c.call(callClaim, "", "", code, "Idempotency-Key", "q4vG2mXw9sLr7TzB"); visit.status == 201 {
			c.ticket = visit.visit(c.t).Ticket
		}
	}
	c.call(callClaim, "", "", code, "Idempotency-Key", "another-key-of-16")
	c.until(func() bool { return c.status(old) != http.StatusOK })
	for _, op := range []string{callStatus, callProve, callMove, callLeave} {
		c.call(op, "", "", c.bearer(old)...)
	}
	c.call(callJoin, "", "", append(c.bearer(old), "Waitroom-Proof", c.proof())...)
	for _, op := range []string{callStatus, callJoin, callProve, callGated} {
		c.call(op, "", "", c.bearer(c.ticket)...)
	}

	// A browser moves it without script, and once more; then it has been moved as often as it may.
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	c.call(callMove, "", "return_to=%2Fshows%2Farena%2Fseats", append(append(c.bearer(c.ticket), page...), form...)...)
	for range 2 {
		code := c.offers(c.ticket)
		a := c.call(callClaim, "", "key=q4vG2mXw9sLr7TzB", append(append([]string{code}, page...), form...)...)
		for _, cookie := range (&http.Response{Header: a.header}).Cookies() {
			c.ticket = cookie.Value
		}
	}
	c.call(callMove, "", "", c.bearer(c.ticket)...)
	c.call(callStatus, "", "", c.bearer(c.ticket)...)
}

// after is what is done when other keys sign.
func (c *caller) after() {
	old := c.ticket
	if again := c.call(callStatus, "", "", c.bearer(old)...); again.status == 200 {
		c.ticket = again.visit(c.t).Ticket
		require.NotEmpty(c.t, c.ticket, "it is signed anew")
	}
	for _, ticket := range []string{old, c.ticket} {
		for _, how := range [][]string{c.bearer(ticket), c.cookie(ticket, "Accept", "text/html", "Accept-Language", "en")} {
			for _, op := range []string{callStatus, callJoin, callGated, callProve, callMove, "GET /waitroom/v1/{room}/auth"} {
				c.call(op, "", "", how...)
			}
		}
	}
	for range 2 {
		c.call(callLeave, "", "", c.bearer(c.ticket)...)
	}
	c.until(func() bool {
		return c.forge || c.g.get("/waitroom/v1/arena/status", c.bearer(c.ticket)...).visit(c.t).State != waitroom.Waiting
	})
	for _, op := range []string{callStatus, callProve, callMove, callLeave} {
		c.call(op, "", "", c.bearer(c.ticket)...)
	}
	c.call(callJoin, "", "", append(c.bearer(c.ticket), "Waitroom-Proof", c.proof())...)
}

// offers opens a move and returns its code, or one that was never given.
func (c *caller) offers(ticket string) string {
	c.t.Helper()
	a := c.call(callMove, "", `{"return_to":"/shows/arena/seats"}`, append(c.bearer(ticket), "Content-Type", "application/json")...)
	if c.forge {
		return "x"
	}
	require.Equal(c.t, http.StatusCreated, a.status, string(a.body))
	var link waitroom.MoveLink
	require.NoError(c.t, json.Unmarshal(a.body, &link))
	return link.URL[strings.LastIndex(link.URL, "/")+1:]
}

func (c *caller) receiptOf(ticket string) string {
	c.t.Helper()
	var doc struct{ Receipt string }
	_ = json.Unmarshal(c.g.get("/waitroom/v1/arena/receipt", c.bearer(ticket)...).body, &doc)
	return doc.Receipt
}

func (c *caller) status(ticket string) int {
	return c.g.get("/waitroom/v1/arena/status", c.bearer(ticket)...).status
}

func (c *caller) until(done func() bool) {
	c.t.Helper()
	require.Eventually(c.t, done, deadline, 20*time.Millisecond)
}
