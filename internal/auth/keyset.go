package auth

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
)

// The members of a key that say when it is used, in Unix seconds; named as in a token (RFC 7519 §4.1) and as OpenID Federation
// writes the history of keys.
const (
	memberFrom  = "nbf" // signs from then on, until a later one does; absent: always has
	memberUntil = "exp" // verifies until then; absent: without end
)

// period is when a key is used, in Unix seconds; 0 stands for a member that is absent.
type period struct{ from, until int64 }

func (p period) starts() int64 { return p.from }

// over reports whether nothing that the key signed can still count.
func (p period) over(now time.Time) bool { return p.until != 0 && now.Unix() >= p.until }

// signingKey is a private Ed25519 key.
type signingKey struct {
	period
	key    jwk.Key
	id     string
	passes *signer
}

// ticketKey is a symmetric key.
type ticketKey struct {
	period
	key jwk.Key
	*ticketMAC
	shadow  *ticketMAC // see SignShadow
	derived sync.Map   // purpose → key, see Derive; purposes are few, and all in our code
}

// retiredKey is what is left of a signing key whose time is over: its public half.
type retiredKey struct {
	period
	id string
}

// keySet is what a key file holds. Never changed after it was made.
type keySet struct {
	signing []*signingKey // that with the latest beginning first
	tickets []*ticketKey  // likewise
	retired []retiredKey
	public  map[string]PublicKey
	jwks    []byte
}

// current is the key that signs now: the one that began last. While none has begun it is the first that will.
func current[K interface{ starts() int64 }](keys []K) K {
	if len(keys) > 1 {
		now := time.Now().Unix()
		for _, k := range keys {
			if k.starts() <= now {
				return k
			}
		}
	}
	return keys[len(keys)-1]
}

func parseKeySet(body []byte) (*keySet, error) {
	set, err := jwk.Parse(body)
	if err != nil {
		return nil, fmt.Errorf("not a JWK set: %w", err)
	}
	s := &keySet{public: make(map[string]PublicKey, set.Len())}
	published, seen := jwk.NewSet(), make(map[string]bool, set.Len())
	for i := range set.Len() {
		key, _ := set.Key(i)
		if err := s.add(key, published, seen); err != nil {
			return nil, err
		}
	}
	if len(s.signing) == 0 || len(s.tickets) == 0 {
		return nil, errors.New("wants an Ed25519 key and a symmetric key at least")
	}
	slices.SortStableFunc(s.signing, func(a, b *signingKey) int { return latestFirst(a.period, b.period) })
	slices.SortStableFunc(s.tickets, func(a, b *ticketKey) int { return latestFirst(a.period, b.period) })
	// Else there would come a time when nothing signs what others accept.
	if s.signing[0].until != 0 || s.tickets[0].until != 0 {
		return nil, fmt.Errorf("the newest key of each kind must have no %q", memberUntil)
	}
	if s.jwks, err = json.Marshal(published); err != nil {
		return nil, fmt.Errorf("publish keys: %w", err)
	}
	return s, nil
}

func latestFirst(a, b period) int {
	switch {
	case a.from > b.from:
		return -1
	case a.from < b.from:
		return 1
	default:
		return 0
	}
}

// add takes one key of a file in, and into the set that is published.
func (s *keySet) add(key jwk.Key, published jwk.Set, seen map[string]bool) error {
	id := key.KeyID()
	if id == "" {
		return errors.New("a key has no kid")
	}
	if seen[id] {
		return fmt.Errorf("two keys have the kid %q", id)
	}
	seen[id] = true
	p, err := periodOf(key)
	if err != nil {
		return err
	}
	if key.KeyType() == jwa.OctetSeq {
		mac, err := newTicketMAC(key)
		if err != nil {
			return err
		}
		shadow, err := newShadowMAC(key)
		if err != nil {
			return err
		}
		s.tickets = append(s.tickets, &ticketKey{period: p, key: key, ticketMAC: mac, shadow: shadow})
		return nil
	}
	var private ed25519.PrivateKey
	var public ed25519.PublicKey
	switch {
	case key.Raw(&private) == nil:
		passes, err := newSigner(passType, jwa.EdDSA, key, func(input []byte) []byte { return ed25519.Sign(private, input) })
		if err != nil {
			return err
		}
		s.signing = append(s.signing, &signingKey{period: p, key: key, id: id, passes: passes})
		public = private.Public().(ed25519.PublicKey)
		if key, err = key.PublicKey(); err != nil {
			return fmt.Errorf("public half of %q: %w", id, err)
		}
	case key.Raw(&public) == nil && len(public) == ed25519.PublicKeySize && p.until != 0: // see PruneKeys
		s.retired = append(s.retired, retiredKey{period: p, id: id})
	default:
		return fmt.Errorf("key %q is no Ed25519 key, no symmetric one, and not the public half of one with an end", id)
	}
	s.public[id] = PublicKey{Key: public, Until: untilTime(p)}
	if err := published.AddKey(key); err != nil {
		return fmt.Errorf("publish %q: %w", id, err)
	}
	return nil
}

// missingFrom tells which keys are not in the other set.
func (s *keySet) missingFrom(other *keySet) (gone []string) {
	for id := range s.public {
		if _, ok := other.public[id]; !ok {
			gone = append(gone, id)
		}
	}
	for _, t := range s.tickets {
		if !slices.ContainsFunc(other.tickets, func(o *ticketKey) bool { return o.key.KeyID() == t.key.KeyID() }) {
			gone = append(gone, t.key.KeyID())
		}
	}
	slices.Sort(gone)
	return gone
}

func untilTime(p period) time.Time {
	if p.until == 0 {
		return time.Time{}
	}
	return time.Unix(p.until, 0)
}

// periodOf reads when a key is used. JSON has only one kind of number; anything but whole seconds is refused.
func periodOf(key jwk.Key) (p period, err error) {
	for name, to := range map[string]*int64{memberFrom: &p.from, memberUntil: &p.until} {
		value, ok := key.Get(name)
		if !ok {
			continue
		}
		seconds, ok := value.(float64)
		if !ok || seconds != math.Trunc(seconds) || seconds < 1 || seconds > 1<<40 {
			return p, fmt.Errorf("key %q: %q must be whole Unix seconds, is %v", key.KeyID(), name, value)
		}
		*to = int64(seconds)
	}
	if p.until != 0 && p.until <= p.from {
		return p, fmt.Errorf("key %q: ends (%s) before it begins (%s)", key.KeyID(), memberUntil, memberFrom)
	}
	return p, nil
}
