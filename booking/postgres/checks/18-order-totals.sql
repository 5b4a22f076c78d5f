-- An order whose total is not the sum of its lines, or whose lines are not the seats of its hold.
SELECT format('order %s: total %s, lines %s, %s lines for %s seats', o.id, o.total, n.sum, n.count, h.seat_count) AS sample
  FROM orders o JOIN holds h ON h.id = o.hold_id, LATERAL (
    SELECT coalesce(sum(price), 0) AS sum, count(*) AS count, count(*) FILTER (WHERE show_seat_id = ANY (h.seat_ids)) AS ours
      FROM order_lines WHERE order_id = o.id) n
 WHERE o.total <> n.sum OR n.count <> h.seat_count OR n.ours <> h.seat_count
