package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
	"anteroom/internal/fault"
)

var (
	_ booking.Payments = (*Store)(nil)
	_ booking.Quotes   = (*Store)(nil)
)

// StartPayment implements booking.Payments.
func (s *Store) StartPayment(ctx context.Context, session booking.Session, order string, key booking.Key) (*booking.StartedPayment, booking.Order, error) {
	a, err := s.call(ctx, `SELECT start_payment($1, $2, $3, $4)`, []byte(session), order, key.Name, key.Fingerprint)
	if err != nil || a.Outcome != "started" {
		return nil, a.order(), err
	}
	return &booking.StartedPayment{ID: a.PaymentID, Order: a.order(), Secured: a.Secured}, booking.Order{}, nil
}

// AwaitAction implements booking.Payments.
func (s *Store) AwaitAction(ctx context.Context, payment string, status booking.ChargeStatus) (*booking.Order, error) {
	a, err := s.call(ctx, `SELECT await_action($1, nullif($2, ''), $3)`, payment, status.Ref, status.ActionURL)
	return a.Order, err
}

// AuthorisePayment implements booking.Payments.
func (s *Store) AuthorisePayment(ctx context.Context, payment, ref string) (booking.Verdict, error) {
	a, err := s.call(ctx, `SELECT authorise_payment($1, nullif($2, ''))`, payment, ref)
	return booking.Verdict(a.Outcome), err
}

// SettlePayment implements booking.Payments.
func (s *Store) SettlePayment(ctx context.Context, payment string, state booking.ChargeState) (booking.Order, error) {
	a, err := s.call(ctx, `SELECT settle_payment($1, $2)`, payment, string(state))
	return a.order(), err
}

const paymentColumns = `p.id::text, coalesce(p.ref, ''), p.amount, o.currency, p.state = 'voiding', o.pay_by <= clock_timestamp()`

func scanPayment(row pgx.CollectableRow) (p booking.Payment, err error) {
	err = row.Scan(&p.ID, &p.Ref, &p.Amount.Amount, &p.Amount.Currency, &p.Voiding, &p.Overdue)
	return p, err
}

// PaymentUnderWay implements booking.Payments.
func (s *Store) PaymentUnderWay(ctx context.Context, payment string) (*booking.Payment, error) {
	found, err := collect(ctx, s, scanPayment, `
		SELECT `+paymentColumns+` FROM payments p JOIN orders o ON o.id = p.order_id
		 WHERE p.id = $1 AND p.state IN ('started', 'action', 'authorised', 'voiding')`, payment)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// Unsettled implements booking.Payments. A payment whose buyer has to act is the buyer's own affair until the time to pay is over.
func (s *Store) Unsettled(ctx context.Context, age time.Duration, limit int) ([]booking.Payment, error) {
	return collect(ctx, s, scanPayment, `
		SELECT `+paymentColumns+` FROM payments p JOIN orders o ON o.id = p.order_id
		 WHERE p.state IN ('started', 'action', 'authorised', 'voiding') AND p.created_at <= clock_timestamp() - $1::interval
		   AND (p.state <> 'action' OR o.pay_by <= clock_timestamp() - $1::interval)
		 ORDER BY p.created_at LIMIT $2`, age, limit)
}

// CancelOrder implements booking.Payments.
func (s *Store) CancelOrder(ctx context.Context, session booking.Session, order string) (booking.Order, *booking.OwedRefund, error) {
	a, err := s.call(ctx, `SELECT cancel_order($1, $2)`, []byte(session), order)
	return a.order(), a.owed(), err
}

// RefundTickets implements booking.Payments.
func (s *Store) RefundTickets(ctx context.Context, order string, tickets []string) (booking.Order, *booking.OwedRefund, error) {
	a, err := s.call(ctx, `SELECT refund_tickets($1, $2)`, order, tickets)
	return a.order(), a.owed(), err
}

// FinishRefund implements booking.Payments.
func (s *Store) FinishRefund(ctx context.Context, refund string) (booking.Order, error) {
	a, err := s.call(ctx, `SELECT finish_refund($1)`, refund)
	return a.order(), err
}

// OwedRefunds implements booking.Payments.
func (s *Store) OwedRefunds(ctx context.Context, age time.Duration, limit int) ([]booking.OwedRefund, error) {
	return collect(ctx, s, func(row pgx.CollectableRow) (r booking.OwedRefund, err error) {
		err = row.Scan(&r.ID, &r.PaymentID, &r.Ref, &r.Amount.Amount, &r.Amount.Currency)
		return r, err
	}, `
		SELECT r.id::text, p.id::text, coalesce(p.ref, ''), r.amount, o.currency
		  FROM refunds r JOIN payments p ON p.id = r.payment_id JOIN orders o ON o.id = p.order_id
		 WHERE r.state = 'requested' AND r.requested_at <= clock_timestamp() - $1::interval
		 ORDER BY r.requested_at LIMIT $2`, age, limit)
}

// StoreWebhook implements booking.Payments.
func (s *Store) StoreWebhook(ctx context.Context, provider string, e booking.ChargeEvent, body []byte) error {
	_, err := s.pool.Exec(ctx, `
		INSERT INTO webhooks (provider, event_id, kind, payment_id, body) VALUES ($1, $2, $3, nullif($4, '')::uuid, $5)
		ON CONFLICT (provider, event_id) DO UPDATE SET deliveries = webhooks.deliveries + 1`, provider, e.ID, e.Kind, e.Key, body)
	if err != nil {
		return failure(err)
	}
	return nil
}

// TakeWebhooks implements booking.Payments.
func (s *Store) TakeWebhooks(ctx context.Context, limit int) ([]booking.Webhook, error) {
	return collect(ctx, s, pgx.RowToStructByPos[booking.Webhook],
		`SELECT provider, event_id, coalesce(payment_id::text, '') FROM take_webhooks($1)`, limit)
}

// FinishWebhook implements booking.Payments.
func (s *Store) FinishWebhook(ctx context.Context, w booking.Webhook, failed error) error {
	var reason *string
	if failed != nil {
		text := failed.Error()
		reason = &text
	}
	_, err := s.pool.Exec(ctx, `
		UPDATE webhooks SET last_error = left($3, 1000), worked_at = CASE WHEN $3::text IS NULL THEN clock_timestamp() END
		 WHERE provider = $1 AND event_id = $2 AND worked_at IS NULL`, w.Provider, w.EventID, reason)
	if err != nil {
		return failure(err)
	}
	return nil
}

// webhookAge is how long webhooks are kept that were worked on, in days: for looking into a dispute.
const webhookAge = 90

// SweepWebhooks takes away at most limit webhooks that are old and done, and returns how many.
func (s *Store) SweepWebhooks(ctx context.Context, limit int) (int, error) {
	tag, err := s.pool.Exec(ctx, `
		DELETE FROM webhooks WHERE (provider, event_id) IN (
			SELECT provider, event_id FROM webhooks WHERE worked_at <= clock_timestamp() - make_interval(days => $1) LIMIT $2)`, webhookAge, limit)
	if err != nil {
		return 0, failure(err)
	}
	return int(tag.RowsAffected()), nil
}

// Quote implements booking.Quotes.
func (s *Store) Quote(ctx context.Context, session booking.Session, show, hold string) (booking.Quote, error) {
	a, err := s.call(ctx, `SELECT quote_hold($1, $2, $3)`, []byte(session), show, hold)
	return a.Quote, err
}

// paymentAnswer is what the functions of paying and giving back answer besides.
type paymentAnswer struct {
	Secured   bool          `json:"secured"`
	Quote     booking.Quote `json:"quote"`
	Until     string        `json:"until"`
	TicketIDs []string      `json:"ticket_ids"`
	Refund    *struct {
		ID        string `json:"id"`
		PaymentID string `json:"payment_id"`
		Ref       string `json:"ref"`
		Amount    int64  `json:"amount"`
	} `json:"refund"`
}

// explain adds to a refusal what it is about.
func (p paymentAnswer) explain(e *fault.Error, order *booking.Order) *fault.Error {
	if p.Until != "" {
		e = e.With("until", p.Until)
	}
	if p.TicketIDs != nil {
		e = e.With("ticket_ids", p.TicketIDs)
	}
	if e.Is(booking.ErrSeatsLost) && order != nil {
		e = e.With("order_id", order.ID).With("suggestions", append([]int64{}, order.Suggestions...))
	}
	return e
}

// owed is the refund that a function told of, nil if none.
func (a answer) owed() *booking.OwedRefund {
	if a.Refund == nil {
		return nil
	}
	return &booking.OwedRefund{
		ID: a.Refund.ID, PaymentID: a.Refund.PaymentID, Ref: a.Refund.Ref,
		Amount: booking.Money{Amount: a.Refund.Amount, Currency: a.order().Total.Currency},
	}
}
