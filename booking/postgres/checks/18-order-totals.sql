-- An order whose total is not the sum of its lines, fees and tax, or whose lines that stand are not the seats of its hold.
SELECT format('order %s: total %s, lines %s and charges, %s lines for %s seats', o.id, o.total, n.sum, n.count, h.seat_count) AS sample
  FROM orders o JOIN holds h ON h.id = o.hold_id, LATERAL (
    SELECT coalesce(sum(price), 0) AS sum, count(*) FILTER (WHERE refunded IS NULL) AS count,
           count(*) FILTER (WHERE refunded IS NULL AND show_seat_id = ANY (h.seat_ids)) AS ours
      FROM order_lines WHERE order_id = o.id) n
 WHERE o.total <> n.sum + o.ticket_fees + o.order_fee + CASE WHEN o.tax_included THEN 0 ELSE o.tax END
    OR n.count <> h.seat_count OR n.ours <> h.seat_count
