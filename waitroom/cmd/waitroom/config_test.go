package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

// siteFile is a configuration with one site for shop.test and another for other.test; BOOKING and ADMIN are the addresses of the upstreams.
const siteFile = `version: 1
bypass: {key_file: bypass.key, cookie_life: 5m}
upstreams:
  shop: {addresses: ["BOOKING"], pass_host: true}
  office: {addresses: ["ADMIN"]}
sites:
  - hosts: [shop.test, "*.shop.test", 127.0.0.1]
    routes:
      - {name: front, paths: [/**], upstream: shop}
      - name: show
        paths: ["/shows/{room}/**"]
        upstream: shop
        room: "{room}"
        bypass:
          rules: [{methods: [OPTIONS]}, {paths: ["/shows/*/health"]}]
          links: true
          staff: true
      - {name: strict, paths: ["/strict/{room}/**"], upstream: shop, room: "{room}"}
      - {name: lenient, paths: ["/lenient/{room}/**"], upstream: shop, room: "{room}", on_outage: open}
      - {name: shut, paths: ["/shut/{room}/**"], upstream: shop, room: "{room}", on_outage: closed}
      - {name: loose, paths: ["/loose/{room}/**"], upstream: shop, room: "{room}", if_no_room: open}
      - {name: hidden, paths: [/hidden/**], serve: nothing}
  - hosts: [other.test]
    routes:
      - {name: office, paths: [/**], upstream: office}
`

// configure gives the system's gateways a file, and returns how to replace it.
func (s *system) configure(text string) (file string, replace func(text string)) {
	s.t.Helper()
	dir := s.t.TempDir()
	_, err := auth.InitBypassKeys(filepath.Join(dir, "bypass.key"))
	require.NoError(s.t, err)
	file = filepath.Join(dir, "anteroom.yaml")
	filled := strings.NewReplacer("BOOKING", strings.TrimPrefix(s.booking.url, "http://"), "ADMIN", strings.TrimPrefix(s.admin.url, "http://"))
	replace = func(text string) {
		require.NoError(s.t, os.WriteFile(file+".new", []byte(filled.Replace(text)), 0o600))
		require.NoError(s.t, os.Rename(file+".new", file))
	}
	replace(text)
	s.settings.Config = file
	return file, replace
}

// on asks for a path of a host.
func (g *server) on(method, host, path string, headers ...string) answer {
	g.t.Helper()
	return g.unlessHeldUp(func() answer { return g.tryOn(method, host, path, headers...) })
}

func (g *server) tryOn(method, host, path string, headers ...string) answer {
	g.t.Helper()
	req, err := http.NewRequest(method, g.url+path, nil)
	require.NoError(g.t, err)
	req.Host = host
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	res, err := g.client.Do(req)
	if err != nil {
		return answer{body: []byte(err.Error())}
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	require.NoError(g.t, err)
	return answer{res.StatusCode, res.Header, content}
}

// lines is a log that tests may read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestAFileDecidesWhereRequestsLead(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.Mode, p.RatePerMinute = waitroom.ModeHold, 0 })
	s.configure(siteFile)
	g := s.start()
	assert.Equal(t, "upstream", string(g.on("GET", "shop.test", "/x").body))
	assert.Equal(t, "upstream", string(g.on("GET", "WWW.Shop.test:8443", "/x").body))
	require.Len(t, s.booking.all(), 2)
	assert.Equal(t, "www.shop.test:8443", s.booking.all()[1].header["Host"], "pass_host")
	assert.Empty(t, s.admin.all())
	assert.Equal(t, 200, g.on("GET", "other.test", "/shows/arena/x").status)
	require.Len(t, s.admin.all(), 1)
	assert.Equal(t, "other.test", s.admin.all()[0].header["X-Forwarded-Host"])

	for _, host := range []string{"evil.test", "shop.test.evil.test", "xshop.test", "1.2.3.4"} {
		a := g.on("GET", host, "/x")
		assert.Equal(t, 421, a.status, host)
		assert.Equal(t, "host-unknown", a.problem(t), host)
	}
	s.booking.forget()
	for path, want := range map[string]int{"/hidden/x": 404, "/HIDDEN/x": 404, "/Shows/arena/x": 404, "/shows/ARENA/x": 404, "/waitroom/v1/nothing": 404, "/WAITROOM/v1/arena/join": 404} {
		assert.Equal(t, want, g.on("GET", "shop.test", path).status, path)
	}
	assert.Equal(t, waitroom.Waiting, g.on("GET", "shop.test", "/shows/arena/x", "Accept", "application/json").visit(t).State)
	assert.Empty(t, s.booking.all())
	for _, method := range []string{"GET", "OPTIONS"} { // OPTIONS goes past the gate
		a := g.on(method, "shop.test", "/shows/nowhere/x")
		assert.Equal(t, 404, a.status, "a room that is not there is no open gate")
		assert.Equal(t, "room-unknown", a.problem(t))
	}
	assert.Empty(t, s.booking.all())
	assert.Equal(t, "upstream", string(g.on("GET", "shop.test", "/loose/nowhere/x").body))
	assert.Equal(t, 201, g.on("POST", "other.test", "/waitroom/v1/arena/join").status, "lines are joined on every host")
	assert.Equal(t, 421, g.on("POST", "evil.test", "/waitroom/v1/arena/join").status)
}

func TestABadFileIsRefusedAndTheOldOneStays(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	var log lines
	s.settings.logTo = &log
	_, replace := s.configure(siteFile)
	g := s.start()
	// Metrics are of all gateways in this process; the log is this one's.
	told := func(times int, what string) {
		t.Helper()
		require.Eventually(t, func() bool { return strings.Count(log.String(), what) == times }, deadline, 20*time.Millisecond, "%s, %d times", what, times)
	}
	const refused = "configuration refused, the old one stays in force"
	assert.Equal(t, "upstream", string(g.on("GET", "shop.test", "/x").body))

	replace(strings.Replace(siteFile, "upstream: office", "upstream: offize", 1))
	told(1, refused)
	assert.Contains(t, log.String(), `"line":25,"key":"sites[1].routes[0].upstream","reason":"there is no upstream \"offize\"; there are: office, shop"`)
	assert.Equal(t, "upstream", string(g.on("GET", "shop.test", "/x").body), "the old one stays")

	replace(siteFile + "listen: {tls: {certificates: [{certificate: no.crt, key: no.key}]}}\n")
	told(2, refused)
	assert.Equal(t, "upstream", string(g.on("GET", "shop.test", "/x").body))

	replace(strings.Replace(siteFile, `[shop.test, `, `[new.test, `, 1))
	told(1, `"generation":2`)
	assert.Equal(t, 421, g.on("GET", "shop.test", "/x").status)
	assert.Equal(t, 200, g.on("GET", "new.test", "/x").status)

	// Another upstream under the same name: what comes from now on goes there.
	s.booking.forget()
	s.admin.forget()
	replace(strings.Replace(siteFile, `shop: {addresses: ["BOOKING"]`, `shop: {addresses: ["ADMIN"]`, 1))
	told(1, `"generation":3`)
	assert.Equal(t, 200, g.on("GET", "shop.test", "/y").status)
	assert.Empty(t, s.booking.all())
	assert.Len(t, s.admin.all(), 1)
}

func TestAGatewayDoesNotStartWithABadFile(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.configure(strings.Replace(siteFile, "version: 1", "version: 2", 1))
	err := run(t.Context(), s.settings, nil)
	require.ErrorContains(t, err, "anteroom.yaml:1:10: version: must be from 1 to 1, is 2")
}

// TestOutagesAsTheRouteDeclares takes the line away, with a room that holds and routes that say otherwise.
func TestOutagesAsTheRouteDeclares(t *testing.T) {
	t.Parallel()
	redis := newOwnRedis(t)
	s := newSystem(t, redis.url(), "wr")
	s.room("arena", func(p *waitroom.Policy) { p.OnOutage = waitroom.OutageHold })
	s.configure(siteFile)
	g := s.start()
	inside := g.join("arena")
	require.Equal(t, waitroom.Admitted, inside.State)
	for _, path := range []string{"/strict/arena/x", "/lenient/arena/x", "/shut/arena/x"} { // a busy machine is an outage, too, for a moment
		require.Eventually(t, func() bool {
			return g.on("GET", "shop.test", path, "Waitroom-Pass", inside.Pass).status == 200
		}, deadline, 20*time.Millisecond, "the line is up: %s", path)
	}
	redis.stop()
	require.Eventually(t, func() bool {
		return g.on("GET", "shop.test", "/shut/arena/x", "Waitroom-Pass", inside.Pass).status == 503
	}, deadline, 20*time.Millisecond)
	for path, want := range map[string]struct{ with, without int }{"/strict/arena/x": {200, 503}, "/lenient/arena/x": {200, 200}, "/shut/arena/x": {503, 503}} {
		assert.Equal(t, want.with, g.on("GET", "shop.test", path, "Waitroom-Pass", inside.Pass).status, path)
		assert.Equal(t, want.without, g.on("GET", "shop.test", path).status, path)
	}
	assert.Equal(t, 200, g.on("GET", "shop.test", "/shows/arena/health").status, "who goes past the gate is not stopped")
}
