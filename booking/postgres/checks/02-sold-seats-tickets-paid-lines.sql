-- A seat that is not all three or none of: sold, ticketed, a line of a paid order that its hold belongs to.
SELECT format('seat %s: sold %s, valid ticket %s, paid line %s', coalesce(s.id, t.id, l.id), s.id IS NOT NULL, t.id IS NOT NULL, l.id IS NOT NULL) AS sample
  FROM (SELECT s.id, o.id AS order_id FROM show_seats s LEFT JOIN orders o ON o.hold_id = s.hold_id WHERE s.state = 'sold') s
  FULL JOIN (SELECT DISTINCT show_seat_id AS id, order_id FROM tickets WHERE state = 'valid') t ON t.id = s.id AND t.order_id = s.order_id
  FULL JOIN (SELECT n.show_seat_id AS id, o.id AS order_id FROM order_lines n JOIN orders o ON o.id = n.order_id WHERE o.state = 'paid' AND n.refunded IS NULL) l
         ON l.id = coalesce(s.id, t.id) AND l.order_id = coalesce(s.order_id, t.order_id)
 WHERE s.id IS NULL OR t.id IS NULL OR l.id IS NULL
