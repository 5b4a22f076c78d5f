package auth

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
)

// fixedKeys are public keys that never change, for verifying offline.
type fixedKeys map[string]PublicKey

// ParseJWKS reads a published JWK set (RFC 7517) as a fixed source of keys. Every key in it must be a public Ed25519 key for signatures
// with a kid of its own; a set with a private or symmetric key is refused, so that nobody passes such a file around unnoticed.
func ParseJWKS(body []byte) (KeySource, error) {
	if len(body) > remoteMaxBytes {
		return nil, fmt.Errorf("a JWK set of more than %d bytes is not one of ours", remoteMaxBytes)
	}
	set, err := jwk.Parse(body)
	if err != nil {
		return nil, fmt.Errorf("not a JWK set: %w", err)
	}
	if set.Len() == 0 {
		return nil, errors.New("the JWK set is empty")
	}
	keys := make(fixedKeys, set.Len())
	for i := range set.Len() {
		key, _ := set.Key(i)
		id := key.KeyID()
		if private, err := jwk.IsPrivateKey(key); err != nil || private { // fails for a symmetric key
			return nil, fmt.Errorf("key %d (kid %q) is a secret one; a published set holds public keys only", i+1, id)
		}
		public := ed25519.PublicKey{}
		switch err := key.Raw(&public); {
		case id == "":
			return nil, fmt.Errorf("key %d has no kid", i+1)
		case keys[id].Key != nil:
			return nil, fmt.Errorf("two keys have the kid %q", id)
		case err != nil || len(public) != ed25519.PublicKeySize:
			return nil, fmt.Errorf("key %d (kid %q) is not an Ed25519 key", i+1, id)
		case key.KeyUsage() != "" && key.KeyUsage() != jwk.ForSignature.String():
			return nil, fmt.Errorf("key %d (kid %q) is not for signatures but for %q", i+1, id, key.KeyUsage())
		case key.Algorithm().String() != "" && key.Algorithm().String() != jwa.EdDSA.String():
			return nil, fmt.Errorf("key %d (kid %q) is for the algorithm %q, not EdDSA", i+1, id, key.Algorithm())
		}
		p, err := periodOf(key)
		if err != nil {
			return nil, err
		}
		keys[id] = PublicKey{Key: public, Until: untilTime(p)}
	}
	return keys, nil
}

// PublicKey implements KeySource.
func (k fixedKeys) PublicKey(_ context.Context, kid string) (PublicKey, error) {
	if key, ok := k[kid]; ok {
		return key, nil
	}
	return PublicKey{}, errKeyUnknown
}

// Dropped implements KeySource.
func (fixedKeys) Dropped() uint64 { return 0 }
