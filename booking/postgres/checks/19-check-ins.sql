-- Somebody let in with a ticket that was cancelled or handed on before; an order that its buyer cancelled though one of its tickets was used; a ticket handed on that is still valid.
SELECT format('ticket %s was cancelled at %s and let in at %s', t.id, t.cancelled_at, k.at) AS sample
  FROM check_ins k JOIN tickets t ON t.id = k.ticket_id WHERE t.state <> 'valid' AND t.cancelled_at < k.at
UNION ALL
SELECT format('order %s was cancelled at %s, its ticket %s was used at %s', o.id, o.changed_at, t.id, k.at)
  FROM check_ins k JOIN tickets t ON t.id = k.ticket_id JOIN orders o ON o.id = t.order_id
 WHERE o.state = 'cancelled' AND NOT EXISTS (SELECT 1 FROM acts a WHERE starts_with(a.target, '/control/v1/orders/' || o.id || '/')) -- staff may
UNION ALL
SELECT format('ticket %s was handed on as %s and let in all the same', t.id, n.id)
  FROM check_ins k JOIN tickets t ON t.id = k.ticket_id JOIN tickets n ON n.replaces = t.id
UNION ALL
SELECT format('ticket %s was handed on as %s and is still valid', t.id, n.id)
  FROM tickets n JOIN tickets t ON t.id = n.replaces WHERE t.state = 'valid'
