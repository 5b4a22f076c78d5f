package auth

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"

	"anteroom/internal/fault"
)

const (
	ticketType  = "wr-ticket+jws"
	receiptType = "wr-receipt+jws"
)

// Errors of Keys.VerifyTicket.
var (
	ErrTicketMissing   = fault.New(fault.Unauthenticated, "ticket-missing", "The request carries no ticket; join the line first.")
	ErrTicketInvalid   = fault.New(fault.Unauthenticated, "ticket-invalid", "The ticket is not one of ours; join the line again.")
	ErrTicketOtherRoom = fault.New(fault.Unauthenticated, "ticket-other-room", "The ticket is for another room.")
)

// Ticket is a place in the line of one room. JoinedAt is in whole milliseconds.
type Ticket struct {
	Room     string
	Epoch    int64
	Number   int64
	JoinedAt time.Time
}

type ticketClaims struct {
	Room     string `json:"room"`
	Epoch    int64  `json:"epoch"`
	Number   int64  `json:"num"`
	JoinedMS int64  `json:"jat"` // Unix milliseconds, by the clock of the line
}

func (t Ticket) claims() ticketClaims {
	return ticketClaims{Room: t.Room, Epoch: t.Epoch, Number: t.Number, JoinedMS: t.JoinedAt.UnixMilli()}
}

// SignTicket makes the ticket as a compact HS256 JWS.
func (k *Keys) SignTicket(t Ticket) (string, error) {
	return compact(ticketType, t.claims(), jwa.HS256, k.mac)
}

// SignReceipt makes the same statement as a compact EdDSA JWS, which anyone can verify with the published keys.
func (k *Keys) SignReceipt(t Ticket) (string, error) {
	return k.sign(receiptType, t.claims())
}

// VerifyTicket returns the ticket that the token is, if it is a valid one for this room. Whether its epoch is
// still the room's is the caller's to check. It fails with one of the ErrTicket… errors.
func (k *Keys) VerifyTicket(token []byte, room string) (Ticket, error) {
	if len(token) == 0 {
		return Ticket{}, ErrTicketMissing
	}
	c, err := k.ticketClaims(token)
	if err != nil {
		return Ticket{}, judged(err, ErrTicketInvalid)
	}
	if c.Room != room {
		return Ticket{}, ErrTicketOtherRoom
	}
	return Ticket{Room: c.Room, Epoch: c.Epoch, Number: c.Number, JoinedAt: time.UnixMilli(c.JoinedMS)}, nil
}

func (k *Keys) ticketClaims(token []byte) (c ticketClaims, err error) {
	headers, err := protectedHeaders(ticketType, token)
	if err != nil {
		return c, err
	}
	if headers.Algorithm() != jwa.HS256 || headers.KeyID() != k.mac.KeyID() {
		return c, fmt.Errorf("algorithm is %q, kid %q", headers.Algorithm(), headers.KeyID())
	}
	payload, err := jws.Verify(token, jws.WithKey(jwa.HS256, k.mac))
	if err != nil {
		return c, fmt.Errorf("signature: %w", err)
	}
	if err := json.Unmarshal(payload, &c); err != nil {
		return c, fmt.Errorf("claims: %w", err)
	}
	if c.Number <= 0 {
		return c, fmt.Errorf("number is %d", c.Number)
	}
	return c, nil
}
