package postgres

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/fault"
)

// A storm of pairs on the best seats of a hall with even rows: every pair is side by side, every seat is given once, and as no pair leaves
// a single seat behind, the hall is full to the last seat.
func TestAStormOnTheBestSeatsFillsTheHallInPairs(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	const buyers = 40
	sessions := make([]booking.Session, buyers)
	for i := range sessions {
		sessions[i] = h.guest()
	}
	var won, late atomic.Int32
	together(buyers, func(i int) {
		err := error(booking.ErrBusy)
		for errors.Is(err, booking.ErrBusy) { // as the answer asks: try again
			var hold booking.Hold
			hold, err = h.HoldBest(context.Background(), sessions[i], "small", booking.BestAsk{Count: 2})
			if err == nil {
				won.Add(1)
				a, b := hold.Seats[0], hold.Seats[1]
				if a.Section != b.Section || a.Row != b.Row {
					t.Errorf("%v and %v are not side by side", a, b)
				}
			}
		}
		if errors.Is(err, booking.ErrInsufficient) {
			late.Add(1)
		} else if err != nil {
			t.Error(err)
		}
	})
	require.EqualValues(t, 30, won.Load())
	require.EqualValues(t, 10, late.Load())
	h.allZero()
}

// The best seats and seats chosen on the map at once: the two ways of taking seats keep out of each other's way.
func TestBestAndChosenSeatsAreNeverSharedAndNeverDeadlock(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	const buyers = 60
	sessions := make([]booking.Session, buyers)
	for i := range sessions {
		sessions[i] = h.guest()
	}
	var seats atomic.Int64
	together(buyers, func(i int) {
		for round := range 4 {
			var err error
			n := 3
			if i%2 == 0 {
				n = 1 + (i/2+round)%4
				_, err = h.HoldBest(context.Background(), sessions[i], "small", booking.BestAsk{Count: n, AllowSplit: i%4 == 0})
			} else {
				at := (i*7 + round*11) % (len(h.seats) - n)
				_, err = h.HoldSeats(context.Background(), sessions[i], "small", []int64{h.seats[at+2], h.seats[at], h.seats[at+1]})
			}
			switch {
			case err == nil:
				seats.Add(int64(n))
			case errors.Is(err, booking.ErrBusy):
				require.NotContains(t, err.Error(), deadlockDetected)
			case !errors.Is(err, booking.ErrSeatTaken) && !errors.Is(err, booking.ErrNotTogether) && !errors.Is(err, booking.ErrInsufficient) && !errors.Is(err, booking.ErrLimitReached):
				t.Error(err)
			}
		}
	})
	require.Equal(t, seats.Load(), query[int64](h, `SELECT count(*) FROM show_seats WHERE state = 'held'`))
	h.allZero()
}

// The control of both: with the locks off, two buyers choose the same best seats, and the count catches the second.
func TestControlWithoutLocksTwoGetTheSameBestSeats(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	best := h.bestNow()
	won, caught := h.race(unguarded, best, holdBestOne)
	require.Equal(t, 1, won)
	require.Equal(t, 1, caught)
}

func TestWithLocksTheSecondGetsTheNextBestSeat(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	best := h.bestNow()
	h.exec(`UPDATE show_seats SET state = 'blocked', version = version + 1 WHERE section_id <> (SELECT section_id FROM show_seats WHERE id = $1)`, best)
	h.exec(`UPDATE show_sections SET seats_blocked = seats_total WHERE section_id <> (SELECT section_id FROM show_seats WHERE id = $1)`, best)
	won, caught := h.race(`SELECT 1`, best, holdBestOne)
	require.Equal(t, 2, won, "the second has waited for the section and then looked again")
	require.Zero(t, caught)
}

// bestNow is the seat that one who asks for the best gets.
func (h *hall) bestNow() int64 {
	h.t.Helper()
	return query[[]int64](h, `SELECT suggest_seats((SELECT id FROM shows), 1, NULL)`)[0]
}

func holdBestOne(s *Store, buyer booking.Session) error {
	_, err := s.HoldBest(context.Background(), buyer, "small", booking.BestAsk{Count: 1})
	return err
}

// Who finds the best section busy takes the next one rather than wait; only when no other has seats is it waited for, a moment.
func TestABusySectionIsPassedOver(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	first := h.bestSection("")
	other := begin(t, h.pool.Begin)
	defer func() { require.NoError(t, other.Rollback(context.Background())) }()
	_, err := other.Exec(t.Context(), `SELECT take_locks(ARRAY[section_lock(p.show_id, p.section_id)]) FROM show_sections p JOIN sections c ON c.id = p.section_id WHERE c.name = $1`, first)
	require.NoError(t, err)
	require.NotEqual(t, first, h.bestSection(""))
	_, err = h.hurried().HoldBest(t.Context(), h.guest(), "small", booking.BestAsk{Count: 1, Section: first})
	require.ErrorIs(t, err, booking.ErrBusy)
}

func (h *hall) bestSection(section string) string {
	h.t.Helper()
	hold, err := h.HoldBest(context.Background(), h.guest(), "small", booking.BestAsk{Count: 1, Section: section})
	require.NoError(h.t, err)
	return hold.Seats[0].Section
}

func TestBestAvailableRefusesAndSuggests(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.seed("other", 1)
	ann := h.guest()
	bands := query[[]int64](h, `SELECT array_agg(b.id ORDER BY b.ordinal) FROM price_bands b JOIN shows w ON w.id = b.show_id WHERE w.slug = 'small'`)
	foreign := query[int64](h, `SELECT b.id FROM price_bands b JOIN shows w ON w.id = b.show_id WHERE w.slug = 'other' LIMIT 1`)
	best := func(ask booking.BestAsk) (booking.Hold, error) { return h.HoldBest(t.Context(), ann, "small", ask) }

	_, err := best(booking.BestAsk{Count: 2, Band: foreign})
	require.ErrorIs(t, err, booking.ErrBandUnknown)
	_, err = best(booking.BestAsk{Count: 2, Section: "Z"})
	require.ErrorIs(t, err, booking.ErrSectionUnknown)
	_, err = best(booking.BestAsk{Count: 2, Accessible: true})
	require.ErrorIs(t, err, booking.ErrNotTogether, "there are seats, and none is accessible")

	hold, err := best(booking.BestAsk{Count: 4, Band: bands[0]})
	require.NoError(t, err)
	for _, l := range hold.Seats {
		require.Equal(t, bands[0], l.BandID)
	}
	_, err = best(booking.BestAsk{Count: 7})
	require.ErrorIs(t, err, booking.ErrLimitReached)
	_, err = h.HoldBest(t.Context(), h.guest(), "small", booking.BestAsk{Count: 7, Band: bands[0]})
	require.ErrorIs(t, err, booking.ErrNotTogether)
	require.Less(t, fault.From(err).Extra["together"], 7)

	require.Len(t, query[[]int64](h, `SELECT suggest_seats((SELECT id FROM shows WHERE slug = 'small'), 6, $1)`, bands[0]), 6, "in pieces")
	require.Nil(t, query[[]int64](h, `SELECT suggest_seats((SELECT id FROM shows WHERE slug = 'small'), 7, $1)`, bands[0]), "there are six")
	h.allZero()
}

// A single seat is left behind only where that cannot be avoided in any section that was asked for; then it is, rather than refuse.
func TestASingleSeatIsLeftBehindRatherThanRefuseAndOnlyThen(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	near := h.bestSection("")
	block := func(where string, args ...any) {
		h.exec(`UPDATE show_seats s SET state = 'blocked', version = version + 1 FROM sections c WHERE c.id = s.section_id AND s.state = 'free' AND `+where, args...)
		h.exec(`UPDATE show_sections p SET seats_blocked = (SELECT count(*) FROM show_seats s WHERE s.show_id = p.show_id AND s.section_id = p.section_id AND s.state = 'blocked')`)
	}
	first := query[int](h, `SELECT min(s.ordinal) FROM show_seats s JOIN sections c ON c.id = s.section_id WHERE c.name = $1 AND s.state = 'free'`, near)
	block(`c.name = $1 AND s.ordinal NOT BETWEEN $2 AND $3`, near, first, first+2) // three are left
	require.NotEqual(t, near, h.bestPair())
	block(`c.name <> $1`, near)
	require.Equal(t, near, h.bestPair())
	h.allZero()
}

// bestPair is the section of the best two seats.
func (h *hall) bestPair() string {
	h.t.Helper()
	hold, err := h.HoldBest(context.Background(), h.guest(), "small", booking.BestAsk{Count: 2})
	require.NoError(h.t, err)
	return hold.Seats[0].Section
}
