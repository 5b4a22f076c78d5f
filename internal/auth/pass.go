package auth

import (
	"context"
	"time"

	"anteroom/internal/fault"
)

const (
	passType = "wr-pass+jwt"
	issuer   = "anteroom"
)

// Errors of PassVerifier.Verify.
var (
	ErrPassMissing   = fault.New(fault.Forbidden, "pass-missing", "This path is behind the waiting room and the request carries no pass.")
	ErrPassInvalid   = fault.New(fault.Forbidden, "pass-invalid", "The pass is not one of ours.")
	ErrPassExpired   = fault.New(fault.Forbidden, "pass-expired", "The pass has run out.")
	ErrPassOtherRoom = fault.New(fault.Forbidden, "pass-other-room", "The pass is for another room.")
)

// Pass lets its holder through the gate of one room. Times are in whole milliseconds.
type Pass struct {
	Room       string
	Epoch      int64 // a pass of an earlier epoch is worthless; the gateway checks that
	Number     int64 // the place it was given for
	AdmittedAt time.Time
	ExpiresAt  time.Time
}

type passClaims struct {
	Issuer     string `json:"iss"`
	Audience   string `json:"aud"` // the room
	Epoch      int64  `json:"epoch"`
	Number     int64  `json:"num"`
	AdmittedMS int64  `json:"adm"` // Unix milliseconds, by the clock of the line
	ExpiresMS  int64  `json:"exp_ms"`
	Expires    int64  `json:"exp"` // the same, rounded down to seconds as RFC 7519 counts
}

func (p Pass) claims() passClaims {
	return passClaims{
		Issuer: issuer, Audience: p.Room, Epoch: p.Epoch, Number: p.Number,
		AdmittedMS: p.AdmittedAt.UnixMilli(), ExpiresMS: p.ExpiresAt.UnixMilli(), Expires: p.ExpiresAt.Unix(),
	}
}

// SignPass makes the pass as a compact EdDSA JWT.
func (k *Keys) SignPass(p Pass) (string, error) { return k.passes.compact(p.claims()) }

// PassVerifier verifies passes and remembers those it has verified. Safe for concurrent use.
type PassVerifier struct {
	keys  KeySource
	cache cache[Pass]
}

// NewPassVerifier makes a verifier of passes signed with these keys.
func NewPassVerifier(keys KeySource) *PassVerifier { return &PassVerifier{keys: keys} }

// Verify returns the pass that the token is, if it is a valid one for this room at this time.
// Whether it has been revoked is the caller's to check. It fails with one of the ErrPass… errors, or with
// "keys-unavailable" when the signature cannot be judged now.
func (v *PassVerifier) Verify(token []byte, room string, now time.Time) (Pass, error) {
	if len(token) == 0 {
		return Pass{}, ErrPassMissing
	}
	p, ok := v.cache.get(token)
	if !ok {
		var c passClaims
		if err := verify(context.Background(), v.keys, passType, token, &c); err != nil {
			return Pass{}, judged(err, ErrPassInvalid)
		}
		if c.Issuer != issuer || c.Audience == "" || c.ExpiresMS <= 0 {
			return Pass{}, ErrPassInvalid
		}
		p = Pass{Room: c.Audience, Epoch: c.Epoch, Number: c.Number, AdmittedAt: time.UnixMilli(c.AdmittedMS), ExpiresAt: time.UnixMilli(c.ExpiresMS)}
		v.cache.put(token, p)
	}
	if p.Room != room {
		return Pass{}, ErrPassOtherRoom
	}
	if !now.Before(p.ExpiresAt) {
		return Pass{}, ErrPassExpired
	}
	return p, nil
}

// judged gives the error for a token that failed verification: invalid, unless the keys could not be had,
// which says nothing about the token. The details of why a token is invalid help only who forges them; they stay inside.
func judged(err error, invalid *fault.Error) error {
	if f := fault.From(err); f.Code == fault.Unavailable {
		return f
	}
	return fault.Wrap(err, invalid.Code, invalid.Type, "%s", invalid.Message)
}
