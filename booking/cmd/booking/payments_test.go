package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/payment"
	"anteroom/internal/auth"
	"anteroom/internal/service"
)

// see polls one of the buyer's orders until it is in this state.
func (b *browser) see(order string, state booking.OrderState) booking.Order {
	b.t.Helper()
	var seen booking.Order
	require.Eventually(b.t, func() bool {
		seen = decode[booking.Order](b.do("GET", "/api/v1/orders/"+order, "").want(200))
		return seen.State == state
	}, patience, 20*time.Millisecond, "the order never was %s", state)
	return seen
}

// challenge pays with the card whose bank asks first, and returns the address of its page.
func (b *browser) challenge(order booking.Order, key string) string {
	b.t.Helper()
	waiting := decode[booking.Order](b.do("POST", "/api/v1/orders/"+order.ID+"/payment",
		`{"card_number":"`+payment.CardChallenge+`","return_to":"/checkout/done?order=1"}`, "Idempotency-Key", key).want(202))
	require.Equal(b.t, booking.Confirming, waiting.State)
	require.NotEmpty(b.t, waiting.ActionURL)
	require.Contains(b.t, string(b.do("GET", waiting.ActionURL, "").want(200).body), `value="approve"`)
	return waiting.ActionURL
}

// decide answers the bank's question as its page does.
func (b *browser) decide(page, decision string) answer {
	b.t.Helper()
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b.do("POST", page, "decision="+decision, "Content-Type", "application/x-www-form-urlencoded")
}

func TestABuyerActsAtTheBankAndTheWebhookSettlesIt(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()
	order := b.place(b.hold(s.small[0]))
	page := b.challenge(order, "k")
	require.Equal(t, page, decode[booking.Order](b.do("GET", "/api/v1/orders/"+order.ID, "").want(200)).ActionURL, "a reload finds the way")
	b.decide(page, "perhaps").problem(422, "decision-invalid")
	b.do("POST", page, "decision=approve", "Origin", "https://evil.example").problem(403, "origin-mismatch")
	back := b.decide(page, "approve").want(303)
	require.Equal(t, "/checkout/done?order=1", back.header.Get("Location"))
	require.Len(t, b.see(order.ID, booking.Paid).Tickets, 1)
	b.decide(page, "refuse").want(303)
	require.NotContains(t, string(b.do("GET", page, "").want(200).body), "<form")

	// Refused: the order awaits another card.
	order = b.place(b.hold(s.small[1]))
	b.decide(b.challenge(order, "k2"), "refuse").want(303)
	b.see(order.ID, booking.Pending)
	b.settled(order, "k3")
	s.allZero()
}

func TestAChallengeThatNobodyTakesIsVoidedWhenTheHoldIsOver(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()
	order := b.place(b.hold(s.small[0]))
	page := b.challenge(order, "k")
	require.Zero(t, s.reconciled(), "there is still time")
	s.exec(`UPDATE orders SET pay_by = clock_timestamp()`)
	require.Equal(t, booking.Reconciled{Reverted: 1}, s.reconciled())
	b.decide(page, "approve").want(303)
	require.Equal(t, "voided", query[string](s, `SELECT state FROM simulator_charges`), "too late")
	s.allZero()
}

// Every card whose answer or webhooks go astray ends with one capture, whatever comes how often and when.
func TestWebhooksThatAreLateTwiceOrReversedChangeNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	for i, c := range []struct {
		card   string
		status int
	}{{payment.CardAnswerLost, 202}, {payment.CardLate, 202}, {payment.CardReversed, 202}, {payment.CardWebhooksTwice, 200}, {payment.CardWebhookLate, 200}} {
		b := s.guest()
		order := b.place(b.hold(s.small[i]))
		if a := b.pay(order, c.card, "k"); a.status != 202 { // as where a lock was waited for too long
			a.want(c.status)
		}
		if c.card == payment.CardReversed {
			// Its first webhook would come late; whatever else tells of the capture comes before it.
			s.reconciled()
		}
		require.Len(t, b.see(order.ID, booking.Paid).Tickets, 1, c.card)
	}
	s.heardOfAll()
	require.GreaterOrEqual(t, query[int](s, `SELECT max(deliveries) FROM webhooks`), 3, "and again where an acknowledgement came late")
	require.Equal(t, 5, query[int](s, `SELECT count(*) FROM simulator_charges WHERE state = 'captured'`))
	s.allZero()
}

func TestAWebhookMustBeSigned(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.browser()
	const body = `{"id":"evt_1","type":"charge.captured","charge":"` + anID + `"}`
	b.do("POST", "/api/v1/webhooks/simulator", body).problem(401, "webhook-signature-invalid")
	b.do("POST", "/api/v1/webhooks/simulator", body, "Simulator-Signature", "t=1,v1=00").problem(401, "webhook-signature-invalid")
	b.do("POST", "/api/v1/webhooks/stripe", body).problem(404, "provider-unknown")
	require.Zero(t, query[int](s, `SELECT count(*) FROM webhooks`))
}

func TestPaidFirstOneOfManyIsChargedAndTheOthersNever(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	s.exec(`UPDATE shows SET hold_policy = 'pay_first' WHERE slug = 'small'`)
	const buyers = 12
	orders, browsers := make([]booking.Order, buyers), make([]*browser, buyers)
	for i := range buyers {
		browsers[i] = s.guest()
		orders[i] = browsers[i].place(browsers[i].hold(s.small[0], s.small[1+i%2]))
	}
	var wait sync.WaitGroup
	var won, lost atomic.Int32
	for i, b := range browsers {
		wait.Go(func() {
			for key := "k"; ; {
				a, err := b.try("POST", "/api/v1/orders/"+orders[i].ID+"/payment", `{"card_number":"`+payment.CardPays+`"}`, "Idempotency-Key", key)
				require.NoError(t, err)
				var doc map[string]any
				require.NoError(t, json.Unmarshal(a.body, &doc))
				switch {
				case a.status == 200:
					won.Add(1)
				case doc["type"] == "urn:anteroom:problem:seats-lost":
					require.Len(t, doc["suggestions"], 2)
					lost.Add(1)
				case doc["type"] == "urn:anteroom:problem:seat-taken":
					lost.Add(1)
				case a.status == 503 || a.status == 202 || doc["type"] == "urn:anteroom:problem:idempotency-key-in-flight":
					_, _ = s.reconcile() // a crowd on these seats: what is left over is finished as it would be in time
					continue
				case doc["type"] == "urn:anteroom:problem:payment-failed": // it was under way when somebody finished what was left over
					key += "-again"
					continue
				default:
					require.Fail(t, "unexpected", "%d %s", a.status, a.body)
				}
				return
			}
		})
	}
	wait.Wait()
	require.EqualValues(t, 1, won.Load())
	require.EqualValues(t, buyers-1, lost.Load())
	require.Equal(t, 1, query[int](s, `SELECT count(*) FROM simulator_charges WHERE state = 'captured'`))
	require.Zero(t, query[int](s, `SELECT count(*) FROM simulator_charges WHERE state = 'authorised'`), "nobody's money stays set aside")
	s.allZero()
}

func TestStaffGiveATicketBackAndAQuoteTellsTheFees(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	s.exec(`UPDATE shows SET ticket_fee = 1000, tax_basis_points = 1000, cancel_fee = 500`)
	b := s.guest()
	hold := b.hold(s.small[0], s.small[1])
	quote := decode[booking.Quote](b.do("GET", "/api/v1/shows/small/holds/"+hold.ID+"/quote", "").want(200))
	require.EqualValues(t, 102000, quote.Total.Amount)
	b.do("GET", "/api/v1/shows/small/holds/"+anID+"/quote", "").problem(404, "hold-unknown")
	order := b.place(hold)
	require.Equal(t, quote.Total, order.Total)
	paid := b.paid(order, "k")

	staff := s.browser()
	path := "/control/v1/orders/" + order.ID + "/refunds"
	one := `{"ticket_ids":["` + paid.Tickets[0].ID + `"],"reason":"fell ill"}`
	for role, status := range map[auth.Role]int{auth.Finance: 403, auth.BoxOffice: 200} {
		token, err := s.backOffice.SignStaff(auth.Staff{Email: "x@demo.test", Role: role}, "booking", time.Minute)
		require.NoError(t, err)
		staff.do("POST", path, one, "Authorization", "Bearer "+token).want(status)
		if status == 200 {
			staff.header.Set("Authorization", "Bearer "+token)
		}
	}
	after := decode[booking.Order](staff.do("POST", path, one).want(200))
	require.Equal(t, booking.Paid, after.State)
	require.EqualValues(t, 51000, after.Refunded.Amount)
	staff.do("POST", path, `{"ticket_ids":[]}`).problem(422, "tickets-invalid")
	staff.do("POST", path, `{"ticket_ids":["x"]}`).problem(422, "tickets-invalid")
	staff.do("POST", path, `{"ticket_ids":["`+anID+`"]}`).problem(404, "ticket-unknown")
	s.allZero()

	s.heardOfAll()
	cancelled := decode[booking.Order](b.do("POST", "/api/v1/orders/"+order.ID+"/cancel", "").want(200))
	require.EqualValues(t, 101500, cancelled.Refunded.Amount, "the rest, less the fee")
	require.EqualValues(t, 500, cancelled.CancelFee.Amount)
	s.exec(`UPDATE shows SET cancel_until_hours = NULL`)
	order = b.place(b.hold(s.small[0]))
	b.settled(order, "k2")
	b.do("POST", "/api/v1/orders/"+order.ID+"/cancel", "").problem(409, "cancellation-closed")
	s.allZero()
}

func TestBadMeansOfPaymentAreNamed(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()
	for _, body := range []string{
		`{"card_number":"4242424242424242","payment_method":"pm_1"}`,
		`{"payment_method":"pm 1"}`,
		`{"card_number":"4242424242424242","return_to":"https://evil.example"}`,
		`{"card_number":"4242424242424242","return_to":"//evil.example"}`,
		`{"card_number":"4242424242424242","return_to":"/\\evil.example"}`,
	} {
		doc := b.do("POST", "/api/v1/orders/"+anID+"/payment", body, "Idempotency-Key", "k").problem(422, "card-invalid")
		require.NotEmpty(t, doc["fields"], body)
	}
	b.do("GET", "/api/v1/simulator/challenges/"+anID, "").problem(404, "charge-unknown")
	b.do("GET", "/api/v1/simulator/challenges/x", "").problem(404, "charge-unknown")
}

func TestTheProviderIsChosenBySettings(t *testing.T) {
	for _, args := range [][]string{
		{"--payment-provider", "cash"},
		{"--payment-provider", "stripe"},
		{"--payment-provider", "stripe", "--stripe-key", "sk_test_1"},
	} {
		var errOut bytes.Buffer
		err := serve(context.Background(), args, &errOut, nil)
		require.Equal(t, 2, service.ExitCode(err), "%v", args)
	}
	s, err := readSettings([]string{"--payment-provider", "stripe", "--stripe-key", "sk_test_1", "--webhook-secret", "whsec_1"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, "stripe", s.payment.make(nil).Name())
	require.Nil(t, challenges(s.payment.make(nil)))
	o := service.Options{}
	simulated(&o, s.payment.make(nil), slog.Default())
	require.Empty(t, o.Tasks)
}
