package auth

import (
	"fmt"

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

// VerifyShadow returns what SignShadow was given, if the token is one of its for this room. It fails with ErrTicketInvalid and
// ErrTicketOtherRoom.
func (k *Keys) VerifyShadow(token []byte, room string) (Ticket, error) {
	err := errTicketHead
	for _, key := range k.set.Load().tickets {
		var c ticketClaims
		if c, err = key.shadow.open(token, room); err != nil {
			continue
		}
		if c.Room != room {
			return Ticket{}, ErrTicketOtherRoom
		}
		return c.ticket(), nil
	}
	return Ticket{}, judged(err, ErrTicketInvalid)
}
