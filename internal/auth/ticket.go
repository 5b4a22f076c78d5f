package auth

import (
	"bytes"
	"fmt"
	"time"

	"anteroom/internal/fault"
)

const ticketType = "wr-ticket+jws"

// Errors of Keys.VerifyTicket.
var (
	ErrTicketMissing   = fault.New(fault.Unauthenticated, "ticket-missing", "The request carries no ticket; join the line first.")
	ErrTicketInvalid   = fault.New(fault.Unauthenticated, "ticket-invalid", "The ticket is not one of ours; join the line again.")
	ErrTicketOtherRoom = fault.New(fault.Unauthenticated, "ticket-other-room", "The ticket is for another room.")
)

// Ticket is a place in the line of one room. JoinedAt is in whole milliseconds.
//
// EstimateLow and EstimateHigh are the wait that was estimated at the join, in seconds, so that at the admission it can be
// told how good the estimate was; both 0 when none was given. They and Moves are no part of what a receipt states.
type Ticket struct {
	Room         string
	Epoch        int64
	Number       int64
	JoinedAt     time.Time
	EstimateLow  int64
	EstimateHigh int64
	Moves        int64 // how often the place has been moved to another device; the ticket with the most is the one in force
}

// ticketClaims are read by readTicketClaims too: their order and names are a format of ours.
type ticketClaims struct {
	Room         string `json:"room"`
	Epoch        int64  `json:"epoch"`
	Number       int64  `json:"num"`
	JoinedMS     int64  `json:"jat"` // Unix milliseconds, by the clock of the line
	EstimateLow  int64  `json:"el,omitempty"`
	EstimateHigh int64  `json:"eh,omitempty"`
	Moves        int64  `json:"mv,omitempty"`
}

func (t Ticket) claims() ticketClaims {
	return ticketClaims{
		Room: t.Room, Epoch: t.Epoch, Number: t.Number, JoinedMS: t.JoinedAt.UnixMilli(),
		EstimateLow: t.EstimateLow, EstimateHigh: t.EstimateHigh, Moves: t.Moves,
	}
}

func (c ticketClaims) ticket() Ticket {
	return Ticket{
		Room: c.Room, Epoch: c.Epoch, Number: c.Number, JoinedAt: time.UnixMilli(c.JoinedMS),
		EstimateLow: c.EstimateLow, EstimateHigh: c.EstimateHigh, Moves: c.Moves,
	}
}

// SignTicket makes the ticket as a compact HS256 JWS. A room whose name JSON would have to escape is refused; rooms have no such names.
func (k *Keys) SignTicket(t Ticket) (string, error) {
	if !plain(t.Room) {
		return "", fmt.Errorf("sign %s: the room %q has a character that no room's name has", ticketType, t.Room)
	}
	return current(k.set.Load().tickets).compact(t.claims())
}

// VerifyTicket returns the ticket that the token is, if it is a valid one for this room. Whether its epoch is
// still the room's is the caller's to check. It fails with one of the ErrTicket… errors.
func (k *Keys) VerifyTicket(token []byte, room string) (Ticket, error) {
	if len(token) == 0 {
		return Ticket{}, ErrTicketMissing
	}
	c, err := k.openTicket(token, room)
	if err != nil {
		return Ticket{}, judged(err, ErrTicketInvalid)
	}
	if c.Room != room {
		return Ticket{}, ErrTicketOtherRoom
	}
	return c.ticket(), nil
}

// openTicket tries the keys that tickets are accepted of; the header, which names one, is compared byte by byte.
func (k *Keys) openTicket(token []byte, room string) (c ticketClaims, err error) {
	for _, key := range k.set.Load().tickets {
		if !bytes.HasPrefix(token, key.head) {
			continue
		}
		if key.until != 0 && key.over(time.Now()) {
			return c, errTicketKeyOver
		}
		return key.open(token, room)
	}
	return c, errTicketHead
}

// Outdated reports whether a ticket that VerifyTicket took was signed with a key that signs no more, so that its holder should get it
// anew (SignTicket) before the key's end.
func (k *Keys) Outdated(ticket []byte) bool {
	return !bytes.HasPrefix(ticket, current(k.set.Load().tickets).head)
}
