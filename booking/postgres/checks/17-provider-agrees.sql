-- The simulated provider and we differ about a payment or a refund that is settled (those under way are check 10's).
SELECT format('payment %s is %s of %s here and %s of %s at the provider', p.id, p.state, p.amount, coalesce(c.state, 'unknown'), c.amount) AS sample
  FROM payments p LEFT JOIN simulator_charges c ON c.key = p.id::text
 WHERE (p.state IN ('captured', 'refunded') AND p.amount > 0 AND p.ref IS NULL AND (c.state IS DISTINCT FROM 'captured' OR c.amount <> p.amount))
    OR (p.state IN ('declined', 'voided') AND c.state IN ('authorised', 'captured'))
UNION ALL
SELECT format('charge %s is %s at the provider and not known here', c.key, c.state)
  FROM simulator_charges c WHERE NOT EXISTS (SELECT 1 FROM payments p WHERE p.id::text = c.key)
UNION ALL
SELECT format('refund %s of %s is done here and %s at the provider', r.id, r.amount, coalesce(s.amount::text, 'unknown'))
  FROM refunds r JOIN payments p ON p.id = r.payment_id AND p.ref IS NULL LEFT JOIN simulator_refunds s ON s.key = r.id::text
 WHERE r.state = 'done' AND s.amount IS DISTINCT FROM r.amount
