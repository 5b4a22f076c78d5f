package postgres

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/fault"
)

func TestBlockingIsAllOrNothingAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	s := h.guest()
	block := func(block bool, seats ...int64) int {
		n, err := h.BlockSeats(t.Context(), "small", seats, block)
		require.NoError(t, err)
		return n
	}
	require.Equal(t, 3, block(true, h.seats[0], h.seats[11], h.seats[12]))
	require.Equal(t, 1, block(true, h.seats[0], h.seats[1]), "what is so already stays so")
	_, err := h.HoldSeats(t.Context(), s, "small", h.seats[:1])
	require.ErrorIs(t, err, booking.ErrSeatTaken)

	sold, _ := h.seats[5], must(h.buy(h.seats[5]))
	held := h.hold(s, h.seats[6])
	_, err = h.BlockSeats(t.Context(), "small", []int64{h.seats[4], sold, h.seats[6]}, true)
	require.ErrorIs(t, err, booking.ErrSeatTaken)
	require.ElementsMatch(t, []int64{sold, h.seats[6]}, fault.From(err).Extra["seat_ids"])
	require.Equal(t, "free", query[string](h, `SELECT state FROM show_seats WHERE id = $1`, h.seats[4]), "nothing was changed")

	h.expire(held.ID)
	require.Equal(t, 1, block(true, h.seats[6]), "a hold that has run out is no hold")
	_, err = h.PlaceOrder(t.Context(), s, held.ID, key("late", "late"))
	require.ErrorIs(t, err, booking.ErrHoldExpired)
	show, err := h.Show(t.Context(), "small")
	require.NoError(t, err)
	require.Equal(t, 30-5-1, show.SeatsAvailable)

	require.Equal(t, 5, block(false, h.seats[:13]...), "what was not blocked stays as it was")
	h.hold(s, h.seats[0], h.seats[6])

	_, err = h.BlockSeats(t.Context(), "nowhere", h.seats[:1], true)
	require.ErrorIs(t, err, booking.ErrShowUnknown)
	_, err = h.BlockSeats(t.Context(), "small", []int64{-1}, true)
	require.ErrorIs(t, err, booking.ErrSeatUnknown)
	h.seed("other", 1)
	_, err = h.BlockSeats(t.Context(), "small", h.seatsOf("other")[:1], false)
	require.ErrorIs(t, err, booking.ErrSeatElsewhere)
	h.allZero()
}

// must drops what a test does not look at.
func must(_ booking.Session, o booking.Order) booking.Order { return o }

func TestAStormOfHoldsAndBlocksSharesNoSeat(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	const buyers = 40
	sessions := make([]booking.Session, buyers)
	for i := range sessions {
		sessions[i] = h.guest()
	}
	expected := func(err error) bool {
		return err == nil || errors.Is(err, booking.ErrSeatTaken) || errors.Is(err, booking.ErrBusy) && !isDeadlock(err)
	}
	together(2*buyers, func(i int) {
		at := (i * 7) % (len(h.seats) - 2)
		seats := []int64{h.seats[at], h.seats[at+1]}
		if i%2 == 0 {
			if _, err := h.HoldSeats(context.Background(), sessions[i/2], "small", seats); !expected(err) {
				t.Error(err)
			}
			return
		}
		seats[0], seats[1] = seats[1], seats[0]
		if _, err := h.BlockSeats(context.Background(), "small", seats, i%4 == 1); !expected(err) {
			t.Error(err)
		}
	})
	require.Equal(t, query[int](h, `SELECT coalesce(sum(seat_count), 0) FROM holds`), query[int](h, `SELECT count(*) FROM show_seats WHERE state = 'held'`))
	h.allZero()
}

func isDeadlock(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == deadlockDetected
}

// With its locks off, a block and a hold both pass the second look; then the count has to catch one of them. With them on, it is never asked to.
func TestABlockAndAHoldOfOneSeat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tamper string
		caught int
	}{
		"with locks":                 {`SELECT 1`, 0},
		"the control, without locks": {`CREATE OR REPLACE FUNCTION take_locks(keys bigint[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t, 1)
			h.exec(c.tamper)
			pool := h.extra(map[string]string{"lock_timeout": "60s", "application_name": h.racer()})
			ann := h.guest()
			row, err := pool.Begin(t.Context())
			require.NoError(t, err)
			_, err = row.Exec(t.Context(), `SELECT 1 FROM show_seats WHERE id = $1 FOR UPDATE`, h.seats[0])
			require.NoError(t, err)
			results := make(chan error, 2)
			go func() {
				_, err := NewStore(pool).HoldSeats(context.Background(), ann, "small", h.seats[:1])
				results <- err
			}()
			go func() {
				_, err := NewStore(pool).BlockSeats(context.Background(), "small", h.seats[:1], true)
				results <- err
			}()
			h.waitUntilBlocked(2)
			require.NoError(t, row.Commit(t.Context()))
			won, caught := 0, 0
			for range 2 {
				var pg *pgconn.PgError
				switch err := <-results; {
				case err == nil:
					won++
				case errors.As(err, &pg):
					require.Contains(t, []string{"block_takes_all", "hold_takes_all", "take_takes_all"}, pg.ConstraintName)
					caught++
				default:
					require.ErrorIs(t, err, booking.ErrSeatTaken)
				}
			}
			require.Equal(t, 1, won)
			require.Equal(t, c.caught, caught)
			h.allZero()
		})
	}
}
