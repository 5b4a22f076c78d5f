-- An order for which money was taken more than once.
SELECT format('order %s has %s captured payments', order_id, count(*)) AS sample
  FROM payments WHERE state IN ('captured', 'refunded') GROUP BY order_id HAVING count(*) > 1
