package booking

import (
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"anteroom/internal/fault"
)

// How long a session lasts from sign-in.
const (
	AccountSessionTTL = 30 * 24 * time.Hour
	GuestSessionTTL   = 7 * 24 * time.Hour
)

// Session is the digest of a session's token, which is all that is kept of it. Empty: the request came without one.
type Session []byte

// Buyer is who a session belongs to, in the form the contract calls Session.
type Buyer struct {
	Kind  string `json:"kind"` // account or guest
	Email string `json:"email"`
	Name  string `json:"name,omitempty"`
}

// SignUp is what an account is made of.
type SignUp struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Name     string `json:"name"`
}

// Validate fails with "account-invalid", naming every field that is wrong.
func (s SignUp) Validate() error {
	problem := ErrAccountInvalid
	if !ValidEmail(s.Email) {
		problem = problem.WithField("email", "must be an e-mail address of at most 254 characters")
	}
	if n := utf8.RuneCountInString(s.Password); n < 8 || n > 200 {
		problem = problem.WithField("password", "must have 8 to 200 characters")
	}
	if n := utf8.RuneCountInString(s.Name); n < 1 || n > 100 || strings.TrimSpace(s.Name) == "" || hasControl(s.Name) {
		problem = problem.WithField("name", "must have 1 to 100 characters")
	}
	return orNil(problem)
}

// ValidateGuest fails with "account-invalid" unless the address can receive tickets.
func ValidateGuest(email string) error {
	if ValidEmail(email) {
		return nil
	}
	return ErrAccountInvalid.WithField("email", "must be an e-mail address of at most 254 characters")
}

// ValidEmail reports whether s is one plain address, such as ann@example.org: no display name, no comment, a dot in the domain's name.
func ValidEmail(s string) bool {
	if len(s) > 254 || hasControl(s) || !utf8.ValidString(s) {
		return false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return false
	}
	_, domain, _ := strings.Cut(s, "@")
	return strings.Contains(strings.Trim(domain, "."), ".")
}

// hasControl: PostgreSQL cannot store NUL, and the rest has no place in a name or an address.
func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func orNil(e *fault.Error) error {
	if len(e.Fields) == 0 {
		return nil
	}
	return e
}
