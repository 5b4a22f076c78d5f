-- A seat with more than one valid ticket.
SELECT format('seat %s has %s valid tickets', show_seat_id, count(*)) AS sample
  FROM tickets WHERE state = 'valid' GROUP BY show_seat_id HAVING count(*) > 1
