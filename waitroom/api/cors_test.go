package api

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

func TestOriginsAreWrittenInOneWay(t *testing.T) {
	t.Parallel()
	got, err := ParseOrigins(" https://shop.example, http://localhost:5173 ,")
	require.NoError(t, err)
	require.Equal(t, Origins{"https://shop.example": true, "http://localhost:5173": true}, got)
	none, err := ParseOrigins("")
	require.NoError(t, err)
	require.Empty(t, none)
	for _, bad := range []string{"*", "null", "shop.example", "https://", "https://Shop.example", "https://shop.example/", "https://shop.example/a", "ftp://shop.example", "https://a:b@shop.example", "https://*.shop.example?x", "https://a https://b"} {
		_, err := ParseOrigins("https://good.example," + bad)
		require.ErrorContains(t, err, "is no origin", bad)
		require.ErrorContains(t, err, bad)
	}
}

const (
	friend   = "https://shop.example"
	stranger = "https://elsewhere.example"
)

func withFriend(v *Visitor) { v.Origins = Origins{friend: true} }

func TestPagesOfDeclaredOriginsMayCall(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, withFriend)
	call := func(method, path, origin string, more ...string) answer {
		return g.do(method, g.public+"/waitroom/v1/arena"+path, "", append(more, "Origin", origin)...)
	}
	for _, method := range []string{"POST", "DELETE", "GET"} {
		asked := call("OPTIONS", "/join", friend, "Access-Control-Request-Method", method, "Access-Control-Request-Headers", "authorization,idempotency-key")
		require.Equal(t, 204, asked.status, string(asked.body))
		assert.Equal(t, friend, asked.header.Get("Access-Control-Allow-Origin"))
		assert.Equal(t, "true", asked.header.Get("Access-Control-Allow-Credentials"))
		assert.Contains(t, asked.header.Get("Access-Control-Allow-Methods"), method)
		for _, name := range []string{"Authorization", "Idempotency-Key", "Content-Type", "Waitroom-Pass", "Waitroom-Proof", "Waitroom-Code"} {
			assert.Contains(t, asked.header.Get("Access-Control-Allow-Headers"), name)
		}
		assert.Equal(t, "600", asked.header.Get("Access-Control-Max-Age"))
	}
	joined := call("POST", "/join", friend)
	require.Equal(t, 201, joined.status, string(joined.body))
	assert.Equal(t, friend, joined.header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "true", joined.header.Get("Access-Control-Allow-Credentials"))
	assert.Contains(t, joined.header.Get("Access-Control-Expose-Headers"), "Retry-After")

	// A refusal can be read too, or the page would know nothing.
	refused := call("GET", "/status", friend)
	require.Equal(t, 401, refused.status)
	assert.Equal(t, friend, refused.header.Get("Access-Control-Allow-Origin"))

	// Others are told nothing that would let them.
	for _, origin := range []string{stranger, "null", "https://shop.example.elsewhere.example", "http://shop.example", "https://shop.example:8443"} {
		asked := call("OPTIONS", "/join", origin, "Access-Control-Request-Method", "POST")
		assert.Equal(t, 405, asked.status, origin)
		assert.Empty(t, asked.header.Get("Access-Control-Allow-Origin"), origin)
		assert.Equal(t, 403, call("POST", "/join", origin).status, origin)
		read := call("GET", "/serving", origin)
		assert.Equal(t, 200, read.status)
		assert.Empty(t, read.header.Get("Access-Control-Allow-Origin"), origin)
	}
	assert.Equal(t, 405, call("OPTIONS", "/join", friend).status, "that is no question of a browser")
}

// A cache keeps the answers for different origins apart, also that for none, which is the one it may ask for first.
func TestServingCanBeCached(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, withFriend)
	for _, headers := range [][]string{nil, {"Origin", friend}, {"Origin", stranger}} {
		a := g.do("GET", g.public+"/waitroom/v1/arena/serving", "", headers...)
		require.Equal(t, 200, a.status)
		assert.Equal(t, "public, max-age=1", a.header.Get("Cache-Control"))
		assert.Equal(t, "Origin", a.header.Get("Vary"))
		assert.Empty(t, a.header.Values("Set-Cookie"))
	}
	missing := g.do("GET", g.public+"/waitroom/v1/nowhere/serving", "")
	assert.Equal(t, "no-store", missing.header.Get("Cache-Control"), "a room may be made in a moment")

	// Where no origin is declared all are alike, and one copy does for all.
	plainly := newGateway(t, func(*waitroom.Policy) {}, plain)
	a := plainly.do("GET", plainly.public+"/waitroom/v1/arena/serving", "", "Origin", friend, "Cookie", "wr_arena=x", "Authorization", "Bearer x")
	assert.Equal(t, "public, max-age=1", a.header.Get("Cache-Control"))
	assert.Empty(t, a.header.Get("Vary"))
	assert.Empty(t, a.header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, 405, plainly.do("OPTIONS", plainly.public+"/waitroom/v1/arena/join", "", "Origin", friend, "Access-Control-Request-Method", "POST").status)
}
