package postgres

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

func TestAnOrderIsPaidTicketedCancelledAndRefunded(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	s, paid := h.buy(h.seats[0], h.seats[15])
	require.Equal(t, booking.Paid, paid.State)
	require.Len(t, paid.Tickets, 2)
	require.Regexp(t, `^([2-9A-HJ-NP-Z]{4}-){2}[2-9A-HJ-NP-Z]{4}$`, paid.Tickets[0].Code)
	require.Regexp(t, `^AN-[2-9A-HJ-NP-Z]{6}$`, paid.Reference)
	require.Nil(t, paid.PayBy)
	require.Equal(t, 2, query[int](h, `SELECT sum(seats_sold)::int FROM show_sections`))
	h.allZero()

	cancelled, owed, err := h.CancelOrder(t.Context(), s, paid.ID)
	require.NoError(t, err)
	require.Equal(t, booking.Cancelled, cancelled.State)
	require.Equal(t, "cancelled", cancelled.Tickets[0].State)
	require.Equal(t, booking.Money{Amount: 80000, Currency: "KRW"}, owed.Amount)
	h.allZero()
	_, again, err := h.CancelOrder(t.Context(), s, paid.ID)
	require.NoError(t, err)
	require.Equal(t, owed, again, "the refund is still owed")

	h.exec(`INSERT INTO simulator_refunds (key, charge_key, amount) VALUES ($1, $2, $3)`, owed.ID, owed.PaymentID, owed.Amount.Amount)
	for range 2 {
		refunded, err := h.FinishRefund(t.Context(), owed.ID)
		require.NoError(t, err)
		require.Equal(t, &owed.Amount, refunded.Refunded)
	}
	h.buy(h.seats[0])
	h.allZero()
}

func TestCancelRefuses(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann := h.guest()
	order := h.place(ann, h.hold(ann, h.seats[0]))
	_, _, err := h.CancelOrder(t.Context(), h.guest(), order.ID)
	require.ErrorIs(t, err, booking.ErrOrderUnknown)

	h.start(ann, order)
	_, _, err = h.CancelOrder(t.Context(), ann, order.ID)
	require.ErrorIs(t, err, booking.ErrOrderNotCancellable, "the provider may be taking the money at this moment")

	s, paid := h.buy(h.seats[1])
	h.exec(`UPDATE shows SET starts_at = clock_timestamp()`)
	_, _, err = h.CancelOrder(t.Context(), s, paid.ID)
	require.ErrorIs(t, err, booking.ErrShowStarted)
	h.allZero()
}

func TestCancellingAPendingOrderFreesItsSeatsAndOwesNothing(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann := h.guest()
	order := h.place(ann, h.hold(ann, h.seats[0]))
	cancelled, owed, err := h.CancelOrder(t.Context(), ann, order.ID)
	require.NoError(t, err)
	require.Nil(t, owed)
	require.Equal(t, booking.Cancelled, cancelled.State)
	h.buy(h.seats[0])
	h.allZero()
}

func TestADeclinedPaymentLeavesTheHoldAndIsRememberedUnderItsKey(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann := h.guest()
	order := h.place(ann, h.hold(ann, h.seats[0]))
	started := h.start(ann, order)
	_, _, err := h.StartPayment(t.Context(), ann, order.ID, key("another", order.ID))
	require.ErrorIs(t, err, booking.ErrOrderNotPayable, "one payment at a time")
	_, _, err = h.StartPayment(t.Context(), ann, order.ID, key("pay "+order.ID, order.ID))
	require.ErrorIs(t, err, booking.ErrKeyInFlight)

	for range 2 {
		_, err = h.SettlePayment(t.Context(), started.ID, booking.ChargeDeclined)
		require.ErrorIs(t, err, booking.ErrPaymentDeclined)
	}
	_, _, err = h.StartPayment(t.Context(), ann, order.ID, key("pay "+order.ID, order.ID))
	require.ErrorIs(t, err, booking.ErrPaymentDeclined, "the same key, the same answer")
	_, _, err = h.StartPayment(t.Context(), ann, order.ID, key("pay "+order.ID, "another request"))
	require.ErrorIs(t, err, booking.ErrKeyReused)

	second, _, err := h.StartPayment(t.Context(), ann, order.ID, key("second card", order.ID))
	require.NoError(t, err)
	h.charge(second.ID, order.Total.Amount)
	_, err = h.SettlePayment(t.Context(), second.ID, booking.ChargeCaptured)
	require.NoError(t, err)
	h.allZero()

	_, err = h.SettlePayment(t.Context(), second.ID, booking.ChargeDeclined)
	require.Error(t, err, "a payment does not change its mind")
	h.allZero()
}

func TestOneKeyManyTimesAtOnceMakesOneOrder(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann := h.guest()
	hold := h.hold(ann, h.seats[0])
	k := key("the key", hold.ID)
	ids := make([]string, 30)
	together(len(ids), func(i int) {
		order, err := h.PlaceOrder(context.Background(), ann, hold.ID, k)
		if err != nil {
			require.ErrorIs(t, err, booking.ErrKeyInFlight)
		}
		ids[i] = order.ID
	})
	require.Equal(t, 1, query[int](h, `SELECT count(*) FROM orders`))
	id := query[string](h, `SELECT id::text FROM orders`)
	for _, got := range ids {
		require.Contains(t, []string{id, ""}, got)
	}
	require.Contains(t, ids, id)
	_, err := h.PlaceOrder(t.Context(), ann, hold.ID, key("the key", "another body"))
	require.ErrorIs(t, err, booking.ErrKeyReused)
	h.allZero()
}

func TestARefusedRequestMayBeTriedAgainUnderItsKey(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann, ben := h.guest(), h.guest()
	hold := h.hold(ann, h.seats[0])
	_, err := h.PlaceOrder(t.Context(), ben, hold.ID, key("k", "1"))
	require.ErrorIs(t, err, booking.ErrHoldUnknown)
	require.Zero(t, query[int](h, `SELECT count(*) FROM idempotency_records`))
	_, err = h.PlaceOrder(t.Context(), ann, hold.ID, key("k", "1"))
	require.NoError(t, err, "keys are a buyer's own")
}

// A hold runs out while its buyer pays and another buyer wants the seat: whoever is first has it, and nobody both.
func TestExpiryAgainstPayment(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	var paid, taken atomic.Int32
	for _, seat := range h.seats[:20] {
		ann, ben := h.guest(), h.guest()
		hold := h.hold(ann, seat)
		order := h.place(ann, hold)
		together(3, func(i int) {
			switch i {
			case 0:
				started, _, err := h.StartPayment(context.Background(), ann, order.ID, key("pay "+order.ID, order.ID))
				if err != nil {
					require.True(t, errors.Is(err, booking.ErrHoldExpired) || errors.Is(err, booking.ErrBusy), "%v", err)
					return
				}
				h.charge(started.ID, order.Total.Amount)
				err = booking.ErrBusy
				for errors.Is(err, booking.ErrBusy) { // as the reconciler does: the others may hold the seat for a moment too long
					_, err = h.SettlePayment(context.Background(), started.ID, booking.ChargeCaptured)
				}
				require.NoError(t, err)
				paid.Add(1)
			case 1:
				// The clock strikes.
				h.strike(seat, hold.ID)
			case 2:
				for range 5 {
					if _, err := h.HoldSeats(context.Background(), ben, "small", []int64{seat}); err == nil {
						taken.Add(1)
						return
					}
				}
			}
		})
		_, err := h.SweepHolds(t.Context(), 100)
		if err != nil {
			require.ErrorIs(t, err, booking.ErrBusy)
		}
	}
	require.LessOrEqual(t, paid.Load()+taken.Load(), int32(20))
	h.allZero()
}

// strike makes a hold run out under the seat's lock, unless it is being paid.
func (h *hall) strike(seat int64, hold string) {
	err := pgx.BeginFunc(context.Background(), h.pool, func(tx pgx.Tx) error {
		// The clock does not give up after 300 ms.
		if _, err := tx.Exec(context.Background(), `SET LOCAL lock_timeout = 0`); err != nil {
			return err
		}
		if _, err := tx.Exec(context.Background(), `SELECT take_locks(seat_locks(ARRAY[$1::bigint]))`, seat); err != nil {
			return err
		}
		_, err := tx.Exec(context.Background(), expireSQL+` AND state = 'active' RETURNING id, expires_at)`+expireMore, hold)
		return err
	})
	require.NoError(h.t, err)
}

func TestTheDatabaseRefusesIllegalTransitions(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	_, order := h.buy(h.seats[0])
	for constraint, sql := range map[string]string{
		"order_transition":  `UPDATE orders SET state = 'pending' WHERE id = '` + order.ID + `'`,
		"seat_transition":   `UPDATE show_seats SET state = 'blocked', hold_id = NULL, version = version + 1 WHERE state = 'sold'`,
		"show_sections_cap": `UPDATE show_sections SET seats_sold = seats_total + 1`,
	} {
		_, err := h.pool.Exec(t.Context(), sql)
		var pg *pgconn.PgError
		require.ErrorAs(t, err, &pg, constraint)
		require.Equal(t, constraint, pg.ConstraintName)
	}
	_, err := h.pool.Exec(t.Context(), `UPDATE show_seats SET held_until = clock_timestamp(), state = 'held' WHERE state = 'sold'`)
	require.Error(t, err, "and a step that does not count")
}

func TestBuyersSeeOnlyTheirOwnOrders(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann, order := h.buy(h.seats[0])
	ben, _ := h.buy(h.seats[1])
	_, err := h.Order(t.Context(), ben, order.ID)
	require.ErrorIs(t, err, booking.ErrOrderUnknown)
	mine, err := h.Orders(t.Context(), ann)
	require.NoError(t, err)
	require.Len(t, mine, 1)
	require.Equal(t, order.ID, mine[0].ID)
	_, err = h.Orders(t.Context(), booking.Session(make([]byte, 32)))
	require.ErrorIs(t, err, booking.ErrSessionMissing)
}
