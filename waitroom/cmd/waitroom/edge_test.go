package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// asked gives the system's gateways the example of their side, with the routes of these tests beside.
func (s *system) asked() {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "anteroom.yaml")
	adapt(s.t, example(s.t, "anteroom.yaml"), file, "127.0.0.1:8090", strings.TrimPrefix(s.booking.url, "http://"), "[shop.example.com]", `["*"]`,
		"    routes:\n", "    routes:\n      - {name: show, paths: [\"/api/v1/shows/{room}/**\"], upstream: site, room: \"{room}\"}\n")
	s.settings.Config = file
}

// edges are the example configurations that are tested with the real servers, by name. Each is run for a gateway and a site, and asks the
// question given: "auth", unless a control asks another.
var edges = map[string]func(t *testing.T, gateway, site, question string) foreign{
	"nginx": func(t *testing.T, gateway, site, question string) foreign {
		return foreign{program: "nginx", prepare: func(dir string, port int) []string {
			adapt(t, example(t, "nginx/nginx.conf"), filepath.Join(dir, "nginx.conf"), "http {\n", "http {\n"+nginxPaths(dir),
				"listen 8000;", fmt.Sprintf("listen 127.0.0.1:%d;", port), "127.0.0.1:8080", gateway, "127.0.0.1:8090", site, "/arena/auth", "/arena/"+question)
			adapt(t, example(t, "nginx/forwarded.conf"), filepath.Join(dir, "forwarded.conf"))
			return nginxArgs(dir)
		}}
	},
	"caddy": func(t *testing.T, gateway, site, question string) foreign {
		return foreign{program: "caddy", prepare: func(dir string, port int) []string {
			adapt(t, example(t, "caddy/Caddyfile"), filepath.Join(dir, "Caddyfile"),
				"http://:8000", fmt.Sprintf("http://127.0.0.1:%d, http://localhost:%[1]d", port), "127.0.0.1:8080", gateway, "127.0.0.1:8090", site, "/arena/auth", "/arena/"+question)
			return []string{"run", "--config", filepath.Join(dir, "Caddyfile"), "--adapter", "caddyfile"}
		}}
	},
	"haproxy": func(t *testing.T, gateway, site, question string) foreign {
		return foreign{program: "haproxy", prepare: func(dir string, port int) []string {
			script, through := filepath.Join(dir, "anteroom.lua"), "acl through var(txn.anteroom_pass) -m len gt 0"
			if question != "auth" { // this one insists on a pass in the answer, so the control must do without
				through = "acl through always_true"
			}
			adapt(t, example(t, "haproxy/anteroom.lua"), script, "127.0.0.1:8080", gateway, "/arena/auth", "/arena/"+question)
			adapt(t, example(t, "haproxy/haproxy.cfg"), filepath.Join(dir, "haproxy.cfg"), "/etc/haproxy/anteroom.lua", script,
				"bind :8000", fmt.Sprintf("bind 127.0.0.1:%d", port), "127.0.0.1:8080", gateway, "127.0.0.1:8090", site,
				"acl through var(txn.anteroom_pass) -m len gt 0", through)
			return []string{"-db", "-f", filepath.Join(dir, "haproxy.cfg")}
		}}
	},
}

// TestSitesThatKeepTheirOwnProxy takes a visitor through each example: to wait, to be admitted, to get through; and lets nobody else through.
func TestSitesThatKeepTheirOwnProxy(t *testing.T) {
	t.Parallel()
	for name, edge := range edges {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestSystem(t)
			site := newRecorder(t)
			s.room("arena", func(p *waitroom.Policy) {
				p.Mode = waitroom.ModeHold
				p.GateStatus = 200 // to a proxy, any success would mean to let the request through
			})
			s.asked()
			g := s.start()
			addr := startForeign(t, edge(t, g.addr, strings.TrimPrefix(site.url, "http://"), "auth"))
			v := newVisitor(t, addr)

			v.waits(site)
			newVisitor(t, addr).goesPast(s, site)
			open := waitroom.ModeOpen
			s.change("arena", waitroom.PolicyChange{Mode: &open})
			v.isAdmitted()
			v.getsThrough(site)
			newVisitor(t, addr).goesStraightThrough(site)
			v.leavesNothingBehind(s, g, site)

			g.stop()
			require.NoError(t, <-g.stopped)
			g.stopped <- nil
			assert.GreaterOrEqual(t, v.get("/", "Accept", "text/html").status, 500, "without the gateway nobody goes through")
			assert.Empty(t, site.all())
		})
	}
}

// TestNobodyPassesAnotherProxyWithoutAPass sends bad tokens and smuggled headers by each example; the site must see nothing of it. The
// control runs the same examples with another question, which anybody is answered with success.
func TestNobodyPassesAnotherProxyWithoutAPass(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.GateStatus = 200 })
	s.room("theatre", func(*waitroom.Policy) {})
	s.asked()
	g, other := s.start(), s.start()
	tokens := s.badTokens(t, g, other)
	hold := waitroom.ModeHold
	s.change("arena", waitroom.PolicyChange{Mode: &hold})
	require.Eventually(t, func() bool {
		return g.get(seats, "Accept", "application/json").header.Get("Waitroom-State") == "waiting"
	}, deadline, 20*time.Millisecond)
	for name, edge := range edges {
		site := newRecorder(t)
		assault(t, startForeign(t, edge(t, g.addr, strings.TrimPrefix(site.url, "http://"), "auth")), tokens)
		assert.Empty(t, site.all(), name)

		open := startForeign(t, edge(t, g.addr, strings.TrimPrefix(site.url, "http://"), "serving"))
		tries := 0
		through := testenv.Eventually(func() bool { // at once, unless a busy machine holds the gateway up while half of them are made
			site.forget()
			tries = assault(t, open, tokens)
			return len(site.all()) > tries/2
		})
		t.Logf("%s: %d tries, none at the site; %d of them with the question changed", name, tries, len(site.all()))
		assert.True(t, through, "%s: the tries prove nothing unless they get through where the question is another", name)
	}
}

// assault sends every token with headers that might be taken for a proxy's own, and paths that might lead around the question.
func assault(t *testing.T, addr string, tokens map[string]string) (tries int) {
	t.Helper()
	ways := []string{
		"Waitroom-Pass: %s\r\n", "Cookie: wp_arena=%s\r\n", "waitroom_pass: %s\r\n", "Waitroom-Pass: %s\r\nConnection: Waitroom-Pass\r\n",
		"Waitroom-Pass: %s\r\nX-Original-URL: /public\r\nX-Original-URI: /public\r\nX-Forwarded-Uri: /public\r\nX-Original-Method: OPTIONS\r\n",
		"Waitroom-Pass: %s\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Uri: /public/x\r\n", "Waitroom-Pass: %s\r\nX-Original-Method: GET\r\nX-Original-URI: /public/x\r\n",
		"Cookie: wp_arena=%s\r\nX-Forwarded-For: 127.0.0.1\r\nForwarded: for=127.0.0.1\r\nX-Real-IP: 127.0.0.1\r\nWaitroom-Pass-Cookie: x\r\nWaitroom-Ticket: x\r\n",
	}
	paths := []string{"/", "/seats?refuse=200", "/waitroom/../seats", "/waitroom/v1/arena/../../../seats", "/x/%2e%2e/seats", "/waitroom/%2e%2e/seats", "//seats", "/_anteroom/auth/x", "/public/../seats", "/public/%2e%2e/seats"}
	i := 0
	for _, token := range tokens {
		for _, way := range ways {
			knock(t, addr, paths[i%len(paths)], fmt.Sprintf(way, token))
			tries, i = tries+1, i+1
		}
	}
	return tries
}

// knock sends one raw request and reads its answer, if there is one: a server may hang up on what it finds wrong.
func knock(t *testing.T, addr, target, headers string) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, deadline)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(deadline)))
	_, err = io.WriteString(conn, "GET "+target+" HTTP/1.1\r\nHost: localhost:"+addr[strings.LastIndexByte(addr, ':')+1:]+"\r\nAccept: application/json\r\n"+headers+"Connection: close\r\n\r\n")
	require.NoError(t, err)
	if res, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil {
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	} else {
		require.NotErrorIs(t, err, os.ErrDeadlineExceeded)
	}
}

// visitor is a browser: it keeps cookies and follows where it is sent. Nothing happens to the line of the gateway that is asked about it.
type visitor struct {
	*server
	jar http.CookieJar
}

func newVisitor(t *testing.T, addr string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	v := &visitor{server: &server{t: t, steady: true, held: new(atomic.Int64), url: "http://" + addr, client: &http.Client{Timeout: deadline, Jar: jar}}, jar: jar}
	t.Cleanup(v.client.CloseIdleConnections)
	return v
}

func (v *visitor) cookie(name string) string {
	u, err := url.Parse(v.url)
	require.NoError(v.t, err)
	for _, c := range v.jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// waits is what happens to a visitor of a room that lets nobody in.
func (v *visitor) waits(site *recorder) {
	t := v.t
	page := v.get("/tickets?day=1", "Accept", "text/html", "Accept-Language", "en")
	assert.Equal(t, 200, page.status, "the room's own status") // of the page, not of the answer to the proxy
	assert.Equal(t, "waiting", page.header.Get("Waitroom-State"))
	assert.Contains(t, page.header.Get("Content-Type"), "text/html")
	assert.Contains(t, string(page.body), "/tickets?day=1", "the page leads back")
	require.NotEmpty(t, v.cookie("wr_arena"), "the place is kept")
	number := v.get("/waitroom/v1/arena/status").visit(t).Number

	program := v.do("POST", "/tickets", []byte("order"), "Accept", "application/json")
	assert.Equal(t, 429, program.status)
	assert.Equal(t, "waiting", program.problem(t))
	assert.NotEmpty(t, program.header.Get("Retry-After"))
	for range 3 {
		assert.Equal(t, "waiting", v.get("/", "Accept", "text/html").header.Get("Waitroom-State"))
	}
	assert.Equal(t, number, v.get("/waitroom/v1/arena/status").visit(t).Number, "one visitor has one place, however often it comes")
	assert.Equal(t, 404, v.get("/waitroom/v1/arena/auth").status, "the question is for the proxy alone")
	assert.Empty(t, site.all())
}

// goesPast is what happens to a visitor without a place where a rule of the gateway's configuration says so, and where it does not.
func (v *visitor) goesPast(s *system, site *recorder) {
	t := v.t
	a := v.get("/public/x?y=z", "Accept", "text/html")
	require.Equal(t, "upstream", string(a.body))
	require.Len(t, site.all(), 1)
	assert.Equal(t, "/public/x?y=z", site.all()[0].target)
	pass, err := auth.NewPassVerifier(s.keys).Verify([]byte(site.all()[0].header["Waitroom-Pass"]), "arena", time.Now())
	require.NoError(t, err)
	assert.Zero(t, pass.Number, "the site sees a pass of nobody's place")
	assert.Empty(t, v.cookie("wr_arena"))
	assert.Empty(t, v.cookie("wp_arena"))
	site.forget()
	for _, path := range []string{"/seats", "/public/../seats"} {
		a := v.do("GET", path, nil, "Accept", "application/json", "X-Forwarded-Method", "GET", "X-Forwarded-Uri", "/public/x")
		assert.NotEqual(t, "upstream", string(a.body), path)
	}
	assert.NotEqual(t, "upstream", string(v.do("POST", "/public/x", nil, "X-Forwarded-Method", "GET").body))
	assert.Empty(t, site.all())
}

// isAdmitted polls as the page does.
func (v *visitor) isAdmitted() {
	require.Eventually(v.t, func() bool {
		return v.get("/waitroom/v1/arena/status").visit(v.t).State == waitroom.Admitted
	}, deadline, 20*time.Millisecond)
	require.NotEmpty(v.t, v.cookie("wp_arena"))
}

// getsThrough is what happens to someone who was admitted.
func (v *visitor) getsThrough(site *recorder) {
	t := v.t
	body := []byte(strings.Repeat("order ", 5000))
	a := v.do("POST", "/tickets?day=%EC%95%88", body, "Waitroom-Pass", "forged", "Content-Type", "text/plain",
		"Waitroom-Staff", "secret", "Waitroom-Proof", "x", "Waitroom-Code", "x")
	require.Equal(t, 200, a.status, string(a.body))
	assert.Equal(t, "upstream", string(a.body))
	require.Len(t, site.all(), 1)
	got := site.all()[0]
	assert.Equal(t, "POST", got.method)
	assert.Equal(t, "/tickets?day=%EC%95%88", got.target)
	assert.Equal(t, string(body), got.body)
	assert.Equal(t, v.cookie("wp_arena"), got.header["Waitroom-Pass"], "the site sees the pass that is good, not what the visitor sent")
	for name := range got.header {
		assert.NotContains(t, []string{"Waitroom-Staff", "Waitroom-Proof", "Waitroom-Code"}, name, "that was for the gateway alone")
	}
	back := v.get("/waitroom/v1/arena/wait?return=/tickets", "Accept", "text/html")
	assert.Equal(t, "upstream", string(back.body), "who has been let in is led back from the waiting page")
	site.forget()
}

// goesStraightThrough is what happens to a visitor of a room that is not busy: the first request reaches the site.
func (v *visitor) goesStraightThrough(site *recorder) {
	t := v.t
	a := v.get("/tickets", "Accept", "text/html")
	require.Equal(t, "upstream", string(a.body))
	require.Len(t, site.all(), 1)
	require.NotEmpty(t, v.cookie("wp_arena"), "the pass")
	require.NotEmpty(t, v.cookie("wr_arena"), "and the ticket")
	assert.Equal(t, v.cookie("wp_arena"), site.all()[0].header["Waitroom-Pass"])
	for name := range site.all()[0].header {
		assert.NotContains(t, []string{"Waitroom-Ticket", "Waitroom-Ticket-Cookie", "Waitroom-Pass-Cookie"}, name)
	}
	assert.Equal(t, "upstream", string(v.get("/again").body))
	site.forget()
}

// leavesNothingBehind gives the pass back; it must be worth nothing at the site either.
func (v *visitor) leavesNothingBehind(s *system, g *server, site *recorder) {
	t := v.t
	pass := v.cookie("wp_arena")
	hold := waitroom.ModeHold
	s.change("arena", waitroom.PolicyChange{Mode: &hold})
	require.Eventually(t, func() bool {
		return g.get(seats, "Accept", "application/json").header.Get("Waitroom-State") == "waiting"
	}, deadline, 20*time.Millisecond)
	require.Equal(t, "upstream", string(v.get("/").body))
	site.forget()
	require.Equal(t, 204, v.do("DELETE", "/waitroom/v1/arena/pass", nil).status)
	for i := range 3 {
		a := v.do("GET", "/"+strconv.Itoa(i), nil, "Waitroom-Pass", pass, "Accept", "application/json")
		assert.NotEqual(t, "upstream", string(a.body))
	}
	assert.Empty(t, site.all())
}
