package auth

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// PublicKey is a key that signatures are verified with.
type PublicKey struct {
	Key ed25519.PublicKey
	// Until is when it stops to count for what says something about now: passes and staff tokens. Receipts and lines of a ledger
	// say what was, and stay good. Zero: no end is set.
	Until time.Time
}

// KeySource gives the public keys that signatures are verified with. Safe for concurrent use.
type KeySource interface {
	// PublicKey returns the key with this id.
	// It fails with "key-unknown" when there is none, with "keys-unavailable" when that cannot be told now.
	PublicKey(ctx context.Context, kid string) (PublicKey, error)
	// Dropped counts how often keys went that had been there: what was verified before that must be verified again.
	Dropped() uint64
}

// Keys are the private keys of one service: Ed25519 pairs for what others verify and HMAC keys for what only the service itself
// verifies, of each kind one that signs now, and perhaps one that will and some that did: see RotateKeys. The file may change while
// they are in use: see Watch. Safe for concurrent use.
type Keys struct {
	file    string // empty when they came from no file
	set     atomic.Pointer[keySet]
	dropped atomic.Uint64
}

var _ KeySource = (*Keys)(nil)

// LoadKeys reads a key file made by InitKeys. The error names the file and what is wrong with it.
func LoadKeys(path string) (*Keys, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	k, err := ParseKeys(body)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	k.file = path
	return k, nil
}

// ParseKeys reads a private JWK set with at least one Ed25519 key and one symmetric key.
func ParseKeys(body []byte) (*Keys, error) {
	set, err := parseKeySet(body)
	if err != nil {
		return nil, err
	}
	k := &Keys{}
	k.set.Store(set)
	return k, nil
}

// replace puts other keys in the place of these, and tells which ids went.
func (k *Keys) replace(set *keySet) (gone []string) {
	gone = k.set.Load().missingFrom(set)
	k.set.Store(set)
	if len(gone) > 0 { // after the set: who counts first and looks up later finds the new set
		k.dropped.Add(1)
	}
	return gone
}

// signer is the key that signs now.
func (k *Keys) signer() *signingKey { return current(k.set.Load().signing) }

// PublicJWKS is the JWK set to publish: the public keys of what signs, will sign and has signed, with the times in "nbf" and
// "exp". The caller must not change it, nor keep it: the keys may change.
func (k *Keys) PublicJWKS() []byte { return k.set.Load().jwks }

// PublicKey implements KeySource.
func (k *Keys) PublicKey(_ context.Context, kid string) (PublicKey, error) {
	if key, ok := k.set.Load().public[kid]; ok {
		return key, nil
	}
	return PublicKey{}, errKeyUnknown
}

// Dropped implements KeySource.
func (k *Keys) Dropped() uint64 { return k.dropped.Load() }
