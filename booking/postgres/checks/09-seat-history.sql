-- A transition that the table does not allow, a gap in the versions, or a history that does not lead to the seat's state.
WITH steps AS (
    SELECT h.*, lag(h.version) OVER w AS last_version, lag(h.becomes) OVER w AS last_state
      FROM seat_history h WINDOW w AS (PARTITION BY h.show_seat_id ORDER BY h.version))
SELECT format('seat %s version %s: %s to %s after %s version %s', show_seat_id, version, was, becomes, coalesce(last_state, 'free'), coalesce(last_version, 0)) AS sample
  FROM steps
 WHERE version <> coalesce(last_version, 0) + 1 OR was <> coalesce(last_state, 'free')
    OR NOT EXISTS (SELECT 1 FROM seat_transitions t WHERE t.was = steps.was AND t.becomes = steps.becomes)
UNION ALL
SELECT format('seat %s is %s version %s, its history ends at %s version %s', s.id, s.state, s.version, coalesce(h.becomes, 'free'), coalesce(h.version, 0))
  FROM show_seats s
  LEFT JOIN (SELECT DISTINCT ON (show_seat_id) show_seat_id, version, becomes, hold_id FROM seat_history ORDER BY show_seat_id, version DESC) h ON h.show_seat_id = s.id
 WHERE s.version <> coalesce(h.version, 0) OR s.state <> coalesce(h.becomes, 'free') OR s.hold_id IS DISTINCT FROM h.hold_id
