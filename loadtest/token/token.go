// Package token reads passes and receipts with the standard library alone. The load test must not share a bug
// with the services, so it does not use their code for tokens.
package token

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Claims are those that passes and receipts make, as far as a visitor cares. Times are Unix milliseconds.
type Claims struct {
	Audience   string `json:"aud"`  // room of a pass
	Room       string `json:"room"` // room of a receipt
	Epoch      int64  `json:"epoch"`
	Number     int64  `json:"num"`
	AdmittedMS int64  `json:"adm"`
	ExpiresMS  int64  `json:"exp_ms"`
}

type header struct {
	Algorithm string `json:"alg"`
	KeyID     string `json:"kid"`
	Type      string `json:"typ"`
}

// Types of token, as their headers name them.
const (
	PassType    = "wr-pass+jwt"
	ReceiptType = "wr-receipt+jws"
)

// Keys are published Ed25519 keys by kid.
type Keys map[string]ed25519.PublicKey

// ParseKeys reads a JWK set (RFC 7517, RFC 8037). It fails when that holds no Ed25519 key, or a private one.
func ParseKeys(body []byte) (Keys, error) {
	var set struct {
		Keys []struct {
			Type    string `json:"kty"`
			Curve   string `json:"crv"`
			ID      string `json:"kid"`
			X       string `json:"x"`
			Private string `json:"d"`
			Secret  string `json:"k"`
		} `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, fmt.Errorf("not a JWK set: %w", err)
	}
	keys := Keys{}
	for _, k := range set.Keys {
		if k.Private != "" || k.Secret != "" {
			return nil, fmt.Errorf("the set publishes a secret: key %q", k.ID)
		}
		if k.Type != "OKP" || k.Curve != "Ed25519" {
			continue
		}
		x, err := base64.RawURLEncoding.DecodeString(k.X)
		if err != nil || len(x) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("key %q is not an Ed25519 key", k.ID)
		}
		keys[k.ID] = x
	}
	if len(keys) == 0 {
		return nil, errors.New("the set holds no Ed25519 key")
	}
	return keys, nil
}

// Decode reads the claims of a compact token without verifying it.
func Decode(compact string) (Claims, error) {
	_, payload, _, err := split(compact)
	if err != nil {
		return Claims{}, err
	}
	var c Claims
	if err := json.Unmarshal(payload, &c); err != nil {
		return Claims{}, fmt.Errorf("claims: %w", err)
	}
	return c, nil
}

// Verify checks type, algorithm, key and signature of a compact token and returns its claims. It does not look at times.
func (k Keys) Verify(compact, typ string) (Claims, error) {
	head, _, signature, err := split(compact)
	if err != nil {
		return Claims{}, err
	}
	if head.Algorithm != "EdDSA" || head.Type != typ {
		return Claims{}, fmt.Errorf("is %q signed by %q, not %q signed by EdDSA", head.Type, head.Algorithm, typ)
	}
	key, ok := k[head.KeyID]
	if !ok {
		return Claims{}, fmt.Errorf("key %q is not published", head.KeyID)
	}
	if !ed25519.Verify(key, []byte(compact[:strings.LastIndexByte(compact, '.')]), signature) {
		return Claims{}, errors.New("the signature is not by the published key")
	}
	return Decode(compact)
}

func split(compact string) (head header, payload, signature []byte, err error) {
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		return head, nil, nil, fmt.Errorf("a compact token has three parts, not %d", len(parts))
	}
	decoded := make([][]byte, 3)
	for i, part := range parts {
		if decoded[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return head, nil, nil, fmt.Errorf("part %d: %w", i+1, err)
		}
	}
	if err := json.Unmarshal(decoded[0], &head); err != nil {
		return head, nil, nil, fmt.Errorf("header: %w", err)
	}
	return head, decoded[1], decoded[2], nil
}
