package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/waitroom"
	"anteroom/waitroom/proxy"
)

// TestNothingPassesTheGateWithoutAPass sends every forged, stale and misused token over every spelling of a gated path, and counts what the
// upstream sees. Its control sends the same with the gate switched off.
func TestNothingPassesTheGateWithoutAPass(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(*waitroom.Policy) {})
	s.room("theatre", func(*waitroom.Policy) {})
	g, other := s.start(), s.start()
	tokens := s.badTokens(t, g, other)
	hold := waitroom.ModeHold
	s.change("arena", waitroom.PolicyChange{Mode: &hold})
	good := g.join("theatre") // proves that what follows could reach the upstream
	require.Eventually(t, func() bool {
		return g.get(seats, "Accept", "application/json").header.Get("Waitroom-State") == "waiting"
	}, deadline, 20*time.Millisecond)
	s.booking.forget()
	require.Equal(t, 200, g.get("/api/v1/shows/theatre/seats", "Waitroom-Pass", good.Pass).status)
	require.Equal(t, 1, reached(s.booking, "theatre"))

	tries := attack(t, g.addr, tokens)
	require.GreaterOrEqual(t, tries, 1000)
	assert.Zero(t, reached(s.booking, "arena"), "%v", s.booking.all())
	t.Logf("%d tries, %d at the upstream", tries, reached(s.booking, "arena"))

	s.booking.forget()
	tries = attack(t, withoutGate(t, s.booking.url), tokens)
	through := reached(s.booking, "arena")
	t.Logf("control, gate off: %d tries, %d at the upstream", tries, through)
	assert.Greater(t, through, tries/2, "the tries prove nothing unless they get through where no gate is")
}

// withoutGate is the same front with the gate switched off: no room is known, so nothing is gated. It returns its address.
func withoutGate(t *testing.T, upstream string) string {
	t.Helper()
	front := &proxy.Front{Gate: &proxy.Gate{Rooms: noRooms{}, Seen: silent{}}, Seen: silent{}, Log: quietLog(),
		Visitor: func(*fasthttp.RequestCtx) {}, Apps: func(*fasthttp.RequestCtx) {}}
	lead(t, front, upstream)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &fasthttp.Server{Handler: front.Handler(), ErrorHandler: proxy.OnError, Logger: mute{}}
	serveUntilTheEnd(t, server, l)
	return l.Addr().String()
}

type noRooms struct{}

func (noRooms) Find([]byte) (waitroom.Room, error) { return nil, waitroom.ErrRoomUnknown }

// reached counts the requests at the upstream that anybody, however carelessly they read paths, could take for gated ones of the show.
func reached(r *recorder, show string) (n int) {
	for _, one := range r.all() {
		p, _, _ := strings.Cut(one.target, "?")
		for range 3 {
			if decoded, err := url.PathUnescape(p); err == nil {
				p = decoded
			}
		}
		p = strings.ToLower(strings.ReplaceAll(p, `\`, "/"))
		plain := make([]string, 0, 8)
		for segment := range strings.SplitSeq(p, "/") {
			segment, _, _ = strings.Cut(segment, ";")
			plain = append(plain, strings.TrimSpace(segment))
		}
		if strings.HasPrefix(path.Clean("/"+strings.Join(plain, "/"))+"/", "/api/v1/shows/"+show+"/") && strings.Count(path.Clean("/"+strings.Join(plain, "/")), "/") > 4 {
			n++
		}
	}
	return n
}

// spellings of a gated path, some of which only a careless reader takes for one.
var spellings = []string{
	"/api/v1/shows/arena/seats", "/api/v1/shows/arena/holds/", "//api/v1/shows/arena/seats", "/api//v1/shows/arena//seats",
	"/./api/v1/shows/arena/seats", "/api/v1/./shows/arena/./seats", "/x/../api/v1/shows/arena/seats", "/api/v1/shows/theatre/../arena/seats",
	"/%2e/api/v1/shows/arena/seats", "/x/%2e%2e/api/v1/shows/arena/seats", "/api/v1/shows/arena/%2e/seats", "/api/v1/shows/arena%2fseats",
	"/api/v1%2Fshows/arena/seats", "/api/v1/shows/arena%5cseats", `/api/v1/shows\arena\seats`, "/api/v1/shows/arena/seats;a=b", "/api/v1/shows/arena;x/seats",
	"/API/v1/shows/arena/seats", "/api/V1/Shows/ARENA/seats", "/api/v1/shows/%61rena/seats", "/api/v1/shows/arena/seats%00", "/api/v1/shows/arena%0d%0a/seats",
	"/api/v1/shows/arena/seats?x=1", "/api/v1/shows/arena/seats#x", "/api/v1/shows/arena%252fseats", "/waitroom/v1/../../api/v1/shows/arena/seats",
	"/admin/api/../../api/v1/shows/arena/seats", "http://localhost/api/v1/shows/arena/seats", "http://u:p@localhost/api/v1/shows/arena/seats",
	"https://elsewhere.test//api/v1/shows/arena/seats", "/%61pi/v1/shows/arena/seats", "/api/v1/orders/../shows/arena/seats", "/api/v1/shows/arena/%09/seats", "api/v1/shows/arena/seats",
}

// attack sends all tokens over all spellings, each by header and by cookie in turn, and returns how many tries that were.
func attack(t *testing.T, addr string, tokens map[string]string) (tries int) {
	t.Helper()
	ways := []string{"Waitroom-Pass: %s\r\n", "Cookie: wp_arena=%s\r\n", "Cookie: wp_arena=x\r\nCookie: wp_arena=%s\r\nwaitroom_pass: %[1]s\r\n", "Authorization: Bearer %s\r\nConnection: Waitroom-Pass\r\n"}
	for _, token := range tokens {
		for i, target := range spellings {
			try(t, addr, target, fmt.Sprintf(ways[i%len(ways)], token))
			tries++
		}
		for _, way := range ways { // plainly written, each token by every way
			try(t, addr, seats, fmt.Sprintf(way, token))
			tries++
		}
	}
	return tries
}

// try sends one raw request and reads its answer.
func try(t *testing.T, addr, target, headers string) {
	t.Helper()
	raw := "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nX-Original-URL: " + seats + "\r\n" + headers + "Connection: close\r\n\r\n"
	conn, err := net.DialTimeout("tcp", addr, deadline)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(deadline)))
	_, err = io.WriteString(conn, raw)
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err, raw)
	_, _ = io.Copy(io.Discard, res.Body)
	require.NoError(t, res.Body.Close())
}

// badTokens are passes that open nothing, by what is wrong with them.
func (s *system) badTokens(t *testing.T, g, other *server) map[string]string {
	t.Helper()
	now := time.Now()
	released, revoked, theatre := g.join("arena"), g.join("arena"), g.join("theatre")
	for _, v := range []waitroom.Visit{released, revoked, theatre} {
		require.Equal(t, waitroom.Admitted, v.State)
		require.Equal(t, 200, g.get("/api/v1/shows/"+v.Room+"/seats", "Waitroom-Pass", v.Pass).status)
	}
	require.Equal(t, 204, g.do("DELETE", "/waitroom/v1/arena/pass", nil, "Waitroom-Pass", released.Pass).status)
	require.Equal(t, 204, other.do("DELETE", "/waitroom/v1/arena/pass", nil, "Waitroom-Pass", revoked.Pass).status)
	hold, open := waitroom.ModeHold, waitroom.ModeOpen
	s.change("arena", waitroom.PolicyChange{Mode: &hold})
	require.Eventually(t, func() bool { return string(g.get(seats, "Waitroom-Pass", revoked.Pass).body) != "upstream" }, deadline, 20*time.Millisecond)
	s.change("arena", waitroom.PolicyChange{Mode: &open})

	pass := auth.Pass{Room: "arena", Epoch: released.Epoch, Number: 1 << 30, AdmittedAt: now, ExpiresAt: now.Add(time.Hour)}
	signed := func(k *auth.Keys, change func(*auth.Pass)) string {
		p := pass
		change(&p)
		token, err := k.SignPass(p)
		require.NoError(t, err)
		return token
	}
	same := func(*auth.Pass) {}
	edgeFile := filepath.Join(t.TempDir(), "edge.json")
	_, err := auth.InitEdgeKey(edgeFile)
	require.NoError(t, err)
	edge, err := auth.LoadEdgeKey(edgeFile)
	require.NoError(t, err)
	edgePass, err := edge.Sign(pass)
	require.NoError(t, err)
	receipt, err := s.keys.SignReceipt(auth.Ticket{Room: "arena", Epoch: released.Epoch, Number: 1})
	require.NoError(t, err)
	staff, err := s.keys.SignStaff(auth.Staff{Email: "owner@demo.test", Role: auth.Owner}, "arena", time.Hour)
	require.NoError(t, err)
	staffOwn, err := s.staff.SignStaff(auth.Staff{Email: "owner@demo.test", Role: auth.Owner}, "waitroom", time.Hour)
	require.NoError(t, err)
	parts := strings.Split(signed(s.keys, func(p *auth.Pass) { p.Epoch-- }), ".")
	claims := strings.Replace(decode64(t, parts[1]), fmt.Sprint(released.Epoch-1), fmt.Sprint(released.Epoch), 1)

	return map[string]string{
		"none": "", "garbage": "x", "dots": "..", "long": strings.Repeat("a", 3000) + ".b.c",
		"released": released.Pass, "revoked on the other gateway": revoked.Pass, "other room": theatre.Pass,
		"expired":         signed(s.keys, func(p *auth.Pass) { p.ExpiresAt = now.Add(-time.Minute) }),
		"not yet valid":   signed(s.keys, func(p *auth.Pass) { p.AdmittedAt = now.Add(30 * time.Minute) }),
		"for edges":       edgePass,
		"never expires":   signed(s.keys, func(p *auth.Pass) { p.ExpiresAt = time.UnixMilli(0) }),
		"earlier epoch":   signed(s.keys, func(p *auth.Pass) { p.Epoch-- }),
		"later epoch":     signed(s.keys, func(p *auth.Pass) { p.Epoch++ }),
		"epoch zero":      signed(s.keys, func(p *auth.Pass) { p.Epoch = 0 }),
		"no room":         signed(s.keys, func(p *auth.Pass) { p.Room = "" }),
		"other keys":      signed(s.staff, same),
		"ticket":          theatre.Ticket,
		"receipt":         receipt,
		"staff token":     staff,
		"staff's own":     staffOwn,
		"alg none":        craft(`{"alg":"none","typ":"wr-pass+jwt"}`, claims, nil),
		"alg None":        craft(fmt.Sprintf(`{"alg":"None","typ":"wr-pass+jwt","kid":%q}`, kid(t, s.keys)), claims, nil),
		"confused key":    craft(fmt.Sprintf(`{"alg":"HS256","typ":"wr-pass+jwt","kid":%q}`, kid(t, s.keys)), claims, publicKey(t, s.keys)),
		"confused set":    craft(fmt.Sprintf(`{"alg":"HS256","typ":"wr-pass+jwt","kid":%q}`, kid(t, s.keys)), claims, s.keys.PublicJWKS()),
		"own key inside":  craft(`{"alg":"HS256","typ":"wr-pass+jwt","jwk":{"kty":"oct","k":"c2VjcmV0"}}`, claims, []byte("secret")),
		"key elsewhere":   craft(`{"alg":"HS256","typ":"wr-pass+jwt","jku":"http://elsewhere.test/"}`, claims, []byte("secret")),
		"changed claims":  parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + "." + parts[2],
		"changed sign":    strings.Join(parts[:2], ".") + "." + strings.Repeat("A", len(parts[2])),
		"no signature":    strings.Join(parts[:2], ".") + ".",
		"two parts":       strings.Join(parts[:2], "."),
		"four parts":      strings.Join(append(parts, "x"), "."),
		"JSON form":       fmt.Sprintf(`{"protected":%q,"payload":%q,"signature":%q}`, parts[0], parts[1], parts[2]),
		"injected header": "x%0d%0aWaitroom-Pass: y",
		"spaces":          " \t ",
	}
}

func craft(header, claims string, secret []byte) string {
	signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	if secret == nil {
		return signed + "."
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func decode64(t *testing.T, part string) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(part)
	require.NoError(t, err)
	return string(text)
}

type jwk struct{ Kid, X string }

func published(t *testing.T, k *auth.Keys) jwk {
	t.Helper()
	var set struct{ Keys []jwk }
	require.NoError(t, json.Unmarshal(k.PublicJWKS(), &set))
	return set.Keys[0]
}

func kid(t *testing.T, k *auth.Keys) string { return published(t, k).Kid }

func publicKey(t *testing.T, k *auth.Keys) []byte { return []byte(decode64(t, published(t, k).X)) }
