package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/payment"
	"anteroom/internal/auth"
)

const simulatorPath = "/control/v1/simulator"

func TestAPurchaseOutlivesAProviderThatIsDown(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	staff, b := s.staff(auth.Owner), s.guest()
	staff.do("PUT", simulatorPath, `{"state":"down"}`).want(200)
	order := b.place(b.hold(s.small[0]))
	waiting := decode[booking.Order](b.pay(order, payment.CardPays, "k").want(202))
	require.Equal(t, booking.Confirming, waiting.State)
	require.Zero(t, query[int](s, `SELECT count(*) FROM simulator_charges`), "nothing has reached the provider")
	staff.do("PUT", simulatorPath, `{"state":"up"}`).want(200)
	s.reconciled()
	settled := b.see(order.ID, booking.Pending)
	paid := b.paid(settled, "k2")
	require.Equal(t, booking.Paid, paid.State, "the control: the same with a provider that is up")
	s.allZero()
}

func TestASlowProviderAnswersLater(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	staff, b := s.staff(auth.Owner), s.guest()
	condition := booking.Condition{State: "slow", DelayMS: 150}
	require.Equal(t, condition, decode[booking.Condition](staff.do("PUT", simulatorPath, `{"state":"slow","delay_ms":150}`).want(200)))
	order := b.place(b.hold(s.small[0]))
	began := time.Now()
	paid := b.paid(order, "k")
	require.Equal(t, booking.Paid, paid.State)
	require.GreaterOrEqual(t, time.Since(began), 300*time.Millisecond, "it was asked to authorise and to capture")
	s.allZero()
}

func TestWhoMaySetTheSimulatorAndToWhat(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	staff := s.staff(auth.Owner)
	for _, body := range []string{
		`{}`, `{"state":"broken"}`, `{"state":"slow"}`, `{"state":"slow","delay_ms":0}`, `{"state":"slow","delay_ms":60001}`, `{"state":"up","delay_ms":1}`,
	} {
		staff.do("PUT", simulatorPath, body).problem(422, "simulator-invalid")
	}
	s.staff(auth.DevOps).do("PUT", simulatorPath, `{"state":"down"}`).problem(403, "permission-denied")
	s.browser().do("PUT", simulatorPath, `{"state":"down"}`).problem(401, "staff-token-missing")
	b := s.guest()
	b.settled(b.place(b.hold(s.small[0])), "k") // none of it has done anything
	s.allZero()
}

func TestARealProviderCannotBeSwitched(t *testing.T) {
	t.Parallel()
	// All that a real provider is, and no more.
	s := newSystem(t, change{provider: func(p booking.Provider) booking.Provider { return struct{ booking.Provider }{p} }})
	s.staff(auth.Owner).do("PUT", simulatorPath, `{"state":"down"}`).problem(409, "provider-real")
}
