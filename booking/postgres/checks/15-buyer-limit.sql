-- A buyer with more seats of a show than the show allows: held, confirming or sold.
SELECT format('buyer %s has %s seats of show %s, which allows %s', h.buyer_id, count(*), w.slug, w.max_per_buyer) AS sample
  FROM show_seats s JOIN holds h ON h.id = s.hold_id JOIN shows w ON w.id = s.show_id
 WHERE s.state IN ('confirming', 'sold') OR (s.state = 'held' AND s.held_until > clock_timestamp())
 GROUP BY h.buyer_id, w.slug, w.max_per_buyer HAVING count(*) > w.max_per_buyer
