package postgres

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/fault"
)

// standing makes section C a floor of places without an order.
func (h *hall) standing() {
	h.redrawable()
	h.exec(`UPDATE sections SET kind = 'standing' WHERE name = 'C'`)
}

// redrawable lets a test change the hall although its layout is published, which nobody else may.
func (h *hall) redrawable() {
	h.exec(`ALTER TABLE sections DISABLE TRIGGER USER; ALTER TABLE seats DISABLE TRIGGER USER`)
}

func TestGeneralAdmissionGivesPlacesAndKeepsTheReserve(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.standing()
	h.exec(`UPDATE show_sections SET reserve = 3 WHERE section_id = (SELECT id FROM sections WHERE name = 'C')`)
	ann := h.guest()
	general := func(section string, n int) (booking.Hold, error) {
		return h.HoldGeneral(t.Context(), ann, "small", section, n)
	}
	hold, err := general("C", 5)
	require.NoError(t, err)
	require.Len(t, hold.Seats, 5)
	require.True(t, hold.Exclusive)
	_, err = general("C", 3)
	require.ErrorIs(t, err, booking.ErrInsufficient)
	require.Equal(t, 2, fault.From(err).Extra["available"], "of ten, five are held and three kept back")
	_, err = general("C", 2)
	require.NoError(t, err)
	for _, section := range []string{"A", "nowhere"} {
		_, err = general(section, 1)
		require.ErrorIs(t, err, booking.ErrSectionUnknown, section)
	}
	_, err = h.HoldBest(t.Context(), ann, "small", booking.BestAsk{Count: 1, Section: "C"})
	require.ErrorIs(t, err, booking.ErrSectionUnknown, "there is no best place to stand")
	h.allZero()
}

// A crowd asks for twos and threes of a floor, until nothing more is to be had: every place is given once, and none stays behind.
func TestGeneralAdmissionSellsToTheLastPlaceAndNotOneMore(t *testing.T) {
	t.Parallel()
	h := newHall(t, 4)
	h.standing()
	const buyers = 40
	sessions := make([]booking.Session, buyers)
	for i := range sessions {
		sessions[i] = h.guest()
	}
	var places atomic.Int64
	together(buyers, func(i int) {
		for n := 2 + i%2; n > 0; {
			_, err := h.HoldGeneral(context.Background(), sessions[i], "small", "C", n)
			switch {
			case err == nil:
				places.Add(int64(n))
				return
			case errors.Is(err, booking.ErrInsufficient):
				n--
			case !errors.Is(err, booking.ErrBusy): // as the answer asks: try again
				t.Error(err)
				return
			}
		}
	})
	require.EqualValues(t, 40, places.Load())
	require.Equal(t, 40, query[int](h, `SELECT count(*) FROM show_seats s JOIN sections c ON c.id = s.section_id WHERE c.name = 'C' AND s.state = 'held'`))
	h.allZero()
}

// unguarded switches all locks off, those that are waited for and those that are tried.
const unguarded = `
	CREATE OR REPLACE FUNCTION take_locks(keys bigint[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$;
	CREATE OR REPLACE FUNCTION try_locks(keys bigint[]) RETURNS bigint[] LANGUAGE plpgsql AS $$ BEGIN RETURN '{}'; END $$`

// The control: without locks two buyers choose the same place, and the last line of defence catches the second.
func TestControlGeneralAdmissionWithoutLocksChoosesAPlaceTwice(t *testing.T) {
	t.Parallel()
	won, caught, places := raceForPlaces(t, unguarded)
	require.Equal(t, 1, won)
	require.Equal(t, 1, caught)
	require.Equal(t, 1, places)
}

func TestWithLocksTheSecondBuyerGetsTheNextPlace(t *testing.T) {
	t.Parallel()
	won, caught, places := raceForPlaces(t, `SELECT 1`)
	require.Equal(t, 2, won)
	require.Zero(t, caught)
	require.Equal(t, 2, places)
}

// raceForPlaces lets two buyers run into the row of the first place of a floor, so that both are in the middle of the function.
func raceForPlaces(t *testing.T, tamper string) (won, caught, places int) {
	h := newHall(t, 1)
	h.standing()
	won, caught = h.race(tamper, h.seats[20], func(s *Store, buyer booking.Session) error {
		_, err := s.HoldGeneral(context.Background(), buyer, "small", "C", 1)
		return err
	})
	return won, caught, query[int](h, `SELECT count(*) FROM show_seats WHERE state = 'held'`)
}

// race tampers, locks the row of a seat, lets two buyers run into it, so that both are in the middle of their function, and then unlocks
// it. It returns how many won and how many were caught by the count.
func (h *hall) race(tamper string, seat int64, hold func(s *Store, buyer booking.Session) error) (won, caught int) {
	h.t.Helper()
	ctx := context.Background()
	h.exec(tamper)
	pool := h.extra(map[string]string{"lock_timeout": "60s", "application_name": h.racer()})
	buyers := []booking.Session{h.guest(), h.guest()}
	row, err := pool.Begin(ctx)
	require.NoError(h.t, err)
	_, err = row.Exec(ctx, `SELECT 1 FROM show_seats WHERE id = $1 FOR UPDATE`, seat)
	require.NoError(h.t, err)
	results := make(chan error, len(buyers))
	for _, s := range buyers {
		go func() { results <- hold(NewStore(pool), s) }()
	}
	h.waitUntilBlocked(len(buyers))
	require.NoError(h.t, row.Commit(ctx))
	for range buyers {
		var pg *pgconn.PgError
		switch err := <-results; {
		case err == nil:
			won++
		case errors.As(err, &pg) && pg.ConstraintName == "hold_takes_all":
			caught++
		default:
			require.NoError(h.t, err)
		}
	}
	h.allZero()
	return won, caught
}
