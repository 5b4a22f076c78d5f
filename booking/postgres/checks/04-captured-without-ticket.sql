-- Money taken and kept, with neither a ticket for each seat of the order nor a refund that is done or under way, less the fee for cancelling.
SELECT format('payment %s of order %s is captured: %s valid tickets for %s seats', p.id, p.order_id, t.valid, t.seats) AS sample
  FROM payments p JOIN orders o ON o.id = p.order_id, LATERAL (
    SELECT (SELECT count(*) FROM order_lines WHERE order_id = p.order_id AND refunded IS NULL) AS seats,
           (SELECT count(*) FROM tickets WHERE order_id = p.order_id AND state = 'valid') AS valid) t
 WHERE p.state = 'captured' AND (t.seats = 0 OR t.valid <> t.seats)
   AND p.amount > o.cancel_fee + (SELECT coalesce(sum(amount), 0) FROM refunds WHERE payment_id = p.id)
