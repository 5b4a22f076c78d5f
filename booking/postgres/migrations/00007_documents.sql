-- +goose Up
-- Orders and holds as one document each, in the shape of booking.Order and booking.Hold: a step of a sale answers in the round
-- trip that makes it, and an idempotency record keeps the answer in the same transaction.
--
-- What is one expression is LANGUAGE sql, which is inlined (if it is not declared more stable than what it calls: jsonb_build_object is STABLE);
-- what holds a query is plpgsql, which keeps its plan. An sql function that cannot be inlined is planned anew at every call,
-- and planning these joins took ten times as long as running them.

-- +goose StatementBegin
CREATE FUNCTION rfc3339(t timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION money(amount bigint, currency text) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('amount', amount, 'currency', currency)
$$;
-- +goose StatementEnd

-- Twelve symbols of five random bits each. Bytes 6 and 8 of a UUID are not wholly random and are left out.
-- +goose StatementBegin
CREATE FUNCTION ticket_code() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN (
    SELECT substr(c, 1, 4) || '-' || substr(c, 5, 4) || '-' || substr(c, 9, 4)
      FROM (SELECT string_agg(substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + (get_byte(u, i) & 31), 1), '' ORDER BY i) AS c
              FROM (SELECT uuid_send(gen_random_uuid()) AS u) r, unnest(ARRAY[0,1,2,3,4,5,9,10,11,12,13,14]) i) s);
END $$;
-- +goose StatementEnd

-- A bijection of the lower 30 bits of the order's number: short, unique up to a thousand million orders, and not telling how many orders there are.
-- +goose StatementBegin
CREATE FUNCTION order_reference(number bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN (
    SELECT 'AN-' || string_agg(substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + ((m >> (5 * i)) & 31)::int, 1), '' ORDER BY i)
      FROM (SELECT ((number & 1073741823) * 669262319 + 391939393) & 1073741823 AS m) s, generate_series(0, 5) i);
END $$;
-- +goose StatementEnd

-- A pending order whose time is over is expired, whether or not the sweeper has come by.
-- +goose StatementBegin
CREATE FUNCTION order_state(state text, pay_by timestamptz) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN state = 'pending' AND pay_by <= clock_timestamp() THEN 'expired' ELSE state END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION hold_document(p_hold uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT jsonb_build_object(
        'id', h.id, 'show', w.slug, 'expires_at', rfc3339(h.expires_at), 'total', money(l.total, w.currency), 'seats', l.lines)
      FROM holds h JOIN shows w ON w.id = h.show_id,
      LATERAL (
        SELECT sum(b.price)::bigint AS total, jsonb_agg(jsonb_build_object(
                 'seat_id', s.id, 'section', c.name, 'row', t.row_name, 'number', t.number,
                 'band_id', b.id, 'price', money(b.price, w.currency)) ORDER BY s.ordinal) AS lines
          FROM show_seats s
          JOIN seats t ON t.id = s.seat_id
          JOIN sections c ON c.id = s.section_id
          JOIN show_sections p ON p.show_id = s.show_id AND p.section_id = s.section_id
          JOIN price_bands b ON b.id = p.band_id
         WHERE s.id = ANY (h.seat_ids)) l
     WHERE h.id = p_hold);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION order_document(p_order uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'id', o.id, 'reference', o.reference, 'state', order_state(o.state, o.pay_by), 'show', w.slug,
        'title', jsonb_build_object('en', w.title_en, 'ko', w.title_ko),
        'venue', jsonb_build_object('en', v.name_en, 'ko', v.name_ko),
        'starts_at', rfc3339(w.starts_at), 'time_zone', w.time_zone,
        'total', money(o.total, o.currency),
        'refunded', CASE WHEN o.refunded > 0 THEN money(o.refunded, o.currency) END,
        'created_at', rfc3339(o.created_at),
        'pay_by', CASE WHEN o.state = 'pending' THEN rfc3339(o.pay_by) END,
        'lines', l.lines, 'tickets', coalesce(k.tickets, '[]')))
      FROM orders o
      JOIN shows w ON w.id = o.show_id
      JOIN layouts y ON y.id = w.layout_id
      JOIN venues v ON v.id = y.venue_id,
      LATERAL (
        SELECT jsonb_agg(jsonb_build_object(
                 'seat_id', s.id, 'section', c.name, 'row', t.row_name, 'number', t.number,
                 'band_id', n.band_id, 'price', money(n.price, o.currency)) ORDER BY s.ordinal) AS lines
          FROM order_lines n
          JOIN show_seats s ON s.id = n.show_seat_id
          JOIN seats t ON t.id = s.seat_id
          JOIN sections c ON c.id = s.section_id
         WHERE n.order_id = o.id) l,
      LATERAL (
        SELECT jsonb_agg(jsonb_build_object(
                 'id', i.id, 'code', i.code, 'seat_id', s.id, 'section', c.name, 'row', t.row_name, 'number', t.number,
                 'state', i.state) ORDER BY s.ordinal) AS tickets
          FROM tickets i
          JOIN show_seats s ON s.id = i.show_seat_id
          JOIN seats t ON t.id = s.seat_id
          JOIN sections c ON c.id = s.section_id
         WHERE i.order_id = o.id) k
     WHERE o.id = p_order);
END $$;
-- +goose StatementEnd

-- What a function answers: the name of the outcome and what belongs to it.
-- +goose StatementBegin
CREATE FUNCTION outcome(name text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('outcome', name) || more
$$;
-- +goose StatementEnd
