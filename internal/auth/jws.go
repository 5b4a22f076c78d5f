package auth

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// maxToken bounds a token, in bytes: ours are under 500, and nothing longer is worth parsing.
const maxToken = 2 << 10

// sign makes a compact EdDSA JWS of claims.
func (k *Keys) sign(typ string, claims any) (string, error) {
	return compact(typ, claims, jwa.EdDSA, k.signer().key)
}

// compact makes a compact JWS. The type goes in the header, so that one kind of token is never
// taken for another (RFC 8725 §3.11); the kid comes from the key.
func compact(typ string, claims any, alg jwa.SignatureAlgorithm, key jwk.Key) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", typ, err)
	}
	headers := jws.NewHeaders()
	if err := headers.Set(jws.TypeKey, typ); err != nil {
		return "", fmt.Errorf("sign %s: %w", typ, err)
	}
	token, err := jws.Sign(payload, jws.WithKey(alg, key, jws.WithProtectedHeaders(headers)))
	if err != nil {
		return "", fmt.Errorf("sign %s: %w", typ, err)
	}
	return string(token), nil
}

// signer makes tokens of one type with one key: exactly what compact makes, without the time and the 90 allocations that jwx
// takes beside the signature itself (BenchmarkPassSignByLibrary). Immutable, so safe for concurrent use.
type signer struct {
	typ  string
	head []byte // the encoded header of every token, with the dot after it
	sign func(input []byte) []byte
}

// newSigner learns the header from a token that jwx signs, so that the two can never differ.
func newSigner(typ string, alg jwa.SignatureAlgorithm, key jwk.Key, sign func(input []byte) []byte) (*signer, error) {
	sample, err := compact(typ, struct{}{}, alg, key)
	if err != nil {
		return nil, err
	}
	return &signer{typ: typ, head: []byte(sample[:strings.IndexByte(sample, '.')+1]), sign: sign}, nil
}

func (s *signer) compact(claims any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", s.typ, err)
	}
	token := make([]byte, 0, len(s.head)+base64.RawURLEncoding.EncodedLen(len(payload))+1+base64.RawURLEncoding.EncodedLen(ed25519.SignatureSize))
	token = base64.RawURLEncoding.AppendEncode(append(token, s.head...), payload)
	signature := s.sign(token)
	return string(base64.RawURLEncoding.AppendEncode(append(token, '.'), signature)), nil
}

// verify checks type, key and signature of a compact EdDSA JWS and decodes its claims. What says something about now counts until the
// time returned at most: the end of its key, zero where none is set.
func verify(ctx context.Context, keys KeySource, typ string, token []byte, claims any) (until time.Time, err error) {
	payload, until, err := verifyPayload(ctx, keys, typ, token)
	if err != nil {
		return until, err
	}
	return until, json.Unmarshal(payload, claims)
}

// strictBase64 is the encoding of a compact JWS (RFC 7515 §2), without the freedom in the last character of a part.
var strictBase64 = base64.RawURLEncoding.Strict()

// verifyExact is verify for tokens whose very text counts: it accepts only what sign makes of such claims, which must be
// a pointer to a zero value. Other texts that mean the same are refused: slack in the base64, unknown, repeated or reordered members.
func verifyExact(ctx context.Context, keys KeySource, typ string, token []byte, claims any) error {
	for part := range bytes.SplitSeq(token, []byte(".")) {
		raw, err := strictBase64.AppendDecode(nil, part)
		if err != nil || strictBase64.EncodedLen(len(raw)) != len(part) { // the decoder skips line ends
			return errors.New("is not in strict base64")
		}
	}
	payload, _, err := verifyPayload(ctx, keys, typ, token)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(payload, claims); err != nil {
		return fmt.Errorf("claims: %w", err)
	}
	if again, err := json.Marshal(claims); err != nil || !bytes.Equal(again, payload) {
		return errors.New("claims: there is an unknown, repeated or misplaced member, or another writing than ours")
	}
	return nil
}

// verifyPayload checks type, key and signature of a compact EdDSA JWS and returns what was signed, and the end of its key.
func verifyPayload(ctx context.Context, keys KeySource, typ string, token []byte) (payload []byte, until time.Time, err error) {
	headers, err := protectedHeaders(typ, token)
	if err != nil {
		return nil, until, err
	}
	if headers.Algorithm() != jwa.EdDSA {
		return nil, until, fmt.Errorf("algorithm is %q", headers.Algorithm())
	}
	key, err := keys.PublicKey(ctx, headers.KeyID())
	if err != nil {
		return nil, until, err
	}
	payload, err = jws.Verify(token, jws.WithKey(jwa.EdDSA, key.Key))
	if err != nil {
		return nil, until, fmt.Errorf("signature: %w", err)
	}
	return payload, key.Until, nil
}

func protectedHeaders(typ string, token []byte) (jws.Headers, error) {
	if len(token) > maxToken {
		return nil, fmt.Errorf("is longer than %d bytes", maxToken)
	}
	message, err := jws.Parse(token, jws.WithCompact())
	if err != nil {
		return nil, fmt.Errorf("not a compact JWS: %w", err)
	}
	headers := message.Signatures()[0].ProtectedHeaders()
	if headers.Type() != typ {
		return nil, fmt.Errorf("type is %q, not %q", headers.Type(), typ)
	}
	return headers, nil
}
