package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
	"anteroom/waitroom/guard"
)

// askedFile is a gateway that is asked by a proxy on this machine; BELIEVE is what that is believed.
const askedFile = `version: 1
trusted_proxies: {networks: [127.0.0.1], believe: [BELIEVE]}
upstreams: {site: {addresses: [BOOKING]}}
sites:
  - hosts: ["*"]
    routes:
      - name: site
        paths: [/**]
        upstream: site
        room: arena
        bypass:
          rules: [{paths: [/public/**], methods: [GET, HEAD]}, {networks: [203.0.113.0/28]}]
          staff: true
      - {name: theatre, paths: [/theatre/**], upstream: site, room: theatre, bypass: {rules: [{paths: [/theatre/map]}]}}
      - {name: open, paths: [/open/**], upstream: site}
`

// asks is the question of a proxy about a visitor's request, in the words that the gateway decides by.
func (g *server) asks(room, method, target string, more ...string) answer {
	return g.get("/waitroom/v1/"+room+"/auth", append(more, "X-Forwarded-Method", method, "X-Forwarded-Uri", target)...)
}

// TestBypassRulesCountForAProxyThatAsks as they do on the gateway's own routes. The controls: a proxy that is not believed what it asks about, one
// that is not trusted at all.
func TestBypassRulesCountForAProxyThatAsks(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", hold)
	s.room("theatre", hold)
	s.configure(strings.Replace(askedFile, "BELIEVE", "for, host, request", 1))
	g := s.start()
	token := func(signer *auth.Keys, audience string, role auth.Role) string {
		text, err := signer.SignStaff(auth.Staff{Email: "x@demo.test", Role: role}, audience, time.Hour)
		require.NoError(t, err)
		return text
	}
	staff := token(s.staff, "waitroom", auth.Auditor)
	require.Eventually(t, func() bool { // the back office's keys have been fetched
		return g.asks("arena", "GET", "/seats", "Waitroom-Staff", staff).status == 200
	}, deadline, pollEvery)

	past := map[string]answer{
		"a rule":               g.asks("arena", "GET", "/public/x?y=z"),
		"a rule, with HEAD":    g.asks("arena", "HEAD", "/public"),
		"a path told in full":  g.asks("arena", "GET", "https://shop.test/public/x"),
		"a network":            g.asks("arena", "POST", "/seats", "X-Forwarded-For", "203.0.113.5"),
		"staff":                g.asks("arena", "POST", "/seats", "Waitroom-Staff", staff),
		"another room's route": g.asks("theatre", "GET", "/theatre/map"),
	}
	for name, a := range past {
		require.Equal(t, 200, a.status, name)
		assert.Empty(t, a.header.Values("Set-Cookie"), "%s: no place was taken", name)
		require.NotEmpty(t, a.header.Get("Waitroom-Pass"), "%s: the site wants a pass", name)
	}
	verify := auth.NewPassVerifier(s.keys)
	escort := past["a rule"].header.Get("Waitroom-Pass")
	pass, err := verify.Verify([]byte(escort), "arena", time.Now())
	require.NoError(t, err)
	assert.Zero(t, pass.Number, "of nobody's place")
	assert.Equal(t, "waiting", g.get("/seats", "Waitroom-Pass", escort).header.Get("Waitroom-State"), "a visitor who has got hold of it is let in nowhere")

	gated := map[string]answer{
		"another path":           g.asks("arena", "GET", "/seats"),
		"another method":         g.asks("arena", "POST", "/public/x"),
		"out by dots":            g.asks("arena", "GET", "/public/../seats"),
		"out by quoted dots":     g.asks("arena", "GET", "/public/%2e%2e/seats"),
		"an ambiguous path":      g.asks("arena", "GET", "/public/..%2fseats"),
		"a parameter":            g.asks("arena", "GET", "/public/..;/seats"),
		"another case":           g.asks("arena", "GET", "/Public/x"),
		"in the query":           g.asks("arena", "GET", "/seats?/public/x"),
		"another network":        g.asks("arena", "GET", "/seats", "X-Forwarded-For", "203.0.113.5, 198.51.100.7"),
		"a forged staff token":   g.asks("arena", "GET", "/seats", "Waitroom-Staff", token(s.keys, "waitroom", auth.Owner)),
		"staff for another":      g.asks("arena", "GET", "/seats", "Waitroom-Staff", token(s.staff, "admin-api", auth.Owner)),
		"staff where none is":    g.asks("theatre", "GET", "/theatre/x", "Waitroom-Staff", staff),
		"the rule of another":    g.asks("theatre", "GET", "/public/x"),
		"another's, asked here":  g.asks("arena", "GET", "/theatre/map"),
		"an open path":           g.asks("arena", "GET", "/open/x"),
		"the gateway's own":      g.asks("arena", "GET", "/waitroom/v1/arena/serving"),
		"told in other headers":  g.get("/waitroom/v1/arena/auth", "X-Original-Method", "GET", "X-Original-Uri", "/public/x"),
		"two that differ":        g.asks("arena", "GET", "/public/x", "X-Original-Uri", "/seats"),
		"no room of the name":    g.asks("nowhere", "GET", "/public/x"),
		"not the trusted one":    g.from("127.9.9.9").asks("arena", "GET", "/public/x"),
		"on behalf of the other": g.from("127.9.9.9").asks("arena", "GET", "/seats", "X-Forwarded-For", "203.0.113.5"),
	}
	for name, a := range gated {
		assert.Contains(t, []int{429, 404}, a.status, name)
		assert.Empty(t, a.header.Get("Waitroom-Pass"), name)
	}
	assert.Equal(t, 404, gated["no room of the name"].status)
	assert.GreaterOrEqual(t, g.metric(`waitroom_gate_bypassed_total{by="rule"}`), 5)
	assert.GreaterOrEqual(t, g.metric(`waitroom_gate_bypassed_total{by="staff"}`), 2)

	s.configure(strings.Replace(askedFile, "BELIEVE", "for, host", 1))
	control := s.start()
	assert.Equal(t, 429, control.asks("arena", "GET", "/public/x").status)
	assert.Equal(t, 429, control.asks("arena", "POST", "/seats", "Waitroom-Staff", staff).status)
	assert.Equal(t, 200, control.get("/public/x").status, "a visitor who comes to it directly goes past all the same")
}

// TestGuardsStandBehindAProxyThatAsks: proof of work, codes and limits judge the visitor, not the proxy by which all of them come.
func TestGuardsStandBehindAProxyThatAsks(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("puzzle", puzzling)
	s.room("presale", presale)
	s.room("limited", limited)
	s.configure(strings.Replace(askedFile, "BELIEVE", "for, host", 1))
	g := s.start()
	ask := func(room, client string, more ...string) answer {
		return g.get("/waitroom/v1/"+room+"/auth", append(more, "X-Forwarded-For", client)...)
	}
	const one, neighbour, other = "198.51.100.7", "198.51.100.8", "192.0.2.9"

	// Proof of work.
	refused := ask("puzzle", one)
	assert.Equal(t, 428, refused.status)
	assert.Equal(t, "proof-required", refused.problem(t))
	bare := g.get("/waitroom/v1/puzzle/auth?refuse=401", "X-Forwarded-For", one)
	assert.Equal(t, 401, bare.status)
	assert.Equal(t, "proof-required", bare.problem(t))
	proof := solvedBy(g, "puzzle", "X-Forwarded-For", one)
	first := ask("puzzle", one, waitroom.HeaderProof, proof)
	require.Equal(t, 429, first.status, string(first.body))
	require.NotEmpty(t, first.header.Get("Waitroom-Ticket"))
	again := ask("puzzle", one, waitroom.HeaderProof, proof)
	assert.Equal(t, numberOf(t, s, "puzzle", first), numberOf(t, s, "puzzle", again), "one solution is one place")
	assert.Equal(t, "proof-required", ask("puzzle", other, waitroom.HeaderProof, proof).problem(t), "in another network it is worth nothing")
	browser := ask("puzzle", one, "Accept", "text/html", "X-Forwarded-Uri", "/tickets", "X-Forwarded-Method", "GET")
	require.Equal(t, 302, browser.status)
	page := g.get(browser.header.Get("Location"), "Accept", "text/html", "X-Forwarded-For", one)
	assert.Equal(t, 428, page.status)
	assert.Contains(t, string(page.body), waitroom.HeaderProof, "the page solves it")
	assert.Contains(t, string(page.body), "/tickets")

	// Presale codes.
	var codes []string
	require.NoError(t, guard.MakeCodes(s.keys, "presale", "vip", 1, func(code string) error { codes = append(codes, code); return nil }))
	assert.Equal(t, "code-required", ask("presale", one).problem(t))
	assert.Equal(t, "code-invalid", ask("presale", one, waitroom.HeaderCode, "AAAAA-AAAAA-AAAAA-AAAAA").problem(t))
	coded := ask("presale", one, waitroom.HeaderCode, codes[0])
	require.Equal(t, "waiting", coded.problem(t))
	assert.Equal(t, numberOf(t, s, "presale", coded), numberOf(t, s, "presale", ask("presale", other, waitroom.HeaderCode, codes[0])))

	// Limits of joins count the visitors' addresses.
	require.Equal(t, "waiting", ask("limited", one).problem(t))
	tooMany := ask("limited", one)
	assert.Equal(t, "join-limit", tooMany.problem(t))
	assert.NotEmpty(t, tooMany.header.Get("Retry-After"))
	assert.Equal(t, "waiting", ask("limited", neighbour).problem(t))
	assert.Equal(t, "join-limit", g.get("/waitroom/v1/limited/wait", "X-Forwarded-For", neighbour).problem(t), "the waiting page is no way round")

	// The control: a proxy that is not believed who asks is itself the one who does.
	s.configure(strings.Replace(askedFile, "BELIEVE", "host", 1))
	s.room("unbelieved", limited)
	g = s.start()
	require.Equal(t, "waiting", ask("unbelieved", one).problem(t))
	assert.Equal(t, "join-limit", ask("unbelieved", neighbour).problem(t))
	snapshot, _, err := s.queue.Tick(context.Background(), "puzzle", time.Time{})
	require.NoError(t, err)
	assert.EqualValues(t, 1, snapshot.Issued)
}

// numberOf is the number of the place that a proxy was told of.
func numberOf(t *testing.T, s *system, room string, a answer) int64 {
	t.Helper()
	ticket, err := s.keys.VerifyTicket([]byte(a.header.Get("Waitroom-Ticket")), room)
	require.NoError(t, err)
	return ticket.Number
}
