package main

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/payment"
)

func ids(seats ...int64) string {
	body, _ := json.Marshal(map[string]any{"seat_ids": seats})
	return string(body)
}

// crash is a moment at which this process dies.
type crash int

const (
	nowhere crash = iota
	beforeAuthorising
	afterAuthorising
	afterCapturing
)

// crashing is a provider during whose work this process dies: what follows in
// the same request never happens. Everything else is the real provider and the real tables.
type crashing struct {
	booking.Provider
	mu   sync.Mutex
	when crash
}

func (c *crashing) Authorise(ctx context.Context, charge booking.Charge) (booking.ChargeStatus, error) {
	c.die(beforeAuthorising)
	status, err := c.Provider.Authorise(ctx, charge)
	c.die(afterAuthorising)
	return status, err
}

func (c *crashing) Capture(ctx context.Context, charge booking.Charge) (booking.ChargeState, error) {
	state, err := c.Provider.Capture(ctx, charge)
	c.die(afterCapturing)
	return state, err
}

func (c *crashing) die(now crash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.when == now {
		panic("the process died")
	}
}

func (c *crashing) set(when crash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.when = when
}

func TestACrashAfterTheMoneyWasTakenIsFinishedByTheReconciler(t *testing.T) {
	t.Parallel()
	for when, state := range map[crash]string{afterAuthorising: "authorised", afterCapturing: "captured"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			provider := &crashing{}
			s := newSystem(t, change{provider: func(p booking.Provider) booking.Provider { provider.Provider = p; return provider }})
			b := s.guest()
			order := b.place(b.hold(s.small[0], s.small[1]))
			provider.set(when)
			b.pay(order, payment.CardPays, "k").want(500)
			require.Equal(t, "confirming", query[string](s, `SELECT state FROM orders`))
			require.Equal(t, state, query[string](s, `SELECT state FROM simulator_charges`))

			// However long it takes, it does not run out: neither the sweeper nor another buyer gets the seats.
			s.exec(`UPDATE holds SET expires_at = clock_timestamp() - interval '1 hour'`)
			s.exec(`UPDATE orders SET pay_by = clock_timestamp() - interval '1 hour'`)
			_, err := s.store.SweepHolds(context.Background(), 100)
			require.NoError(t, err)
			s.guest().do("POST", "/api/v1/shows/small/holds", ids(s.small[0])).problem(409, "seat-taken")
			b.pay(order, payment.CardPays, "k").problem(409, "idempotency-key-in-flight")

			provider.set(nowhere)
			require.Equal(t, booking.Reconciled{Captured: 1}, s.reconciled())
			paid := decode[booking.Order](b.pay(order, payment.CardPays, "k").want(200))
			require.Equal(t, booking.Paid, paid.State)
			require.Len(t, paid.Tickets, 2)
			require.EqualValues(t, 1, query[int](s, `SELECT count(*) FROM simulator_charges`), "charged once")
			require.Zero(t, s.reconciled())
			s.allZero()
		})
	}
}

func TestACrashBeforeTheProviderHeardOfItIsRevertedAndCanNeverBeCharged(t *testing.T) {
	t.Parallel()
	provider := &crashing{}
	s := newSystem(t, change{provider: func(p booking.Provider) booking.Provider { provider.Provider = p; return provider }})
	b := s.guest()
	order := b.place(b.hold(s.small[0]))
	provider.set(beforeAuthorising)
	b.pay(order, payment.CardPays, "k").want(500)
	require.Equal(t, booking.Reconciled{Reverted: 1}, s.reconciled())

	// What was on its way arrives after all.
	id := query[string](s, `SELECT id::text FROM payments`)
	status, err := provider.Provider.Authorise(context.Background(), booking.Charge{Key: id, Card: payment.CardPays, Amount: order.Total})
	require.NoError(t, err)
	require.Equal(t, booking.ChargeVoided, status.State)

	provider.set(nowhere)
	b.pay(order, payment.CardPays, "k").problem(402, "payment-failed")
	b.settled(order, "k2")
	s.allZero()
}

// heard is the real provider, which is not asked about a payment before it has heard of it: the reconciler of the test's service
// looks at once, and would otherwise now and then be first and revert the payment.
type heard struct {
	booking.Provider
	paid chan struct{}
}

func (h *heard) Authorise(ctx context.Context, charge booking.Charge) (booking.ChargeStatus, error) {
	defer close(h.paid)
	return h.Provider.Authorise(ctx, charge)
}

func (h *heard) Lookup(ctx context.Context, charge booking.Charge) (booking.ChargeStatus, error) {
	select {
	case <-h.paid:
		return h.Provider.Lookup(ctx, charge)
	case <-ctx.Done():
		return booking.ChargeStatus{}, ctx.Err()
	}
}

func TestAnAnswerThatIsLostIs202AndSettlesByItself(t *testing.T) {
	t.Parallel()
	provider := &heard{paid: make(chan struct{})}
	s := newSystem(t, change{
		settings: func(set *settings) { set.reconcileEvery = 20 * time.Millisecond },
		provider: func(p booking.Provider) booking.Provider { provider.Provider = p; return provider },
	})
	b := s.guest()
	order := b.place(b.hold(s.small[0]))
	a := b.pay(order, payment.CardAnswerLost, "k").want(202)
	require.Equal(t, booking.Confirming, decode[booking.Order](a).State)
	require.Eventually(t, func() bool {
		return decode[booking.Order](b.do("GET", "/api/v1/orders/"+order.ID, "").want(200)).State == booking.Paid
	}, patience, 20*time.Millisecond)
	b.pay(order, payment.CardAnswerLost, "k").want(200)
	s.allZero()
}

// refusing is a provider that gives no money back for now.
type refusing struct{ booking.Provider }

func (refusing) Refund(context.Context, string, booking.Charge, booking.Money) error {
	return errors.New("the provider is away")
}

func TestARefundThatTheProviderDoesNotMakeNowFollowsLater(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{provider: func(p booking.Provider) booking.Provider { return refusing{p} }})
	b := s.guest()
	order := b.place(b.hold(s.small[0]))
	b.pay(order, payment.CardPays, "k").want(200)
	cancelled := decode[booking.Order](b.do("POST", "/api/v1/orders/"+order.ID+"/cancel", "").want(200))
	require.Equal(t, booking.Cancelled, cancelled.State)
	require.Nil(t, cancelled.Refunded)
	s.allZero()
	require.Equal(t, booking.Reconciled{Refunded: 1}, s.reconciled())
	seen := decode[booking.Order](b.do("GET", "/api/v1/orders/"+order.ID, "").want(200))
	require.Equal(t, order.Total, *seen.Refunded)
	s.allZero()
}

// The reconciler and the payment it thinks is lost run at the same time, again and again: either may win, both agree.
func TestTheReconcilerBesideSlowPayments(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	stop := make(chan struct{})
	var reconciling sync.WaitGroup
	reconciling.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				if _, err := s.reconcile(); err != nil {
					require.ErrorIs(t, err, booking.ErrBusy)
				}
			}
		}
	})
	var paying sync.WaitGroup
	for i := range 6 {
		paying.Go(func() {
			b := s.guest()
			for round := range 3 {
				order := b.place(b.hold(s.small[3*i+round]))
				a := b.pay(order, payment.CardPays, "k"+order.ID)
				require.Contains(t, []int{200, 202, 402}, a.status, "%s", a.body)
			}
		})
	}
	paying.Wait()
	close(stop)
	reconciling.Wait()
	s.reconciled()
	s.allZero()
}

func TestOneKeyManyTimesAtOncePaysOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()
	order := b.place(b.hold(s.small[0]))
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			a, err := b.try("POST", "/api/v1/orders/"+order.ID+"/payment", `{"card_number":"`+payment.CardPays+`"}`, "Idempotency-Key", "one")
			if err != nil || a.status != 200 && a.status != 202 && !a.busy() && !a.is(409, "idempotency-key-in-flight") {
				t.Errorf("%d %v: %s", a.status, err, a.body)
			}
		})
	}
	wait.Wait()
	b.settled(order, "one")
	require.Equal(t, 1, query[int](s, `SELECT count(*) FROM simulator_charges`))
	s.allZero()
}
