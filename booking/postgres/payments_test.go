package postgres

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

func won(amount int64) booking.Money { return booking.Money{Amount: amount, Currency: "KRW"} }

// atProvider writes what the simulated provider would remember of a payment.
func (h *hall) atProvider(payment string, amount int64, state booking.ChargeState) {
	h.t.Helper()
	h.exec(`INSERT INTO simulator_charges (key, state, amount, currency) VALUES ($1, $2, $3, 'KRW')
		ON CONFLICT (key) DO UPDATE SET state = excluded.state`, payment, string(state), amount)
}

// payFirst makes the hall's show one in which the first payment wins.
func (h *hall) payFirst() { h.exec(`UPDATE shows SET hold_policy = 'pay_first'`) }

func (h *hall) authorise(payment string) booking.Verdict {
	h.t.Helper()
	verdict, err := h.AuthorisePayment(context.Background(), payment, "")
	require.NoError(h.t, err)
	return verdict
}

func TestPaidFirstTheFirstAuthorisedPaymentWinsAndTheOtherIsVoided(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.payFirst()
	ann, ben, cem := h.guest(), h.guest(), h.guest()
	a, b, c := h.place(ann, h.hold(ann, h.seats[0])), h.place(ben, h.hold(ben, h.seats[0])), h.place(cem, h.hold(cem, h.seats[0]))
	first, second := h.start(ann, a), h.start(ben, b)
	require.False(t, first.Secured)
	h.atProvider(first.ID, a.Total.Amount, booking.ChargeAuthorised)
	h.atProvider(second.ID, b.Total.Amount, booking.ChargeAuthorised)
	for range 2 {
		require.Equal(t, booking.CaptureIt, h.authorise(first.ID))
		require.Equal(t, booking.VoidIt, h.authorise(second.ID))
	}
	h.allZero()
	_, _, err := h.StartPayment(t.Context(), cem, c.ID, key("pay "+c.ID, c.ID))
	require.ErrorIs(t, err, booking.ErrSeatTaken, "not even asked for, when it is plain to see")

	h.atProvider(first.ID, a.Total.Amount, booking.ChargeCaptured)
	paid, err := h.SettlePayment(t.Context(), first.ID, booking.ChargeCaptured)
	require.NoError(t, err)
	require.Equal(t, booking.Paid, paid.State)
	h.atProvider(second.ID, b.Total.Amount, booking.ChargeVoided)
	for range 2 {
		_, err = h.SettlePayment(t.Context(), second.ID, booking.ChargeVoided)
		require.ErrorIs(t, err, booking.ErrSeatsLost)
	}
	lost, err := h.Order(t.Context(), ben, b.ID)
	require.NoError(t, err)
	require.Equal(t, booking.Cancelled, lost.State)
	require.Equal(t, "seats-lost", lost.Outcome)
	require.Len(t, lost.Suggestions, 1)
	require.NotEqual(t, h.seats[0], lost.Suggestions[0])
	_, _, err = h.StartPayment(t.Context(), ben, b.ID, key("pay "+b.ID, b.ID))
	require.ErrorIs(t, err, booking.ErrSeatsLost, "the key remembers")
	require.Equal(t, booking.AlreadySettled, h.authorise(second.ID))
	h.allZero()
}

func TestPaidFirstADeclinedPaymentReservesNothing(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.payFirst()
	ann := h.guest()
	order := h.place(ann, h.hold(ann, h.seats[0]))
	started := h.start(ann, order)
	require.Equal(t, booking.CaptureIt, h.authorise(started.ID))
	_, err := h.SettlePayment(t.Context(), started.ID, booking.ChargeVoided) // the authorisation lapsed
	require.ErrorIs(t, err, booking.ErrPaymentFailed)
	require.Zero(t, query[int](h, `SELECT count(*) FROM show_seats WHERE state <> 'free'`))
	h.allZero()
}

// The buyer has to act and takes so long that the hold runs out: the same seats if nobody has them, else no money.
func TestALatePaymentTakesTheSameSeatsAgainOrNoMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		sweep bool
		taken bool
	}{
		{"free again", true, false},
		{"free and not yet swept", false, false},
		{"taken", true, true},
		{"taken before the sweep", false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t, 1)
			ann := h.guest()
			order := h.place(ann, h.hold(ann, h.seats[0], h.seats[1]))
			started := h.start(ann, order)
			waiting, err := h.AwaitAction(t.Context(), started.ID, booking.ChargeStatus{State: booking.ChargeAction, ActionURL: "/there"})
			require.NoError(t, err)
			require.Equal(t, booking.Confirming, waiting.State)
			require.Equal(t, "/there", waiting.ActionURL)
			h.allZero()
			h.expire(query[string](h, `SELECT hold_id::text FROM orders`))
			if c.taken {
				h.buy(h.seats[1])
			}
			if c.sweep {
				_, err = h.SweepHolds(t.Context(), 10)
				require.NoError(t, err)
			}
			h.atProvider(started.ID, order.Total.Amount, booking.ChargeAuthorised)
			if !c.taken {
				require.Equal(t, booking.CaptureIt, h.authorise(started.ID))
				h.atProvider(started.ID, order.Total.Amount, booking.ChargeCaptured)
				paid, err := h.SettlePayment(t.Context(), started.ID, booking.ChargeCaptured)
				require.NoError(t, err)
				require.Len(t, paid.Tickets, 2)
				h.allZero()
				return
			}
			require.Equal(t, booking.VoidIt, h.authorise(started.ID))
			h.atProvider(started.ID, order.Total.Amount, booking.ChargeVoided)
			_, err = h.SettlePayment(t.Context(), started.ID, booking.ChargeVoided)
			require.ErrorIs(t, err, booking.ErrSeatsLost)
			h.allZero()
			h.buy(h.seats[0]) // what it still had of them is free
			h.allZero()
		})
	}
}

// The provider took the money although nobody asked it to, and the seats are gone: it is owed back.
func TestMoneyTakenForSeatsThatAreLostIsOwedBack(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann := h.guest()
	order := h.place(ann, h.hold(ann, h.seats[0]))
	started := h.start(ann, order)
	_, err := h.AwaitAction(t.Context(), started.ID, booking.ChargeStatus{State: booking.ChargeAction})
	require.NoError(t, err)
	h.expire(query[string](h, `SELECT hold_id::text FROM orders`))
	h.buy(h.seats[0])
	h.atProvider(started.ID, order.Total.Amount, booking.ChargeCaptured)
	_, err = h.SettlePayment(t.Context(), started.ID, booking.ChargeCaptured)
	require.ErrorIs(t, err, booking.ErrSeatsLost)
	owed, err := h.OwedRefunds(t.Context(), 0, 10)
	require.NoError(t, err)
	require.Len(t, owed, 1)
	require.Equal(t, order.Total, owed[0].Amount)
	h.allZero()
}

// A payment given up when its hold is long over ends its order, which no sweeper would find any more.
func TestAChallengeNobodyTookEndsTheOrder(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann := h.guest()
	order := h.place(ann, h.hold(ann, h.seats[0]))
	started := h.start(ann, order)
	_, err := h.AwaitAction(t.Context(), started.ID, booking.ChargeStatus{State: booking.ChargeAction})
	require.NoError(t, err)
	unsettled, err := h.Unsettled(t.Context(), 0, 10)
	require.NoError(t, err)
	require.Empty(t, unsettled, "the buyer still has time")
	h.expire(query[string](h, `SELECT hold_id::text FROM orders`))
	_, err = h.SweepHolds(t.Context(), 10)
	require.NoError(t, err)
	unsettled, err = h.Unsettled(t.Context(), 0, 10)
	require.NoError(t, err)
	require.Equal(t, []booking.Payment{{ID: started.ID, Amount: order.Total, Overdue: true}}, unsettled)
	_, err = h.SettlePayment(t.Context(), started.ID, booking.ChargeVoided)
	require.ErrorIs(t, err, booking.ErrPaymentFailed)
	require.Equal(t, "expired", query[string](h, `SELECT state FROM orders`))
	h.allZero()
}

func TestALatePaymentDoesNotBreakTheLimit(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	ann := h.guest()
	order := h.place(ann, h.hold(ann, h.seats[:6]...))
	started := h.start(ann, order)
	_, err := h.AwaitAction(t.Context(), started.ID, booking.ChargeStatus{State: booking.ChargeAction})
	require.NoError(t, err)
	h.expire(query[string](h, `SELECT hold_id::text FROM orders`))
	h.hold(ann, h.seats[10:16]...)
	require.Equal(t, booking.VoidIt, h.authorise(started.ID), "twelve seats, and ten are allowed")
	h.allZero()
}

// winners lets two buyers' authorised payments run for one seat, whose row is locked so that both are in the middle of it, with this
// changed before. It returns how many won, lost, and were caught by the count.
func winners(t *testing.T, tamper string) (won, lost, caught int) {
	h := newHall(t, 1)
	h.payFirst()
	h.exec(tamper)
	pool := h.extra(map[string]string{"lock_timeout": "60s", "application_name": h.racer()})
	var payments []string
	for range 2 {
		s := h.guest()
		payments = append(payments, h.start(s, h.place(s, h.hold(s, h.seats[0]))).ID)
	}
	row, err := pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = row.Exec(t.Context(), `SELECT 1 FROM show_seats WHERE id = $1 FOR UPDATE`, h.seats[0])
	require.NoError(t, err)
	type result struct {
		verdict booking.Verdict
		err     error
	}
	results := make(chan result, 2)
	for _, p := range payments {
		go func() {
			verdict, err := NewStore(pool).AuthorisePayment(context.Background(), p, "")
			results <- result{verdict, err}
		}()
	}
	h.waitUntilBlocked(2)
	require.NoError(t, row.Commit(t.Context()))
	for range 2 {
		var pg *pgconn.PgError
		switch r := <-results; {
		case errors.As(r.err, &pg) && pg.ConstraintName == "payment_takes_all":
			caught++
		case r.err != nil:
			t.Error(r.err)
		case r.verdict == booking.CaptureIt:
			won++
		default:
			lost++
		}
	}
	h.allZero()
	return won, lost, caught
}

func TestOfTwoAuthorisedPaymentsOneWins(t *testing.T) {
	t.Parallel()
	won, lost, caught := winners(t, `SELECT 1`)
	require.Equal(t, []int{1, 1, 0}, []int{won, lost, caught})
}

// The control: without the locks both see the seat free, and the count has to catch the second.
func TestControlWithoutLocksTheCountCatchesTheSecondPayment(t *testing.T) {
	t.Parallel()
	won, lost, caught := winners(t, `CREATE OR REPLACE FUNCTION take_locks(keys bigint[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$`)
	require.Equal(t, []int{1, 0, 1}, []int{won, lost, caught})
}
