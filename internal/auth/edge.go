package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
)

// edgeType marks a pass that only an edge takes. The gateway and what is behind it take no such thing: who verifies an HMAC can make it,
// and an edge's key lies at the edge.
const edgeType = "wr-edge+jwt"

// EdgeKey makes passes for edges that can verify no more than an HMAC: HS256 JWTs with the claims of the pass they go with. The file
// may change while the key is in use: see Watch. Safe for concurrent use.
type EdgeKey struct {
	file   string
	signer atomic.Pointer[ticketMAC]
}

// InitEdgeKey makes the file of an edge key (one symmetric JWK, mode 0600) unless there is one, and says whether it did.
func InitEdgeKey(path string) (created bool, err error) {
	return initFile(path, func() ([]byte, error) {
		key, err := newSecretKey()
		if err != nil {
			return nil, err
		}
		return json.MarshalIndent(key, "", "  ")
	})
}

// LoadEdgeKey reads a file made by InitEdgeKey. The error names the file and what is wrong with it.
func LoadEdgeKey(path string) (*EdgeKey, error) {
	e := &EdgeKey{file: path}
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read edge key: %w", err)
	}
	return e, e.take(body)
}

// take puts the key that the text is in the place of the one there was.
func (e *EdgeKey) take(body []byte) error {
	signer, err := parseEdgeKey(body)
	if err != nil {
		return fmt.Errorf("edge key %s: %w", e.file, err)
	}
	e.signer.Store(signer)
	return nil
}

func parseEdgeKey(body []byte) (*ticketMAC, error) {
	key, err := jwk.ParseKey(body)
	if err != nil {
		return nil, fmt.Errorf("not a JWK: %w", err)
	}
	var secret []byte
	switch err := key.Raw(&secret); {
	case key.KeyType() != jwa.OctetSeq || err != nil:
		return nil, errors.New("is not a symmetric key")
	case key.KeyID() == "":
		return nil, errors.New("has no kid")
	case len(secret) < secretBytes:
		return nil, fmt.Errorf("is shorter than %d bytes", secretBytes)
	case key.Algorithm().String() != "" && key.Algorithm().String() != jwa.HS256.String():
		return nil, fmt.Errorf("is for the algorithm %q, not HS256", key.Algorithm())
	}
	return newMAC(edgeType, key)
}

// Watch takes the key of the file over whenever it changes, until ctx ends; else as Keys.Watch. What the old key signed is worth nothing
// from then on to who knows the new one only: teach the edges the new key, beside the old one, before.
func (e *EdgeKey) Watch(ctx context.Context, every time.Duration, told func(err error)) {
	watchFile(ctx, e.file, every, func(body []byte, err error) {
		if err == nil {
			err = e.take(body)
		}
		told(err)
	})
}

// Sign makes the pass as a compact HS256 JWT.
func (e *EdgeKey) Sign(p Pass) (string, error) { return e.signer.Load().compact(p.claims()) }

// Verify returns the pass that the token says, as an edge judges it. It fails with one of the ErrPass… errors.
func (e *EdgeKey) Verify(token []byte, room string, now time.Time) (Pass, error) {
	if len(token) == 0 {
		return Pass{}, ErrPassMissing
	}
	m := e.signer.Load()
	s := m.scratch.Get().(*ticketScratch)
	defer m.scratch.Put(s)
	payload, err := m.payload(token, s)
	var c passClaims
	if err == nil {
		err = json.Unmarshal(payload, &c)
	}
	if err != nil {
		return Pass{}, judged(err, ErrPassInvalid)
	}
	p, ok := c.pass()
	if !ok {
		return Pass{}, ErrPassInvalid
	}
	if err := p.good(room, now); err != nil {
		return Pass{}, err
	}
	return p, nil
}
