package auth

import (
	"errors"
	"fmt"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
)

// Rotation is how one key takes over from another.
type Rotation struct {
	// Lead is how long the new keys are only published and accepted, before they sign. It must be longer than it takes until every
	// gateway has the file and everyone who verifies has fetched the new public key; 0 or more.
	Lead time.Duration
	// Overlap is how long the old keys are accepted after they have ceased to sign. It must be longer than anything they signed is good
	// for; at least a second.
	Overlap time.Duration
}

// The defaults of a rotation. A gateway looks at its file every two seconds, a published set may be cached for a minute, and who verifies
// fetches it once a minute; a session lasts a day at most, and a browser keeps a ticket for a day.
const (
	DefaultLead    = 5 * time.Minute
	DefaultOverlap = 48 * time.Hour
)

// RotateKeys adds a new signing key and a new ticket key to a key file, says when they take over, and gives the old ones their end. What is
// over by then is dropped as PruneKeys drops it. It fails while an earlier rotation has not taken over yet.
func RotateKeys(path string, r Rotation) error {
	if r.Lead < 0 || r.Overlap < time.Second {
		return errors.New("the lead must not be negative and the overlap at least a second")
	}
	return editKeys(path, func(set jwk.Set) error {
		now := time.Now()
		if _, err := prune(set, Pruning{}, now); err != nil {
			return err
		}
		// Rounded up: to the second before the lead is over nobody may sign.
		from := now.Add(r.Lead + time.Second - time.Nanosecond).Unix()
		if r.Lead == 0 {
			from = now.Unix()
		}
		until := from + int64((r.Overlap+time.Second-time.Nanosecond)/time.Second)
		for i := range set.Len() {
			key, _ := set.Key(i)
			p, err := periodOf(key)
			if err != nil {
				return err
			}
			if p.from > now.Unix() {
				return fmt.Errorf("a rotation is under way already: key %q takes over at %s", key.KeyID(), time.Unix(p.from, 0).UTC().Format(time.RFC3339))
			}
			if p.until == 0 {
				if err := key.Set(memberUntil, until); err != nil {
					return fmt.Errorf("end key %q: %w", key.KeyID(), err)
				}
			}
		}
		for _, fresh := range []func() (jwk.Key, error){newSigningKey, newSecretKey} {
			key, err := fresh()
			if err != nil {
				return err
			}
			if err := errors.Join(key.Set(memberFrom, from), set.AddKey(key)); err != nil {
				return fmt.Errorf("add key: %w", err)
			}
		}
		return nil
	})
}

// Pruning is what PruneKeys takes out of a file beside the secrets of what is over.
type Pruning struct {
	// Forget drops public keys, too, this long after their end: no receipt and no line of a ledger that they signed can be verified by
	// what is published from then on. 0 keeps them for ever.
	Forget time.Duration
	// Drop drops the key with this id at once, whatever it signed: for one that has leaked. Empty drops none. One that has not begun
	// yet takes the rotation back.
	Drop string
}

// PruneKeys drops from a key file what is no longer needed and returns the ids of what went or became public only. A ticket key whose
// time is over goes. Of a signing key the private half goes, and the public half stays: receipts and ledgers are verified with it.
func PruneKeys(path string, p Pruning) (gone []string, err error) {
	err = editKeys(path, func(set jwk.Set) error {
		gone, err = prune(set, p, time.Now())
		return err
	})
	return gone, err
}

func prune(set jwk.Set, p Pruning, now time.Time) (gone []string, err error) {
	keys := make([]jwk.Key, 0, set.Len())
	for i := range set.Len() {
		key, _ := set.Key(i)
		keys = append(keys, key)
	}
	found := p.Drop == ""
	for _, key := range keys {
		own, err := periodOf(key)
		if err != nil {
			return nil, err
		}
		var after jwk.Key // what stays of it
		switch private, _ := jwk.IsPrivateKey(key); {
		case key.KeyID() == p.Drop:
			found = true
		case !own.over(now):
			continue
		case key.KeyType() == jwa.OctetSeq:
		case p.Forget > 0 && now.Sub(time.Unix(own.until, 0)) >= p.Forget:
		case private:
			if after, err = key.PublicKey(); err != nil {
				return nil, fmt.Errorf("public half of %q: %w", key.KeyID(), err)
			}
		default:
			continue
		}
		if err := set.RemoveKey(key); err != nil {
			return nil, fmt.Errorf("drop key %q: %w", key.KeyID(), err)
		}
		if after != nil {
			if err := set.AddKey(after); err != nil {
				return nil, fmt.Errorf("keep the public half of %q: %w", key.KeyID(), err)
			}
		}
		gone = append(gone, key.KeyID())
	}
	if !found {
		return nil, fmt.Errorf("there is no key %q in the file", p.Drop)
	}
	return gone, reinstate(set)
}

// reinstate takes the end from the newest key of each kind: when what was to take over is dropped, it goes on.
func reinstate(set jwk.Set) error {
	newest, from := map[jwa.KeyType]jwk.Key{}, map[jwa.KeyType]int64{}
	for i := range set.Len() {
		key, _ := set.Key(i)
		own, err := periodOf(key)
		if err != nil {
			return err
		}
		if private, err := jwk.IsPrivateKey(key); err == nil && !private {
			continue
		}
		if kind := key.KeyType(); newest[kind] == nil || own.from >= from[kind] {
			newest[kind], from[kind] = key, own.from
		}
	}
	for _, key := range newest {
		if err := key.Remove(memberUntil); err != nil {
			return fmt.Errorf("keep key %q: %w", key.KeyID(), err)
		}
	}
	return nil
}

// KeyState is what a key is for just now.
type KeyState struct {
	ID    string
	Kind  string // "sign" or "ticket"
	State string // "next", "current", "retiring" (accepted, signs no more) or "retired" (receipts and ledgers only)
	From  time.Time
	Until time.Time // zero: no end is set
}

// States tells of every key what it is for, the newest first, signing keys before ticket keys.
func (k *Keys) States() (all []KeyState) {
	set, now := k.set.Load(), time.Now()
	tell := func(id, kind string, p period, signs bool) {
		s := KeyState{ID: id, Kind: kind, State: "retiring", Until: untilTime(p)}
		if p.from != 0 {
			s.From = time.Unix(p.from, 0)
		}
		switch {
		case signs:
			s.State = "current"
		case p.from > now.Unix():
			s.State = "next"
		case p.over(now):
			s.State = "retired"
		}
		all = append(all, s)
	}
	for _, key := range set.signing {
		tell(key.id, "sign", key.period, key == current(set.signing))
	}
	for _, old := range set.retired {
		tell(old.id, "sign", old.period, false)
	}
	for _, key := range set.tickets {
		tell(key.key.KeyID(), "ticket", key.period, key == current(set.tickets))
	}
	return all
}
