package postgres

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

func byCode(code string) booking.TicketRef { return booking.TicketRef{Code: code} }

func (h *hall) account(email string) booking.Session {
	h.t.Helper()
	_, digest := auth.NewSecret()
	_, err := h.CreateAccount(context.Background(), nil, email, "Ben", "hash", digest)
	require.NoError(h.t, err)
	return digest
}

// handOn sells a ticket and hands it on.
func (h *hall) handOn() {
	h.t.Helper()
	s, o := h.buy(h.seats[0])
	offer, err := h.OfferTicket(context.Background(), s, o.Tickets[0].ID, "b@example.org")
	require.NoError(h.t, err)
	_, err = h.ClaimTicket(context.Background(), h.guest(), offer.ID)
	require.NoError(h.t, err)
}

func TestATicketLetsInOnce(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	s, o := h.buy(h.seats[0], h.seats[1])
	first, second := o.Tickets[0], o.Tickets[1]

	seen, err := h.CheckIn(t.Context(), "small", byCode(first.Code), "door@demo.test", false)
	require.NoError(t, err)
	require.Nil(t, seen.CheckedInAt, "looking lets nobody in")
	in, err := h.CheckIn(t.Context(), "small", booking.TicketRef{ID: first.ID}, "door@demo.test", true)
	require.NoError(t, err)
	require.NotNil(t, in.CheckedInAt)
	require.Equal(t, first.ID, in.ID)

	for _, admit := range []bool{true, false} {
		_, err = h.CheckIn(t.Context(), "small", byCode(first.Code), "other@demo.test", admit)
		require.ErrorIs(t, err, booking.ErrTicketCheckedIn)
		require.Equal(t, "door@demo.test", fault.From(err).Extra["checked_in_by"])
		require.NotEmpty(t, fault.From(err).Extra["checked_in_at"])
	}
	_, err = h.CheckIn(t.Context(), "elsewhere", byCode(second.Code), "door@demo.test", true)
	require.ErrorIs(t, err, booking.ErrTicketElsewhere)
	require.Equal(t, "small", fault.From(err).Extra["show"])
	_, err = h.CheckIn(t.Context(), "small", byCode("2222-2222-2222"), "door@demo.test", true)
	require.ErrorIs(t, err, booking.ErrTicketUnknown)
	_, err = h.CheckIn(t.Context(), "small", booking.TicketRef{ID: o.ID}, "door@demo.test", true)
	require.ErrorIs(t, err, booking.ErrTicketUnknown)

	// Its buyer cannot take the money back any more, and sees why.
	_, _, err = h.CancelOrder(t.Context(), s, o.ID)
	require.ErrorIs(t, err, booking.ErrTicketCheckedIn)
	mine, err := h.Tickets(t.Context(), s)
	require.NoError(t, err)
	require.Len(t, mine, 2)
	h.allZero()
}

func TestACancelledTicketLetsNobodyIn(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	s, o := h.buy(h.seats[0])
	_, _, err := h.CancelOrder(t.Context(), s, o.ID)
	require.NoError(t, err)
	_, err = h.CheckIn(t.Context(), "small", byCode(o.Tickets[0].Code), "door@demo.test", true)
	require.ErrorIs(t, err, booking.ErrTicketCancelled)
	require.NotEmpty(t, fault.From(err).Extra["cancelled_at"])
}

func TestATicketHandedOnHasANewCodeAndTheOldOneIsVoid(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann, o := h.buy(h.seats[0], h.seats[1])
	ben, eve := h.account("ben@example.org"), h.guest()
	old := o.Tickets[0]

	_, err := h.OfferTicket(t.Context(), eve, old.ID, "eve@example.org")
	require.ErrorIs(t, err, booking.ErrTicketUnknown, "it is not hers to give")
	offer, err := h.OfferTicket(t.Context(), ann, old.ID, "ben@example.org")
	require.NoError(t, err)
	again, err := h.OfferTicket(t.Context(), ann, old.ID, "BEN@example.org")
	require.NoError(t, err)
	require.Equal(t, offer, again)
	require.Equal(t, 1, query[int](h, `SELECT count(*) FROM outbox WHERE kind = 'ticket-transferred'`), "one mail")

	seen, err := h.TransferOffer(t.Context(), offer.ID)
	require.NoError(t, err)
	require.Equal(t, "offered", seen.State)
	require.Equal(t, "guest@example.org", seen.From)
	got, err := h.ClaimTicket(t.Context(), ben, offer.ID)
	require.NoError(t, err)
	require.NotEqual(t, old.Code, got.Code)
	repeated, err := h.ClaimTicket(t.Context(), ben, offer.ID)
	require.NoError(t, err)
	require.Equal(t, got.Code, repeated.Code)
	_, err = h.ClaimTicket(t.Context(), eve, offer.ID)
	require.ErrorIs(t, err, booking.ErrTransferOver)
	require.Equal(t, "claimed", fault.From(err).Extra["state"])

	// Ann sees that it is gone, and not what opens the door for Ben.
	hers, err := h.Order(t.Context(), ann, o.ID)
	require.NoError(t, err)
	require.Len(t, hers.Tickets, 2)
	require.Equal(t, "cancelled", hers.Tickets[0].State)
	for _, held := range hers.Tickets {
		require.NotEqual(t, got.Code, held.Code)
	}
	_, err = h.Ticket(t.Context(), ann, got.ID)
	require.ErrorIs(t, err, booking.ErrTicketUnknown)
	_, err = h.OfferTicket(t.Context(), ann, got.ID, "x@example.org")
	require.ErrorIs(t, err, booking.ErrTicketUnknown)
	_, err = h.OfferTicket(t.Context(), ann, old.ID, "x@example.org")
	require.ErrorIs(t, err, booking.ErrTicketCancelled)
	_, _, err = h.CancelOrder(t.Context(), ann, o.ID)
	require.ErrorIs(t, err, booking.ErrTicketGiven)
	h.allZero()

	_, err = h.CheckIn(t.Context(), "small", byCode(old.Code), "door@demo.test", true)
	require.ErrorIs(t, err, booking.ErrTicketCancelled)
	_, err = h.CheckIn(t.Context(), "small", byCode(got.Code), "door@demo.test", true)
	require.NoError(t, err)
	_, err = h.OfferTicket(t.Context(), ben, got.ID, "x@example.org")
	require.ErrorIs(t, err, booking.ErrTicketCheckedIn)
	bens, err := h.Tickets(t.Context(), ben)
	require.NoError(t, err)
	require.Len(t, bens, 1)
	require.NotNil(t, bens[0].CheckedInAt)
	h.allZero()
}

func TestAnOfferCanBeWithdrawnRunsOutAndGoesNoFurtherThanItsTicket(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann, o := h.buy(h.seats[0])
	ben, ticket := h.guest(), o.Tickets[0].ID
	offer := func(email string) string {
		made, err := h.OfferTicket(t.Context(), ann, ticket, email)
		require.NoError(t, err)
		return made.ID
	}
	claim := func(id string) error {
		_, err := h.ClaimTicket(t.Context(), ben, id)
		return err
	}
	withdrawn := offer("a@example.org")
	require.NoError(t, h.WithdrawTicket(t.Context(), ann, ticket))
	require.NoError(t, h.WithdrawTicket(t.Context(), ann, ticket), "again is harmless")
	require.ErrorIs(t, h.WithdrawTicket(t.Context(), ben, ticket), booking.ErrTicketUnknown)
	require.ErrorIs(t, claim(withdrawn), booking.ErrTransferOver)
	replaced, next := offer("b@example.org"), offer("c@example.org")
	require.ErrorIs(t, claim(replaced), booking.ErrTransferOver, "another one is in its place")
	h.exec(`UPDATE ticket_transfers SET expires_at = clock_timestamp() WHERE id = $1`, next)
	require.ErrorIs(t, claim(next), booking.ErrTransferOver)
	require.ErrorIs(t, claim(o.ID), booking.ErrTransferUnknown)
	for i := 3; i < 10; i++ {
		offer(string(rune('a'+i)) + "@example.org")
	}
	_, err := h.OfferTicket(t.Context(), ann, ticket, "z@example.org")
	require.ErrorIs(t, err, booking.ErrTransfersTooMany)

	// An offer that is open does not keep the order from being cancelled, and ends with it.
	open := query[string](h, `SELECT id::text FROM ticket_transfers WHERE state = 'offered'`)
	_, _, err = h.CancelOrder(t.Context(), ann, o.ID)
	require.NoError(t, err)
	require.ErrorIs(t, claim(open), booking.ErrTicketCancelled)
	h.exec(`UPDATE shows SET starts_at = clock_timestamp(), on_sale_at = clock_timestamp() - interval '1 day'`)
	h.allZero()
}

// The same ticket at many doors at once.
func TestManyDoorsLetOneIn(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	_, o := h.buy(h.seats[0])
	results := make([]error, 40)
	together(len(results), func(i int) {
		err := error(booking.ErrBusy)
		for errors.Is(err, booking.ErrBusy) {
			_, err = h.CheckIn(context.Background(), "small", byCode(o.Tickets[0].Code), "door@demo.test", true)
		}
		results[i] = err
	})
	in := 0
	for _, err := range results {
		if err == nil {
			in++
		} else {
			require.ErrorIs(t, err, booking.ErrTicketCheckedIn)
		}
	}
	require.Equal(t, 1, in)
	h.allZero()
}

// Many who have the link, at once.
func TestManyClaimsOfOneOfferGiveOneTicket(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann, o := h.buy(h.seats[0])
	offer, err := h.OfferTicket(t.Context(), ann, o.Tickets[0].ID, "b@example.org")
	require.NoError(t, err)
	sessions := make([]booking.Session, 20)
	for i := range sessions {
		sessions[i] = h.guest()
	}
	results := make([]error, len(sessions))
	together(len(sessions), func(i int) {
		err := error(booking.ErrBusy)
		for errors.Is(err, booking.ErrBusy) {
			_, err = h.ClaimTicket(context.Background(), sessions[i], offer.ID)
		}
		results[i] = err
	})
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else {
			require.ErrorIs(t, err, booking.ErrTransferOver)
		}
	}
	require.Equal(t, 1, won)
	require.Equal(t, 1, query[int](h, `SELECT count(*) FROM tickets WHERE state = 'valid'`))
	h.allZero()
}
