package postgres

import (
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/booking"
	"anteroom/internal/fault"
)

// sale is what the model knows of one buyer's way from a hold to whatever becomes of it. The model has no locks and no rows: it says in a
// few words what the design says of orders.
type sale struct {
	session booking.Session
	hold    string
	order   booking.Order
	seats   []int64 // that stand
	amount  int64

	state   booking.OrderState
	payment string // of the last attempt
	at      string // where it stands: "", started, action, authorised, voiding
	keys    int    // used so far

	held    bool // its hold has the seats to itself, until it is overdue
	secured bool // they are confirming or sold
	overdue bool // its time is over
	swept   bool // and the sweeper has been by
	lost    bool
}

// shown is the state that the buyer sees.
func (s *sale) shown() booking.OrderState {
	if s.state == booking.Pending && s.overdue {
		return booking.Expired
	}
	return s.state
}

// machine runs the model beside the database.
type machine struct {
	*hall
	seats    []int64
	payFirst bool
	sales    []*sale
}

// free reports whether nobody but this sale has any of the seats.
func (m *machine) free(seats []int64, but *sale) bool {
	return !slices.ContainsFunc(m.sales, func(o *sale) bool {
		return o != but && (o.secured || o.held && !o.overdue) &&
			slices.ContainsFunc(o.seats, func(id int64) bool { return slices.Contains(seats, id) })
	})
}

// pick draws a sale of which this holds; without one the action does not apply.
func (m *machine) pick(r *rapid.T, which func(*sale) bool) *sale {
	var fit []*sale
	for _, s := range m.sales {
		if which(s) {
			fit = append(fit, s)
		}
	}
	if len(fit) == 0 {
		r.Skip("there is none")
	}
	return rapid.SampledFrom(fit).Draw(r, "sale")
}

func everyone(*sale) bool       { return true }
func (s *sale) underWay() bool  { return s.at != "" }
func (s *sale) undecided() bool { return s.at == "started" || s.at == "action" }

// expect checks a step's error: nil, or one of this type.
func expect(r *rapid.T, err error, want *fault.Error) {
	if want == nil {
		require.NoError(r, err)
		return
	}
	require.ErrorIs(r, err, want)
}

func (m *machine) buy(r *rapid.T) {
	seats := slices.Clone(m.seats)
	if n := rapid.IntRange(1, len(seats)).Draw(r, "seats"); n < len(seats) {
		seats = seats[rapid.IntRange(0, len(seats)-n).Draw(r, "from"):][:n]
	}
	s := &sale{session: m.guest(), seats: seats, state: booking.Pending, held: !m.payFirst}
	hold, err := m.HoldSeats(r.Context(), s.session, "small", seats)
	if !m.free(seats, s) {
		require.ErrorIs(r, err, booking.ErrSeatTaken)
		return
	}
	require.NoError(r, err)
	for range 2 { // the same key, the same order
		s.order, err = m.PlaceOrder(r.Context(), s.session, hold.ID, key("place", hold.ID))
		require.NoError(r, err)
	}
	s.hold, s.amount = hold.ID, s.order.Total.Amount
	m.sales = append(m.sales, s)
}

func (m *machine) startPaying(r *rapid.T) {
	s := m.pick(r, everyone)
	s.keys++
	started, _, err := m.StartPayment(r.Context(), s.session, s.order.ID, key("pay "+strconv.Itoa(s.keys), s.order.ID))
	switch {
	case s.shown() == booking.Expired:
		expect(r, err, booking.ErrHoldExpired)
	case s.state != booking.Pending:
		expect(r, err, booking.ErrOrderNotPayable)
	case m.payFirst && !m.free(s.seats, s):
		expect(r, err, booking.ErrSeatTaken)
	default:
		require.NoError(r, err)
		require.Equal(r, !m.payFirst, started.Secured)
		s.payment, s.at, s.state = started.ID, "started", booking.Confirming
		s.secured, s.held = !m.payFirst, false
	}
}

func (m *machine) haveToAct(r *rapid.T) {
	s := m.pick(r, (*sale).undecided)
	order, err := m.AwaitAction(r.Context(), s.payment, booking.ChargeStatus{State: booking.ChargeAction, ActionURL: "/there"})
	require.NoError(r, err)
	require.Equal(r, "/there", order.ActionURL)
	s.held, s.secured, s.at = s.held || s.secured, false, "action"
}

// secure is what both an authorisation and a capture ask: are the seats its own, or can they be?
func (m *machine) secure(s *sale) bool {
	if s.secured || m.free(s.seats, s) {
		s.secured, s.held, s.swept = true, false, false
		return true
	}
	s.held, s.lost, s.state = false, true, booking.Cancelled
	return false
}

func (m *machine) authorisePayment(r *rapid.T) {
	s := m.pick(r, (*sale).underWay)
	m.atProvider(s.payment, s.amount, booking.ChargeAuthorised)
	want := booking.VoidIt
	if s.at == "authorised" || s.at != "voiding" && m.secure(s) {
		want = booking.CaptureIt
	}
	for range 2 {
		verdict, err := m.AuthorisePayment(r.Context(), s.payment, "")
		require.NoError(r, err)
		require.Equal(r, want, verdict)
	}
	s.at = map[booking.Verdict]string{booking.CaptureIt: "authorised", booking.VoidIt: "voiding"}[want]
}

// settle writes down an end of the payment, twice, and says what is to follow.
func (m *machine) settle(r *rapid.T, s *sale, state booking.ChargeState, want *fault.Error) {
	m.atProvider(s.payment, s.amount, state)
	for range 2 {
		_, err := m.SettlePayment(r.Context(), s.payment, state)
		expect(r, err, want)
	}
	s.at = ""
}

// capture is asked for after an authorisation, or has happened although nobody asked.
func (m *machine) capture(r *rapid.T) {
	s := m.pick(r, (*sale).underWay)
	if s.at == "voiding" || !m.secure(s) {
		m.settle(r, s, booking.ChargeCaptured, booking.ErrSeatsLost)
		return
	}
	s.state = booking.Paid
	m.settle(r, s, booking.ChargeCaptured, nil)
}

func (m *machine) comeToNothing(r *rapid.T) {
	s := m.pick(r, (*sale).underWay)
	if s.at == "voiding" {
		m.settle(r, s, booking.ChargeVoided, booking.ErrSeatsLost)
		return
	}
	state, want := booking.ChargeVoided, booking.ErrPaymentFailed
	if s.undecided() && rapid.Bool().Draw(r, "declined") {
		state, want = booking.ChargeDeclined, booking.ErrPaymentDeclined
	}
	s.held, s.secured = !m.payFirst && (s.held || s.secured), false
	s.state = booking.Pending
	if s.swept {
		s.state = booking.Expired
	}
	m.settle(r, s, state, want)
}

func (m *machine) runOut(r *rapid.T) {
	s := m.pick(r, func(s *sale) bool { return !s.overdue && (s.state == booking.Pending || s.state == booking.Confirming) })
	m.expire(s.hold)
	s.overdue = true
}

func (m *machine) sweep(r *rapid.T) {
	_, err := m.SweepHolds(r.Context(), 1000)
	require.NoError(r, err)
	for _, s := range m.sales {
		if s.overdue && !s.secured && (s.state == booking.Pending || s.state == booking.Confirming) {
			s.swept, s.held = true, false
			if s.state == booking.Pending {
				s.state = booking.Expired
			}
		}
	}
}

func (m *machine) cancelOrder(r *rapid.T) {
	s := m.pick(r, everyone)
	_, owed, err := m.CancelOrder(r.Context(), s.session, s.order.ID)
	if shown := s.shown(); shown == booking.Confirming || shown == booking.Expired {
		require.ErrorIs(r, err, booking.ErrOrderNotCancellable)
		return
	}
	require.NoError(r, err)
	if s.state == booking.Paid {
		require.NotNil(r, owed)
	}
	s.state, s.held, s.secured = booking.Cancelled, false, false
}

func (m *machine) refundOne(r *rapid.T) {
	s := m.pick(r, func(s *sale) bool { return s.state == booking.Paid })
	seat := rapid.SampledFrom(s.seats).Draw(r, "seat")
	ticket := query[string](m.hall, `SELECT id::text FROM tickets WHERE order_id = $1 AND show_seat_id = $2`, s.order.ID, seat)
	for range 2 {
		_, owed, err := m.RefundTickets(r.Context(), s.order.ID, []string{ticket})
		require.NoError(r, err)
		require.NotNil(r, owed)
	}
	s.seats = slices.DeleteFunc(slices.Clone(s.seats), func(id int64) bool { return id == seat })
	if len(s.seats) == 0 {
		s.state, s.secured = booking.Cancelled, false
	}
}

func (m *machine) finishRefunds(r *rapid.T) {
	owed, err := m.OwedRefunds(r.Context(), 0, 100)
	require.NoError(r, err)
	for _, o := range owed {
		m.exec(`INSERT INTO simulator_refunds (key, charge_key, amount) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, o.ID, o.PaymentID, o.Amount.Amount)
		_, err = m.FinishRefund(r.Context(), o.ID)
		require.NoError(r, err)
	}
}

// agrees compares what is written down of every sale with the model.
func (m *machine) agrees(r *rapid.T) {
	type seen struct {
		State booking.OrderState `json:"state"`
		Lost  bool               `json:"lost"`
		Valid int                `json:"valid"`
	}
	want, ids := map[string]seen{}, []string{}
	for _, s := range m.sales {
		w := seen{State: s.shown(), Lost: s.lost}
		if s.state == booking.Paid {
			w.Valid = len(s.seats)
		}
		want[s.order.ID] = w
		ids = append(ids, s.order.ID)
	}
	got := map[string]seen{}
	require.NoError(r, m.pool.QueryRow(r.Context(), `
		SELECT coalesce(jsonb_object_agg(id, jsonb_build_object(
		         'state', order_state(state, pay_by), 'lost', coalesce(outcome = 'seats-lost', false),
		         'valid', (SELECT count(*) FROM tickets WHERE order_id = o.id AND state = 'valid'))), '{}')
		  FROM orders o WHERE id = ANY ($1::uuid[])`, ids).Scan(&got))
	require.Equal(r, want, got)
}

// end brings what is under way to an end, so that nothing is left of this run when the checker looks.
func (m *machine) end(r *rapid.T) {
	for _, s := range m.sales {
		if s.underWay() {
			state := booking.ChargeVoided
			m.atProvider(s.payment, s.amount, state)
			_, err := m.SettlePayment(r.Context(), s.payment, state)
			require.Error(r, err)
		}
	}
	m.finishRefunds(r)
	// Nobody delivers mails here. The checker finds fault with one that has waited for five minutes, which all the runs together may take.
	m.exec(`UPDATE outbox SET given_up_at = clock_timestamp() WHERE given_up_at IS NULL`)
}

// Whatever happens in whatever order to a few buyers who want the same three seats, every order stands where the model says, every step taken twice is
// taken once, and the checker finds nothing.
func TestOrdersDoWhatTheModelSays(t *testing.T) {
	for _, payFirst := range []bool{false, true} {
		t.Run("pay first "+strconv.FormatBool(payFirst), func(t *testing.T) {
			t.Parallel()
			h := newHall(t, 20)
			if payFirst {
				h.payFirst()
			}
			next := 0
			rapid.Check(t, func(r *rapid.T) {
				at := next * 3 % (len(h.seats) - 3) // seats of its own; a run that shrinks begins again from the front
				next++
				m := &machine{hall: h, seats: h.seats[at : at+3], payFirst: payFirst}
				r.Repeat(map[string]func(*rapid.T){
					"buy": m.buy, "buy too": m.buy, "start": m.startPaying, "start again": m.startPaying, "act": m.haveToAct,
					"authorise": m.authorisePayment, "capture": m.capture, "nothing": m.comeToNothing,
					"run out": m.runOut, "sweep": m.sweep, "cancel": m.cancelOrder, "refund one": m.refundOne, "refunds": m.finishRefunds,
					"": m.agrees,
				})
				m.end(r)
			})
			h.allZero()
		})
	}
}
