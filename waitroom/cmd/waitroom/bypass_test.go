package main

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
	"anteroom/waitroom/proxy"
	"anteroom/waitroom/routes"
)

// link makes a bypass link as the command does, and returns its path and query.
func link(t *testing.T, file, room, target string, life time.Duration) string {
	t.Helper()
	config, err := routes.Load(file)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, writeLink(&out, config, room, target, time.Now().Add(life)))
	u, err := url.Parse(strings.TrimSpace(out.String()))
	require.NoError(t, err)
	return u.RequestURI()
}

// closedShop is a gateway in front of two rooms that nobody gets into.
func closedShop(t *testing.T) (s *system, g *server, file string) {
	t.Helper()
	s = newTestSystem(t)
	for _, room := range []string{"arena", "theatre"} {
		s.room(room, func(p *waitroom.Policy) { p.Mode, p.RatePerMinute = waitroom.ModeHold, 0 })
	}
	file, _ = s.configure(siteFile)
	g = s.start()
	require.Equal(t, waitroom.Waiting, g.on("GET", "shop.test", "/shows/arena/seats", "Accept", "application/json").visit(t).State)
	require.Empty(t, s.booking.all())
	return s, g, file
}

func TestBypassLinks(t *testing.T) {
	t.Parallel()
	s, g, file := closedShop(t)
	good := link(t, file, "arena", "https://shop.test/shows/arena/seats?row=%41&x=1%2F2", time.Hour)
	a := g.on("GET", "shop.test:8443", good+"&z")
	require.Equal(t, "upstream", string(a.body))
	require.Len(t, s.booking.all(), 1)
	reached := s.booking.all()[0]
	assert.Equal(t, "/shows/arena/seats?row=%41&x=1%2F2&z", reached.target, "the parameter is gone, the rest as it was written")
	verifier := auth.NewPassVerifier(s.keys)
	pass, err := verifier.Verify([]byte(reached.header["Waitroom-Pass"]), "arena", time.Now())
	require.NoError(t, err, "the upstream gets a pass that it takes")
	assert.Zero(t, pass.Number, "which is nobody's place")
	assert.Equal(t, "no-store", a.header.Get("Cache-Control"))
	var cookie *http.Cookie
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		require.Equal(t, "wb_arena", c.Name, "and no other")
		cookie = c
	}
	require.NotNil(t, cookie)
	assert.Equal(t, 300, cookie.MaxAge)
	assert.True(t, cookie.HttpOnly)
	assert.NotContains(t, string(a.body), reached.header["Waitroom-Pass"])

	// The cookie opens the room, on this host.
	with := []string{"Cookie", "wb_arena=x; wb_arena=" + cookie.Value, "Accept", "application/json"}
	assert.Equal(t, "upstream", string(g.on("POST", "shop.test", "/shows/arena/holds", with...).body))
	s.booking.forget()
	assert.Equal(t, "waiting", g.on("GET", "www.shop.test", "/shows/arena/holds", with...).header.Get("Waitroom-State"), "another host")
	assert.Equal(t, "waiting", g.on("GET", "shop.test", "/shows/theatre/holds", with...).header.Get("Waitroom-State"), "another room")
	assert.Equal(t, "waiting", g.on("GET", "shop.test", "/shows/theatre/holds", "Cookie", "wb_theatre="+cookie.Value, "Accept", "application/json").header.Get("Waitroom-State"), "renamed")
	assert.Equal(t, "waiting", g.on("GET", "shop.test", "/strict/arena/x", with...).header.Get("Waitroom-State"), "a route that takes no links")

	query := good[strings.Index(good, "waitroom_bypass="):]
	token := strings.TrimPrefix(query, "waitroom_bypass=")
	keys, err := auth.LoadBypassKeys(filepath.Join(filepath.Dir(file), "bypass.key"))
	require.NoError(t, err)
	old, err := keys.SignLink(auth.Bypass{Room: "arena", Host: "shop.test", Path: "/shows/arena/seats", Expires: time.Now().Add(-time.Second)})
	require.NoError(t, err)
	otherFile := filepath.Join(t.TempDir(), "other.key")
	_, err = auth.InitBypassKeys(otherFile)
	require.NoError(t, err)
	otherKeys, err := auth.LoadBypassKeys(otherFile)
	require.NoError(t, err)
	foreign, err := otherKeys.SignLink(auth.Bypass{Room: "arena", Host: "shop.test", Path: "/shows/arena/seats", Expires: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	bad := map[string][2]string{
		"other path":           {"shop.test", "/shows/arena/holds?" + query},
		"path below":           {"shop.test", "/shows/arena/seats/x?" + query},
		"other room":           {"shop.test", "/shows/theatre/seats?" + query},
		"other host":           {"www.shop.test", "/shows/arena/seats?" + query},
		"route without links":  {"shop.test", "/strict/arena/seats?" + query},
		"expired":              {"shop.test", "/shows/arena/seats?waitroom_bypass=" + old},
		"another key":          {"shop.test", "/shows/arena/seats?waitroom_bypass=" + foreign},
		"forged":               {"shop.test", "/shows/arena/seats?waitroom_bypass=x" + token},
		"cut":                  {"shop.test", "/shows/arena/seats?waitroom_bypass=" + token[:len(token)-1]},
		"empty":                {"shop.test", "/shows/arena/seats?waitroom_bypass="},
		"the cookie's token":   {"shop.test", "/shows/arena/seats?waitroom_bypass=" + cookie.Value},
		"the second one":       {"shop.test", "/shows/arena/seats?waitroom_bypass=x&" + query},
		"another name's case":  {"shop.test", "/shows/arena/seats?Waitroom_Bypass=" + token},
		"quoted name":          {"shop.test", "/shows/arena/seats?waitroom%5Fbypass=" + token},
		"another spelling, no": {"shop.test", "/shows/arena/../theatre/seats?" + query},
	}
	for name, one := range bad {
		a := g.on("GET", one[0], one[1], "Accept", "application/json")
		assert.Equal(t, "waiting", a.header.Get("Waitroom-State"), name)
		for _, c := range a.header.Values("Set-Cookie") {
			assert.NotContains(t, c, "wb_", name)
		}
	}
	assert.Empty(t, s.booking.all())
	assert.Equal(t, "upstream", string(g.on("GET", "shop.test", "/x/../shows/arena/seats?"+query).body), "the control: the link is good still")
	require.Eventually(t, func() bool {
		text := string(g.get(g.opsURL + "/metrics").body)
		return strings.Contains(text, `waitroom_gate_refused_total{room="arena",reason="bypass-expired"} 1`) && strings.Contains(text, `waitroom_gate_bypassed_total{by="link"} 3`)
	}, deadline, 20*time.Millisecond)
}

func TestStaffAndRulesGoPastTheGate(t *testing.T) {
	t.Parallel()
	s, g, _ := closedShop(t)
	token := func(k *auth.Keys, role auth.Role, audience string, life time.Duration) string {
		text, err := k.SignStaff(auth.Staff{Email: "a@demo.test", Role: role}, audience, life)
		require.NoError(t, err)
		return text
	}
	require.Eventually(t, func() bool { // the back office's keys are fetched in the background
		return string(g.on("GET", "shop.test", "/shows/arena/seats", "Waitroom-Staff", token(s.staff, auth.BoxOffice, "waitroom", time.Minute)).body) == "upstream"
	}, deadline, 50*time.Millisecond)
	assert.NotContains(t, s.booking.all()[0].header, "Waitroom-Staff", "no upstream ever sees the token")
	assert.Equal(t, "upstream", string(g.on("OPTIONS", "shop.test", "/shows/arena/seats").body))
	assert.Equal(t, "upstream", string(g.on("GET", "shop.test", "/shows/theatre/health").body))
	s.booking.forget()
	for name, text := range map[string]string{
		"a role that sees no rooms": token(s.staff, auth.Finance, "waitroom", time.Minute), "for another service": token(s.staff, auth.Owner, "booking", time.Minute),
		"run out": token(s.staff, auth.Owner, "waitroom", -time.Minute), "of other keys": token(s.keys, auth.Owner, "waitroom", time.Minute), "garbage": "x.y.z",
	} {
		assert.Equal(t, "waiting", g.on("GET", "shop.test", "/shows/arena/seats", "Waitroom-Staff", text, "Accept", "application/json").header.Get("Waitroom-State"), name)
	}
	owner := token(s.staff, auth.Owner, "waitroom", time.Minute)
	assert.Equal(t, "waiting", g.on("GET", "shop.test", "/strict/arena/x", "Waitroom-Staff", owner, "Accept", "application/json").header.Get("Waitroom-State"), "a route that does not say so")
	assert.Equal(t, "waiting", g.on("GET", "shop.test", "/shows/arena/Health", "Accept", "application/json").header.Get("Waitroom-State"))
	assert.Equal(t, 429, g.on("POST", "shop.test", "/shows/arena/seats").status)
	assert.Empty(t, s.booking.all())
}

func TestTheCommandMakesOnlyLinksThatWork(t *testing.T) {
	t.Parallel()
	s := &system{t: t, booking: &recorder{url: "http://127.0.0.1:1"}, admin: &recorder{url: "http://127.0.0.1:2"}}
	file, _ := s.configure(siteFile)
	config, err := routes.Load(file)
	require.NoError(t, err)
	for target, want := range map[string]string{
		"https://shop.test/other":               `behind the room "", not "arena"`,
		"https://shop.test/shows/theatre/x":     `behind the room "theatre", not "arena"`,
		"https://evil.test/shows/arena/x":       "does not serve this host",
		"https://shop.test/strict/arena/x":      "the route strict takes no links",
		"https://shop.test/shows/arena/%2fx":    "the gateway refuses this path",
		"https://shop.test/shows/arena/x#there": "no fragment",
		"shop.test/shows/arena/x":               "must be a URL",
	} {
		err := writeLink(&bytes.Buffer{}, config, "arena", target, time.Now().Add(time.Hour))
		assert.ErrorContains(t, err, want, target)
	}
	key := filepath.Join(t.TempDir(), "k", "bypass.key")
	require.NoError(t, bypassLink([]string{"--init-key", key}))
	require.NoError(t, bypassLink([]string{"--init-key", key}))
	_, err = auth.LoadBypassKeys(key)
	require.NoError(t, err)
	require.Error(t, bypassLink([]string{"--config", file, "--room", "arena", "--url", "https://shop.test/shows/arena/x", "--expires", "1000h"}))
	require.NoError(t, bypassLink([]string{"--config", file, "--room", "arena", "--url", "https://shop.test/shows/arena/x", "--expires", "2h"}))
	require.Equal(t, "shop.test", proxy.LinkHost("SHOP.test.:8443"))
	require.Equal(t, "[::1]", proxy.LinkHost("[::1]:80"))
	require.Equal(t, "[::1]", proxy.LinkHost("[::1]"))
}

func TestCheckConfig(t *testing.T) {
	t.Parallel()
	s := &system{t: t, booking: &recorder{url: "http://127.0.0.1:1"}, admin: &recorder{url: "http://127.0.0.1:2"}}
	file, replace := s.configure(siteFile)
	config, err := routes.Load(file)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, summarise(&out, config))
	assert.Contains(t, out.String(), "is good: 8 routes, 2 upstreams")
	assert.Contains(t, out.String(), "line 10: route show: shop.test, *.shop.test, 127.0.0.1 /shows/{room}/** → shop, room {room}; past the gate: OPTIONS; past the gate: /shows/*/health; past the gate: signed links; past the gate: staff")
	told := func(target, method, from string) string {
		ask, err := parseAsk(target, method, from)
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, explain(&out, config, ask))
		return out.String()
	}
	got := told("https://www.shop.test/x/../shows/arena/seats?y", "get", "::ffff:192.0.2.1")
	for _, want := range []string{"path      /shows/arena/seats", "route     show", "upstream  shop (http://127.0.0.1:1)", "room      arena", "a pass is wanted; signed links are taken; staff may pass"} {
		assert.Contains(t, got, want)
	}
	assert.Contains(t, told("http://shop.test/shows/arena/health", "GET", ""), "a bypass rule lets this request past")
	assert.Contains(t, told("http://shop.test/lenient/arena", "GET", ""), "while the line is down: open")
	assert.Contains(t, told("http://other.test/", "GET", ""), "none; everybody goes through")
	assert.Contains(t, told("http://shop.test/waitroom/v1/arena/join", "POST", ""), "the gateway itself")
	assert.Contains(t, told("http://evil.test/", "GET", ""), "host-unknown")
	assert.Contains(t, told("http://shop.test/hidden", "GET", ""), "path-unknown")
	for _, bad := range [][3]string{{"shop.test/", "GET", ""}, {"http://shop.test/%2f", "GET", ""}, {"http://shop.test/", "GET", "me"}} {
		_, err := parseAsk(bad[0], bad[1], bad[2])
		assert.Error(t, err, bad)
	}

	require.NoError(t, checkConfig([]string{file}))
	require.NoError(t, checkConfig([]string{file, "--url", "http://shop.test/shows/arena/x"}))
	require.Error(t, checkConfig(nil))
	replace("version: 2\nsite: x\n")
	err = checkConfig([]string{"--config", file})
	require.ErrorContains(t, err, "is refused: 3 problems")
	require.Error(t, checkConfig([]string{filepath.Join(t.TempDir(), "none.yaml")}))
	_, err = os.Stat(file)
	require.NoError(t, err)
}
