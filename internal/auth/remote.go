package auth

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwk"

	"anteroom/internal/fault"
)

var (
	errKeyUnknown      = fault.New(fault.Unauthenticated, "key-unknown", "The token was signed with a key that is not known here.")
	errKeysUnavailable = fault.New(fault.Unavailable, "keys-unavailable", "The keys that tokens are verified with cannot be had just now.").After(time.Second)
)

const (
	remoteTimeout  = 2 * time.Second
	remoteInterval = time.Minute // a rotated key is picked up at the latest after this
	remoteRetry    = time.Second // between fetches that failed, and between those that an unknown kid asks for
	remoteMaxBytes = 64 << 10    // a JWK set larger than this is not one of ours
)

// RemoteKeys are the public keys another service publishes as a JWK set (RFC 7517). They are fetched in the background by Run,
// and at once, at most once a second, when a token names a key that is not known yet. Safe for concurrent use.
type RemoteKeys struct {
	url    string
	client *http.Client

	fetching sync.Mutex // held during a fetch; guards fetched and outcome
	fetched  time.Time  // when the last fetch ended
	outcome  error      // and how

	mu   sync.RWMutex
	keys map[string]PublicKey // nil until the first fetch that succeeded

	dropped atomic.Uint64
}

var _ KeySource = (*RemoteKeys)(nil)

// NewRemoteKeys makes a source of the keys published at url. It fetches nothing yet.
func NewRemoteKeys(url string) *RemoteKeys {
	return &RemoteKeys{url: url, client: &http.Client{Timeout: remoteTimeout}}
}

// Run keeps the keys fresh until ctx ends.
func (r *RemoteKeys) Run(ctx context.Context) {
	for {
		wait := remoteInterval
		if err := r.fetch(ctx, time.Now()); err != nil {
			wait = remoteRetry // Ready says why; the last good keys stay in use
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// Ready fails while no keys have been fetched yet.
func (r *RemoteKeys) Ready(ctx context.Context) error {
	if r.have() {
		return nil
	}
	return r.fetch(ctx, time.Now())
}

// PublicKey implements KeySource.
func (r *RemoteKeys) PublicKey(ctx context.Context, kid string) (PublicKey, error) {
	if key, ok := r.lookup(kid); ok {
		return key, nil
	}
	// Without any keys there is nothing to judge by, so ask at once; with keys, a made-up kid must not cause a request each.
	since := time.Now()
	if r.have() {
		since = since.Add(-remoteRetry)
	}
	if err := r.fetch(ctx, since); err != nil && !r.have() {
		return PublicKey{}, errKeysUnavailable
	}
	if key, ok := r.lookup(kid); ok {
		return key, nil
	}
	return PublicKey{}, errKeyUnknown
}

// Dropped implements KeySource.
func (r *RemoteKeys) Dropped() uint64 { return r.dropped.Load() }

func (r *RemoteKeys) lookup(kid string) (PublicKey, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	key, ok := r.keys[kid]
	return key, ok
}

func (r *RemoteKeys) have() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.keys != nil
}

// fetch asks for the keys, unless that was done since the time given: then it returns how that went, so that
// a crowd that waits for the keys causes one request.
func (r *RemoteKeys) fetch(ctx context.Context, since time.Time) error {
	r.fetching.Lock()
	defer r.fetching.Unlock()
	if r.fetched.After(since) {
		return r.outcome
	}
	keys, err := r.get(ctx)
	r.fetched, r.outcome = time.Now(), err
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.keys
	r.keys = keys
	for kid := range was {
		if _, ok := keys[kid]; !ok {
			r.dropped.Add(1)
			break
		}
	}
	return nil
}

func (r *RemoteKeys) get(ctx context.Context) (map[string]PublicKey, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url, nil)
	if err != nil {
		return nil, fmt.Errorf("ask for keys: %w", err)
	}
	res, err := r.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask for keys: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask for keys at %s: status %d", r.url, res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, remoteMaxBytes))
	if err != nil {
		return nil, fmt.Errorf("read keys of %s: %w", r.url, err)
	}
	return parsePublic(body)
}

func parsePublic(body []byte) (map[string]PublicKey, error) {
	set, err := jwk.Parse(body)
	if err != nil {
		return nil, fmt.Errorf("not a JWK set: %w", err)
	}
	keys := make(map[string]PublicKey, set.Len())
	for i := range set.Len() {
		key, _ := set.Key(i)
		var public ed25519.PublicKey
		if key.KeyID() == "" || key.Raw(&public) != nil {
			continue // of another kind, for somebody else
		}
		p, err := periodOf(key)
		if err != nil {
			return nil, err
		}
		keys[key.KeyID()] = PublicKey{Key: public, Until: untilTime(p)}
	}
	if len(keys) == 0 {
		return nil, errors.New("the JWK set holds no Ed25519 key with a kid")
	}
	return keys, nil
}
