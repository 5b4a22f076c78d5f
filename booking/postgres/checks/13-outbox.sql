-- A message that is not delivered five minutes after it was due first, or was delivered twice without its receiver noticing, or is noted otherwise than its attempts say.
SELECT format('message %s (%s %s) has waited since %s, %s attempts, %s', id, kind, key, created_at, attempts, coalesce(last_error, 'none failed')) AS sample
  FROM outbox WHERE delivered_at IS NULL AND given_up_at IS NULL AND created_at < clock_timestamp() - interval '5 minutes'
UNION ALL
SELECT format('message %s (%s %s) was delivered %s times', o.id, o.kind, o.key, n.delivered)
  FROM outbox o, LATERAL (SELECT count(*) AS delivered FROM outbox_attempts a WHERE a.outbox_id = o.id AND a.outcome = 'delivered') n
 WHERE n.delivered > 1
UNION ALL
SELECT format('message %s (%s %s) is %s delivered and has %s attempts that did it', o.id, o.kind, o.key, CASE WHEN o.delivered_at IS NULL THEN 'not' ELSE 'noted as' END, n.done)
  FROM outbox o, LATERAL (SELECT count(*) AS done FROM outbox_attempts a WHERE a.outbox_id = o.id AND a.outcome IN ('delivered', 'repeated')) n
 WHERE (o.delivered_at IS NOT NULL) <> (n.done > 0)
UNION ALL
SELECT format('order %s was paid and nobody is told', o.id)
  FROM orders o WHERE o.state = 'paid' AND NOT EXISTS (SELECT 1 FROM outbox m WHERE m.kind = 'order-paid' AND m.key = o.id::text)
   AND o.changed_at > (SELECT min(created_at) FROM outbox) -- those from before there was an outbox are not told
