package auth

import (
	"bytes"
	"context"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

const staffType = "an-staff+jwt"

// Errors of StaffVerifier.Verify.
var (
	ErrStaffMissing = fault.New(fault.Unauthenticated, "staff-token-missing", "This call wants a staff token.")
	ErrStaffInvalid = fault.New(fault.Unauthenticated, "staff-token-invalid", "The staff token is not valid here.")
	ErrStaffExpired = fault.New(fault.Unauthenticated, "staff-token-expired", "The staff token has run out.")
)

// Staff is a member of staff, as one service tells another.
type Staff struct {
	Email string
	Name  string
	Role  Role
}

type staffClaims struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	Subject  string `json:"sub"` // e-mail address
	Name     string `json:"name"`
	Role     Role   `json:"role"`
	Expires  int64  `json:"exp"` // Unix seconds
}

// SignStaff makes a token that says to the service named by audience who is asking. Keep ttl short: it cannot be revoked.
func (k *Keys) SignStaff(s Staff, audience string, ttl time.Duration) (string, error) {
	return k.sign(staffType, staffClaims{
		Issuer: issuer, Audience: audience, Subject: s.Email, Name: s.Name, Role: s.Role, Expires: time.Now().Add(ttl).Unix(),
	})
}

// StaffVerifier verifies staff tokens made for one service. Safe for concurrent use.
type StaffVerifier struct {
	keys     KeySource
	audience string
}

// NewStaffVerifier makes a verifier of tokens signed with these keys for the service named by audience.
func NewStaffVerifier(keys KeySource, audience string) *StaffVerifier {
	return &StaffVerifier{keys: keys, audience: audience}
}

// Verify returns who the token says is asking. It fails with one of the ErrStaff… errors, or with "keys-unavailable".
func (v *StaffVerifier) Verify(token []byte, now time.Time) (Staff, error) {
	if len(token) == 0 {
		return Staff{}, ErrStaffMissing
	}
	var c staffClaims
	until, err := verify(context.Background(), v.keys, staffType, token, &c)
	if err != nil {
		return Staff{}, judged(err, ErrStaffInvalid)
	}
	if c.Issuer != issuer || c.Audience != v.audience || c.Subject == "" {
		return Staff{}, ErrStaffInvalid
	}
	if now.Unix() >= c.Expires || over(until, now) {
		return Staff{}, ErrStaffExpired
	}
	return Staff{Email: c.Subject, Name: c.Name, Role: c.Role}, nil
}

// RequirePermission fails with "permission-denied", naming the permission, unless the role has it.
func RequirePermission(s Staff, p Permission) error {
	if s.Role.Allows(p) {
		return nil
	}
	return fault.New(fault.Forbidden, "permission-denied", "The role %s may not do this; it wants the permission %s.", s.Role, p).With("permission", p)
}

// RequireStaff lets a request through to next if it bears a valid staff token whose role has the permission.
func RequireStaff(v *StaffVerifier, p Permission, next func(ctx *fasthttp.RequestCtx, s Staff) error) endpoint.Handler {
	return func(ctx *fasthttp.RequestCtx) error {
		s, err := v.Verify(BearerToken(ctx), time.Now())
		if err != nil {
			return err
		}
		if err := RequirePermission(s, p); err != nil {
			return err
		}
		return next(ctx, s)
	}
}

// BearerToken is the token of the Authorization header (RFC 6750), empty when there is none.
// It is valid until the handler returns.
func BearerToken(ctx *fasthttp.RequestCtx) []byte {
	scheme, token, ok := bytes.Cut(ctx.Request.Header.Peek(fasthttp.HeaderAuthorization), []byte(" "))
	if !ok || !bytes.EqualFold(scheme, []byte("Bearer")) {
		return nil
	}
	return bytes.TrimSpace(token)
}
