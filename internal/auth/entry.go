package auth

import (
	"context"
	"errors"
	"time"

	"anteroom/internal/fault"
)

const (
	entryType    = "an-ticket+jws"
	transferType = "an-transfer+jws"
)

// Errors of VerifyEntry and VerifyTransfer.
var (
	ErrEntryInvalid    = fault.New(fault.Invalid, "ticket-invalid", "That is no ticket of ours.")
	ErrTransferInvalid = fault.New(fault.NotFound, "transfer-unknown", "There is no such offer of a ticket.")
)

// Entry is what the QR code of a ticket to a show states. (A Ticket is a place in the line.)
type Entry struct {
	ID     string    // of the ticket
	Show   string    // slug
	Seat   string    // for people
	Starts time.Time // of the show, to the second
}

type entryClaims struct {
	Issuer  string `json:"iss"`
	Subject string `json:"sub"`
	Show    string `json:"show"`
	Seat    string `json:"seat"`
	Starts  int64  `json:"start"` // Unix seconds
}

// SignEntry makes the text of a ticket's QR code: a compact EdDSA JWS, which anyone can verify with the published keys. It says that the ticket was
// issued; whether it has been cancelled, handed on or used since is known only to the service.
func (k *Keys) SignEntry(e Entry) (string, error) {
	return k.sign(entryType, entryClaims{Issuer: issuer, Subject: e.ID, Show: e.Show, Seat: e.Seat, Starts: e.Starts.Unix()})
}

// VerifyEntry returns what a ticket states; nothing else can be in it. A ticket says what was, so the end of the key that signed it does not count. It fails
// with "ticket-invalid", or with "keys-unavailable" when the signature cannot be judged now.
func VerifyEntry(ctx context.Context, keys KeySource, token []byte) (Entry, error) {
	var c entryClaims
	err := verifyExact(ctx, keys, entryType, token, &c)
	if err == nil && (c.Issuer != issuer || c.Subject == "" || c.Show == "") {
		err = errors.New("its claims are no ticket")
	}
	if err != nil {
		return Entry{}, judged(err, ErrEntryInvalid)
	}
	return Entry{ID: c.Subject, Show: c.Show, Seat: c.Seat, Starts: time.Unix(c.Starts, 0)}, nil
}

type transferClaims struct {
	Issuer  string `json:"iss"`
	Subject string `json:"sub"`
}

// SignTransfer makes the secret part of the link by which somebody claims a ticket that was offered to them. It is kept nowhere: who can read the
// database cannot claim with what is there. Whether the offer still stands is known only to the service.
func (k *Keys) SignTransfer(id string) (string, error) {
	return k.sign(transferType, transferClaims{Issuer: issuer, Subject: id})
}

// VerifyTransfer returns the id of the offer. It fails with "transfer-unknown", or with "keys-unavailable".
func VerifyTransfer(ctx context.Context, keys KeySource, token []byte) (id string, err error) {
	var c transferClaims
	err = verifyExact(ctx, keys, transferType, token, &c)
	if err == nil && (c.Issuer != issuer || c.Subject == "") {
		err = errors.New("its claims are no offer")
	}
	if err != nil {
		return "", judged(err, ErrTransferInvalid)
	}
	return c.Subject, nil
}
