package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

// PlaceOrder implements booking.Orders.
func (s *Store) PlaceOrder(ctx context.Context, session booking.Session, hold string, key booking.Key) (booking.Order, error) {
	a, err := s.call(ctx, `SELECT place_order($1, $2, $3, $4)`, []byte(session), hold, key.Name, key.Fingerprint)
	return a.order(), err
}

// Order implements booking.Orders.
func (s *Store) Order(ctx context.Context, session booking.Session, order string) (booking.Order, error) {
	a, err := s.call(ctx, `
		SELECT CASE WHEN b.id IS NULL THEN outcome('session-missing')
		            WHEN o.id IS NULL THEN outcome('order-unknown')
		            ELSE outcome('done', jsonb_build_object('order', order_document(o.id))) END
		  FROM buyer_of($1) b (id) LEFT JOIN orders o ON o.buyer_id = b.id AND o.id = $2`, []byte(session), order)
	return a.order(), err
}

// maxOwnOrders bounds the list of a buyer's own orders.
const maxOwnOrders = 200

// Orders implements booking.Orders.
func (s *Store) Orders(ctx context.Context, session booking.Session) ([]booking.Order, error) {
	var buyer *int64
	orders := []booking.Order{}
	err := s.pool.QueryRow(ctx, `
		SELECT b.id, (SELECT coalesce(jsonb_agg(order_document(o.id) ORDER BY o.number DESC), '[]')
		                FROM (SELECT id, number FROM orders WHERE buyer_id = b.id ORDER BY number DESC LIMIT $2) o)
		  FROM buyer_of($1) b (id)`, []byte(session), maxOwnOrders).Scan(&buyer, &orders)
	if err != nil {
		return nil, failure(err)
	}
	if buyer == nil {
		return nil, booking.ErrSessionMissing
	}
	return orders, nil
}

// SearchOrders implements booking.Orders.
func (s *Store) SearchOrders(ctx context.Context, f booking.OrderFilter) ([]booking.StaffOrder, error) {
	return collect(ctx, s, func(row pgx.CollectableRow) (o booking.StaffOrder, err error) {
		err = row.Scan(&o.Position, &o.ID, &o.Reference, &o.State, &o.Show, &o.Email, &o.Total.Amount, &o.Total.Currency, &o.CreatedAt, &o.Seats)
		o.CreatedAt = o.CreatedAt.UTC()
		return o, err
	}, `
		SELECT o.number, o.id::text, o.reference, order_state(o.state, o.pay_by), w.slug, b.email, o.total, o.currency, o.created_at,
		       (SELECT array_agg(concat_ws(' · ', c.name, t.row_name, t.number) ORDER BY s.ordinal)
		          FROM order_lines n JOIN show_seats s ON s.id = n.show_seat_id JOIN seats t ON t.id = s.seat_id JOIN sections c ON c.id = s.section_id
		         WHERE n.order_id = o.id)
		  FROM orders o JOIN shows w ON w.id = o.show_id JOIN buyers b ON b.id = o.buyer_id
		 WHERE ($1 = '' OR w.slug = $1)
		   AND ($2 = '' OR order_state(o.state, o.pay_by) = $2)
		   AND ($3 = '' OR lower(b.email) = lower($3) OR starts_with(o.reference, upper($3)))
		   AND ($4::bigint = 0 OR o.number < $4)
		 ORDER BY o.number DESC LIMIT $5`, f.Show, string(f.State), strings.TrimSpace(f.Query), f.Before, f.Limit)
}
