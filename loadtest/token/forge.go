package token

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Forgery is a token that no gate may accept.
type Forgery struct {
	Kind  string // what is wrong with it
	Token string
}

// Forge makes the hostile corpus from a genuine pass and the published keys: what an attacker who has bought one pass
// can make of it. The seed makes it repeatable.
func Forge(genuine string, keys Keys, seed [ed25519.SeedSize]byte) ([]Forgery, error) {
	parts := strings.Split(genuine, ".")
	head, payload, signature, err := split(genuine)
	if err != nil {
		return nil, fmt.Errorf("forge from a genuine pass: %w", err)
	}
	own := ed25519.NewKeyFromSeed(seed[:])
	claims := map[string]any{}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return nil, fmt.Errorf("forge from a genuine pass: %w", err)
	}
	changed := maps.Clone(claims)
	changed["num"], changed["exp_ms"], changed["exp"] = 1, int64(4102444800000), int64(4102444800)
	later := encode(changed)
	foreign := maps.Clone(claims)
	foreign["aud"] = "another-room"

	sign := func(h header, body string) string {
		text := encode(map[string]string{"alg": h.Algorithm, "kid": h.KeyID, "typ": h.Type}) + "." + body
		return text + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(own, []byte(text)))
	}
	none := header{Algorithm: "none", KeyID: head.KeyID, Type: head.Type}
	flipped := slices.Clone(signature)
	flipped[0] ^= 1

	return []Forgery{
		{"own key under the published kid", sign(head, later)},
		{"own key under an unknown kid", sign(header{Algorithm: head.Algorithm, KeyID: "mine", Type: head.Type}, later)},
		{"alg none, no signature", encode(map[string]string{"alg": "none", "kid": none.KeyID, "typ": none.Type}) + "." + later + "."},
		{"alg none, genuine signature", encode(map[string]string{"alg": "none", "kid": none.KeyID, "typ": none.Type}) + "." + parts[1] + "." + parts[2]},
		{"HS256 keyed with the public key", confuse(head, later, keys[head.KeyID])},
		{"claims changed, signature kept", parts[0] + "." + later + "." + parts[2]},
		{"one bit of the signature flipped", parts[0] + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(flipped)},
		{"signature cut off", parts[0] + "." + parts[1] + "."},
		{"another room, own key", sign(head, encode(foreign))},
		{"a receipt in place of a pass", sign(header{Algorithm: head.Algorithm, KeyID: head.KeyID, Type: ReceiptType}, parts[1])},
		{"not a token", "let-me-in"},
		{"three empty parts", ".."},
		{"too long", genuine + strings.Repeat("A", 4000)},
	}, nil
}

// confuse is the key confusion of RFC 8725 §2.1: the public key used as a shared secret.
func confuse(head header, body string, public ed25519.PublicKey) string {
	text := encode(map[string]string{"alg": "HS256", "kid": head.KeyID, "typ": head.Type}) + "." + body
	mac := hmac.New(sha256.New, public)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func encode(v any) string {
	body, err := json.Marshal(v)
	if err != nil {
		panic("loadtest: claims that are JSON cannot fail to encode: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(body)
}
