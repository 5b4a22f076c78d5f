package api

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/waitroom"
	"anteroom/waitroom/page"
	"anteroom/waitroom/proxy"
)

// unseen observes nothing.
type unseen struct{ proxy.Observer }

func (unseen) Refused(string, string) {}
func (unseen) Waiting()               {}

// asked is how every gateway of these tests answers the proxies of others; none is believed.
func asked(desk *waitroom.Desk, live waitroom.Rooms, keys *auth.Keys) *ForwardAuth {
	gate := &proxy.Gate{Rooms: live, Keeper: desk, Passes: auth.NewPassVerifier(keys), Page: &page.Page{}, Seen: unseen{}}
	return &ForwardAuth{Gate: gate, Log: slog.New(slog.DiscardHandler)}
}

// newAsked is a gateway that believes the proxies on this machine.
func newAsked(t *testing.T, change func(*waitroom.Policy)) *gateway {
	t.Helper()
	return newGateway(t, change, func(v *Visitor) { v.Auth.Trusted = believed })
}

func believed(*fasthttp.RequestCtx) bool { return true }

// once sends a request and follows nowhere.
func (g *gateway) once(method, path string, headers ...string) answer {
	g.t.Helper()
	req, err := http.NewRequestWithContext(g.t.Context(), method, g.public+"/waitroom/v1/arena"+path, nil)
	require.NoError(g.t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(g.t, err)
	require.NoError(g.t, res.Body.Close())
	return answer{status: res.StatusCode, header: res.Header}
}

func TestWhoWaitsIsNotLetThroughWhateverStatusTheRoomShows(t *testing.T) {
	t.Parallel()
	for _, status := range []int64{200, 202, 429} {
		g := newAsked(t, func(p *waitroom.Policy) { p.GateStatus = status })

		browser := g.once("GET", "/auth", "Accept", "text/html", "X-Forwarded-Uri", "/tickets?day=1&x=%26", "X-Forwarded-Method", "GET")
		assert.Equal(t, 302, browser.status)
		assert.Equal(t, "/waitroom/v1/arena/wait?return=%2Ftickets%3Fday%3D1%26x%3D%2526", browser.header.Get("Location"))
		assert.Contains(t, browser.header.Get("Set-Cookie"), "wr_arena=")
		assert.Equal(t, browser.header.Get("Set-Cookie"), browser.header.Get("Waitroom-Ticket-Cookie"))
		assert.Contains(t, browser.header.Get("Set-Cookie"), browser.header.Get("Waitroom-Ticket"))
		assert.Empty(t, browser.header.Get("Waitroom-Pass"))

		for _, headers := range [][]string{
			{"Accept", "application/json"}, {}, {"Accept", "text/html", "Sec-Fetch-Mode", "cors"}, {"Accept", "text/html", "X-Forwarded-Method", "POST"}, {"Accept", "text/html", "X-Original-Method", "DELETE"},
		} {
			program := g.once("GET", "/auth", headers...)
			assert.Equal(t, 429, program.status, headers)
			assert.Equal(t, "waiting", program.header.Get("Waitroom-State"))
			assert.NotEmpty(t, program.header.Get("Retry-After"))
			assert.Empty(t, program.header.Get("Location"))
			assert.Empty(t, program.header.Get("Waitroom-Pass"))
		}

		bare := g.once("GET", "/auth?refuse=401", "Accept", "text/html", "X-Original-URI", "/tickets")
		assert.Equal(t, 401, bare.status)
		assert.Equal(t, "/waitroom/v1/arena/wait?return=%2Ftickets", bare.header.Get("Location"))
		assert.NotEmpty(t, bare.header.Get("Waitroom-Ticket"))
		assert.Empty(t, bare.header.Get("Waitroom-Pass"))

		page := g.once("GET", "/wait?return=/tickets", "Accept", "text/html", "Authorization", "Bearer "+bare.header.Get("Waitroom-Ticket"))
		assert.Equal(t, int(status), page.status, "the page itself has the room's status")
		assert.Contains(t, page.header.Get("Set-Cookie"), bare.header.Get("Waitroom-Ticket"), "the same place")
	}
}

// A proxy may ask with the visitor's own method and headers, and take any success for a yes.
func TestNoRequestIsLetThroughForItsMethod(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, func(v *Visitor) { v.Origins = Origins{"https://app.test": true} })
	preflight := []string{"Origin", "https://app.test", "Access-Control-Request-Method", "POST"}
	require.Equal(t, 204, g.once("OPTIONS", "/status", preflight...).status, "as the visitor's calls answer it")
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"} {
		for _, headers := range [][]string{nil, preflight, {"Origin", "https://evil.test"}, {"Waitroom-Pass", "forged"}} {
			a := g.once(method, "/auth", headers...)
			assert.Equal(t, 429, a.status, "%s %q", method, headers)
			assert.Empty(t, a.header.Get("Waitroom-Pass"))
		}
	}
}

func TestAGoodPassIsToldToTheProxy(t *testing.T) {
	t.Parallel()
	var straight, others atomic.Int64
	g := newGateway(t, func(p *waitroom.Policy) { p.Mode = waitroom.ModeOpen }, func(v *Visitor) {
		v.Auth.Admitted = func(first bool) {
			if first {
				straight.Add(1)
			} else {
				others.Add(1)
			}
		}
	})
	first := g.once("POST", "/auth", "Accept", "text/html")
	require.Equal(t, 200, first.status, "straight through")
	pass := first.header.Get("Waitroom-Pass")
	require.NotEmpty(t, pass)
	assert.Len(t, first.header.Values("Set-Cookie"), 2)
	assert.Contains(t, first.header.Get("Waitroom-Pass-Cookie"), "wp_arena="+pass)
	assert.Contains(t, first.header.Get("Waitroom-Ticket-Cookie"), "wr_arena=")
	assert.Equal(t, "no-store", first.header.Get("Cache-Control"))

	for _, headers := range [][]string{{"Waitroom-Pass", pass}, {"Cookie", "wp_arena=" + pass}, {"Waitroom-Pass", "forged", "Cookie", "wp_arena=" + pass}} {
		again := g.once("GET", "/auth", headers...)
		assert.Equal(t, 200, again.status)
		assert.Equal(t, pass, again.header.Get("Waitroom-Pass"), "what is good, not what was sent")
	}
	assert.Equal(t, []int64{1, 3}, []int64{straight.Load(), others.Load()}, "counted as at the gate")
	back := g.once("GET", "/wait?return=/tickets?day=1", "Waitroom-Pass", pass, "Accept", "text/html")
	assert.Equal(t, 302, back.status)
	assert.Equal(t, "/tickets?day=1", back.header.Get("Location"))
	assert.Equal(t, 429, g.once("POST", "/wait", "Waitroom-Pass", pass).status, "what was to change something is for the visitor to send again")

	require.Equal(t, 204, g.once("DELETE", "/pass", "Waitroom-Pass", pass).status)
	given := g.once("GET", "/auth", "Waitroom-Pass", pass)
	assert.NotEqual(t, pass, given.header.Get("Waitroom-Pass"), "it is worth nothing any more")
}

func TestAPassIsRenewedForAProxyToo(t *testing.T) {
	t.Parallel()
	g := newAsked(t, func(p *waitroom.Policy) { p.Mode, p.PassLifeSeconds, p.SessionIdleSeconds = waitroom.ModeOpen, 60, 30 })
	old := g.once("GET", "/auth").header.Get("Waitroom-Pass")
	require.NotEmpty(t, old)
	same := g.once("GET", "/auth", "Cookie", "wp_arena="+old)
	assert.Empty(t, same.header.Get("Waitroom-Pass-Cookie"), "it is good for long enough")

	var renewed answer
	require.Eventually(t, func() bool {
		g.ahead.Add(int64(50 * time.Millisecond)) // no jump: the session must stay alive meanwhile
		renewed = g.once("GET", "/auth", "Cookie", "wp_arena="+old)
		return renewed.header.Get("Waitroom-Pass-Cookie") != ""
	}, patience, pause)
	assert.Equal(t, 200, renewed.status)
	assert.NotEqual(t, old, renewed.header.Get("Waitroom-Pass"), "the upstream gets the one that lasts")
	assert.Contains(t, renewed.header.Get("Set-Cookie"), "wp_arena="+renewed.header.Get("Waitroom-Pass"))
	assert.Equal(t, renewed.header.Get("Set-Cookie"), renewed.header.Get("Waitroom-Pass-Cookie"))
	assert.Empty(t, renewed.header.Get("Waitroom-Ticket-Cookie"))
}

func TestWhatCannotBeJudgedIsNotLetThrough(t *testing.T) {
	t.Parallel()
	g := newAsked(t, func(p *waitroom.Policy) { p.Mode = waitroom.ModeClosed })
	assert.Equal(t, 409, g.once("GET", "/auth").status)
	assert.Equal(t, 302, g.once("GET", "/auth", "Accept", "text/html").status, "the page says so")
	assert.Equal(t, 401, g.once("GET", "/auth?refuse=401").status)
	assert.Equal(t, 400, g.once("GET", "/auth?refuse=200").status)
	assert.Equal(t, 404, g.do("GET", g.public+"/waitroom/v1/nowhere/auth", "").status)
	assert.Equal(t, 401, g.do("GET", g.public+"/waitroom/v1/nowhere/auth?refuse=401", "").status)
	assert.Equal(t, 404, g.do("GET", g.public+"/waitroom/v1/nowhere/wait", "").status)
	assert.Equal(t, 404, g.do("GET", g.public+"/waitroom/v1/Arena/auth", "").status)
}

func TestOnlyDeclaredProxiesAreBelieved(t *testing.T) {
	t.Parallel()
	const home = "/waitroom/v1/arena/wait?return=%2F"
	stranger := newGateway(t, func(*waitroom.Policy) {}, func(*Visitor) {})
	a := stranger.once("GET", "/auth", "Accept", "text/html", "X-Forwarded-Uri", "/x", "X-Forwarded-Method", "POST")
	assert.Equal(t, 302, a.status)
	assert.Equal(t, home, a.header.Get("Location"))

	friend := newGateway(t, func(*waitroom.Policy) {}, func(v *Visitor) { v.Auth.Trusted = believed })
	assert.Equal(t, home+"x", friend.once("GET", "/auth", "Accept", "text/html", "X-Forwarded-Uri", "/x").header.Get("Location"))

	g := newAsked(t, func(*waitroom.Policy) {})
	for name, headers := range map[string][]string{
		"another host": {"X-Forwarded-Uri", "//evil.test/x"}, "a backslash": {"X-Forwarded-Uri", `/\evil.test`}, "a scheme": {"X-Forwarded-Uri", "javascript:alert(1)"},
		"two that differ": {"X-Forwarded-Uri", "/x", "X-Original-URI", "/y"}, "one twice": {"X-Original-Url", "/x", "X-Original-Url", "/y"}, "too long": {"X-Original-URI", "/" + strings.Repeat("a", maxBack)},
	} {
		assert.Equal(t, home, g.once("GET", "/auth", append(headers, "Accept", "text/html")...).header.Get("Location"), name)
	}
	for _, headers := range [][]string{{"X-Original-URL", "https://shop.test/x?y"}, {"X-Original-URI", "/x?y", "X-Original-URL", "http://shop.test/x?y"}} {
		assert.Equal(t, home+"x%3Fy", g.once("GET", "/auth", append(headers, "Accept", "text/html")...).header.Get("Location"))
	}
}

func TestTheWaitingPageLeadsToThisHostOnly(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"/": "/", "/x?y=z&a=%2F": "/x?y=z&a=%2F", "/안": "/%EC%95%88", "/x//y": "/x//y", "/?next=//evil.test": "/?next=//evil.test", `/"<x>`: "/%22%3Cx%3E",
		"": "", "x": "", "//evil.test": "", "///evil.test": "", `/\evil.test`: "", `\\evil.test`: "", "https://evil.test/": "", "javascript:alert(1)": "", "/\tx": "", "/x\r\nSet-Cookie: a=b": "",
		"/ x": "", "/\t/evil.test": "", "/%": "", "/x#y": "", "/\x00": "", "/\x7f": "", "//": "", "?x": "", "@evil.test": "",
	} {
		got, ok := safeReturn(raw)
		assert.Equal(t, want, got, "%q", raw)
		assert.Equal(t, want != "", ok, "%q", raw)
	}
	g := newAsked(t, func(p *waitroom.Policy) { p.Mode = waitroom.ModeOpen })
	for _, bad := range []string{"//evil.test", "https://evil.test", `/\evil.test`, ""} {
		assert.Equal(t, 400, g.once("GET", "/wait?return="+url.QueryEscape(bad)).status, bad)
	}
	there := g.once("GET", "/wait", "X-Original-URI", "/tickets")
	assert.Equal(t, "/tickets", there.header.Get("Location"), "what the proxy tells, when the address does not say")
}

func FuzzReturnIsAPathOfThisHost(f *testing.F) {
	for _, seed := range []string{"/x", "//x", `/\x`, "/x?y#z", "/%2f/x", "http:x", "/\t/x"} {
		f.Add(seed)
	}
	base, err := url.Parse("https://shop.test/waitroom/v1/arena/wait")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, raw string) {
		back, ok := safeReturn(raw)
		if !ok {
			return
		}
		for i := range len(back) {
			if back[i] <= ' ' || back[i] >= 0x7f {
				t.Fatalf("%q becomes %q, which is not plain", raw, back)
			}
		}
		to, err := base.Parse(strings.ReplaceAll(back, `\`, "/")) // as browsers read it
		if err != nil || to.Scheme != "https" || to.Host != "shop.test" {
			t.Fatalf("%q leads to %q: %v", raw, to, err)
		}
		if again, ok := safeReturn(back); !ok || again != back {
			t.Fatalf("%q becomes %q and then %q", raw, back, again)
		}
	})
}

// TestOnlyWhatIsToldInOneWayDecides: a waiver goes by the method and the target, so whatever a visitor could have added to a proxy's words must
// leave nothing to decide by.
func TestOnlyWhatIsToldInOneWayDecides(t *testing.T) {
	t.Parallel()
	var asked []string
	g := newGateway(t, func(*waitroom.Policy) {}, func(v *Visitor) {
		v.Auth.Waive = func(_ *fasthttp.RequestCtx, room []byte, method, target string) (string, bool) {
			asked = append(asked, string(room)+" "+method+" "+target)
			return "the pass", true
		}
	})
	a := g.once("GET", "/auth", "X-Forwarded-Method", "PUT", "X-Forwarded-Uri", "https://shop.test/x?y=z")
	assert.Equal(t, 200, a.status)
	assert.Equal(t, "the pass", a.header.Get("Waitroom-Pass"))
	assert.Empty(t, a.header.Get("Set-Cookie"), "no place was taken")
	assert.Equal(t, []string{"arena PUT /x?y=z"}, asked)
	for name, headers := range map[string][]string{
		"nothing": {}, "no method": {"X-Forwarded-Uri", "/x"}, "no target": {"X-Forwarded-Method", "GET"},
		"the other pair": {"X-Original-Method", "GET", "X-Original-Uri", "/x"}, "half of each": {"X-Original-Method", "GET", "X-Forwarded-Uri", "/x"},
		"a method twice": {"X-Forwarded-Method", "GET", "X-Forwarded-Method", "GET", "X-Forwarded-Uri", "/x"},
		"a target twice": {"X-Forwarded-Method", "GET", "X-Forwarded-Uri", "/x", "X-Forwarded-Uri", "/x"},
		"another method": {"X-Forwarded-Method", "GET", "X-Forwarded-Uri", "/x", "X-Original-Method", "POST"},
		"another target": {"X-Forwarded-Method", "GET", "X-Forwarded-Uri", "/x", "X-Original-Url", "/y"},
		"another host":   {"X-Forwarded-Method", "GET", "X-Forwarded-Uri", "//evil.test/x"}, "empty": {"X-Forwarded-Method", "", "X-Forwarded-Uri", ""},
	} {
		assert.Equal(t, 429, g.once("GET", "/auth", headers...).status, name)
	}
	assert.Len(t, asked, 1)
	assert.Equal(t, 200, g.once("GET", "/auth", "X-Forwarded-Method", "GET", "X-Forwarded-Uri", "/x", "X-Original-Uri", "/x").status, "said twice alike")
}

// TestAPassThatIsUsedTooMuch is told so at once: its holder is in and waits for nothing.
func TestAPassThatIsUsedTooMuch(t *testing.T) {
	t.Parallel()
	g := newAsked(t, func(p *waitroom.Policy) { p.Mode, p.PassRatePerSecond = waitroom.ModeOpen, 1 })
	pass := g.once("GET", "/auth").header.Get("Waitroom-Pass")
	require.NotEmpty(t, pass)
	for _, c := range []struct {
		path    string
		headers []string
		want    int
	}{
		{"/auth", []string{"Accept", "application/json"}, 429}, {"/auth", []string{"Accept", "text/html"}, 429}, {"/auth?refuse=401", nil, 401},
		{"/wait?return=%2Fx", []string{"Accept", "text/html"}, 429}, {"/wait", []string{"Accept", "application/json"}, 429},
	} {
		var a answer
		require.Eventually(t, func() bool { // as fast as it goes, so more than one a second
			a = g.do("GET", g.public+"/waitroom/v1/arena"+c.path, "", append(c.headers, "Waitroom-Pass", pass)...)
			return a.status != 200 && a.status != 302
		}, patience, time.Millisecond, c.path)
		assert.Equal(t, c.want, a.status, c.path)
		assert.Equal(t, "pass-too-many", a.problem(t))
		assert.NotEmpty(t, a.header.Get("Retry-After"))
		assert.Empty(t, a.header.Get("Waitroom-Pass"))
	}
}

func TestTheWaitingPageKeepsWhereItLeads(t *testing.T) {
	t.Parallel()
	g := newAsked(t, func(*waitroom.Policy) {})
	for _, way := range [][]string{{"/wait?return=%2Ftickets%3Fday%3D1"}, {"/wait", "X-Original-URI", "/tickets?day=1"}} {
		page := g.do("GET", g.public+"/waitroom/v1/arena"+way[0], "", append(way[1:], "Accept", "text/html")...)
		assert.Contains(t, string(page.body), "/waitroom/v1/arena/wait?return=%2Ftickets%3Fday%3D1&amp;lang=ko", "in another language too")
		assert.Contains(t, string(page.body), `"self":"/tickets?day=1"`)
	}
}
