package auth

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwk"
)

// Derive makes secret keys for another purpose out of the symmetric keys (HKDF, RFC 5869): the first is that of the key that signs now, the
// others of those whose signatures still count. All who have the same key file get the same, and none of them tells anything about
// another purpose's. They are not to be changed.
func (k *Keys) Derive(purpose string) [][]byte {
	set := k.set.Load()
	first := current(set.tickets)
	keys := [][]byte{first.derive(purpose)}
	now := time.Now()
	for _, other := range set.tickets {
		if other != first && !other.over(now) {
			keys = append(keys, other.derive(purpose))
		}
	}
	return keys
}

func (t *ticketKey) derive(purpose string) []byte {
	if key, known := t.derived.Load(purpose); known {
		return key.([]byte)
	}
	key, err := derived(t.key, purpose)
	if err != nil {
		panic(err) // it was done once already, when the key was read
	}
	t.derived.Store(purpose, key)
	return key
}

func derived(key jwk.Key, purpose string) ([]byte, error) {
	var secret []byte
	if err := key.Raw(&secret); err != nil {
		return nil, fmt.Errorf("key %q: %w", key.KeyID(), err)
	}
	return hkdf.Key(sha256.New, secret, nil, "anteroom "+purpose, sha256.Size)
}
