package main

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

const (
	// smuggled is what an attacker hides behind another request. By itself it is an ordinary one, which anybody may send.
	smuggled = "GET /taken-along HTTP/1.1\r\nHost: shop.test\r\n\r\n"
	ordinary = "GET /good HTTP/1.1\r\nHost: shop.test\r\n\r\n"
	// seen is the same one where it is meant to arrive, and to be the last.
	seen = "GET /taken-along HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"
)

// refusals are the types of problem that a request is refused with which can be read in more than one way, by status.
var refusals = map[int][]string{
	400: {"request-ambiguous", "request-malformed", "host-malformed"},
	431: {"headers-too-large"},
}

// tappedShop is a whole gateway in front of an upstream whose wire is tapped, and the visitor's pass.
func tappedShop(t *testing.T) (g *server, wire *tap, upstream *recorder, pass string) {
	t.Helper()
	s := newTestSystem(t)
	s.room("arena", func(*waitroom.Policy) {})
	wire = newTap(t, s.booking.url)
	direct := s.booking.url
	s.booking.url = wire.url
	s.configure(siteFile)
	s.booking.url = direct
	g = s.start()
	return g, wire, s.booking, g.join("arena").Pass
}

// places are where an ambiguous request is sent to: past the gate, and through it with a good pass.
func places(pass string) map[string]func(raw string) string {
	return map[string]func(raw string) string{
		"open": func(raw string) string { return raw },
		"gated": func(raw string) string {
			return strings.Replace(strings.Replace(raw, "/x", "/shows/arena/x", 1), "Host: shop.test\r\n", "Host: shop.test\r\nWaitroom-Pass: "+pass+"\r\n", 1)
		},
	}
}

func assertRefused(t *testing.T, a answer, status int, what string) {
	t.Helper()
	assert.Equal(t, status, a.status, what)
	assert.Equal(t, "application/problem+json", a.header.Get("Content-Type"), what)
	var p struct {
		Type   string
		Status int
	}
	require.NoError(t, json.Unmarshal(a.body, &p), what)
	assert.Equal(t, status, p.Status, what)
	assert.Contains(t, refusals[status], strings.TrimPrefix(p.Type, "urn:anteroom:problem:"), what)
}

// TestNothingIsSmuggledThroughTheGateway sends each ambiguous request to a whole gateway, alone and behind an ordinary one on the same
// connection, with a hidden one behind it. Not a byte of either may reach the upstream, and the connection must end with the refusal.
func TestNothingIsSmuggledThroughTheGateway(t *testing.T) {
	t.Parallel()
	g, wire, upstream, pass := tappedShop(t)
	place := places(pass)
	for where, raw := range map[string]string{"open": ordinary, "gated": "GET /x HTTP/1.1\r\nHost: shop.test\r\n\r\n"} { // what is sent could get there
		answers, _ := pour(t, g.addr, place[where](raw)+seen, false)
		require.Len(t, answers, 2, where)
		require.Equal(t, 2, strings.Count(wire.take(), " HTTP/1.1\r\n"), where)
	}
	upstream.forget()

	sent, honest := 0, 0
	for name, one := range testenv.AmbiguousRequests {
		for where, put := range place {
			for before, first := range map[string]string{"alone": "", "behind another": ordinary} {
				what := name + ", " + where + ", " + before
				sent++
				answers, ended := pour(t, g.addr, first+put(one.Raw)+smuggled, false)
				require.ErrorIs(t, ended, io.ErrUnexpectedEOF, "%s: the gateway ends the connection by itself", what)
				got := wire.take()
				if first != "" {
					honest++
					require.Len(t, answers, 2, what)
					assert.Equal(t, "upstream", string(answers[0].body), what)
					assert.Equal(t, 1, strings.Count(got, " HTTP/1.1\r\n"), "%s: %q", what, got)
					assert.True(t, strings.HasPrefix(got, "GET /good "), "%s: %q", what, got)
					answers = answers[1:]
				} else {
					assert.Empty(t, got, what)
				}
				require.Len(t, answers, 1, what)
				assertRefused(t, answers[0], one.Status, what)
			}
		}
	}
	g.stop()
	require.NoError(t, <-g.stopped) // nothing more can come
	g.stopped <- nil
	assert.Empty(t, wire.take())
	assert.Len(t, upstream.all(), honest)
	for _, one := range upstream.all() {
		assert.Equal(t, "/good", one.target)
	}
	t.Logf("%d ambiguous requests, each with a hidden one behind it: none at the upstream", sent)
}

// The control: a proxy that believes what it reads takes the hidden requests along, and the tapped wire shows it.
func TestACredulousProxyTakesHiddenRequestsAlong(t *testing.T) {
	t.Parallel()
	upstream := newRecorder(t)
	wire := newTap(t, upstream.url)
	addr := credulous(t, wire.url)
	through := 0
	for _, one := range testenv.AmbiguousRequests {
		_, ended := pour(t, addr, one.Raw+smuggled, true)
		require.NotErrorIs(t, ended, os.ErrDeadlineExceeded)
		if strings.Contains(wire.take(), "GET /taken-along ") {
			through++
		}
	}
	served := 0
	for _, one := range upstream.all() {
		if one.target == "/taken-along" {
			served++
		}
	}
	t.Logf("%d of %d hidden requests got through a credulous proxy; the upstream served %d of them", through, len(testenv.AmbiguousRequests), served)
	assert.Greater(t, through, len(testenv.AmbiguousRequests)/2)
	assert.Positive(t, served)
}

// TestBadChunksTakeNothingAlongThroughTheGateway sends bodies that turn out to be none while they are handed on: the upstream must see that
// the body is not whole, and nothing of what is hidden behind it.
func TestBadChunksTakeNothingAlongThroughTheGateway(t *testing.T) {
	t.Parallel()
	g, wire, upstream, pass := tappedShop(t)
	head := "POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n"
	for where, put := range places(pass) {
		for name, body := range testenv.BadChunks {
			what := name + ", " + where
			answers, ended := pour(t, g.addr, put(head+body)+smuggled, false)
			require.NotErrorIs(t, ended, os.ErrDeadlineExceeded, "%s: the gateway ends the connection by itself", what)
			require.LessOrEqual(t, len(answers), 1, what)
			for _, a := range answers {
				assertRefused(t, a, 400, what)
			}
			got := wire.take()
			assert.NotContains(t, got, "taken-along", what)
			assert.False(t, strings.HasSuffix(got, "0\r\n\r\n"), "%s: %q", what, got)
		}
		answers, _ := pour(t, g.addr, put(head+"5\r\nhello\r\n0\r\n\r\n")+seen, false) // a proper one, and what follows it, get there
		require.Len(t, answers, 2, where)
		assert.Equal(t, 200, answers[0].status, where)
		assert.Contains(t, wire.take(), "taken-along", where)
	}
	g.stop()
	require.NoError(t, <-g.stopped)
	g.stopped <- nil
	require.Len(t, upstream.all(), 4, "the proper ones alone")
	for i, one := range upstream.all() {
		assert.Equal(t, []string{"hello", ""}[i%2], one.body)
	}
}
