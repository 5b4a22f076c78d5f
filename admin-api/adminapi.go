// Package adminapi is the domain of the back office: who is signed in, what they may change, and the audit that
// no change escapes. It knows neither PostgreSQL nor HTTP; rooms and orders belong to other services, which it asks.
package adminapi

import (
	"strings"
	"time"
)

// How long a staff session lasts. PostgreSQL's clock decides.
const (
	SessionLimit = 12 * time.Hour // no session is longer
	SessionIdle  = 2 * time.Hour  // a session without a request for this long ends; a live page alone does not keep it
)

// How many sign-ins may be tried. A right password gives its attempt back, so these bound guessing, not work.
const (
	AttemptsPerEmail = 10
	AttemptsOverall  = 200
	AttemptsWindow   = 5 * time.Minute
)

// maxEmail is the longest e-mail address there can be (RFC 5321 §4.5.3.1.3, less its brackets), in bytes.
const maxEmail = 254

// NormaliseEmail gives the form an e-mail address is stored and looked up in. The outcome is always text that
// PostgreSQL can store; an address that never was one is simply not found.
func NormaliseEmail(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	if len(email) > maxEmail {
		email = email[:maxEmail]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(email, "\uFFFD"), "\x00", "\uFFFD")
}
