package auth

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/stretchr/testify/require"
)

func newEdgeKey(t testing.TB) (*EdgeKey, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "edge.json")
	created, err := InitEdgeKey(path)
	require.NoError(t, err)
	require.True(t, created)
	e, err := LoadEdgeKey(path)
	require.NoError(t, err)
	return e, path
}

func TestAPassForEdges(t *testing.T) {
	e, path := newEdgeKey(t)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	token, err := e.Sign(pass())
	require.NoError(t, err)
	got, err := e.Verify([]byte(token), "arena", now)
	require.NoError(t, err)
	require.EqualValues(t, 41, got.Number)
	for why, err := range map[error]error{
		ErrPassOtherRoom: second(e.Verify([]byte(token), "theatre", now)),
		ErrPassExpired:   second(e.Verify([]byte(token), "arena", now.Add(time.Hour))),
		ErrPassNotYet:    second(e.Verify([]byte(token), "arena", now.Add(-2*time.Minute))),
		ErrPassMissing:   second(e.Verify(nil, "arena", now)),
		ErrPassInvalid:   second(e.Verify([]byte(token+"A"), "arena", now)),
	} {
		require.ErrorIs(t, err, why)
	}
}

func second[T any](_ T, err error) error { return err }

// TestEdgesAndGatesTakeNoneOfEachOthersPasses is about every way to take one kind of token, or of key, for another.
func TestEdgesAndGatesTakeNoneOfEachOthersPasses(t *testing.T) {
	keys := newKeys(t)
	e, path := newEdgeKey(t)
	edgePass, err := e.Sign(pass())
	require.NoError(t, err)
	ownPass, err := keys.SignPass(pass())
	require.NoError(t, err)
	ticket, err := keys.SignTicket(Ticket{Room: "arena", Epoch: 3, Number: 41, JoinedAt: now})
	require.NoError(t, err)
	body, err := os.ReadFile(path)
	require.NoError(t, err)
	key, err := jwk.ParseKey(body)
	require.NoError(t, err)
	var secret []byte
	require.NoError(t, key.Raw(&secret))
	edgeMAC := func(input []byte) []byte { return e.signer.Load().mac(input) }
	public := keys.set.Load().public[keys.signer().id].Key
	head := func(alg, kid, typ string) map[string]any { return map[string]any{"alg": alg, "kid": kid, "typ": typ} }
	claims := pass().claims()

	v := NewPassVerifier(keys)
	for name, token := range map[string]string{
		"as it is":                     edgePass,
		"the edge's key, a pass's typ": forge(head("HS256", key.KeyID(), passType), claims, edgeMAC),
		"and our kid":                  forge(head("HS256", keys.signer().id, passType), claims, edgeMAC),
		"and our alg":                  forge(head("EdDSA", keys.signer().id, passType), claims, edgeMAC),
		"the edge's kid and our alg":   forge(head("EdDSA", key.KeyID(), passType), claims, edgeMAC),
		"a ticket":                     ticket,
	} {
		_, err := v.Verify([]byte(token), "arena", now)
		require.ErrorIs(t, err, ErrPassInvalid, name)
		_, err = keys.VerifyTicket([]byte(token), "arena")
		require.Equal(t, name == "a ticket", err == nil, name)
	}
	_, err = v.Verify([]byte(ownPass), "arena", now)
	require.NoError(t, err, "the control")

	for name, token := range map[string]string{
		"a pass":                  ownPass,
		"a ticket":                ticket,
		"a pass's typ":            forge(head("HS256", key.KeyID(), passType), claims, edgeMAC),
		"none":                    forge(head("none", key.KeyID(), edgeType), claims, func([]byte) []byte { return nil }),
		"another kid":             forge(head("HS256", "other", edgeType), claims, edgeMAC),
		"the public key as a MAC": forge(head("HS256", key.KeyID(), edgeType), claims, func(in []byte) []byte { return mac(public, in) }),
		"an empty key":            forge(head("HS256", key.KeyID(), edgeType), claims, func(in []byte) []byte { return mac(nil, in) }),
		"the ticket key":          forge(head("HS256", key.KeyID(), edgeType), claims, current(keys.set.Load().tickets).mac),
		"a critical header":       forge(map[string]any{"alg": "HS256", "kid": key.KeyID(), "typ": edgeType, "crit": []string{"b64"}, "b64": false}, claims, edgeMAC),
		"no room":                 forge(head("HS256", key.KeyID(), edgeType), map[string]any{"iss": issuer, "exp_ms": now.Add(time.Hour).UnixMilli()}, edgeMAC),
	} {
		_, err := e.Verify([]byte(token), "arena", now)
		require.ErrorIs(t, err, ErrPassInvalid, name)
	}
	good := forge(head("HS256", key.KeyID(), edgeType), claims, func(in []byte) []byte { return mac(secret, in) })
	_, err = e.Verify([]byte(good), "arena", now)
	require.NoError(t, err, "the control: so the table tests what it says")
}

func TestEdgeKeysThatAreRefused(t *testing.T) {
	_, path := newEdgeKey(t)
	body, err := os.ReadFile(path)
	require.NoError(t, err)
	for why, change := range map[string]func(key map[string]any){
		"kid":            func(key map[string]any) { delete(key, "kid") },
		"shorter":        func(key map[string]any) { key["k"] = "AAAA" },
		"HS512":          func(key map[string]any) { key["alg"] = "HS512" },
		"not a JWK":      func(key map[string]any) { delete(key, "kty") },
		"symmetric":      func(key map[string]any) { key["kty"], key["crv"], key["x"] = "OKP", "Ed25519", strings.Repeat("A", 43) },
		"edge key /tmp/": func(key map[string]any) { delete(key, "k") },
	} {
		var key map[string]any
		require.NoError(t, json.Unmarshal(body, &key))
		change(key)
		bad, err := json.Marshal(key)
		require.NoError(t, err)
		file := filepath.Join(t.TempDir(), "edge.json")
		require.NoError(t, os.WriteFile(file, bad, 0o600))
		_, err = LoadEdgeKey(file)
		require.ErrorContains(t, err, strings.ReplaceAll(why, "/tmp/", file), why)
	}
}
