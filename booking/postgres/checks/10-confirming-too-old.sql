-- A payment or a refund that has awaited the provider for more than two minutes, or a confirming order or seat that awaits nothing.
SELECT format('payment %s has been %s since %s', id, state, created_at) AS sample
  FROM payments WHERE state IN ('started', 'authorised', 'voiding') AND created_at < clock_timestamp() - interval '2 minutes'
UNION ALL
SELECT format('payment %s awaits its buyer, whose time was over at %s', p.id, o.pay_by)
  FROM payments p JOIN orders o ON o.id = p.order_id WHERE p.state = 'action' AND o.pay_by < clock_timestamp() - interval '2 minutes'
UNION ALL
SELECT format('refund %s has been owed since %s', id, requested_at)
  FROM refunds WHERE state = 'requested' AND requested_at < clock_timestamp() - interval '2 minutes'
UNION ALL
SELECT format('order %s is confirming without a payment', o.id)
  FROM orders o WHERE o.state = 'confirming' AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.state IN ('started', 'action', 'authorised'))
UNION ALL
SELECT format('seat %s is confirming without an order that is', s.id)
  FROM show_seats s WHERE s.state = 'confirming' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.hold_id = s.hold_id AND o.state = 'confirming')
