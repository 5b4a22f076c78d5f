-- +goose Up
-- What seats cost: their prices, the show's fees, its tax. A quote and an order are reckoned by the same function.

-- Tax is rounded half up to the minor unit, once an order. Where prices include it, it is a part of the total and only told.
-- +goose StatementBegin
CREATE FUNCTION price_seats(p_show bigint, p_seats bigint[],
    OUT subtotal bigint, OUT ticket_fees bigint, OUT order_fee bigint, OUT tax bigint,
    OUT tax_basis_points integer, OUT tax_included boolean, OUT total bigint, OUT currency text) LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT coalesce(sum(b.price), 0) INTO subtotal
      FROM show_seats s JOIN show_sections p ON p.show_id = s.show_id AND p.section_id = s.section_id JOIN price_bands b ON b.id = p.band_id
     WHERE s.id = ANY (p_seats);
    SELECT w.ticket_fee * cardinality(p_seats), w.order_fee, w.tax_basis_points, w.tax_included, w.currency
      INTO ticket_fees, order_fee, tax_basis_points, tax_included, currency
      FROM shows w WHERE w.id = p_show;
    total := subtotal + ticket_fees + order_fee;
    IF tax_included THEN
        tax := round(total::numeric * tax_basis_points / (10000 + tax_basis_points));
    ELSE
        tax := round(total::numeric * tax_basis_points / 10000);
        total := total + tax;
    END IF;
END $$;
-- +goose StatementEnd

-- The parts of a price as quotes and orders show them.
-- +goose StatementBegin
CREATE FUNCTION charges_document(subtotal bigint, ticket_fees bigint, order_fee bigint, tax bigint, basis_points integer, included boolean, currency text)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_fees jsonb := '[]';
BEGIN
    IF ticket_fees > 0 THEN
        v_fees := v_fees || jsonb_build_object('kind', 'tickets', 'amount', money(ticket_fees, currency));
    END IF;
    IF order_fee > 0 THEN
        v_fees := v_fees || jsonb_build_object('kind', 'order', 'amount', money(order_fee, currency));
    END IF;
    RETURN jsonb_build_object('subtotal', money(subtotal, currency), 'fees', v_fees,
        'tax', CASE WHEN basis_points > 0 THEN jsonb_build_object('amount', money(tax, currency), 'basis_points', basis_points, 'included', included) END);
END $$;
-- +goose StatementEnd

-- Until when the buyer of a show may cancel; null: not at all.
-- +goose StatementBegin
CREATE FUNCTION cancel_until(starts_at timestamptz, hours integer) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT starts_at - hours * interval '1 hour'
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION cancellation_document(w shows) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN jsonb_build_object('until', rfc3339(cancel_until(w.starts_at, w.cancel_until_hours)), 'fee', money(w.cancel_fee, w.currency));
END $$;
-- +goose StatementEnd

-- Outcomes: done {quote}, session-missing, hold-unknown, hold-expired.
-- +goose StatementBegin
CREATE FUNCTION quote_hold(p_session bytea, p_show text, p_hold uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_buyer bigint := buyer_of(p_session);
    v_hold  holds;
    v_show  shows;
    v_price record;
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    SELECT h.* INTO v_hold FROM holds h JOIN shows w ON w.id = h.show_id AND w.slug = p_show WHERE h.id = p_hold AND h.buyer_id = v_buyer;
    IF NOT FOUND THEN
        RETURN outcome('hold-unknown');
    END IF;
    IF NOT hold_counts(v_hold.state, v_hold.expires_at, clock_timestamp()) THEN
        RETURN outcome('hold-expired');
    END IF;
    SELECT * INTO v_show FROM shows WHERE id = v_hold.show_id;
    SELECT * INTO v_price FROM price_seats(v_hold.show_id, v_hold.seat_ids);
    RETURN outcome('done', jsonb_build_object('quote', jsonb_strip_nulls(
        jsonb_build_object(
            'hold_id', p_hold, 'show', p_show, 'expires_at', rfc3339(v_hold.expires_at), 'lines', hold_document(p_hold) -> 'seats',
            'total', money(v_price.total, v_price.currency), 'cancellation', cancellation_document(v_show))
        || charges_document(v_price.subtotal, v_price.ticket_fees, v_price.order_fee, v_price.tax, v_price.tax_basis_points, v_price.tax_included, v_price.currency))));
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION order_document(p_order uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
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
        'action_url', CASE WHEN o.state = 'confirming' THEN (SELECT p.action_url FROM payments p WHERE p.order_id = o.id AND p.state = 'action') END,
        'outcome', o.outcome, 'suggestions', o.suggestions,
        'cancellation', CASE WHEN o.state IN ('pending', 'confirming', 'paid') THEN cancellation_document(w) END,
        'cancel_fee', CASE WHEN o.cancel_fee > 0 THEN money(o.cancel_fee, o.currency) END,
        'lines', l.lines, 'tickets', coalesce(order_tickets(o.id), '[]'))
        || charges_document(l.subtotal, o.ticket_fees, o.order_fee, o.tax, o.tax_basis_points, o.tax_included, o.currency))
      FROM orders o
      JOIN shows w ON w.id = o.show_id
      JOIN layouts y ON y.id = w.layout_id
      JOIN venues v ON v.id = y.venue_id,
      LATERAL (
        SELECT sum(n.price)::bigint AS subtotal, jsonb_agg(jsonb_build_object(
                 'seat_id', s.id, 'section', c.name, 'row', t.row_name, 'number', t.number,
                 'band_id', n.band_id, 'price', money(n.price, o.currency),
                 'refunded', CASE WHEN n.refunded IS NOT NULL THEN money(n.refunded, o.currency) END) ORDER BY s.ordinal) AS lines
          FROM order_lines n
          JOIN show_seats s ON s.id = n.show_seat_id
          JOIN seats t ON t.id = s.seat_id
          JOIN sections c ON c.id = s.section_id
         WHERE n.order_id = o.id) l
     WHERE o.id = p_order);
END $$;
-- +goose StatementEnd

-- The part of place_order that runs under a claimed key. A hold of a show that is paid first reserves nothing, so there is nothing to look for.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION place_claimed_order(p_buyer bigint, p_hold uuid, p_key text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_hold   holds;
    v_order  uuid;
    v_count  integer;
    v_number bigint;
    v_price  record;
BEGIN
    SELECT * INTO v_hold FROM holds WHERE id = p_hold AND buyer_id = p_buyer;
    IF NOT FOUND THEN
        RETURN outcome('hold-unknown');
    END IF;
    PERFORM take_locks(seat_locks(v_hold.seat_ids));
    SELECT * INTO v_hold FROM holds WHERE id = p_hold;
    SELECT id INTO v_order FROM orders WHERE hold_id = p_hold;
    IF FOUND THEN
        RETURN outcome('hold-ordered', jsonb_build_object('order_id', v_order));
    END IF;
    SELECT count(*) INTO v_count FROM show_seats WHERE id = ANY (v_hold.seat_ids) AND state = 'held' AND hold_id = p_hold;
    IF v_hold.state <> 'active' OR v_hold.expires_at <= clock_timestamp() OR (v_hold.exclusive AND v_count <> v_hold.seat_count) THEN
        RETURN outcome('hold-expired');
    END IF;

    SELECT * INTO v_price FROM price_seats(v_hold.show_id, v_hold.seat_ids);
    v_number := nextval(pg_get_serial_sequence('orders', 'number'));
    INSERT INTO orders (number, reference, show_id, buyer_id, hold_id, total, currency, idempotency_key, pay_by,
                        ticket_fees, order_fee, tax, tax_basis_points, tax_included)
    OVERRIDING SYSTEM VALUE
    VALUES (v_number, order_reference(v_number), v_hold.show_id, p_buyer, p_hold, v_price.total, v_price.currency, p_key, v_hold.expires_at,
            v_price.ticket_fees, v_price.order_fee, v_price.tax, v_price.tax_basis_points, v_price.tax_included)
    RETURNING id INTO v_order;
    INSERT INTO order_lines (order_id, show_seat_id, band_id, price)
    SELECT v_order, s.id, b.id, b.price
      FROM show_seats s JOIN show_sections p USING (show_id, section_id) JOIN price_bands b ON b.id = p.band_id
     WHERE s.id = ANY (v_hold.seat_ids);
    RETURN outcome('done', jsonb_build_object('order', order_document(v_order)));
END $$;
-- +goose StatementEnd
