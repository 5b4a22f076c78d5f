-- A counter of a section of a show that is not its recount, or is over its cap.
SELECT format('show %s section %s: total %s of %s, sold %s of %s, blocked %s of %s', c.show_id, c.section_id,
              c.seats_total, n.total, c.seats_sold, n.sold, c.seats_blocked, n.blocked) AS sample
  FROM show_sections c, LATERAL (
    SELECT count(*) AS total, count(*) FILTER (WHERE s.state = 'sold') AS sold, count(*) FILTER (WHERE s.state = 'blocked') AS blocked
      FROM show_seats s WHERE s.show_id = c.show_id AND s.section_id = c.section_id) n
 WHERE (c.seats_total, c.seats_sold, c.seats_blocked) <> (n.total, n.sold, n.blocked)
    OR c.seats_sold + c.seats_blocked > c.seats_total OR c.seats_sold < 0 OR c.seats_blocked < 0
