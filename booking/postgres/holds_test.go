package postgres

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/fault"
)

func TestHoldTakesAllSeatsOrNone(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	ann, ben := h.guest(), h.guest()

	hold := h.hold(ann, h.seats[0], h.seats[1], h.seats[25])
	require.Len(t, hold.Seats, 3)
	require.Equal(t, booking.Line{SeatID: h.seats[0], Section: "A", Row: "A", Number: "1", BandID: hold.Seats[0].BandID, Price: booking.Money{Amount: 50000, Currency: "KRW"}}, hold.Seats[0])
	require.Equal(t, booking.Money{Amount: 130000, Currency: "KRW"}, hold.Total)

	_, err := h.HoldSeats(t.Context(), ben, "small", []int64{h.seats[5], h.seats[1]})
	require.ErrorIs(t, err, booking.ErrSeatTaken)
	require.Equal(t, []int64{h.seats[1]}, fault.From(err).Extra["seat_ids"])
	h.hold(ben, h.seats[5])
	h.allZero()
}

func TestHoldRefuses(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	h.seed("other", 1)
	h.seed("later", 1)
	h.exec(`UPDATE shows SET on_sale_at = clock_timestamp() + interval '1 hour' WHERE slug = 'later'`)
	h.seed("past", 1)
	h.exec(`UPDATE shows SET starts_at = clock_timestamp() - interval '1 hour' WHERE slug = 'past'`)
	ann := h.guest()
	h.hold(ann, h.seats[10:18]...)

	for name, c := range map[string]struct {
		session booking.Session
		show    string
		seats   []int64
		want    error
	}{
		"no session":        {booking.Session(make([]byte, 32)), "small", h.seats[:1], booking.ErrSessionMissing},
		"no such show":      {ann, "nowhere", h.seats[:1], booking.ErrShowUnknown},
		"not on sale yet":   {ann, "later", h.seatsOf("later")[:1], booking.ErrNotOnSale},
		"begun":             {ann, "past", h.seatsOf("past")[:1], booking.ErrNotOnSale},
		"no such seat":      {ann, "small", []int64{h.seats[0], 1}, booking.ErrSeatUnknown},
		"of another show":   {ann, "small", h.seatsOf("other")[:1], booking.ErrSeatElsewhere},
		"own seat again":    {ann, "small", h.seats[10:11], booking.ErrSeatTaken},
		"over the limit":    {ann, "small", h.seats[:3], booking.ErrLimitReached},
		"up to the limit":   {ann, "small", h.seats[:2], nil},
		"of a show, beside": {ann, "other", h.seatsOf("other")[:3], nil},
	} {
		if c.want != nil {
			_, err := h.HoldSeats(t.Context(), c.session, c.show, c.seats)
			require.ErrorIs(t, err, c.want, name)
		} else {
			defer func() { // after the others: these change what they see
				_, err := h.HoldSeats(context.Background(), c.session, c.show, c.seats)
				require.NoError(t, err, name)
			}()
		}
	}
}

func TestAHoldThatRanOutIsAnybodysWithoutTheSweeper(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	ann, ben := h.guest(), h.guest()
	old := h.hold(ann, h.seats[0], h.seats[1])
	order := h.place(ann, old)
	h.expire(old.ID)

	state, err := h.SeatState(t.Context(), query[int64](h, `SELECT id FROM shows`))
	require.NoError(t, err)
	require.Equal(t, 60, state.Available, "what has run out counts as free")
	h.hold(ben, h.seats[1], h.seats[2])

	_, _, err = h.StartPayment(t.Context(), ann, order.ID, key("k", "pay"))
	require.ErrorIs(t, err, booking.ErrHoldExpired)
	seen, err := h.Order(t.Context(), ann, order.ID)
	require.NoError(t, err)
	require.Equal(t, booking.Expired, seen.State)
	require.ErrorIs(t, h.place2(ann, old.ID), booking.ErrHoldOrdered)
	h.allZero()

	n, err := h.SweepHolds(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, "free", query[string](h, `SELECT state FROM show_seats WHERE id = $1`, h.seats[0]))
	require.Equal(t, "held", query[string](h, `SELECT state FROM show_seats WHERE id = $1`, h.seats[1]), "Ben's seat is not swept away")
	require.Equal(t, "expired", query[string](h, `SELECT state FROM orders WHERE id = $1`, order.ID))
	h.allZero()
}

func (h *hall) place2(s booking.Session, hold string) error {
	_, err := h.PlaceOrder(context.Background(), s, hold, key("again "+hold, hold))
	return err
}

func TestReleasedSeatsAreFreeAndReleasingAgainIsHarmless(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	ann, ben := h.guest(), h.guest()
	hold := h.hold(ann, h.seats[0])
	require.ErrorIs(t, h.ReleaseHold(t.Context(), ben, "small", hold.ID), booking.ErrHoldUnknown)
	require.NoError(t, h.ReleaseHold(t.Context(), ann, "small", hold.ID))
	require.NoError(t, h.ReleaseHold(t.Context(), ann, "small", hold.ID))
	theirs := h.hold(ben, h.seats[0])
	require.NoError(t, h.ReleaseHold(t.Context(), ann, "small", hold.ID))
	require.Equal(t, theirs.ID, query[string](h, `SELECT hold_id::text FROM show_seats WHERE id = $1`, h.seats[0]))

	h.place(ben, theirs)
	require.ErrorIs(t, h.ReleaseHold(t.Context(), ben, "small", theirs.ID), booking.ErrHoldOrdered)
	h.allZero()
}
