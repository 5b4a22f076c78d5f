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

// notBeforeLeeway is by how much the clock of who verifies may be behind that of the line (RFC 7519 §4.1.5).
const notBeforeLeeway = time.Minute

// Errors of PassVerifier.Verify.
var (
	ErrPassMissing   = fault.New(fault.Forbidden, "pass-missing", "This path is behind the waiting room and the request carries no pass.")
	ErrPassInvalid   = fault.New(fault.Forbidden, "pass-invalid", "The pass is not one of ours.")
	ErrPassExpired   = fault.New(fault.Forbidden, "pass-expired", "The pass has run out.")
	ErrPassNotYet    = fault.New(fault.Forbidden, "pass-not-yet", "The pass is not good yet.")
	ErrPassOtherRoom = fault.New(fault.Forbidden, "pass-other-room", "The pass is for another room.")
)

// Pass lets its holder through the gate of one room. Times are in whole milliseconds.
type Pass struct {
	Room       string
	Epoch      int64     // a pass of an earlier epoch is worthless; the gateway checks that
	Number     int64     // the place it was given for
	AdmittedAt time.Time // not good before
	ExpiresAt  time.Time // not good from then on
	EndsAt     time.Time // of the session: no renewal goes beyond; zero: there is none beyond ExpiresAt

	token string
}

// Token is the token that the pass was verified from; empty for one that was not. It is kept beside what the token says, so that
// who shows a verified pass on need not copy it for each request.
func (p *Pass) Token() string { return p.token }

// passClaims are those of a pass and of a pass for edges alike.
type passClaims struct {
	Issuer     string `json:"iss"`
	Audience   string `json:"aud"` // the room
	Epoch      int64  `json:"epoch"`
	Number     int64  `json:"num"`
	AdmittedMS int64  `json:"adm"`    // Unix milliseconds, by the clock of the line
	ExpiresMS  int64  `json:"exp_ms"` // the same, as all below
	Expires    int64  `json:"exp"`    // rounded down to seconds as RFC 7519 counts
	NotBefore  int64  `json:"nbf"`    // AdmittedMS, likewise
	EndsMS     int64  `json:"end_ms"` // the end of the session
}

func (p Pass) claims() passClaims {
	ends := p.EndsAt
	if ends.IsZero() {
		ends = p.ExpiresAt
	}
	return passClaims{
		Issuer: issuer, Audience: p.Room, Epoch: p.Epoch, Number: p.Number,
		AdmittedMS: p.AdmittedAt.UnixMilli(), ExpiresMS: p.ExpiresAt.UnixMilli(), Expires: p.ExpiresAt.Unix(),
		NotBefore: p.AdmittedAt.Unix(), EndsMS: ends.UnixMilli(),
	}
}

// pass reads claims, those from before there were renewals too. It reports false for what no pass says.
func (c passClaims) pass() (Pass, bool) {
	p := Pass{
		Room: c.Audience, Epoch: c.Epoch, Number: c.Number,
		AdmittedAt: time.UnixMilli(c.AdmittedMS), ExpiresAt: time.UnixMilli(c.ExpiresMS), EndsAt: time.UnixMilli(max(c.EndsMS, c.ExpiresMS)),
	}
	return p, c.Issuer == issuer && c.Audience != "" && c.ExpiresMS > 0 && c.NotBefore <= p.AdmittedAt.Unix()
}

// SignPass makes the pass as a compact EdDSA JWT.
func (k *Keys) SignPass(p Pass) (string, error) { return k.signer().passes.compact(p.claims()) }

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
	state := v.keys.Dropped()
	p, ok := v.cache.get(token, state)
	if !ok {
		var c passClaims
		until, err := verify(context.Background(), v.keys, passType, token, &c)
		if err != nil {
			return Pass{}, judged(err, ErrPassInvalid)
		}
		if p, ok = c.pass(); !ok {
			return Pass{}, ErrPassInvalid
		}
		if over(until, p.ExpiresAt) { // no pass outlives its key
			p.ExpiresAt = until
		}
		p.token = string(token)
		v.cache.put(p.token, state, p)
	}
	if err := p.good(room, now); err != nil {
		return Pass{}, err
	}
	return p, nil
}

// good judges a genuine pass.
func (p Pass) good(room string, now time.Time) error {
	switch {
	case p.Room != room:
		return ErrPassOtherRoom
	case !now.Before(p.ExpiresAt):
		return ErrPassExpired
	case now.Before(p.AdmittedAt.Add(-notBeforeLeeway)):
		return ErrPassNotYet
	default:
		return nil
	}
}

// over reports whether a time is past an end; a zero end is none.
func over(end, at time.Time) bool { return !end.IsZero() && !at.Before(end) }

// judged gives the error for a token that failed verification: invalid, unless the keys could not be had,
// which says nothing about the token. The details of why a token is invalid help only who forges them; they stay inside.
func judged(err error, invalid *fault.Error) error {
	if f := fault.From(err); f.Code == fault.Unavailable {
		return f
	}
	return fault.Wrap(err, invalid.Code, invalid.Type, "%s", invalid.Message)
}
