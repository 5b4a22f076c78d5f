package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

// old is a pass of a session that is real, made as one that has little of its life left.
func (s *system) old(t *testing.T, v waitroom.Visit, left time.Duration) string {
	t.Helper()
	p, err := auth.NewPassVerifier(s.keys).Verify([]byte(v.Pass), v.Room, time.Now())
	require.NoError(t, err)
	p.ExpiresAt = time.Now().Add(left)
	token, err := s.keys.SignPass(p)
	require.NoError(t, err)
	return token
}

func cookieOf(a answer, name string) string {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func TestPassesAreRenewedInPassing(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) {
		p.PassLifeSeconds, p.SessionIdleSeconds, p.SessionLimitSeconds = 600, 300, 3600
	})
	g := s.start()
	v := g.join("arena")
	require.Equal(t, waitroom.Admitted, v.State)
	assert.Less(t, time.Until(*v.PassExpiresAt), 11*time.Minute, "short, though the session may last an hour")
	same := g.get(seats, "Cookie", "wp_arena="+v.Pass)
	require.Equal(t, "upstream", string(same.body))
	assert.Empty(t, same.header.Values("Set-Cookie"))

	old := s.old(t, v, 4*time.Minute)
	s.booking.forget()
	renewed := g.get(seats, "Cookie", "wp_arena="+old)
	require.Equal(t, "upstream", string(renewed.body))
	assert.Equal(t, "no-store", renewed.header.Get("Cache-Control"), "nobody else may get this cookie from a cache")
	fresh := cookieOf(renewed, "wp_arena")
	require.NotEmpty(t, fresh)
	assert.Equal(t, fresh, s.booking.all()[0].header["Waitroom-Pass"], "the upstream sees the one that is good for longer")
	booking := auth.NewPassVerifier(auth.NewRemoteKeys(g.url + "/.well-known/jwks.json"))
	p, err := booking.Verify([]byte(fresh), "arena", time.Now())
	require.NoError(t, err, "and takes it")
	assert.Greater(t, time.Until(p.ExpiresAt), 9*time.Minute)
	assert.Equal(t, v.Number, p.Number)

	inHeader := g.get(seats, "Waitroom-Pass", old)
	assert.Equal(t, fresh, inHeader.header.Get("Waitroom-Pass"))
	assert.Empty(t, inHeader.header.Values("Set-Cookie"))

	// Six at once are given the same one.
	other := g.join("arena")
	old = s.old(t, other, 3*time.Minute)
	got := make(chan string, 6)
	var all sync.WaitGroup
	for range cap(got) {
		all.Go(func() { got <- cookieOf(g.get(seats, "Cookie", "wp_arena="+old), "wp_arena") })
	}
	all.Wait()
	close(got)
	tokens := map[string]bool{}
	for token := range got {
		tokens[token] = true
	}
	assert.Len(t, tokens, 1)
	assert.False(t, tokens[""])

	// Given back, neither the old nor the renewed one opens anything, and nothing is renewed.
	hold := waitroom.ModeHold
	s.change("arena", waitroom.PolicyChange{Mode: &hold})
	require.Equal(t, 204, g.do("DELETE", "/waitroom/v1/arena/pass", nil, "Cookie", "wp_arena="+fresh).status)
	for _, token := range []string{fresh, s.old(t, v, 4*time.Minute)} {
		a := g.get(seats, "Cookie", "wp_arena="+token)
		assert.NotEqual(t, "upstream", string(a.body))
		assert.Empty(t, cookieOf(a, "wp_arena"))
	}
}

func TestAPassIsHeldToItsLimits(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.PassConcurrency = 2 })
	g := s.start()
	v, other := g.join("arena"), g.join("arena")
	arrived, goOn := make(chan struct{}, 8), make(chan struct{})
	s.booking.answerWith(func(ctx *fasthttp.RequestCtx) {
		arrived <- struct{}{}
		<-goOn
		ctx.SetBodyString("upstream")
	})
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() { assert.Equal(t, 200, g.get(seats, "Waitroom-Pass", v.Pass).status) })
	}
	for range 2 {
		<-arrived
	}
	third := g.get("/shows/arena/seats", "Waitroom-Pass", v.Pass, "Accept", "text/html")
	assert.Equal(t, 429, third.status)
	assert.Equal(t, "pass-too-many", third.problem(t))
	assert.Equal(t, "1", third.header.Get("Retry-After"))
	all.Go(func() {
		assert.Equal(t, 200, g.get(seats, "Waitroom-Pass", other.Pass).status, "another session is not concerned")
	})
	<-arrived
	close(goOn)
	all.Wait()
	s.booking.answerWith(nil)
	require.Equal(t, 200, g.get(seats, "Waitroom-Pass", v.Pass).status, "there is room again")

	rate, none := int64(1), int64(0)
	s.change("arena", waitroom.PolicyChange{PassRatePerSecond: &rate, PassConcurrency: &none})
	require.Eventually(t, func() bool { return g.get(seats, "Waitroom-Pass", v.Pass).status == 429 }, deadline, time.Millisecond, "live within a second")
	assert.Contains(t, string(g.get(g.opsURL+"/metrics").body), `reason="pass-too-many"`)
}

func TestPassesForEdgesGoBesidePasses(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(*waitroom.Policy) {})
	s.settings.EdgeKeyFile = filepath.Join(t.TempDir(), "edge.json")
	require.NoError(t, keys([]string{"edge", "--edge-key-file", s.settings.EdgeKeyFile}))
	key, err := auth.LoadEdgeKey(s.settings.EdgeKeyFile)
	require.NoError(t, err)
	g := s.start()
	straight := g.get(seats)
	require.Equal(t, "upstream", string(straight.body))
	edgePass, pass := cookieOf(straight, "we_arena"), cookieOf(straight, "wp_arena")
	_, err = key.Verify([]byte(edgePass), "arena", time.Now())
	require.NoError(t, err)

	joined := g.do("POST", "/waitroom/v1/arena/join", nil)
	assert.NotEmpty(t, cookieOf(joined, "we_arena"), "with the pass of a join, too")
	assert.NotContains(t, string(joined.body), "wr-edge")
	again := g.get(seats, "Cookie", "wp_arena="+pass)
	assert.NotEmpty(t, cookieOf(again, "we_arena"), "a browser that has lost it gets another")
	assert.Empty(t, cookieOf(g.get(seats, "Cookie", "wp_arena="+pass+"; we_arena="+edgePass), "we_arena"))

	// It opens nothing by itself, wherever it is shown.
	hold := waitroom.ModeHold
	s.change("arena", waitroom.PolicyChange{Mode: &hold})
	require.Eventually(t, func() bool {
		return g.get("/waitroom/v1/arena/serving").status == 200 && string(g.get(seats).body) != "upstream"
	}, deadline, 20*time.Millisecond)
	s.booking.forget()
	for _, header := range [][2]string{{"Waitroom-Pass", edgePass}, {"Cookie", "wp_arena=" + edgePass}, {"Cookie", "we_arena=" + edgePass}, {"Authorization", "Bearer " + edgePass}} {
		assert.NotEqual(t, "upstream", string(g.get(seats, header[0], header[1]).body), header[0])
	}
	assert.Empty(t, s.booking.all())
	assert.Equal(t, "pass-invalid", g.do("DELETE", "/waitroom/v1/arena/pass", nil, "Waitroom-Pass", edgePass).problem(t))

	gone := g.do("DELETE", "/waitroom/v1/arena/pass", nil, "Cookie", "wp_arena="+pass+"; we_arena="+edgePass)
	require.Equal(t, 204, gone.status)
	assert.True(t, strings.Contains(strings.Join(gone.header.Values("Set-Cookie"), "\n"), "we_arena=;"), "it goes with the pass")
}

func TestRefusedPassesAreCountedByTheirReason(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("refusing", func(*waitroom.Policy) {})
	s.room("theatre", func(*waitroom.Policy) {})
	g := s.start()
	v := g.join("refusing")
	p, err := auth.NewPassVerifier(s.keys).Verify([]byte(v.Pass), "refusing", time.Now())
	require.NoError(t, err)
	signed := func(change func(*auth.Pass)) string {
		bad := p
		change(&bad)
		token, err := s.keys.SignPass(bad)
		require.NoError(t, err)
		return token
	}
	for reason, token := range map[string]string{
		"pass-not-yet":    signed(func(p *auth.Pass) { p.AdmittedAt = time.Now().Add(5 * time.Minute) }),
		"pass-expired":    signed(func(p *auth.Pass) { p.ExpiresAt = time.Now().Add(-time.Minute) }),
		"pass-superseded": signed(func(p *auth.Pass) { p.Epoch-- }),
		"pass-other-room": g.join("theatre").Pass,
		"pass-invalid":    v.Pass + "x.",
	} {
		g.get("/api/v1/shows/refusing/seats", "Waitroom-Pass", token)
		g.counted(string(g.get(g.opsURL+"/metrics").body), metricRefused+`{room="refusing",reason="`+reason+`"}`, 1)
	}
}
