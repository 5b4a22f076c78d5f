package postgres

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

// count is what one check finds.
func (h *hall) count(name string) int {
	h.t.Helper()
	report, err := h.Check(context.Background())
	require.NoError(h.t, err)
	for _, c := range report.Checks {
		if c.Name == name {
			require.LessOrEqual(h.t, len(c.Samples), 10)
			require.Equal(h.t, c.Count > 0, len(c.Samples) > 0, "a finding comes with a sample")
			if c.Count > 0 {
				require.False(h.t, report.OK)
			}
			return c.Count
		}
	}
	h.t.Fatalf("there is no check %s", name)
	return 0
}

// damage changes rows as no function of ours would: past triggers, foreign keys, and constraints dropped before.
func (h *hall) damage(sql string, args ...any) {
	h.t.Helper()
	err := pgx.BeginFunc(context.Background(), h.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(context.Background(), `SET LOCAL session_replication_role = 'replica'`); err != nil {
			return err
		}
		_, err := tx.Exec(context.Background(), sql, args...)
		return err
	})
	require.NoError(h.t, err)
}

// Every check must find the damage it is for: a check that cannot fail is worth nothing.
func TestEveryCheckFindsItsDamage(t *testing.T) {
	t.Parallel()
	for name, cases := range map[string][]struct {
		what string
		do   func(h *hall)
	}{
		"01-seats-with-two-tickets": {{"a second ticket", func(h *hall) {
			_, o := h.buy(h.seats[0])
			h.exec(`DROP INDEX tickets_one_valid`)
			h.damage(`INSERT INTO tickets (code, order_id, show_seat_id) VALUES ('X', $1, $2)`, o.ID, h.seats[0])
		}}},
		"02-sold-seats-tickets-paid-lines": {
			{"sold without a ticket", func(h *hall) { h.buy(h.seats[0]); h.damage(`DELETE FROM tickets`) }},
			{"ticket of a free seat", func(h *hall) {
				h.buy(h.seats[0])
				h.damage(`UPDATE show_seats SET state = 'free', hold_id = NULL WHERE state = 'sold'`)
			}},
			{"line gone", func(h *hall) { h.buy(h.seats[0]); h.damage(`DELETE FROM order_lines`) }},
			{"order not paid", func(h *hall) { h.buy(h.seats[0]); h.damage(`UPDATE orders SET state = 'pending'`) }},
		},
		"03-counters": {
			{"sold too low", func(h *hall) { h.buy(h.seats[0]); h.damage(`UPDATE show_sections SET seats_sold = 0`) }},
			{"total too high", func(h *hall) { h.damage(`UPDATE show_sections SET seats_total = seats_total + 1`) }},
			{"over the cap", func(h *hall) {
				h.exec(`ALTER TABLE show_sections DROP CONSTRAINT show_sections_cap`)
				h.damage(`UPDATE show_sections SET seats_sold = seats_total + 1`)
			}},
		},
		"04-captured-without-ticket": {{"tickets cancelled, money kept", func(h *hall) {
			h.buy(h.seats[0], h.seats[1])
			h.damage(`UPDATE tickets SET state = 'cancelled' WHERE show_seat_id = $1`, h.seats[1])
		}}},
		"05-ticket-without-capture": {
			{"payment declined", func(h *hall) { h.buy(h.seats[0]); h.damage(`UPDATE payments SET state = 'declined'`) }},
			{"paid too little", func(h *hall) { h.buy(h.seats[0]); h.damage(`UPDATE payments SET amount = amount - 1`) }},
		},
		"06-two-captures": {{"a second capture", func(h *hall) {
			h.buy(h.seats[0])
			h.exec(`DROP INDEX payments_one_live`)
			h.damage(`INSERT INTO payments (order_id, buyer_id, state, amount, idempotency_key) SELECT order_id, buyer_id, 'captured', amount, 'x' FROM payments`)
		}}},
		"07-refunds-over-captures": {
			{"a refund too many", func(h *hall) {
				h.buy(h.seats[0])
				h.damage(`INSERT INTO refunds (payment_id, amount) SELECT id, amount + 1 FROM payments`)
			}},
			{"noted and not done", func(h *hall) { h.buy(h.seats[0]); h.damage(`UPDATE orders SET refunded = 1`) }},
		},
		"08-overlapping-holds": {
			{"two holds of a seat", func(h *hall) {
				h.hold(h.guest(), h.seats[0])
				h.damage(`INSERT INTO holds (show_id, buyer_id, seat_ids, expires_at) SELECT show_id, buyer_id, seat_ids, expires_at FROM holds`)
			}},
			{"a hold without its seat", func(h *hall) {
				h.hold(h.guest(), h.seats[0])
				h.damage(`UPDATE show_seats SET state = 'free', hold_id = NULL, held_until = NULL WHERE state = 'held'`)
			}},
			{"taken over too early", func(h *hall) {
				hold := h.hold(h.guest(), h.seats[0])
				h.expire(hold.ID)
				h.hold(h.guest(), h.seats[0])
				h.damage(`UPDATE holds SET expires_at = expires_at + interval '1 hour', state = 'released' WHERE id = $1`, hold.ID)
			}},
		},
		"09-seat-history": {
			{"a gap", func(h *hall) {
				h.buy(h.seats[0])
				h.damage(`DELETE FROM seat_history WHERE show_seat_id = $1 AND version = 2`, h.seats[0])
			}},
			{"an illegal step", func(h *hall) {
				h.buy(h.seats[0])
				h.damage(`UPDATE seat_history SET was = 'free' WHERE show_seat_id = $1 AND version = 3`, h.seats[0])
			}},
			{"a change past the history", func(h *hall) { h.damage(`UPDATE show_seats SET state = 'blocked' WHERE id = $1`, h.seats[0]) }},
			{"a hold swapped", func(h *hall) {
				h.hold(h.guest(), h.seats[0])
				h.damage(`UPDATE show_seats SET hold_id = gen_random_uuid() WHERE state = 'held'`)
			}},
		},
		"10-confirming-too-old": {
			{"a payment left alone", func(h *hall) {
				s := h.guest()
				h.start(s, h.place(s, h.hold(s, h.seats[0])))
				h.damage(`UPDATE payments SET created_at = created_at - interval '3 minutes'`)
			}},
			{"confirming with no payment", func(h *hall) {
				s := h.guest()
				h.start(s, h.place(s, h.hold(s, h.seats[0])))
				h.damage(`DELETE FROM payments`)
			}},
			{"a seat confirming alone", func(h *hall) {
				s := h.guest()
				h.start(s, h.place(s, h.hold(s, h.seats[0])))
				h.damage(`UPDATE orders SET state = 'pending'`)
			}},
			{"a refund left alone", func(h *hall) {
				s, o := h.buy(h.seats[0])
				_, owed, err := h.CancelOrder(context.Background(), s, o.ID)
				require.NoError(h.t, err)
				require.NotNil(h.t, owed)
				h.damage(`UPDATE refunds SET requested_at = requested_at - interval '3 minutes'`)
			}},
		},
		"12-one-key-two-results": {
			{"a key used twice", func(h *hall) {
				h.buy(h.seats[0])
				h.damage(`UPDATE payments SET idempotency_key = (SELECT idempotency_key FROM orders)`)
			}},
			{"an answer about another order", func(h *hall) {
				h.buy(h.seats[0])
				h.damage(`UPDATE idempotency_records SET response = jsonb_set(response, '{id}', to_jsonb(gen_random_uuid()))`)
			}},
			{"an answer about nothing", func(h *hall) { h.buy(h.seats[0]); h.damage(`UPDATE idempotency_records SET key = key || 'x'`) }},
		},
		"13-outbox": {
			{"not delivered for long", func(h *hall) {
				h.buy(h.seats[0])
				h.damage(`UPDATE outbox SET created_at = created_at - interval '6 minutes'`)
			}},
			{"delivered and not noted", func(h *hall) {
				h.buy(h.seats[0])
				h.damage(`INSERT INTO outbox_attempts (outbox_id, attempt, outcome, finished_at) SELECT id, 1, 'delivered', clock_timestamp() FROM outbox`)
			}},
			{"noted and not delivered", func(h *hall) { h.buy(h.seats[0]); h.damage(`UPDATE outbox SET delivered_at = clock_timestamp()`) }},
			{"delivered twice", func(h *hall) {
				h.buy(h.seats[0])
				h.damage(`UPDATE outbox SET delivered_at = clock_timestamp()`)
				h.damage(`INSERT INTO outbox_attempts (outbox_id, attempt, outcome, finished_at) SELECT id, n, 'delivered', clock_timestamp() FROM outbox, generate_series(1, 2) n`)
			}},
			{"a sale that nobody is told of", func(h *hall) {
				h.buy(h.seats[0])
				_, o := h.buy(h.seats[1])
				h.damage(`DELETE FROM outbox WHERE key = $1`, o.ID)
			}},
		},
		"19-check-ins": {
			{"cancelled, then let in", func(h *hall) {
				h.buy(h.seats[0])
				h.damage(`UPDATE tickets SET state = 'cancelled', cancelled_at = clock_timestamp()`)
				h.damage(`INSERT INTO check_ins (ticket_id, admitted_by) SELECT id, 'x' FROM tickets`)
			}},
			{"let in, then cancelled", func(h *hall) {
				h.buy(h.seats[0])
				h.damage(`INSERT INTO check_ins (ticket_id, admitted_by) SELECT id, 'x' FROM tickets`)
				h.damage(`UPDATE orders SET state = 'cancelled'`)
			}},
			{"handed on and let in", func(h *hall) {
				h.handOn()
				h.damage(`INSERT INTO check_ins (ticket_id, admitted_by, at) SELECT id, 'x', issued_at FROM tickets WHERE state = 'cancelled'`)
			}},
			{"handed on and kept", func(h *hall) {
				h.handOn()
				h.exec(`DROP INDEX tickets_one_valid`)
				h.damage(`UPDATE tickets SET state = 'valid'`)
			}},
		},
		"15-buyer-limit": {{"the limit lowered under what is held", func(h *hall) {
			h.hold(h.guest(), h.seats[0], h.seats[1])
			h.damage(`UPDATE shows SET max_per_buyer = 1`)
		}}},
		"16-audit-chain": { // more of it in TestTheRecordOfActsShowsEveryChange
			{"a row removed", func(h *hall) {
				for range 2 {
					_, err := h.BeginAct(context.Background(), "staff@demo.test", "refund", "order 1")
					require.NoError(h.t, err)
				}
				h.damage(`DELETE FROM acts WHERE id = 1`)
			}},
		},
		"17-provider-agrees": {
			{"captured here only", func(h *hall) { h.buy(h.seats[0]); h.damage(`DELETE FROM simulator_charges`) }},
			{"captured there only", func(h *hall) { h.buy(h.seats[0]); h.damage(`UPDATE payments SET state = 'declined'`) }},
			{"unknown here", func(h *hall) { h.buy(h.seats[0]); h.damage(`DELETE FROM payments`) }},
			{"refunded here only", func(h *hall) {
				s, o := h.buy(h.seats[0])
				_, owed, err := h.CancelOrder(context.Background(), s, o.ID)
				require.NoError(h.t, err)
				_, err = h.FinishRefund(context.Background(), owed.ID)
				require.NoError(h.t, err)
			}},
		},
		"18-order-totals": {
			{"a wrong total", func(h *hall) { h.buy(h.seats[0]); h.damage(`UPDATE orders SET total = total + 1`) }},
			{"a line of another seat", func(h *hall) {
				h.buy(h.seats[0])
				h.damage(`UPDATE order_lines SET show_seat_id = $1`, h.seats[1])
			}},
		},
	} {
		for _, c := range cases {
			t.Run(name+"/"+c.what, func(t *testing.T) {
				t.Parallel()
				h := newHall(t, 1)
				require.Zero(t, h.count(name), "before the damage")
				c.do(h)
				require.Positive(t, h.count(name))
			})
		}
		checksTested[name] = true
	}
	report, err := newHall(t, 1).Check(t.Context())
	require.NoError(t, err)
	for _, c := range report.Checks {
		require.True(t, checksTested[c.Name], "%s has no damage that it must find", c.Name)
	}
}

var checksTested = map[string]bool{}

func TestAfterAllStepsOfASaleTheCheckerIsAllZero(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	h.buy(h.seats[0], h.seats[10], h.seats[20])
	h.hold(h.guest(), h.seats[1])
	s := h.guest()
	h.start(s, h.place(s, h.hold(s, h.seats[2])))
	declined := h.guest()
	started := h.start(declined, h.place(declined, h.hold(declined, h.seats[3])))
	_, err := h.SettlePayment(t.Context(), started.ID, booking.ChargeDeclined)
	require.ErrorIs(t, err, booking.ErrPaymentDeclined)
	s, o := h.buy(h.seats[4])
	_, _, err = h.CancelOrder(t.Context(), s, o.ID)
	require.NoError(t, err)
	h.allZero()
}
