package auth

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
)

// newShadowMAC makes and opens shadow tickets: the same header and claims as those of tickets, under a key derived from theirs. A MAC
// under a key that one does not know looks like any other, so that nobody but a gateway can tell which of the two a token is.
func newShadowMAC(key jwk.Key) (*ticketMAC, error) {
	secret, err := derived(key, "shadow tickets")
	if err != nil {
		return nil, err
	}
	other, err := jwk.FromRaw(secret)
	if err != nil {
		return nil, fmt.Errorf("key of shadow tickets: %w", err)
	}
	for name, value := range map[string]any{jwk.KeyIDKey: key.KeyID(), jwk.AlgorithmKey: key.Algorithm()} {
		if err := other.Set(name, value); err != nil {
			return nil, fmt.Errorf("key of shadow tickets: %w", err)
		}
	}
	return newTicketMAC(other)
}

// SignShadow makes a token that looks like a ticket and is none: VerifyTicket refuses it. The number in it belongs to somebody else, or to
// nobody.
func (k *Keys) SignShadow(t Ticket) (string, error) {
	if !plain(t.Room) {
		return "", fmt.Errorf("sign %s: the room %q has a character that no room's name has", ticketType, t.Room)
	}
	return current(k.set.Load().tickets).shadow.compact(t.claims())
}

// VerifyShadow returns what SignShadow was given, if the token is one of its for this room. As with tickets, what a key has signed counts until
// the key's end. It fails with ErrTicketInvalid and ErrTicketOtherRoom.
func (k *Keys) VerifyShadow(token []byte, room string) (Ticket, error) {
	err := errTicketHead
	for _, key := range k.set.Load().tickets {
		if !bytes.HasPrefix(token, key.shadow.head) {
			continue
		}
		if key.until != 0 && key.over(time.Now()) {
			err = errTicketKeyOver
			break
		}
		c, why := key.shadow.open(token, room)
		if why != nil {
			err = why
			break
		}
		if c.Room != room {
			return Ticket{}, ErrTicketOtherRoom
		}
		return c.ticket(), nil
	}
	return Ticket{}, judged(err, ErrTicketInvalid)
}

// SignShadowReceipt makes a token that looks like a receipt and is none: no published key verifies it, so nothing false is stated to anybody. It is the
// same each time while the keys are, as a receipt is.
func (k *Keys) SignShadowReceipt(t Ticket) (string, error) {
	set := k.set.Load()
	key, err := jwk.FromRaw(ed25519.NewKeyFromSeed(current(set.tickets).derive("shadow receipts")))
	if err == nil {
		err = key.Set(jwk.KeyIDKey, current(set.signing).id)
	}
	if err != nil {
		return "", fmt.Errorf("key of shadow receipts: %w", err)
	}
	return compact(receiptType, t.statement(), jwa.EdDSA, key)
}
