package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
)

// Person implements adminapi.SessionStore.
func (s *Store) Person(ctx context.Context, email string) (adminapi.Person, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	var p adminapi.Person
	err := s.pool.QueryRow(ctx, `SELECT email, name, role, password_hash FROM staff WHERE email = $1`, email).
		Scan(&p.Email, &p.Name, &p.Role, &p.PasswordHash)
	if errors.Is(err, pgx.ErrNoRows) {
		return adminapi.Person{}, adminapi.ErrPersonUnknown
	}
	return p, translate(err)
}

// OpenSession implements adminapi.SessionStore.
func (s *Store) OpenSession(ctx context.Context, who auth.Staff, digest, replaces []byte) error {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM staff_sessions WHERE digest = $1`, replaces); err != nil {
			return err
		}
		opened, err := tx.Exec(ctx, `
			INSERT INTO staff_sessions (digest, staff_id, expires_at)
			SELECT $1, id, now() + $3::interval FROM staff WHERE email = $2`, digest, who.Email, adminapi.SessionLimit)
		if err != nil {
			return err
		}
		if opened.RowsAffected() == 0 { // left between the password check and now
			return adminapi.ErrSignInRefused
		}
		if err := forgetAttempts(ctx, tx, who.Email); err != nil {
			return err
		}
		return appendEntry(ctx, tx, adminapi.Entry{
			Actor: who.Email, Role: who.Role, Action: adminapi.ActionSignIn, Target: "staff/" + who.Email, Outcome: adminapi.Done,
		})
	}))
}

// Session implements adminapi.SessionStore. Activity is written at most once a minute: it decides over hours.
func (s *Store) Session(ctx context.Context, digest []byte, active bool) (auth.Staff, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	var who auth.Staff
	var due bool
	err := s.pool.QueryRow(ctx, `
		SELECT p.email, p.name, p.role, s.last_seen < now() - interval '1 minute'
		FROM staff_sessions s JOIN staff p ON p.id = s.staff_id
		WHERE s.digest = $1 AND s.expires_at > now() AND s.last_seen > now() - $2::interval`, digest, adminapi.SessionIdle).
		Scan(&who.Email, &who.Name, &who.Role, &due)
	if errors.Is(err, pgx.ErrNoRows) {
		return auth.Staff{}, adminapi.ErrSessionEnded
	}
	if err == nil && active && due {
		_, err = s.pool.Exec(ctx, `UPDATE staff_sessions SET last_seen = greatest(last_seen, now()) WHERE digest = $1`, digest)
	}
	return who, translate(err)
}

// CloseSession implements adminapi.SessionStore.
func (s *Store) CloseSession(ctx context.Context, digest []byte) error {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var who auth.Staff
		var live bool
		err := tx.QueryRow(ctx, `
			DELETE FROM staff_sessions s USING staff p WHERE s.digest = $1 AND p.id = s.staff_id
			RETURNING p.email, p.role, s.expires_at > now() AND s.last_seen > now() - $2::interval`, digest, adminapi.SessionIdle).
			Scan(&who.Email, &who.Role, &live)
		if errors.Is(err, pgx.ErrNoRows) || (err == nil && !live) {
			return nil
		}
		if err != nil {
			return err
		}
		return appendEntry(ctx, tx, adminapi.Entry{
			Actor: who.Email, Role: who.Role, Action: adminapi.ActionSignOut, Target: "staff/" + who.Email, Outcome: adminapi.Done,
		})
	}))
}

// Tidy removes sessions that have ended and attempts that no longer count. Nothing depends on it: both are judged by the clock.
func (s *Store) Tidy(ctx context.Context) error {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	if _, err := s.pool.Exec(ctx, `DELETE FROM staff_sessions WHERE expires_at <= now() OR last_seen <= now() - $1::interval`, adminapi.SessionIdle); err != nil {
		return translate(err)
	}
	_, err := s.pool.Exec(ctx, `DELETE FROM sign_in_attempts WHERE window_start <= now() - $1::interval`, 2*adminapi.AttemptsWindow)
	return translate(err)
}

// everybody is the key of the row that counts the attempts of all addresses together.
const everybody = ""

// CountAttempt implements adminapi.SessionStore. The address is counted before the whole, always in this order, so
// that two attempts cannot wait for one another; what the address's limit refuses does not use up everybody's.
func (s *Store) CountAttempt(ctx context.Context, email string) error {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	var refused time.Duration
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		for _, l := range []struct {
			key   string
			limit int
		}{{"@" + email, adminapi.AttemptsPerEmail}, {everybody, adminapi.AttemptsOverall}} {
			var attempts int
			var remaining time.Duration
			err := tx.QueryRow(ctx, `
				INSERT INTO sign_in_attempts AS a (email, window_start, attempts) VALUES ($1, clock_timestamp(), 1)
				ON CONFLICT (email) DO UPDATE SET
					window_start = CASE WHEN a.window_start <= clock_timestamp() - $2::interval THEN clock_timestamp() ELSE a.window_start END,
					attempts     = CASE WHEN a.window_start <= clock_timestamp() - $2::interval THEN 1 ELSE least(a.attempts, 1000000) + 1 END
				RETURNING attempts, window_start + $2::interval - clock_timestamp()`, l.key, adminapi.AttemptsWindow).Scan(&attempts, &remaining)
			if err != nil {
				return err
			}
			if attempts > l.limit {
				refused = max(remaining, time.Second)
				return nil // committed: the attempt counts
			}
		}
		return nil
	})
	if err == nil && refused > 0 {
		return adminapi.ErrTooManyAttempts.After(refused)
	}
	return translate(err)
}

// forgetAttempts is for a right password: the address starts again, and everybody gets one attempt back.
func forgetAttempts(ctx context.Context, tx pgx.Tx, email string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM sign_in_attempts WHERE email = $1`, "@"+email); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE sign_in_attempts SET attempts = greatest(attempts - 1, 0) WHERE email = $1`, everybody)
	return err
}
