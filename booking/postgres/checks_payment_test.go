package postgres

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

// What the checks look for since charges are authorised first and tickets can be given back singly: each finds its damage.
func TestTheChecksOfPaymentsFindTheirDamage(t *testing.T) {
	t.Parallel()
	action := func(h *hall) {
		s := h.guest()
		started := h.start(s, h.place(s, h.hold(s, h.seats[0])))
		_, err := h.AwaitAction(h.t.Context(), started.ID, booking.ChargeStatus{State: booking.ChargeAction})
		require.NoError(h.t, err)
	}
	voiding := func(h *hall) {
		action(h)
		h.expire(query[string](h, `SELECT hold_id::text FROM orders`))
		h.buy(h.seats[0])
		require.Equal(h.t, booking.VoidIt, h.authorise(query[string](h, `SELECT id::text FROM payments WHERE state = 'action'`)))
	}
	refunded := func(h *hall) {
		_, order := h.buy(h.seats[0], h.seats[1])
		_, _, err := h.RefundTickets(h.t.Context(), order.ID, []string{order.Tickets[0].ID})
		require.NoError(h.t, err)
	}
	cancelled := func(h *hall) {
		h.exec(`UPDATE shows SET cancel_fee = 1000`)
		s, order := h.buy(h.seats[0])
		_, _, err := h.CancelOrder(h.t.Context(), s, order.ID)
		require.NoError(h.t, err)
	}
	for _, c := range []struct {
		name, check string
		do          func(h *hall)
		damage      string
	}{
		{"a buyer who never acted", "10-confirming-too-old", action, `UPDATE orders SET pay_by = pay_by - interval '1 day'`},
		{"a void left alone", "10-confirming-too-old", voiding, `UPDATE payments SET created_at = created_at - interval '3 minutes'`},
		{"a line that tells another sum", "07-refunds-over-captures", refunded, `UPDATE order_lines SET refunded = refunded - 1 WHERE refunded IS NOT NULL`},
		{"a fee that is too high", "07-refunds-over-captures", cancelled, `UPDATE orders SET cancel_fee = cancel_fee + 1`},
		{"more kept than the fee", "04-captured-without-ticket", cancelled, `UPDATE refunds SET amount = amount - 1`},
		{"a ticket gone and its line not given back", "04-captured-without-ticket", refunded, `UPDATE order_lines SET refunded = NULL`},
		{"a seat given back and still on a paid line", "02-sold-seats-tickets-paid-lines", refunded, `UPDATE order_lines SET refunded = NULL`},
		{"fees that the total does not have", "18-order-totals", refunded, `UPDATE orders SET order_fee = 1`},
		{"money set aside that was to be voided", "17-provider-agrees", voiding, `
			INSERT INTO simulator_charges (key, state, amount, currency) SELECT id::text, 'authorised', amount, 'KRW' FROM payments WHERE state = 'voiding';
			UPDATE payments SET state = 'voided' WHERE state = 'voiding'`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t, 1)
			c.do(h)
			require.Zero(t, h.count(c.check), "before the damage")
			h.damage(c.damage)
			require.Positive(t, h.count(c.check))
		})
	}
}
