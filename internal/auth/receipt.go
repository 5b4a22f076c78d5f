package auth

import (
	"context"
	"fmt"

	"anteroom/internal/fault"
)

const receiptType = "wr-receipt+jws"

// ErrReceiptInvalid is the error of VerifyReceipt.
var ErrReceiptInvalid = fault.New(fault.Invalid, "receipt-invalid", "The receipt is not one of ours.")

// SignReceipt states room, epoch, number and time of a ticket as a compact EdDSA JWS, which anyone can verify with the published keys.
func (k *Keys) SignReceipt(t Ticket) (string, error) {
	return k.sign(receiptType, t.statement())
}

// statement is what a receipt says of a ticket.
func (t Ticket) statement() ticketClaims {
	t.EstimateLow, t.EstimateHigh, t.Moves = 0, 0, 0
	return t.claims()
}

// VerifyReceipt returns the place that the receipt states; nothing else can be in it. It fails with ErrReceiptInvalid, or with
// "keys-unavailable" when the signature cannot be judged now.
func VerifyReceipt(ctx context.Context, keys KeySource, token []byte) (Ticket, error) {
	var c ticketClaims
	err := verifyExact(ctx, keys, receiptType, token, &c)
	if err == nil && (c.Room == "" || c.Epoch < 0 || c.Number <= 0 || c.EstimateLow != 0 || c.EstimateHigh != 0 || c.Moves != 0) {
		err = fmt.Errorf("its claims are no place: %+v", c)
	}
	if err != nil {
		return Ticket{}, judged(err, ErrReceiptInvalid)
	}
	return c.ticket(), nil
}
