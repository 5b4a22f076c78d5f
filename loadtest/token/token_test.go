package token_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/token"
)

// issuer makes tokens by hand, so that this test depends on nothing that the services use.
type issuer struct {
	private ed25519.PrivateKey
	keys    token.Keys
}

func newIssuer(t *testing.T) issuer {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	keys, err := token.ParseKeys(fmt.Appendf(nil, `{"keys":[{"kty":"EC","kid":"other"},{"kty":"OKP","crv":"Ed25519","kid":"k1","x":%q}]}`,
		base64.RawURLEncoding.EncodeToString(public)))
	require.NoError(t, err)
	return issuer{private, keys}
}

func (i issuer) token(t *testing.T, typ string, claims map[string]any) string {
	t.Helper()
	part := func(v any) string {
		body, err := json.Marshal(v)
		require.NoError(t, err)
		return base64.RawURLEncoding.EncodeToString(body)
	}
	text := part(map[string]string{"alg": "EdDSA", "kid": "k1", "typ": typ}) + "." + part(claims)
	return text + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(i.private, []byte(text)))
}

func TestVerifyAcceptsAGenuinePass(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	pass := i.token(t, token.PassType, map[string]any{"aud": "arena", "epoch": 1, "num": 42, "adm": 1700000000123, "exp_ms": 1700000060123})
	claims, err := i.keys.Verify(pass, token.PassType)
	require.NoError(t, err)
	require.Equal(t, token.Claims{Audience: "arena", Epoch: 1, Number: 42, AdmittedMS: 1700000000123, ExpiresMS: 1700000060123}, claims)

	_, err = i.keys.Verify(pass, token.ReceiptType)
	require.ErrorContains(t, err, token.PassType, "one kind of token is not another")
}

func TestVerifyRefusesEveryForgery(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	pass := i.token(t, token.PassType, map[string]any{"aud": "arena", "num": 42})
	forgeries, err := token.Forge(pass, i.keys, [32]byte{1})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(forgeries), 12)
	for _, f := range forgeries {
		_, err := i.keys.Verify(f.Token, token.PassType)
		require.Error(t, err, f.Kind)
		require.NotEqual(t, pass, f.Token, f.Kind)
	}
}

func TestForgeWantsAGenuinePass(t *testing.T) {
	t.Parallel()
	_, err := token.Forge("nonsense", token.Keys{}, [32]byte{})
	require.ErrorContains(t, err, "three parts")
}

func TestParseKeysRefuses(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no set":    `[]`,
		"no key":    `{"keys":[]}`,
		"short key": `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AAAA"}]}`,
		"secret":    `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AAAA","d":"BBBB"}]}`,
		"symmetric": `{"keys":[{"kty":"oct","kid":"a","k":"BBBB"}]}`,
	} {
		_, err := token.ParseKeys([]byte(body))
		require.Error(t, err, name)
	}
}

func TestDecodeNamesTheBrokenPart(t *testing.T) {
	t.Parallel()
	_, err := token.Decode("e30.###.e30")
	require.ErrorContains(t, err, "part 2")
}
