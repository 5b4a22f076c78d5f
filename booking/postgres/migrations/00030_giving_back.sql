-- +goose Up
-- Cancelling and refunding by the show's policy: until when, and what is kept. As before, one transaction ends the order or the
-- tickets and writes down what is owed; the provider is asked afterwards, as often as it takes.

-- Ends a paid order: its tickets are void, its seats free, and what was paid is owed, less what was given back before and what is kept.
-- The caller has called lock_order in an earlier statement.
-- +goose StatementBegin
CREATE FUNCTION end_paid_order(p_order orders, p_hold holds, p_fee bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_payment payments;
    v_left    bigint;
    v_fee     bigint;
BEGIN
    IF free_seats(p_hold.id, p_hold.seat_ids) <> p_hold.seat_count THEN
        RAISE EXCEPTION 'order % is paid and has not all its seats', p_order.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cancel_frees_all';
    END IF;
    SELECT * INTO v_payment FROM payments WHERE order_id = p_order.id AND state = 'captured';
    v_left := coalesce(v_payment.amount, 0) - coalesce((SELECT sum(amount) FROM refunds WHERE payment_id = v_payment.id), 0);
    v_fee := least(p_fee, v_left);
    UPDATE holds SET state = 'released' WHERE id = p_hold.id;
    UPDATE orders SET state = 'cancelled', cancel_fee = v_fee WHERE id = p_order.id;
    UPDATE tickets SET state = 'cancelled', cancelled_at = clock_timestamp() WHERE order_id = p_order.id AND state = 'valid';
    IF v_left > v_fee THEN
        INSERT INTO refunds (payment_id, amount) VALUES (v_payment.id, v_left - v_fee);
    END IF;
    PERFORM add_sold(p_order.show_id, p_hold.seat_ids, -1);
END $$;
-- +goose StatementEnd

-- The refund of an order that was asked for last and is still owed: {id, payment_id, ref, amount}, or null.
-- +goose StatementBegin
CREATE FUNCTION owed_refund(p_order uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT jsonb_build_object('id', r.id, 'payment_id', p.id, 'ref', coalesce(p.ref, ''), 'amount', r.amount)
      FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.order_id = p_order AND r.state = 'requested'
     ORDER BY r.requested_at DESC LIMIT 1);
END $$;
-- +goose StatementEnd

-- Outcomes: done {order, refund}, where refund is there while it is owed; cancelling again answers the same.
-- session-missing, order-unknown, order-not-cancellable {state}, show-started, cancellation-closed {until}, and those of order_kept.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION cancel_order(p_session bytea, p_order uuid) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_buyer bigint := buyer_of(p_session);
    v_order orders;
    v_hold  holds;
    v_show  shows;
    v_until timestamptz;
    v_state text;
    v_kept  jsonb;
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    PERFORM 1 FROM orders WHERE id = p_order AND buyer_id = v_buyer;
    IF NOT FOUND THEN
        RETURN outcome('order-unknown');
    END IF;
    PERFORM lock_order(p_order);
    SELECT * INTO v_order FROM orders WHERE id = p_order;
    SELECT * INTO v_hold FROM holds WHERE id = v_order.hold_id;
    SELECT * INTO v_show FROM shows WHERE id = v_order.show_id;
    v_state := order_state(v_order.state, v_order.pay_by);
    IF v_state IN ('confirming', 'expired') THEN
        RETURN outcome('order-not-cancellable', jsonb_build_object('state', v_state));
    ELSIF v_state = 'paid' THEN
        v_until := cancel_until(v_show.starts_at, v_show.cancel_until_hours);
        IF v_show.starts_at <= clock_timestamp() THEN
            RETURN outcome('show-started');
        ELSIF v_until IS NULL OR v_until <= clock_timestamp() THEN
            RETURN jsonb_strip_nulls(outcome('cancellation-closed', jsonb_build_object('until', rfc3339(v_until))));
        END IF;
        v_kept := order_kept(p_order);
        IF v_kept IS NOT NULL THEN
            RETURN v_kept;
        END IF;
        PERFORM end_paid_order(v_order, v_hold, v_show.cancel_fee);
    ELSIF v_state = 'pending' THEN
        IF free_seats(v_hold.id, v_hold.seat_ids) <> v_hold.seat_count AND v_hold.exclusive THEN
            RAISE EXCEPTION 'order % is pending and has not all its seats', p_order
                USING ERRCODE = 'check_violation', CONSTRAINT = 'cancel_frees_all';
        END IF;
        UPDATE holds SET state = 'released' WHERE id = v_hold.id;
        UPDATE orders SET state = 'cancelled' WHERE id = p_order;
    END IF;
    RETURN jsonb_strip_nulls(outcome('done', jsonb_build_object('order', order_document(p_order), 'refund', owed_refund(p_order))));
END $$;
-- +goose StatementEnd

-- Gives back single tickets of a paid order, by staff: no fee is kept and no deadline asked for. What is given back for one is its price, its
-- share of the fees a ticket costs, and the tax that was added for both. With its last ticket the order is cancelled and the rest given back too.
-- Tickets that are cancelled already stay as they are, so doing it again changes nothing.
-- Outcomes: done {order, refund}, order-unknown, order-not-refundable {state}, ticket-unknown {ticket_ids}, ticket-checked-in {checked_in_at}.
-- +goose StatementBegin
CREATE FUNCTION refund_tickets(p_order uuid, p_tickets uuid[]) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_order   orders;
    v_hold    holds;
    v_unknown uuid[];
    v_used    text;
    v_seats   bigint[];
    v_amount  bigint;
    v_count   integer;
BEGIN
    PERFORM lock_order(p_order);
    SELECT * INTO v_order FROM orders WHERE id = p_order;
    IF NOT FOUND THEN
        RETURN outcome('order-unknown');
    ELSIF v_order.state NOT IN ('paid', 'cancelled') THEN
        RETURN outcome('order-not-refundable', jsonb_build_object('state', order_state(v_order.state, v_order.pay_by)));
    END IF;
    SELECT * INTO v_hold FROM holds WHERE id = v_order.hold_id;
    SELECT array_agg(w.id) INTO v_unknown FROM unnest(p_tickets) AS w (id) LEFT JOIN tickets t ON t.id = w.id AND t.order_id = p_order WHERE t.id IS NULL;
    IF v_unknown IS NOT NULL THEN
        RETURN outcome('ticket-unknown', jsonb_build_object('ticket_ids', v_unknown));
    END IF;
    SELECT rfc3339(max(at)) INTO v_used FROM check_ins WHERE ticket_id = ANY (p_tickets);
    IF v_used IS NOT NULL THEN
        RETURN outcome('ticket-checked-in', jsonb_build_object('checked_in_at', v_used));
    END IF;
    SELECT array_agg(show_seat_id) INTO v_seats FROM tickets WHERE id = ANY (p_tickets) AND state = 'valid';

    IF cardinality(v_seats) = v_hold.seat_count THEN
        PERFORM end_paid_order(v_order, v_hold, 0);
    ELSIF v_seats IS NOT NULL THEN
        UPDATE tickets SET state = 'cancelled', cancelled_at = clock_timestamp() WHERE id = ANY (p_tickets) AND state = 'valid';
        -- Rounded down, so that the parts are never more than the whole.
        UPDATE order_lines SET refunded = x.part + CASE WHEN v_order.tax_included THEN 0 ELSE x.part * v_order.tax_basis_points / 10000 END
          FROM (SELECT show_seat_id AS seat, price + v_order.ticket_fees / (SELECT count(*) FROM order_lines WHERE order_id = p_order) AS part
                  FROM order_lines WHERE order_id = p_order AND show_seat_id = ANY (v_seats)) x
         WHERE order_id = p_order AND show_seat_id = x.seat;
        SELECT sum(refunded) INTO v_amount FROM order_lines WHERE order_id = p_order AND show_seat_id = ANY (v_seats);
        v_count := free_seats(v_hold.id, v_seats);
        IF v_count <> cardinality(v_seats) THEN
            RAISE EXCEPTION 'order % has % of the % seats given back', p_order, v_count, cardinality(v_seats)
                USING ERRCODE = 'check_violation', CONSTRAINT = 'cancel_frees_all';
        END IF;
        UPDATE holds SET seat_ids = ARRAY(SELECT i FROM unnest(seat_ids) WITH ORDINALITY u (i, n) WHERE i <> ALL (v_seats) ORDER BY n) WHERE id = v_hold.id;
        IF v_amount > 0 THEN
            INSERT INTO refunds (payment_id, amount) SELECT id, v_amount FROM payments WHERE order_id = p_order AND state = 'captured';
        END IF;
        PERFORM add_sold(v_order.show_id, v_seats, -1);
    END IF;
    RETURN jsonb_strip_nulls(outcome('done', jsonb_build_object('order', order_document(p_order), 'refund', owed_refund(p_order))));
END $$;
-- +goose StatementEnd

-- Writes down that the provider has made a refund. Doing it again changes nothing. A payment is refunded once all of it is. Outcomes: done {order}.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION finish_refund(p_refund uuid) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_refund  refunds;
    v_payment payments;
BEGIN
    SELECT * INTO STRICT v_refund FROM refunds WHERE id = p_refund;
    SELECT * INTO STRICT v_payment FROM payments WHERE id = v_refund.payment_id;
    PERFORM lock_order(v_payment.order_id);
    UPDATE refunds SET state = 'done', done_at = clock_timestamp() WHERE id = p_refund AND state = 'requested';
    IF FOUND THEN
        UPDATE orders SET refunded = refunded + v_refund.amount WHERE id = v_payment.order_id;
        UPDATE payments SET state = 'refunded'
         WHERE id = v_payment.id AND amount <= (SELECT sum(amount) FROM refunds WHERE payment_id = v_payment.id AND state = 'done');
    END IF;
    RETURN outcome('done', jsonb_build_object('order', order_document(v_payment.order_id)));
END $$;
-- +goose StatementEnd
