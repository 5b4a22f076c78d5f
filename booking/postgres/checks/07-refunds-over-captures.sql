-- More given back than was taken, an order whose sum of refunds is not what was given back, or one whose lines tell another sum.
SELECT format('order %s: taken %s, refunded %s, owed %s, noted %s, by its lines %s', o.id, m.taken, m.done, m.owed, o.refunded, m.lines) AS sample
  FROM orders o, LATERAL (
    SELECT coalesce((SELECT sum(amount) FROM payments WHERE order_id = o.id AND state IN ('captured', 'refunded')), 0) AS taken,
           coalesce((SELECT sum(r.amount) FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.order_id = o.id AND r.state = 'done'), 0) AS done,
           coalesce((SELECT sum(r.amount) FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.order_id = o.id AND r.state = 'requested'), 0) AS owed,
           coalesce((SELECT sum(refunded) FROM order_lines WHERE order_id = o.id), 0) AS lines) m
 WHERE m.done + m.owed > m.taken OR m.done <> o.refunded
    OR (o.state = 'paid' AND m.done + m.owed <> m.lines)
    OR (o.state = 'cancelled' AND m.taken > 0 AND m.done + m.owed + o.cancel_fee <> m.taken)
