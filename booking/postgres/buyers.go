package postgres

import (
	"context"

	"anteroom/booking"
)

// StartGuest implements booking.Buyers. One statement, so one commit: a crowd of guests arrives at once.
func (s *Store) StartGuest(ctx context.Context, email string, digest []byte) (booking.Buyer, error) {
	_, err := s.pool.Exec(ctx, `
		WITH guest AS (INSERT INTO buyers (kind, email) VALUES ('guest', $1) RETURNING id)
		INSERT INTO buyer_sessions (digest, buyer_id, expires_at) SELECT $2, id, clock_timestamp() + $3::interval FROM guest`,
		email, digest, booking.GuestSessionTTL)
	if err != nil {
		return booking.Buyer{}, failure(err)
	}
	return booking.Buyer{Kind: "guest", Email: email}, nil
}

// CreateAccount implements booking.Buyers.
func (s *Store) CreateAccount(ctx context.Context, session booking.Session, email, name, hash string, digest []byte) (booking.Buyer, error) {
	_, err := s.pool.Exec(ctx, `
		WITH guest AS (
			UPDATE buyers SET kind = 'account', email = $2, name = $3, password_hash = $4
			 WHERE id = buyer_of($1) AND kind = 'guest' RETURNING id),
		fresh AS (
			INSERT INTO buyers (kind, email, name, password_hash) SELECT 'account', $2, $3, $4
			 WHERE NOT EXISTS (SELECT 1 FROM guest) RETURNING id),
		account AS (SELECT id FROM guest UNION ALL SELECT id FROM fresh),
		ended AS (DELETE FROM buyer_sessions WHERE buyer_id IN (SELECT id FROM guest))
		INSERT INTO buyer_sessions (digest, buyer_id, expires_at) SELECT $5, id, clock_timestamp() + $6::interval FROM account`,
		[]byte(session), email, name, hash, digest, booking.AccountSessionTTL)
	if isUnique(err, "buyers_account_email") {
		return booking.Buyer{}, booking.ErrEmailTaken
	}
	if err != nil {
		return booking.Buyer{}, failure(err)
	}
	return booking.Buyer{Kind: "account", Email: email, Name: name}, nil
}

// PasswordHash implements booking.Buyers.
func (s *Store) PasswordHash(ctx context.Context, email string) (id int64, hash string, err error) {
	err = s.pool.QueryRow(ctx, `SELECT id, password_hash FROM buyers WHERE kind = 'account' AND lower(email) = lower($1)`, email).Scan(&id, &hash)
	if isNoRows(err) {
		return 0, "", nil
	}
	if err != nil {
		return 0, "", failure(err)
	}
	return id, hash, nil
}

// StartSession implements booking.Buyers.
func (s *Store) StartSession(ctx context.Context, account int64, digest []byte) (booking.Buyer, error) {
	var b booking.Buyer
	err := s.pool.QueryRow(ctx, `
		WITH session AS (INSERT INTO buyer_sessions (digest, buyer_id, expires_at) VALUES ($2, $1, clock_timestamp() + $3::interval))
		SELECT kind, email, name FROM buyers WHERE id = $1`, account, digest, booking.AccountSessionTTL).Scan(&b.Kind, &b.Email, &b.Name)
	if err != nil {
		return b, failure(err)
	}
	return b, nil
}

// Buyer implements booking.Buyers.
func (s *Store) Buyer(ctx context.Context, session booking.Session) (booking.Buyer, error) {
	var b booking.Buyer
	err := s.pool.QueryRow(ctx, `SELECT kind, email, name FROM buyers WHERE id = buyer_of($1)`, []byte(session)).Scan(&b.Kind, &b.Email, &b.Name)
	if isNoRows(err) {
		return b, booking.ErrSessionMissing
	}
	if err != nil {
		return b, failure(err)
	}
	return b, nil
}

// EndSession implements booking.Buyers.
func (s *Store) EndSession(ctx context.Context, session booking.Session) error {
	if _, err := s.pool.Exec(ctx, `DELETE FROM buyer_sessions WHERE digest = $1`, []byte(session)); err != nil {
		return failure(err)
	}
	return nil
}
