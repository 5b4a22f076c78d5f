package postgres

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

const withoutLocks = `CREATE OR REPLACE FUNCTION take_locks(keys bigint[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$`

// A cancellation and a check-in of the same ticket, again and again: whoever is first, never do both happen.
func TestCancelAgainstCheckIn(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	cancelled, admitted := 0, 0
	for i := range 24 {
		s, o := h.buy(h.seats[2*i], h.seats[2*i+1])
		var cancel, door error
		together(2, func(n int) {
			err := error(booking.ErrBusy)
			for errors.Is(err, booking.ErrBusy) {
				if n == i%2 {
					_, _, err = h.CancelOrder(context.Background(), s, o.ID)
				} else {
					_, err = h.CheckIn(context.Background(), "small", byCode(o.Tickets[1].Code), "door@demo.test", true)
				}
			}
			if n == i%2 {
				cancel = err
			} else {
				door = err
			}
		})
		if cancel == nil {
			cancelled++
			require.ErrorIs(t, door, booking.ErrTicketCancelled)
		} else {
			admitted++
			require.NoError(t, door)
			require.ErrorIs(t, cancel, booking.ErrTicketCheckedIn)
		}
	}
	t.Logf("%d were cancelled, %d let in", cancelled, admitted)
	h.allZero()
}

// staged runs a cancellation and a check-in of one ticket so that the second begins when the first has looked and not yet written: it
// is stopped at the row named, which is locked meanwhile. It returns what became of each.
func staged(t *testing.T, tamper, stopAt string) (h *hall, cancel, door error) {
	h = newHall(t, 1)
	s, o := h.buy(h.seats[0])
	h.exec(tamper)
	pool := h.extra(map[string]string{"lock_timeout": "60s", "application_name": h.racer()})
	row := begin(t, h.pool.Begin)
	_, err := row.Exec(t.Context(), stopAt)
	require.NoError(t, err)
	cancels, doors := make(chan error, 1), make(chan error, 1)
	go func() {
		_, _, err := NewStore(pool).CancelOrder(context.Background(), s, o.ID)
		cancels <- err
	}()
	h.waitUntilBlocked(1)
	go func() {
		_, err := NewStore(pool).CheckIn(context.Background(), "small", byCode(o.Tickets[0].Code), "door@demo.test", true)
		doors <- err
	}()
	// The check-in has come through, or waits as the cancellation does.
	require.Eventually(t, func() bool {
		return len(doors) == 1 || query[int](h, `SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'`, h.racer()) == 2
	}, patience, 5*time.Millisecond)
	require.NoError(t, row.Commit(t.Context()))
	return h, <-cancels, <-doors
}

// The cancellation has looked whether a ticket was used when it comes to this row.
const cancelStopsAt = `SELECT 1 FROM show_seats WHERE state = 'sold' FOR UPDATE`

func TestACheckInWaitsForTheCancellationAndIsThenRefused(t *testing.T) {
	t.Parallel()
	h, cancel, door := staged(t, `SELECT 1`, cancelStopsAt)
	require.NoError(t, cancel)
	require.ErrorIs(t, door, booking.ErrTicketCancelled)
	require.Zero(t, h.count("19-check-ins"))
}

// The control: without the locks the money goes back and its bearer is inside, and the checker says so.
func TestControlWithoutLocksACancelledTicketIsLetInAndTheCheckerReportsIt(t *testing.T) {
	t.Parallel()
	h, cancel, door := staged(t, withoutLocks, cancelStopsAt)
	require.NoError(t, cancel)
	require.NoError(t, door)
	require.Positive(t, h.count("19-check-ins"))
}

// twoDoors lets two check-ins of one ticket both come as far as writing it down: a writer of check-ins is kept waiting by a lock on their table.
func twoDoors(t *testing.T, tamper string) (h *hall, in, refused, caught int) {
	h = newHall(t, 1)
	_, o := h.buy(h.seats[0])
	h.exec(tamper)
	pool := h.extra(map[string]string{"lock_timeout": "60s", "application_name": h.racer()})
	table := begin(t, h.pool.Begin)
	_, err := table.Exec(t.Context(), `LOCK TABLE check_ins IN SHARE MODE`)
	require.NoError(t, err)
	results := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := NewStore(pool).CheckIn(context.Background(), "small", byCode(o.Tickets[0].Code), "door@demo.test", true)
			results <- err
		}()
	}
	h.waitUntilBlocked(2)
	require.NoError(t, table.Commit(t.Context()))
	for range 2 {
		var pg *pgconn.PgError
		switch err := <-results; {
		case err == nil:
			in++
		case errors.As(err, &pg) && pg.Code == uniqueViolation:
			caught++
		default:
			require.ErrorIs(t, err, booking.ErrTicketCheckedIn)
			refused++
		}
	}
	return h, in, refused, caught
}

func TestTheSecondDoorWaitsAndIsToldThatTheTicketWasUsed(t *testing.T) {
	t.Parallel()
	h, in, refused, caught := twoDoors(t, `SELECT 1`)
	require.Equal(t, []int{1, 1, 0}, []int{in, refused, caught})
	h.allZero()
}

// The control: without locks both doors pass the second look, and the primary key has to catch one of them.
func TestControlWithoutLocksTheKeyCatchesTheSecondDoor(t *testing.T) {
	t.Parallel()
	_, in, refused, caught := twoDoors(t, withoutLocks)
	require.Equal(t, []int{1, 0, 1}, []int{in, refused, caught})
}

// The control of that: without the key, too, both are let in. Neither door's transaction ends before the other's has decided, for one that is told of the
// ticket after the other was let in fails by the two rows that cannot be.
func TestControlWithoutLocksAndKeyBothDoorsLetIn(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	_, o := h.buy(h.seats[0])
	h.exec(withoutLocks)
	h.exec(`ALTER TABLE check_ins DROP CONSTRAINT check_ins_pkey`)
	doors := []pgx.Tx{begin(t, h.pool.Begin), begin(t, h.pool.Begin)}
	for _, door := range doors {
		var outcome string
		require.NoError(t, door.QueryRow(t.Context(), `SELECT check_in('small', NULL, $1, 'door@demo.test', true) ->> 'outcome'`, o.Tickets[0].Code).Scan(&outcome))
		require.Equal(t, "done", outcome)
	}
	for _, door := range doors {
		require.NoError(t, door.Commit(t.Context()))
	}
	require.Equal(t, 2, query[int](h, `SELECT count(*) FROM check_ins`))
}
