package main

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/payment"
	"anteroom/internal/testenv"
)

var together = testenv.Together

// guests are so many buyers, each with a session.
func (s *system) guests(n int) []*browser {
	all := make([]*browser, n)
	together(n, func(i int) { all[i] = s.guest() })
	return all
}

// outcome sends a request and returns the status; whatever a crowd makes of the connection is a failure of the test.
func (b *browser) outcome(method, path, body string, extra ...string) int {
	a, err := b.try(method, path, body, extra...)
	if err != nil {
		b.t.Error(err)
	}
	return a.status
}

func TestFiveHundredBuyersWantOneSeat(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	crowd := s.guests(500)
	var statuses [600]atomic.Int32
	together(len(crowd), func(i int) {
		statuses[crowd[i].outcome("POST", "/api/v1/shows/small/holds", ids(s.small[0]))].Add(1)
	})
	require.EqualValues(t, 1, statuses[http.StatusCreated].Load())
	require.EqualValues(t, len(crowd)-1, statuses[http.StatusConflict].Load()+statuses[http.StatusServiceUnavailable].Load(), "taken, or too many wanted it at this moment")
	s.allZero()
}

func TestDoubleClicksBuyOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	const buyers, clicks = 20, 3
	crowd := s.guests(buyers)
	together(buyers, func(i int) {
		b := crowd[i]
		hold := b.hold(s.small[i])
		var order atomic.Value
		together(clicks, func(int) {
			a, err := b.try("POST", "/api/v1/orders", `{"hold_id":"`+hold.ID+`"}`, "Idempotency-Key", "place-"+hold.ID)
			if err != nil || a.status != 201 && a.status != 409 && a.status != 503 {
				t.Errorf("%d %v: %s", a.status, err, a.body)
			}
			if a.status != 201 {
				return
			}
			if placed := decode[booking.Order](a); !order.CompareAndSwap(nil, placed.ID) && order.Load() != placed.ID {
				t.Errorf("one key, two orders: %s and %s", order.Load(), placed.ID)
			}
		})
		if order.Load() == nil { // all three met each other
			order.Store(b.place(hold).ID)
		}
		var paid atomic.Int32
		click := func(int) {
			a, err := b.try("POST", "/api/v1/orders/"+order.Load().(string)+"/payment", `{"card_number":"`+payment.CardPays+`"}`, "Idempotency-Key", "pay-"+hold.ID)
			switch {
			case err != nil:
				t.Error(err)
			case a.status == 200:
				paid.Add(1)
			case a.status != 202 && a.status != 409 && a.status != 503:
				t.Errorf("%d: %s", a.status, a.body)
			}
		}
		together(clicks, click)
		if paid.Load() == 0 { // all three met each other here, too
			b.settled(booking.Order{ID: order.Load().(string)}, "pay-"+hold.ID)
		}
	})
	require.Equal(t, buyers, query[int](s, `SELECT count(*) FROM orders WHERE state = 'paid'`))
	require.Equal(t, buyers, query[int](s, `SELECT count(*) FROM payments WHERE state = 'captured'`))
	require.Equal(t, buyers, query[int](s, `SELECT count(*) FROM tickets WHERE state = 'valid'`))
	s.allZero()
}

// A hold runs out while it is being paid for, the sweeper comes by and others want the seat: it goes to one of them, and whoever does not get it
// has paid nothing.
func TestAHoldRunsOutWhileItIsPaidFor(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	const rounds = 24
	buyers, rivals := s.guests(rounds), s.guests(rounds)
	var bought, lost atomic.Int32
	together(rounds, func(i int) {
		hold := buyers[i].hold(s.small[i])
		order := buyers[i].place(hold)
		s.exec(`UPDATE holds SET expires_at = clock_timestamp() + make_interval(secs => $2) WHERE id = $1`, hold.ID, float64(i)/20)
		s.exec(`UPDATE orders SET pay_by = (SELECT expires_at FROM holds WHERE id = $1) WHERE hold_id = $1`, hold.ID)
		s.exec(`UPDATE show_seats SET held_until = (SELECT expires_at FROM holds WHERE id = $1), version = version + 1 WHERE hold_id = $1`, hold.ID)
		together(3, func(part int) {
			switch part {
			case 0:
				for {
					a := buyers[i].pay(order, payment.CardPays, "pay-"+order.ID+strconv.Itoa(i))
					if a.status == 503 || a.status == 202 || a.status == 409 && string(a.body) != "" && stillRuns(a) {
						continue
					}
					if a.status == 200 {
						bought.Add(1)
					} else {
						lost.Add(1)
					}
					return
				}
			case 1:
				for range 5 {
					_, _ = s.store.SweepHolds(context.Background(), 100)
				}
			default:
				for range 20 {
					if rivals[i].outcome("POST", "/api/v1/shows/small/holds", ids(s.small[i])) == 201 {
						return
					}
				}
			}
		})
	})
	require.EqualValues(t, rounds, bought.Load()+lost.Load())
	t.Logf("%d of %d were paid in time", bought.Load(), rounds)
	require.True(t, testenv.Eventually(func() bool {
		_, err := s.reconcile()
		return err == nil && query[int](s, `SELECT count(*) FROM payments WHERE state IN ('started', 'authorised')`) == 0
	}))
	require.EqualValues(t, bought.Load(), query[int](s, `SELECT count(*) FROM tickets WHERE state = 'valid'`))
	require.EqualValues(t, bought.Load(), query[int](s, `SELECT count(*) FROM simulator_charges WHERE state = 'captured'`))
	s.allZero()
}

func stillRuns(a answer) bool {
	return decode[map[string]any](a)["type"] == "urn:anteroom:problem:idempotency-key-in-flight"
}

// A sweeper that never comes changes nothing: what has run out is over without it.
func TestALateSweeperChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{}) // tests sweep when they want to
	b := s.guest()
	hold := b.hold(s.small[0])
	order := b.place(hold)
	s.exec(`UPDATE holds SET expires_at = clock_timestamp() - interval '1 second'`)
	s.exec(`UPDATE orders SET pay_by = clock_timestamp() - interval '1 second'`)
	s.exec(`UPDATE show_seats SET held_until = clock_timestamp() - interval '1 second', version = version + 1 WHERE state = 'held'`)
	b.pay(order, payment.CardPays, "k").problem(410, "hold-expired")
	rival := s.guest()
	rival.settled(rival.place(rival.hold(s.small[0])), "k")
	s.allZero()
	_, err := s.store.SweepHolds(context.Background(), 100)
	require.NoError(t, err)
	s.allZero()
}
