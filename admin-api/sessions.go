package adminapi

import (
	"context"
	"errors"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

// Errors of signing in and of sessions.
var (
	ErrSignInRequired  = fault.New(fault.Unauthenticated, "sign-in-required", "Sign in first.")
	ErrSessionEnded    = fault.New(fault.Unauthenticated, "session-ended", "The session has ended; sign in again.")
	ErrSignInRefused   = fault.New(fault.Unauthenticated, "sign-in-refused", "The e-mail address or the password is not right.")
	ErrTooManyAttempts = fault.New(fault.TooMany, "too-many-attempts", "Too many sign-ins were tried; wait a while.")
	ErrPersonUnknown   = fault.New(fault.NotFound, "person-unknown", "There is no such member of staff.")
)

// Person is a member of staff as stored.
type Person struct {
	auth.Staff
	PasswordHash string
}

// SessionStore keeps staff, their sessions and the count of attempts. Safe for concurrent use. Every method
// fails with "database-unavailable" while the store cannot be reached.
type SessionStore interface {
	// CountAttempt counts a sign-in about to be tried. It fails with ErrTooManyAttempts, saying when to try again, once the limit
	// of the address or the overall limit is reached; attempts at the same moment are counted one by one.
	CountAttempt(ctx context.Context, email string) error

	// Person looks a member of staff up. It fails with ErrPersonUnknown.
	Person(ctx context.Context, email string) (Person, error)

	// OpenSession starts a session with this digest, ends the one with the digest replaces (may be nil), forgets
	// the attempts of the address and writes the sign-in to the audit: all of it or nothing.
	OpenSession(ctx context.Context, who auth.Staff, digest, replaces []byte) error

	// Session tells whose session it is, with the role of this moment, and counts as activity if active is set.
	// It fails with ErrSessionEnded for one that is unknown, ended, idle for too long or too old.
	Session(ctx context.Context, digest []byte, active bool) (auth.Staff, error)

	// CloseSession ends the session and writes the sign-out to the audit. For a session that has ended it does nothing.
	CloseSession(ctx context.Context, digest []byte) error
}

// Sessions signs staff in and out. Safe for concurrent use.
type Sessions struct {
	store SessionStore
	audit Audit
}

// NewSessions makes a Sessions.
func NewSessions(store SessionStore, audit Audit) *Sessions {
	return &Sessions{store: store, audit: audit}
}

// SignIn checks the password and opens a session; token is for the cookie only and is not stored. previous is the token the
// caller came with, if any; its session ends. A refused sign-in is written to the audit before the answer.
//
// It fails with ErrSignInRefused, whether the address or the password is wrong and in about the same time, with ErrTooManyAttempts
// (not audited one by one: the attempts that used the limit up are, and a flood must not fill a table that nothing is ever
// deleted from), or as the store does.
func (s *Sessions) SignIn(ctx context.Context, email, password string, previous []byte) (token string, who auth.Staff, err error) {
	email = NormaliseEmail(email)
	if err := s.store.CountAttempt(ctx, email); err != nil {
		return "", auth.Staff{}, err
	}
	person, err := s.store.Person(ctx, email)
	switch {
	case errors.Is(err, ErrPersonUnknown):
		auth.DummyCheck(password)
		return "", auth.Staff{}, s.refuse(ctx, auth.Staff{Email: email}, "there is no such member of staff")
	case err != nil:
		return "", auth.Staff{}, err
	case !auth.CheckPassword(person.PasswordHash, password):
		return "", auth.Staff{}, s.refuse(ctx, person.Staff, "the password is wrong")
	}
	token, digest := auth.NewSecret()
	var replaces []byte
	if len(previous) > 0 {
		replaces = auth.Digest(previous)
	}
	if err := s.store.OpenSession(ctx, person.Staff, digest, replaces); err != nil {
		return "", auth.Staff{}, err
	}
	return token, person.Staff, nil
}

func (s *Sessions) refuse(ctx context.Context, who auth.Staff, reason string) error {
	err := s.audit.Append(ctx, Entry{
		Actor: who.Email, Role: who.Role, Action: ActionSignIn, Target: "staff/" + who.Email, Outcome: Refused, Reason: reason,
	})
	if err != nil {
		return err
	}
	return ErrSignInRefused
}

// Who tells whose session the token is of. It fails with ErrSignInRequired without a token, or with ErrSessionEnded.
func (s *Sessions) Who(ctx context.Context, token []byte) (auth.Staff, error) {
	return s.who(ctx, token, true)
}

// StillWho is Who without counting as activity: a live page left open overnight does not keep its session.
func (s *Sessions) StillWho(ctx context.Context, token []byte) (auth.Staff, error) {
	return s.who(ctx, token, false)
}

func (s *Sessions) who(ctx context.Context, token []byte, active bool) (auth.Staff, error) {
	if len(token) == 0 {
		return auth.Staff{}, ErrSignInRequired
	}
	return s.store.Session(ctx, auth.Digest(token), active)
}

// SignOut ends the session, if the token is of one.
func (s *Sessions) SignOut(ctx context.Context, token []byte) error {
	if len(token) == 0 {
		return nil
	}
	return s.store.CloseSession(ctx, auth.Digest(token))
}
