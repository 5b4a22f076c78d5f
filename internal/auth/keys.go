package auth

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
)

// KeySource gives the public keys that signatures are verified with. Safe for concurrent use.
type KeySource interface {
	// PublicKey returns the Ed25519 public key with this id.
	// It fails with "key-unknown" when there is none, with "keys-unavailable" when that cannot be told now.
	PublicKey(ctx context.Context, kid string) (ed25519.PublicKey, error)
}

// Keys are the private keys of one service: an Ed25519 pair for what others verify and
// an HMAC key for what only the service itself verifies. Immutable, so safe for concurrent use.
type Keys struct {
	signing   jwk.Key // Ed25519, private, with kid and alg
	signingID string
	public    ed25519.PublicKey
	mac       jwk.Key // symmetric, with kid and alg
	tickets   *ticketMAC
	passes    *signer
	jwks      []byte
}

var _ KeySource = (*Keys)(nil)

// InitKeys makes a key file (a private JWK set, RFC 7517, mode 0600) unless there is one, and says whether it did.
// Two callers at once are safe: one file wins whole.
func InitKeys(path string) (created bool, err error) {
	if _, err := os.Stat(path); err == nil {
		return false, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("look for key file: %w", err)
	}
	body, err := newKeySet()
	if err != nil {
		return false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, fmt.Errorf("make folder of key file: %w", err)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // made with mode 0600
	if err != nil {
		return false, fmt.Errorf("write key file: %w", err)
	}
	defer os.Remove(temp.Name())
	if _, err := temp.Write(body); err != nil {
		return false, errors.Join(fmt.Errorf("write key file: %w", err), temp.Close())
	}
	if err := temp.Close(); err != nil {
		return false, fmt.Errorf("write key file: %w", err)
	}
	// Link, unlike Rename, fails when another process has made the file meanwhile.
	if err := os.Link(temp.Name(), path); errors.Is(err, fs.ErrExist) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("write key file: %w", err)
	}
	return true, nil
}

func newKeySet() ([]byte, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("make ticket key: %w", err)
	}
	set := jwk.NewSet()
	for _, k := range []struct {
		raw any
		alg jwa.SignatureAlgorithm
	}{{private, jwa.EdDSA}, {secret, jwa.HS256}} {
		key, err := jwk.FromRaw(k.raw)
		if err != nil {
			return nil, fmt.Errorf("make key: %w", err)
		}
		id := make([]byte, 8)
		if _, err := rand.Read(id); err != nil {
			return nil, fmt.Errorf("make key id: %w", err)
		}
		for name, value := range map[string]any{jwk.KeyIDKey: hex.EncodeToString(id), jwk.AlgorithmKey: k.alg, jwk.KeyUsageKey: jwk.ForSignature} {
			if err := key.Set(name, value); err != nil {
				return nil, fmt.Errorf("make key: %w", err)
			}
		}
		if err := set.AddKey(key); err != nil {
			return nil, fmt.Errorf("make key set: %w", err)
		}
	}
	return json.MarshalIndent(set, "", "  ")
}

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
	return k, nil
}

// ParseKeys reads a private JWK set with one Ed25519 key and one symmetric key.
func ParseKeys(body []byte) (*Keys, error) {
	set, err := jwk.Parse(body)
	if err != nil {
		return nil, fmt.Errorf("not a JWK set: %w", err)
	}
	k := &Keys{}
	published := jwk.NewSet()
	for i := range set.Len() {
		key, _ := set.Key(i)
		var private ed25519.PrivateKey
		switch {
		case key.KeyID() == "":
			return nil, errors.New("a key has no kid")
		case key.KeyType() == jwa.OctetSeq:
			k.mac = key
		case key.Raw(&private) == nil:
			if k.passes, err = newSigner(passType, jwa.EdDSA, key, func(input []byte) []byte { return ed25519.Sign(private, input) }); err != nil {
				return nil, err
			}
			k.signing, k.signingID, k.public = key, key.KeyID(), private.Public().(ed25519.PublicKey)
			public, err := key.PublicKey()
			if err != nil {
				return nil, fmt.Errorf("public half of %q: %w", key.KeyID(), err)
			}
			if err := published.AddKey(public); err != nil {
				return nil, fmt.Errorf("publish %q: %w", key.KeyID(), err)
			}
		default:
			return nil, fmt.Errorf("key %q is neither Ed25519 nor symmetric", key.KeyID())
		}
	}
	if k.signing == nil || k.mac == nil {
		return nil, errors.New("wants one Ed25519 key and one symmetric key")
	}
	if k.tickets, err = newTicketMAC(k.mac); err != nil {
		return nil, err
	}
	if k.jwks, err = json.Marshal(published); err != nil {
		return nil, fmt.Errorf("publish keys: %w", err)
	}
	return k, nil
}

// PublicJWKS is the JWK set to publish: public keys only. The caller must not change it.
func (k *Keys) PublicJWKS() []byte { return k.jwks }

// PublicKey implements KeySource.
func (k *Keys) PublicKey(_ context.Context, kid string) (ed25519.PublicKey, error) {
	if kid != k.signingID {
		return nil, errKeyUnknown
	}
	return k.public, nil
}
