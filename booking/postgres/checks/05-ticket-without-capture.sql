-- A valid ticket of an order that no captured payment of the full amount stands behind.
SELECT format('ticket %s of order %s', t.id, t.order_id) AS sample
  FROM tickets t JOIN orders o ON o.id = t.order_id
 WHERE t.state = 'valid' AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.state = 'captured' AND p.amount = o.total)
