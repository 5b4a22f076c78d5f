package postgres

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

func open(t *testing.T, store *Store) (digest []byte) {
	t.Helper()
	_, digest = auth.NewSecret()
	require.NoError(t, store.OpenSession(context.Background(), owner, digest, nil))
	return digest
}

func TestSessionLivesAndEnds(t *testing.T) {
	store, _ := newStore(t)
	ctx := context.Background()
	digest := open(t, store)
	who, err := store.Session(ctx, digest, true)
	require.NoError(t, err)
	require.Equal(t, owner, who)
	require.NoError(t, store.CloseSession(ctx, digest))
	_, err = store.Session(ctx, digest, true)
	require.ErrorIs(t, err, adminapi.ErrSessionEnded)
	require.NoError(t, store.CloseSession(ctx, digest), "twice is harmless")
	entries, err := store.List(ctx, 0, 10)
	require.NoError(t, err)
	require.Len(t, entries, 2, "and is not recorded twice")
	require.Equal(t, adminapi.ActionSignOut, entries[0].Action)
	require.Equal(t, adminapi.ActionSignIn, entries[1].Action)
}

func TestSignInEndsTheSessionBefore(t *testing.T) {
	store, _ := newStore(t)
	ctx := context.Background()
	before := open(t, store)
	_, after := auth.NewSecret()
	require.NoError(t, store.OpenSession(ctx, owner, after, before))
	_, err := store.Session(ctx, before, true)
	require.ErrorIs(t, err, adminapi.ErrSessionEnded)
	_, err = store.Session(ctx, after, true)
	require.NoError(t, err)
}

// The database's clock decides, so the tests move the stored times instead of the clock.
func TestSessionTimeouts(t *testing.T) {
	store, conn := newStore(t)
	ctx := context.Background()
	for what, c := range map[string]struct {
		move  string
		ended bool
	}{
		"nearly idle for too long": {`UPDATE staff_sessions SET last_seen = now() - interval '119 minutes' WHERE digest = $1`, false},
		"idle for too long":        {`UPDATE staff_sessions SET last_seen = now() - interval '121 minutes' WHERE digest = $1`, true},
		"nearly too old":           {`UPDATE staff_sessions SET expires_at = now() + interval '1 minute' WHERE digest = $1`, false},
		"too old":                  {`UPDATE staff_sessions SET expires_at = now() WHERE digest = $1`, true},
	} {
		digest := open(t, store)
		_, err := conn.Exec(ctx, c.move, digest)
		require.NoError(t, err)
		_, err = store.Session(ctx, digest, false)
		require.Equal(t, c.ended, errors.Is(err, adminapi.ErrSessionEnded), what)
	}
	require.NoError(t, store.Tidy(ctx))
	var left int
	require.NoError(t, conn.QueryRow(ctx, `SELECT count(*) FROM staff_sessions`).Scan(&left))
	require.Equal(t, 2, left)
}

func TestOnlyActivityKeepsASession(t *testing.T) {
	store, conn := newStore(t)
	ctx := context.Background()
	digest := open(t, store)
	idle := func() (d time.Duration) {
		require.NoError(t, conn.QueryRow(ctx, `SELECT now() - last_seen FROM staff_sessions`).Scan(&d))
		return d
	}
	_, err := conn.Exec(ctx, `UPDATE staff_sessions SET last_seen = now() - interval '1 hour'`)
	require.NoError(t, err)
	_, err = store.Session(ctx, digest, false)
	require.NoError(t, err)
	require.GreaterOrEqual(t, idle(), time.Hour)
	_, err = store.Session(ctx, digest, true)
	require.NoError(t, err)
	require.Less(t, idle(), time.Hour)
}

func TestRoleIsThatOfThisMoment(t *testing.T) {
	store, conn := newStore(t)
	ctx := context.Background()
	digest := open(t, store)
	_, err := conn.Exec(ctx, `UPDATE staff SET role = 'auditor'`)
	require.NoError(t, err)
	who, err := store.Session(ctx, digest, true)
	require.NoError(t, err)
	require.Equal(t, auth.Auditor, who.Role)
	_, err = conn.Exec(ctx, `DELETE FROM staff`)
	require.NoError(t, err)
	_, err = store.Session(ctx, digest, true)
	require.ErrorIs(t, err, adminapi.ErrSessionEnded)
}

func TestAttemptsAreCountedOneByOne(t *testing.T) {
	store, conn := newStore(t)
	ctx := context.Background()
	race := func(try func() error) (allowed int) {
		var group sync.WaitGroup
		var mu sync.Mutex
		for range 4 * adminapi.AttemptsPerEmail {
			group.Go(func() {
				err := try()
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					allowed++
				} else if !errors.Is(err, adminapi.ErrTooManyAttempts) {
					t.Error(err)
				}
			})
		}
		group.Wait()
		return allowed
	}
	require.Equal(t, adminapi.AttemptsPerEmail, race(func() error { return store.CountAttempt(ctx, "guessed@demo.test") }))

	// The control: reading first and counting after lets more through. The barrier makes the bad moment certain.
	var read sync.WaitGroup
	read.Add(4 * adminapi.AttemptsPerEmail)
	naive := func() error {
		var n int
		err := store.pool.QueryRow(ctx, `SELECT coalesce(max(attempts), 0) FROM sign_in_attempts WHERE email = '@naive'`).Scan(&n)
		read.Done()
		if err != nil {
			return err
		}
		read.Wait()
		if n >= adminapi.AttemptsPerEmail {
			return adminapi.ErrTooManyAttempts
		}
		_, err = store.pool.Exec(ctx, `INSERT INTO sign_in_attempts AS a VALUES ('@naive', now(), 1) ON CONFLICT (email) DO UPDATE SET attempts = a.attempts + 1`)
		return err
	}
	require.Greater(t, race(naive), adminapi.AttemptsPerEmail)

	// Another address is not locked out, a window that has passed counts no more, and who knows the password starts again.
	require.NoError(t, store.CountAttempt(ctx, owner.Email))
	refused := store.CountAttempt(ctx, "guessed@demo.test")
	require.Positive(t, fault.From(refused).RetryAfter)
	_, err := conn.Exec(ctx, `UPDATE sign_in_attempts SET window_start = now() - interval '5 minutes'`)
	require.NoError(t, err)
	require.NoError(t, store.CountAttempt(ctx, "guessed@demo.test"))
	for range 3 * adminapi.AttemptsPerEmail {
		require.NoError(t, store.CountAttempt(ctx, owner.Email))
		open(t, store)
	}
}

func TestAttemptsAreBoundedOverall(t *testing.T) {
	store, conn := newStore(t)
	ctx := context.Background()
	require.NoError(t, store.CountAttempt(ctx, "a@demo.test"))
	_, err := conn.Exec(ctx, `UPDATE sign_in_attempts SET attempts = $1 WHERE email = ''`, adminapi.AttemptsOverall-1)
	require.NoError(t, err)
	require.NoError(t, store.CountAttempt(ctx, "b@demo.test"))
	require.ErrorIs(t, store.CountAttempt(ctx, "c@demo.test"), adminapi.ErrTooManyAttempts)
}
