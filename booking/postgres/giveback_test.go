package postgres

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

func TestFeesAndTaxAreQuotedChargedAndGivenBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                       string
		included                   bool
		tax, total, part, leftover int64
	}{
		// 50,000 + 30,000, 2 × 1,000 for the tickets, 500 for the order: 82,500.
		{"included", true, 7500, 82500, 51000, 31500},
		{"added", false, 8250, 90750, 56100, 34650},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t, 1)
			h.exec(`UPDATE shows SET ticket_fee = 1000, order_fee = 500, tax_basis_points = 1000, tax_included = $1`, c.included)
			ann := h.guest()
			hold := h.hold(ann, h.seats[0], h.seats[15])
			quote, err := h.Quote(t.Context(), ann, "small", hold.ID)
			require.NoError(t, err)
			require.Equal(t, won(80000), quote.Subtotal)
			require.Equal(t, []booking.Fee{{Kind: "tickets", Amount: won(2000)}, {Kind: "order", Amount: won(500)}}, quote.Fees)
			require.Equal(t, &booking.Tax{Amount: won(c.tax), BasisPoints: 1000, Included: c.included}, quote.Tax)
			require.Equal(t, won(c.total), quote.Total)
			require.Len(t, quote.Lines, 2)
			_, err = h.Quote(t.Context(), h.guest(), "small", hold.ID)
			require.ErrorIs(t, err, booking.ErrHoldUnknown)

			order := h.place(ann, hold)
			require.Equal(t, quote.Total, order.Total)
			require.Equal(t, quote.Fees, order.Fees)
			require.Equal(t, quote.Tax, order.Tax)
			paid := h.pay(ann, order)
			h.allZero()

			// One ticket back: its price, its share of the ticket fees, and the tax added for both. The order's fee stays.
			for range 2 {
				after, owed, err := h.RefundTickets(t.Context(), order.ID, []string{paid.Tickets[0].ID})
				require.NoError(t, err)
				require.Equal(t, booking.Paid, after.State)
				require.Equal(t, won(c.part), owed.Amount)
				require.Equal(t, won(c.part), *after.Lines[0].Refunded)
				require.Equal(t, []string{"cancelled", "valid"}, []string{after.Tickets[0].State, after.Tickets[1].State})
				h.allZero()
			}
			h.buy(h.seats[0])
			// The last one: whatever is left.
			after, owed, err := h.RefundTickets(t.Context(), order.ID, []string{paid.Tickets[1].ID})
			require.NoError(t, err)
			require.Equal(t, booking.Cancelled, after.State)
			require.Equal(t, won(c.leftover), owed.Amount)
			refunds, err := h.OwedRefunds(t.Context(), 0, 10)
			require.NoError(t, err)
			require.Len(t, refunds, 2)
			for _, r := range refunds {
				h.exec(`INSERT INTO simulator_refunds (key, charge_key, amount) VALUES ($1, $2, $3)`, r.ID, r.PaymentID, r.Amount.Amount)
				after, err = h.FinishRefund(t.Context(), r.ID)
				require.NoError(t, err)
			}
			require.Equal(t, order.Total, *after.Refunded)
			require.Equal(t, "refunded", query[string](h, `SELECT state FROM payments WHERE order_id = $1`, order.ID))
			h.allZero()
		})
	}
}

func TestRefundingTicketsRefuses(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	_, paid := h.buy(h.seats[0])
	_, other := h.buy(h.seats[1])
	const nobody = "00000000-0000-4000-8000-000000000000"
	_, _, err := h.RefundTickets(t.Context(), nobody, []string{paid.Tickets[0].ID})
	require.ErrorIs(t, err, booking.ErrOrderUnknown)
	for _, id := range []string{nobody, other.Tickets[0].ID} {
		_, _, err = h.RefundTickets(t.Context(), paid.ID, []string{paid.Tickets[0].ID, id})
		require.ErrorIs(t, err, booking.ErrTicketUnknown)
	}
	ann := h.guest()
	pending := h.place(ann, h.hold(ann, h.seats[2]))
	_, _, err = h.RefundTickets(t.Context(), pending.ID, nil)
	require.ErrorIs(t, err, booking.ErrOrderNotRefundable)
	require.Equal(t, 2, query[int](h, `SELECT count(*) FROM tickets WHERE state = 'valid'`), "nothing changed")
	h.allZero()
}

func TestCancellingFollowsThePolicyOfTheShow(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.exec(`UPDATE shows SET cancel_fee = 7000, cancel_until_hours = 48`)
	s, paid := h.buy(h.seats[0])
	require.Equal(t, won(7000), paid.Cancellation.Fee)
	require.Equal(t, paid.StartsAt.Add(-48*60*60*1e9), *paid.Cancellation.Until)
	cancelled, owed, err := h.CancelOrder(t.Context(), s, paid.ID)
	require.NoError(t, err)
	require.Equal(t, won(43000), owed.Amount)
	require.Equal(t, won(7000), *cancelled.CancelFee)
	h.allZero()

	// Never more is kept than was paid.
	h.exec(`UPDATE shows SET cancel_fee = 1000000`)
	s, paid = h.buy(h.seats[0])
	cancelled, owed, err = h.CancelOrder(t.Context(), s, paid.ID)
	require.NoError(t, err)
	require.Nil(t, owed)
	require.Equal(t, paid.Total, *cancelled.CancelFee)
	h.allZero()

	s, paid = h.buy(h.seats[0])
	pending := h.place(s, h.hold(s, h.seats[1]))
	for _, hours := range []any{nil, 24 * 365} {
		h.exec(`UPDATE shows SET cancel_until_hours = $1`, hours)
		_, _, err = h.CancelOrder(t.Context(), s, paid.ID)
		require.ErrorIs(t, err, booking.ErrCancellationClosed)
	}
	// What is not paid can always be let go of.
	cancelled, _, err = h.CancelOrder(t.Context(), s, pending.ID)
	require.NoError(t, err)
	require.Equal(t, booking.Cancelled, cancelled.State)
	h.allZero()
}
