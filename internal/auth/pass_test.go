package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func mac(secret, input []byte) []byte {
	m := hmac.New(sha256.New, secret)
	m.Write(input)
	return m.Sum(nil)
}

func TestAPassIsGoodForItsTimeOnly(t *testing.T) {
	keys := newKeys(t)
	p := pass()
	p.EndsAt = p.ExpiresAt.Add(time.Hour)
	token, err := keys.SignPass(p)
	require.NoError(t, err)
	v := NewPassVerifier(keys)
	got, err := v.Verify([]byte(token), "arena", now)
	require.NoError(t, err)
	require.True(t, got.EndsAt.Equal(p.EndsAt), "the hard end of the session goes with it")
	_, err = v.Verify([]byte(token), "arena", p.ExpiresAt)
	require.ErrorIs(t, err, ErrPassExpired)
	_, err = v.Verify([]byte(token), "arena", now.Add(-notBeforeLeeway-time.Millisecond))
	require.ErrorIs(t, err, ErrPassNotYet, "before the admission")
	_, err = v.Verify([]byte(token), "arena", now.Add(-notBeforeLeeway))
	require.NoError(t, err, "clocks may differ a little")
}

func TestPassesOfBeforeTheRenewalsStillCount(t *testing.T) {
	keys := newKeys(t)
	old, err := keys.sign(passType, map[string]any{
		"iss": "anteroom", "aud": "arena", "epoch": 3, "num": 41, "adm": now.UnixMilli(), "exp_ms": now.Add(time.Hour).UnixMilli(), "exp": now.Add(time.Hour).Unix(),
	})
	require.NoError(t, err)
	got, err := NewPassVerifier(keys).Verify([]byte(old), "arena", now)
	require.NoError(t, err)
	require.True(t, got.EndsAt.Equal(got.ExpiresAt), "and are not renewed")
}

// FuzzVerifyPass bends a pass's text and its claims: nothing but what SignPass made is taken, and no text makes an untyped error.
func FuzzVerifyPass(f *testing.F) {
	keys := newKeys(f)
	p := pass()
	token, err := keys.SignPass(p)
	require.NoError(f, err)
	f.Add([]byte(token), []byte(`{"iss":"anteroom","aud":"arena","epoch":3,"num":41,"adm":5,"exp_ms":1e18,"exp":1,"nbf":0,"end_ms":9}`))
	f.Add([]byte("e30.e30."), []byte(`{"iss":"anteroom","aud":"arena","exp_ms":9223372036854775807,"nbf":-9223372036854775808}`))
	f.Add([]byte(token[:len(token)-1]), []byte(`{"aud":["arena"]}`))
	edge, _ := newEdgeKey(f)
	f.Fuzz(func(t *testing.T, b, claims []byte) {
		v := NewPassVerifier(keys)
		got, err := v.Verify(b, "arena", now)
		switch {
		case err == nil:
			// The last character of the signature has bits that do not count.
			if want, _ := v.Verify([]byte(token), "arena", now); want != got {
				t.Fatalf("a forged pass passed: %q", b)
			}
		case !typedPassError(err):
			t.Fatalf("%q: an error of another type: %v", b, err)
		}
		input := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","kid":"x","typ":"wr-pass+jwt"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
		if _, err := v.Verify([]byte(input+"."+base64.RawURLEncoding.EncodeToString(mac(keys.PublicJWKS(), []byte(input)))), "arena", now); err == nil {
			t.Fatalf("another algorithm passed with %q", claims)
		}
		// Whatever claims our own key signs, the pass that is read of them is within its times and of its room.
		key := keys.signer()
		input = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","kid":"`+key.id+`","typ":"wr-pass+jwt"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
		for _, read := range []func() (Pass, error){
			func() (Pass, error) {
				return v.Verify([]byte(input+"."+base64.RawURLEncoding.EncodeToString(key.passes.sign([]byte(input)))), "arena", now)
			},
			func() (Pass, error) {
				head := string(edge.signer.Load().head) + base64.RawURLEncoding.EncodeToString(claims)
				return edge.Verify([]byte(head+"."+base64.RawURLEncoding.EncodeToString(edge.signer.Load().mac([]byte(head)))), "arena", now)
			},
		} {
			got, err := read()
			if err != nil && !typedPassError(err) {
				t.Fatalf("%q: an error of another type: %v", claims, err)
			}
			if err == nil && (got.Room != "arena" || !now.Before(got.ExpiresAt) || got.EndsAt.Before(got.ExpiresAt)) {
				t.Fatalf("%q was read as %+v", claims, got)
			}
		}
	})
}

func typedPassError(err error) bool {
	for _, typed := range []error{ErrPassMissing, ErrPassInvalid, ErrPassExpired, ErrPassNotYet, ErrPassOtherRoom} {
		if errors.Is(err, typed) {
			return true
		}
	}
	return false
}
