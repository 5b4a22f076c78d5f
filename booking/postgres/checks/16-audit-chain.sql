-- A row in the record of what staff did that is not as it was written, or where one is missing, or an act whose outcome is not known after five minutes.
WITH chain AS (SELECT a.id, a.previous, a.digest, act_digest(a) AS recount, lag(a.digest, 1, '') OVER (ORDER BY a.id) AS before, lag(a.id, 1, 0::bigint) OVER (ORDER BY a.id) AS last FROM acts a)
SELECT format('act %s follows act %s: %s', id, last, CASE WHEN digest <> recount THEN 'it was changed' WHEN previous <> before THEN 'what is before it was changed' ELSE 'some are missing' END) AS sample
  FROM chain WHERE digest <> recount OR previous <> before OR id <> last + 1
UNION ALL
SELECT format('act %s (%s by %s on %s) was asked and has no outcome', a.id, a.action, a.actor, a.target)
  FROM acts a WHERE a.outcome = 'asked' AND a.at < clock_timestamp() - interval '5 minutes' AND NOT EXISTS (SELECT 1 FROM acts o WHERE o.asked = a.id)
