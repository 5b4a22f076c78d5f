// Package edge holds what runs in front of the gateway, at somebody else's edge. Its Node tests run as a part of `go test`, against tokens
// that the real signing code made just before.
package edge

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
)

// TestEdgeFunctions runs the tests of the CloudFront Function and of the Worker.
func TestEdgeFunctions(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	require.NoError(t, err, "the edge functions are tested in Node")
	file := filepath.Join(t.TempDir(), "tokens.json")
	body, err := json.MarshalIndent(tokens(t), "", "  ")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, body, 0o600))
	cmd := exec.CommandContext(t.Context(), node, "--test", "--test-reporter=tap", "cloudfront/waitroom.test.mjs", "worker/worker.test.mjs")
	cmd.Env = append(os.Environ(), "EDGE_TOKENS="+file)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "# fail 0")
	require.NotContains(t, string(out), "# pass 0\n", "%s", out)
}

// document is what the Node tests read.
type document struct {
	Key   json.RawMessage              `json:"key"`   // the edge's JWK
	Good  map[string]string            `json:"good"`  // passes for edges of the room arena, epoch 3
	Bad   map[string]map[string]string `json:"bad"`   // by why they are refused, by what they are
	Later string                       `json:"later"` // of epoch 4
}

func tokens(t *testing.T) document {
	t.Helper()
	dir := t.TempDir()
	edge, key := edgeKey(t, filepath.Join(dir, "edge.json"))
	stranger, _ := edgeKey(t, filepath.Join(dir, "stranger.json"))
	keys := authtest.Keys(t)
	var jwk struct{ Kid, K string }
	require.NoError(t, json.Unmarshal(key, &jwk))
	secret, err := base64.RawURLEncoding.DecodeString(jwk.K)
	require.NoError(t, err)

	now := time.Now()
	pass := auth.Pass{Room: "arena", Epoch: 3, Number: 9, AdmittedAt: now, ExpiresAt: now.Add(time.Hour), EndsAt: now.Add(2 * time.Hour)}
	sign := func(k *auth.EdgeKey, change func(*auth.Pass)) string {
		p := pass
		change(&p)
		token, err := k.Sign(p)
		require.NoError(t, err)
		return token
	}
	must := func(token string, err error) string {
		require.NoError(t, err)
		return token
	}
	good := sign(edge, func(*auth.Pass) {})
	head, payload, signature := split(good)
	claims, err := base64.RawURLEncoding.DecodeString(payload)
	require.NoError(t, err)
	mac := func(secret []byte) func(string) string {
		return func(input string) string {
			m := hmac.New(sha256.New, secret)
			m.Write([]byte(input))
			return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
		}
	}
	forge := func(header, claims string, sign func(string) string) string {
		input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
		return input + "." + sign(input)
	}
	header := func(alg, typ, kid string) string {
		return `{"alg":"` + alg + `","kid":"` + kid + `","typ":"` + typ + `"}`
	}
	own := mac(secret)
	return document{
		Key:   key,
		Later: sign(edge, func(p *auth.Pass) { p.Epoch = 4 }),
		Good: map[string]string{
			"as it is":         good,
			"the control":      forge(header("HS256", "wr-edge+jwt", jwk.Kid), string(claims), own), // so the forgeries below are refused for what they say
			"a moment too new": sign(edge, func(p *auth.Pass) { p.AdmittedAt = now.Add(30 * time.Second) }),
		},
		Bad: map[string]map[string]string{
			"expired":    {"run out": sign(edge, func(p *auth.Pass) { p.ExpiresAt = now.Add(-time.Second) })},
			"not-yet":    {"of the future": sign(edge, func(p *auth.Pass) { p.AdmittedAt = now.Add(10 * time.Minute) })},
			"other-room": {"another room": sign(edge, func(p *auth.Pass) { p.Room = "theatre" })},
			"superseded": {"an earlier epoch": sign(edge, func(p *auth.Pass) { p.Epoch = 2 })},
			"invalid": {
				"rubbish": "x", "dots": "..", "three words": "a.b.c", "long": strings.Repeat("a", 3000) + ".b.c",
				"a pass":                   must(keys.SignPass(pass)),
				"a ticket":                 must(keys.SignTicket(auth.Ticket{Room: "arena", Epoch: 3, Number: 9, JoinedAt: now})),
				"a receipt":                must(keys.SignReceipt(auth.Ticket{Room: "arena", Epoch: 3, Number: 9, JoinedAt: now})),
				"a stranger's":             sign(stranger, func(*auth.Pass) {}),
				"a stranger's with our id": forge(header("HS256", "wr-edge+jwt", jwk.Kid), string(claims), mac([]byte(strings.Repeat("x", 32)))),
				"no key":                   forge(header("HS256", "wr-edge+jwt", jwk.Kid), string(claims), mac(nil)),
				"none":                     forge(header("none", "wr-edge+jwt", jwk.Kid), string(claims), func(string) string { return "" }),
				"none with a signature":    forge(header("none", "wr-edge+jwt", jwk.Kid), string(claims), own),
				"EdDSA":                    forge(header("EdDSA", "wr-edge+jwt", jwk.Kid), string(claims), own),
				"hs256":                    forge(header("hs256", "wr-edge+jwt", jwk.Kid), string(claims), own),
				"another type":             forge(header("HS256", "wr-pass+jwt", jwk.Kid), string(claims), own),
				"no type":                  forge(`{"alg":"HS256","kid":"`+jwk.Kid+`"}`, string(claims), own),
				"another id":               forge(header("HS256", "wr-edge+jwt", "other"), string(claims), own),
				"an id of every object":    forge(header("HS256", "wr-edge+jwt", "__proto__"), string(claims), own),
				"no id":                    forge(`{"alg":"HS256","typ":"wr-edge+jwt"}`, string(claims), own),
				"a critical header":        forge(`{"alg":"HS256","typ":"wr-edge+jwt","kid":"`+jwk.Kid+`","crit":["b64"],"b64":false}`, string(claims), own),
				"its own key":              forge(`{"alg":"HS256","typ":"wr-edge+jwt","jwk":{"kty":"oct","k":"eHh4"}}`, string(claims), mac([]byte("xxx"))),
				"changed claims":           head + "." + base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(claims), `"num":9`, `"num":8`, 1))) + "." + signature,
				"no signature":             head + "." + payload + ".",
				"a signature cut":          head + "." + payload + "." + signature[:len(signature)-1],
				"a signature too long":     head + "." + payload + "." + signature + "A",
				"a signature loosely":      head + "." + payload + "." + loose(signature),
				"two parts":                head + "." + payload,
				"four parts":               good + ".x",
				"another issuer":           forge(header("HS256", "wr-edge+jwt", jwk.Kid), strings.Replace(string(claims), "anteroom", "elsewhere", 1), own),
				"no end":                   forge(header("HS256", "wr-edge+jwt", jwk.Kid), `{"iss":"anteroom","aud":"arena","epoch":3,"nbf":1}`, own),
				"an end in words":          forge(header("HS256", "wr-edge+jwt", jwk.Kid), `{"iss":"anteroom","aud":"arena","epoch":3,"nbf":1,"exp_ms":"never"}`, own),
				"no claims":                forge(header("HS256", "wr-edge+jwt", jwk.Kid), `null`, own),
				"claims of no JSON":        forge(header("HS256", "wr-edge+jwt", jwk.Kid), `{`, own),
				"a header of no JSON":      forge(`{`, string(claims), own),
			},
		},
	}
}

func edgeKey(t *testing.T, file string) (*auth.EdgeKey, json.RawMessage) {
	t.Helper()
	_, err := auth.InitEdgeKey(file)
	require.NoError(t, err)
	key, err := auth.LoadEdgeKey(file)
	require.NoError(t, err)
	body, err := os.ReadFile(file)
	require.NoError(t, err)
	return key, body
}

func split(token string) (head, payload, signature string) {
	parts := strings.Split(token, ".")
	return parts[0], parts[1], parts[2]
}

// loose writes the same MAC with another last character, of whose six bits two do not count.
func loose(signature string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, signature[len(signature)-1])
	return signature[:len(signature)-1] + string(alphabet[last^1])
}
