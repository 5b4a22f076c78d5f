-- An idempotency key that made two things, or whose answer is about something else than it made.
SELECT format('key %s of buyer %s made %s things', idempotency_key, buyer_id, count(*)) AS sample
  FROM (SELECT buyer_id, idempotency_key FROM orders UNION ALL SELECT buyer_id, idempotency_key FROM payments) k
 GROUP BY buyer_id, idempotency_key HAVING count(*) > 1
UNION ALL
SELECT format('key %s of buyer %s answers order %s and made %s', r.key, r.buyer_id, coalesce(r.response ->> 'id', r.order_id::text), k.order_id)
  FROM idempotency_records r
  JOIN (SELECT buyer_id, idempotency_key, id AS order_id FROM orders UNION ALL SELECT buyer_id, idempotency_key, order_id FROM payments) k
    ON k.buyer_id = r.buyer_id AND k.idempotency_key = r.key
 WHERE r.outcome IS NOT NULL AND (r.order_id IS DISTINCT FROM k.order_id OR (r.outcome = 'done' AND (r.response ->> 'id')::uuid IS DISTINCT FROM k.order_id))
UNION ALL
SELECT format('key %s of buyer %s has an answer and made nothing', r.key, r.buyer_id)
  FROM idempotency_records r
 WHERE r.outcome IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.buyer_id = r.buyer_id AND o.idempotency_key = r.key)
   AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.buyer_id = r.buyer_id AND p.idempotency_key = r.key)
