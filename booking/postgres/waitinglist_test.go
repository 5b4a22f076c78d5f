package postgres

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

const offerFor = 30 * time.Minute

func (h *hall) offers() int {
	h.t.Helper()
	n, err := h.OfferSeats(context.Background(), offerFor)
	require.NoError(h.t, err)
	return n
}

func (h *hall) waits(s booking.Session, n int) booking.WaitingPlace {
	h.t.Helper()
	place, err := h.JoinWaitingList(context.Background(), s, "small", n, 0)
	require.NoError(h.t, err)
	return place
}

func (h *hall) waitingPlace(s booking.Session) booking.WaitingPlace {
	h.t.Helper()
	place, err := h.WaitingPlace(context.Background(), s, "small")
	require.NoError(h.t, err)
	return place
}

// soldOut holds every seat and returns who holds which ten.
func (h *hall) soldOut() ([]booking.Session, []booking.Hold) {
	h.t.Helper()
	var buyers []booking.Session
	var holds []booking.Hold
	for i := 0; i < len(h.seats); i += 10 {
		s := h.guest()
		buyers, holds = append(buyers, s), append(holds, h.hold(s, h.seats[i:i+10]...))
	}
	return buyers, holds
}

func TestSeatsThatComeBackAreOfferedInOrderAndLapseToTheNext(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann, ben, cleo := h.guest(), h.guest(), h.guest()
	_, err := h.JoinWaitingList(t.Context(), ann, "small", 2, 0)
	require.ErrorIs(t, err, booking.ErrSeatsAvailable)
	owners, holds := h.soldOut()

	require.Equal(t, 0, *h.waits(ann, 2).Ahead)
	require.Equal(t, 1, *h.waits(ben, 4).Ahead)
	require.Equal(t, 2, *h.waits(cleo, 3).Ahead)
	_, err = h.JoinWaitingList(t.Context(), ann, "small", 1, 0)
	require.ErrorIs(t, err, booking.ErrWaitingJoined)
	require.Zero(t, h.offers(), "there is nothing to offer")

	_, err = h.ChangeHold(t.Context(), owners[0], "small", holds[0].ID, h.seats[3:10])
	require.NoError(t, err)
	require.Equal(t, 1, h.offers(), "three seats: two for Ann, not enough for the others")
	offered := h.waitingPlace(ann)
	require.Equal(t, booking.Offered, offered.State)
	require.Len(t, offered.Offer.Seats, 2)
	require.Zero(t, offered.Offer.RenewalsLeft)
	require.Greater(t, time.Until(offered.Offer.ExpiresAt), 20*time.Minute)
	require.Equal(t, 0, *h.waitingPlace(ben).Ahead)
	require.Equal(t, 1, query[int](h, `SELECT count(*) FROM outbox WHERE kind = 'waitlist-offer' AND key = $1 AND payload = jsonb_build_object('hold_id', $1)`, offered.Offer.ID))

	h.expire(offered.Offer.ID)
	require.Equal(t, booking.Lapsed, h.waitingPlace(ann).State, "by its hold, without anyone writing it down")
	require.Equal(t, 1, h.offers(), "Ben wants four, so Cleo is next")
	require.Equal(t, booking.Waiting, h.waitingPlace(ben).State)
	taken := h.waitingPlace(cleo)
	h.pay(cleo, h.place(cleo, *taken.Offer))
	require.Equal(t, booking.Taken, h.waitingPlace(cleo).State)
	require.Zero(t, h.offers())
	require.Equal(t, 2, query[int](h, `SELECT count(*) FROM waiting_list WHERE state IN ('lapsed', 'taken')`))
	h.waits(ann, 1) // again, at the end
	require.Equal(t, 1, *h.waitingPlace(ann).Ahead)
	h.allZero()
}

func TestLeavingTheWaitingListLetsGoOfTheOffer(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann, ben := h.guest(), h.guest()
	owners, holds := h.soldOut()
	h.waits(ann, 2)
	h.waits(ben, 2)
	require.NoError(t, h.ReleaseHold(t.Context(), owners[1], "small", holds[1].ID))
	require.Equal(t, 2, h.offers())

	require.NoError(t, h.LeaveWaitingList(t.Context(), ann, "small"))
	require.NoError(t, h.LeaveWaitingList(t.Context(), ann, "small"), "again is harmless")
	_, err := h.WaitingPlace(t.Context(), ann, "small")
	require.ErrorIs(t, err, booking.ErrWaitingUnknown)
	require.Equal(t, 8, query[int](h, `SELECT count(*) FROM show_seats WHERE state = 'free'`))

	h.place(ben, *h.waitingPlace(ben).Offer)
	require.ErrorIs(t, h.LeaveWaitingList(t.Context(), ben, "small"), booking.ErrHoldOrdered)
	require.ErrorIs(t, h.LeaveWaitingList(t.Context(), h.guest(), "small"), booking.ErrWaitingUnknown)

	// Who has had their data deleted waits for nothing any more.
	gone := h.guest()
	h.waits(gone, 9)
	h.exec(`UPDATE buyers SET deleted_at = clock_timestamp() WHERE id = buyer_of($1)`, []byte(gone))
	require.NoError(t, h.ReleaseHold(t.Context(), owners[2], "small", holds[2].ID))
	require.Zero(t, h.offers())
	require.Equal(t, booking.Lapsed, h.waitingPlace(gone).State)

	h.exec(`UPDATE shows SET waiting_list = false`)
	_, err = h.JoinWaitingList(t.Context(), ann, "small", 9, 0)
	require.ErrorIs(t, err, booking.ErrWaitingClosed)
	h.allZero()
}

// Several instances offer at once, while the seats are chosen on the map too: everyone gets one offer at most, and nobody a seat twice.
func TestOffersOfManyInstancesAreMadeOnce(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	owners, holds := h.soldOut()
	var waiting []booking.Session
	for range 20 {
		s := h.guest()
		h.waits(s, 1)
		waiting = append(waiting, s)
	}
	stranger := h.guest()
	for i := range holds {
		require.NoError(t, h.ReleaseHold(t.Context(), owners[i], "small", holds[i].ID))
	}
	var made, chosen atomic.Int32
	together(5, func(i int) {
		if i == 0 {
			for k := range 5 {
				if _, err := h.HoldSeats(context.Background(), stranger, "small", h.seats[k*6:k*6+1]); err == nil {
					chosen.Add(1)
				}
			}
			return
		}
		n, err := h.OfferSeats(context.Background(), offerFor)
		if err != nil {
			t.Error(err)
		}
		made.Add(int32(n))
	})
	made.Add(int32(h.offers())) // who was busy then
	require.EqualValues(t, len(waiting), made.Load())
	require.Equal(t, 20+int(chosen.Load()), query[int](h, `SELECT count(*) FROM show_seats WHERE state = 'held'`))
	require.Equal(t, 20, query[int](h, `SELECT count(DISTINCT hold_id) FROM waiting_list WHERE state = 'offered'`))
	h.allZero()
}
