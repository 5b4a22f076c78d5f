package postgres

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

// slowLocks is take_locks one lock after the other with a pause in between, which makes what is rare between two locks happen every time.
const slowLocks = `
	CREATE OR REPLACE FUNCTION take_locks(keys bigint[]) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE k bigint;
	BEGIN
	    FOR k IN SELECT key FROM (SELECT DISTINCT ON (key) key, n FROM unnest(keys) WITH ORDINALITY AS u (key, n)) d ORDER BY %ORDER% LOOP
	        PERFORM pg_advisory_xact_lock(k);
	        PERFORM pg_sleep(0.02);
	    END LOOP;
	END $$`

// Two groups of the same seats in opposite order, with a pause between any two locks: in ascending order of keys they wait for each other in turn.
func TestHoldsInOppositeOrderWaitInTurn(t *testing.T) {
	t.Parallel()
	require.Zero(t, oppositeOrder(t, "key", 5))
}

// The control: in the order in which they are named, they run into each other.
func TestControlUnsortedHoldsInOppositeOrderDeadlock(t *testing.T) {
	t.Parallel()
	require.Positive(t, oppositeOrder(t, "n", 200))
}

// oppositeOrder has two buyers hold the same two seats, named in opposite order, at the same moment, until one of them was a
// deadlock's victim, at most so many times. It returns how many were.
func oppositeOrder(t *testing.T, order string, rounds int) int {
	h := newHall(t, 1)
	h.exec(strings.ReplaceAll(slowLocks, "%ORDER%", order))
	store := NewStore(h.extra(map[string]string{"deadlock_timeout": "50ms", "lock_timeout": "60s"}))
	var victims atomic.Int32
	for i := 0; i < rounds && victims.Load() == 0; i++ {
		buyers := []booking.Session{h.guest(), h.guest()}
		together(2, func(k int) {
			seats := []int64{h.seats[k], h.seats[1-k]}
			hold, err := store.HoldSeats(context.Background(), buyers[k], "small", seats)
			var pg *pgconn.PgError
			switch {
			case err == nil:
				require.NoError(t, store.ReleaseHold(context.Background(), buyers[k], "small", hold.ID))
			case errors.As(err, &pg) && pg.Code == deadlockDetected:
				victims.Add(1)
			default:
				require.ErrorIs(t, err, booking.ErrSeatTaken)
			}
		})
	}
	h.allZero()
	return int(victims.Load())
}
