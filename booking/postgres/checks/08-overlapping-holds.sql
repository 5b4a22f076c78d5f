-- A seat that two holds have at the same time, now or in its history; or that has another hold than the one that claims it.
WITH living AS (
    SELECT h.id, h.state, s.seat FROM holds h, unnest(h.seat_ids) AS s (seat)
     WHERE h.state IN ('active', 'confirming', 'sold') AND (h.exclusive OR h.state <> 'active') AND hold_counts(h.state, h.expires_at, clock_timestamp()))
SELECT format('seat %s is in %s holds: %s', seat, count(*), string_agg(id::text, ', ')) AS sample
  FROM living GROUP BY seat HAVING count(*) > 1
UNION ALL
SELECT format('hold %s is %s and seat %s is %s with hold %s', l.id, l.state, l.seat, s.state, s.hold_id)
  FROM living l LEFT JOIN show_seats s ON s.id = l.seat
 WHERE s.hold_id IS DISTINCT FROM l.id OR s.state <> CASE l.state WHEN 'active' THEN 'held' ELSE l.state END
UNION ALL
SELECT format('seat %s was taken from hold %s %s before that ran out', n.show_seat_id, h.id, h.expires_at - n.at)
  FROM seat_history n
  JOIN seat_history p ON p.show_seat_id = n.show_seat_id AND p.version = n.version - 1
  JOIN holds h ON h.id = p.hold_id
 WHERE n.was = 'held' AND n.becomes IN ('held', 'confirming') AND n.hold_id IS DISTINCT FROM p.hold_id AND h.expires_at > n.at
