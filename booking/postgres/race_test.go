package postgres

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/testenv"
)

var together = testenv.Together

func TestOfManyBuyersOneGetsTheSeat(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	const buyers = 120
	sessions := make([]booking.Session, buyers)
	for i := range sessions {
		sessions[i] = h.guest()
	}
	var won, taken, busy atomic.Int32
	together(buyers, func(i int) {
		_, err := h.HoldSeats(context.Background(), sessions[i], "small", h.seats[:1])
		switch {
		case err == nil:
			won.Add(1)
		case errors.Is(err, booking.ErrSeatTaken):
			taken.Add(1)
		case errors.Is(err, booking.ErrBusy):
			busy.Add(1)
		default:
			t.Error(err)
		}
	})
	require.EqualValues(t, 1, won.Load())
	require.EqualValues(t, buyers-1, taken.Load()+busy.Load())
	h.allZero()
}

// Groups overlap like a chain and half of them name their seats backwards.
func TestOverlappingGroupsInOppositeOrderNeitherDeadlockNorShareASeat(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	const buyers = 100
	sessions := make([]booking.Session, buyers)
	for i := range sessions {
		sessions[i] = h.guest()
	}
	var won atomic.Int32
	together(buyers, func(i int) {
		for round := range 3 {
			at := (i*3 + round*7) % (len(h.seats) - 3)
			group := []int64{h.seats[at], h.seats[at+1], h.seats[at+2]}
			if i%2 == 1 {
				group[0], group[2] = group[2], group[0]
			}
			_, err := h.HoldSeats(context.Background(), sessions[i], "small", group)
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, booking.ErrBusy):
				require.NotContains(t, err.Error(), deadlockDetected)
			case !errors.Is(err, booking.ErrSeatTaken):
				t.Error(err)
			}
		}
	})
	require.Positive(t, won.Load())
	held := query[int32](h, `SELECT count(*)::int FROM show_seats WHERE state = 'held'`)
	require.Equal(t, 3*won.Load(), held)
	h.allZero()
}

// The control of the races: the same function with its locks switched off lets two buyers past the second look; then the
// last line of defence has to catch it, and does, as an error of ours instead of an answer.
func TestControlWithoutLocksTheCountCatchesTheSecondBuyer(t *testing.T) {
	t.Parallel()
	won, caught := raceWithASeatRowHeld(t, `CREATE OR REPLACE FUNCTION take_locks(keys bigint[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$`)
	require.Equal(t, 1, won)
	require.Equal(t, 1, caught, "without locks both pass the second look")
}

// The same staging with the locks on: the second buyer waits for the first and is then told that the seat is taken.
func TestWithLocksTheSecondBuyerNeverGetsToTheCount(t *testing.T) {
	t.Parallel()
	won, caught := raceWithASeatRowHeld(t, `SELECT 1`)
	require.Equal(t, 1, won)
	require.Zero(t, caught)
}

// raceWithASeatRowHeld lets two buyers run into the row of a seat that is locked, so that both are in the middle of the function, then
// unlocks it. It returns how many won and how many were caught by the count.
func raceWithASeatRowHeld(t *testing.T, tamper string) (won, caught int) {
	h := newHall(t, 1)
	h.exec(tamper)
	pool := h.extra(map[string]string{"lock_timeout": "60s", "application_name": h.racer()})
	ann, ben := h.guest(), h.guest()

	row, err := pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = row.Exec(t.Context(), `SELECT 1 FROM show_seats WHERE id = $1 FOR UPDATE`, h.seats[0])
	require.NoError(t, err)

	results := make(chan error, 2)
	for _, s := range []booking.Session{ann, ben} {
		go func() {
			_, err := NewStore(pool).HoldSeats(context.Background(), s, "small", h.seats[:1])
			results <- err
		}()
	}
	h.waitUntilBlocked(2)
	require.NoError(t, row.Commit(t.Context()))
	for range 2 {
		var pg *pgconn.PgError
		switch err := <-results; {
		case err == nil:
			won++
		case errors.As(err, &pg) && pg.ConstraintName == "hold_takes_all":
			caught++
		default:
			require.ErrorIs(t, err, booking.ErrSeatTaken)
		}
	}
	h.allZero()
	return won, caught
}

// racer names this test's racing connections: the same race of another test runs beside it, on the same server.
func (h *hall) racer() string { return "racer " + query[string](h, `SELECT current_schema()`) }

// waitUntilBlocked returns when n of this test's racers wait for a lock of any kind.
func (h *hall) waitUntilBlocked(n int) {
	h.t.Helper()
	racer := h.racer()
	require.Eventually(h.t, func() bool {
		return query[int](h, `SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'`, racer) >= n
	}, patience, 5*time.Millisecond)
}

// A hold that neither locks nor looks again: two buyers get the seat, and the checker says so.
func TestControlANaiveHoldDoubleHoldsAndTheCheckerReportsIt(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.exec(`CREATE FUNCTION naive_hold(p_session bytea, p_seat bigint) RETURNS void LANGUAGE sql AS $$
		WITH h AS (INSERT INTO holds (show_id, buyer_id, seat_ids, expires_at)
			SELECT show_id, buyer_of(p_session), ARRAY[id], clock_timestamp() + interval '10 minutes' FROM show_seats WHERE id = p_seat AND state <> 'sold'
			RETURNING id, expires_at)
		UPDATE show_seats s SET state = 'held', hold_id = h.id, held_until = h.expires_at, version = version + 1 FROM h WHERE s.id = p_seat $$`)
	ann, ben := h.guest(), h.guest()
	together(2, func(i int) {
		_, err := h.pool.Exec(context.Background(), `SELECT naive_hold($1, $2)`, []byte([]booking.Session{ann, ben}[i]), h.seats[0])
		require.NoError(t, err)
	})
	require.Positive(t, h.count("08-overlapping-holds"))
}

// Two transactions that take the same two locks in opposite order. Sorted, as take_locks does it, they cannot deadlock; unsorted they do.
func TestLocksAreTakenInAscendingOrderAndControlUnsortedTheyDeadlock(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	pool := h.extra(map[string]string{"deadlock_timeout": "20ms", "lock_timeout": "60s"})
	low, high := h.seats[0], h.seats[1]

	// In opposite order of naming, a few hundred times: never a deadlock.
	together(2, func(i int) {
		keys := []int64{low, high}
		if i == 1 {
			keys[0], keys[1] = high, low
		}
		for range 200 {
			_, err := pool.Exec(context.Background(), `SELECT take_locks(seat_locks($1))`, keys)
			require.NoError(t, err)
		}
	})

	// Control: each has its first when it asks for its second.
	first, second := begin(t, pool.Begin), begin(t, pool.Begin)
	lock := func(tx pgx.Tx, seat int64) error {
		_, err := tx.Exec(context.Background(), `SELECT pg_advisory_xact_lock(seat_lock($1))`, seat)
		return err
	}
	require.NoError(t, lock(first, low))
	require.NoError(t, lock(second, high))
	crossed := make(chan error, 1)
	go func() { crossed <- lock(first, high) }()
	errSecond := lock(second, low)
	require.NoError(t, second.Rollback(context.Background()))
	errFirst := <-crossed
	require.NoError(t, first.Rollback(context.Background()))
	var pg *pgconn.PgError
	require.ErrorAs(t, errors.Join(errFirst, errSecond), &pg)
	require.Equal(t, deadlockDetected, pg.Code)
}

func begin(t *testing.T, open func(context.Context) (pgx.Tx, error)) pgx.Tx {
	t.Helper()
	tx, err := open(context.Background())
	require.NoError(t, err)
	return tx
}

// The limit holds when one buyer asks from many places at once.
func TestTheLimitHoldsAgainstOneBuyerInManyWindows(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann := h.guest()
	var won atomic.Int32
	together(10, func(i int) {
		err := error(booking.ErrBusy)
		for errors.Is(err, booking.ErrBusy) { // as the answer asks: try again
			_, err = h.HoldSeats(context.Background(), ann, "small", h.seats[3*i:3*i+3])
		}
		if err == nil {
			won.Add(1)
		} else {
			require.ErrorIs(t, err, booking.ErrLimitReached)
		}
	})
	require.EqualValues(t, 3, won.Load(), "nine of ten allowed")
	h.allZero()
}

// A crowd on one seat is turned away after 300 ms instead of queueing.
func TestALockThatIsNotHadInTimeIsBusy(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	other := begin(t, h.pool.Begin)
	defer func() { require.NoError(t, other.Rollback(context.Background())) }()
	_, err := other.Exec(t.Context(), `SELECT take_locks(seat_locks($1))`, h.seats[:1])
	require.NoError(t, err)
	_, err = h.hurried().HoldSeats(t.Context(), h.guest(), "small", h.seats[:1])
	require.ErrorIs(t, err, booking.ErrBusy)
}
