package auth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/stretchr/testify/require"
)

// set is a JWK set of the keys, as text; members are set in each.
func set(t *testing.T, members map[string]any, raws ...any) string {
	t.Helper()
	s := jwk.NewSet()
	for _, raw := range raws {
		key, err := jwk.FromRaw(raw)
		require.NoError(t, err)
		for name, value := range members {
			require.NoError(t, key.Set(name, value))
		}
		require.NoError(t, s.AddKey(key))
	}
	text, err := json.Marshal(s)
	require.NoError(t, err)
	return string(text)
}

func TestParseJWKS(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	named := map[string]any{"kid": "a"}

	keys, err := ParseJWKS([]byte(set(t, map[string]any{"kid": "a", "use": "sig", "alg": "EdDSA"}, public)))
	require.NoError(t, err)
	got, err := keys.PublicKey(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, public, got.Key)
	_, err = keys.PublicKey(t.Context(), "b")
	require.ErrorIs(t, err, errKeyUnknown)

	twice, _, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	for text, why := range map[string]string{
		"": "not a JWK set", "{": "not a JWK set", "[]": "not a JWK set", `{"keys":[]}`: "empty",
		`{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AAAA"}]}`: "", // too short; who says so does not matter
		set(t, nil, public):                                        "no kid",
		set(t, named, private):                                     "secret",
		set(t, named, []byte("a symmetric key")):                   "secret",
		set(t, named, curve.Public()):                              "not an Ed25519 key",
		set(t, named, curve):                                       "secret",
		set(t, named, public, twice):                               "two keys",
		set(t, map[string]any{"kid": "a", "use": "enc"}, public):   "not for signatures",
		set(t, map[string]any{"kid": "a", "alg": "HS256"}, public): "algorithm",
		strings.Repeat(" ", remoteMaxBytes+1):                      "more than",
	} {
		_, err := ParseJWKS([]byte(text))
		require.ErrorContains(t, err, why, text[:min(len(text), 300)])
	}
	both := newKeys(t)
	file, err := json.Marshal([]any{both.signer().key, macKey(both)})
	require.NoError(t, err)
	_, err = ParseJWKS([]byte(`{"keys":` + string(file) + `}`))
	require.ErrorContains(t, err, "secret", "the service's own key file")
}
