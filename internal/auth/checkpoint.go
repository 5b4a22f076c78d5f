package auth

import (
	"context"
	"fmt"

	"anteroom/internal/fault"
)

const checkpointType = "wr-checkpoint+jws"

// ErrCheckpointInvalid is the error of VerifyCheckpoint.
var ErrCheckpointInvalid = fault.New(fault.Invalid, "checkpoint-invalid", "The checkpoint is not one of ours.")

// SignCheckpoint makes a line of a public ledger as a compact EdDSA JWS. It fails when that would be longer than VerifyCheckpoint accepts.
func (k *Keys) SignCheckpoint(claims any) (string, error) {
	token, err := k.sign(checkpointType, claims)
	if err == nil && len(token) > maxToken {
		return "", fmt.Errorf("sign %s: %d bytes are more than the %d that a token may have", checkpointType, len(token), maxToken)
	}
	return token, err
}

// VerifyCheckpoint checks a line of a public ledger and decodes it into claims, a pointer to a zero value of the type that was
// signed. It accepts only what SignCheckpoint makes of such a value: no unknown or repeated member, no other writing of the same. So one
// line has one text, and hashes of the text can be relied on. It fails with ErrCheckpointInvalid, or with "keys-unavailable" when the
// signature cannot be judged now.
func VerifyCheckpoint(ctx context.Context, keys KeySource, token []byte, claims any) error {
	if err := verifyExact(ctx, keys, checkpointType, token, claims); err != nil {
		return judged(err, ErrCheckpointInvalid)
	}
	return nil
}
