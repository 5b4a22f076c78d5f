-- +goose Up
-- Paying: start_payment makes order and seats 'confirming', the provider is asked outside any transaction, settle_payment
-- does what the provider said. A crash in between leaves 'confirming', which never runs out by itself: the reconciler asks the provider.

-- Takes the locks of an order: those of its seats and its own.
-- +goose StatementBegin
CREATE FUNCTION lock_order(p_order uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM take_locks(seat_locks(h.seat_ids) || order_lock(o.number)) FROM orders o JOIN holds h ON h.id = o.hold_id WHERE o.id = p_order;
END $$;
-- +goose StatementEnd

-- Adds p_sign for each of the seats to the counters of their sections. The rows are locked in the order of their ids, and last of
-- all locks, so that a section's next sale waits as short as can be and never in a circle.
-- +goose StatementBegin
CREATE FUNCTION add_sold(p_show bigint, p_seats bigint[], p_sign integer) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM 1 FROM show_sections
      WHERE show_id = p_show AND section_id IN (SELECT section_id FROM show_seats WHERE id = ANY (p_seats))
      ORDER BY section_id FOR NO KEY UPDATE;
    UPDATE show_sections c SET seats_sold = c.seats_sold + p_sign * n.seats
      FROM (SELECT section_id, count(*)::integer AS seats FROM show_seats WHERE id = ANY (p_seats) GROUP BY section_id) n
     WHERE c.show_id = p_show AND c.section_id = n.section_id;
END $$;
-- +goose StatementEnd

-- The part of start_payment that runs under a claimed key.
-- +goose StatementBegin
CREATE FUNCTION start_claimed_payment(p_buyer bigint, p_order uuid, p_key text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_order   orders;
    v_hold    holds;
    v_count   integer;
    v_payment uuid;
BEGIN
    PERFORM 1 FROM orders WHERE id = p_order AND buyer_id = p_buyer;
    IF NOT FOUND THEN
        RETURN outcome('order-unknown');
    END IF;
    PERFORM lock_order(p_order);
    SELECT * INTO v_order FROM orders WHERE id = p_order;
    SELECT * INTO v_hold FROM holds WHERE id = v_order.hold_id;
    IF order_state(v_order.state, v_order.pay_by) = 'expired' OR (v_order.state = 'pending' AND v_hold.expires_at <= clock_timestamp()) THEN
        RETURN outcome('hold-expired');
    ELSIF v_order.state <> 'pending' THEN
        RETURN outcome('order-not-payable', jsonb_build_object('state', v_order.state));
    END IF;
    UPDATE show_seats SET state = 'confirming', version = version + 1
     WHERE id = ANY (v_hold.seat_ids) AND state = 'held' AND hold_id = v_hold.id;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count <> v_hold.seat_count THEN
        RAISE EXCEPTION 'hold % is valid and has % of its % seats', v_hold.id, v_count, v_hold.seat_count
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_takes_all';
    END IF;
    UPDATE holds SET state = 'confirming' WHERE id = v_hold.id;
    UPDATE orders SET state = 'confirming' WHERE id = p_order;
    INSERT INTO payments (order_id, buyer_id, amount, idempotency_key) VALUES (p_order, p_buyer, v_order.total, p_key) RETURNING id INTO v_payment;
    RETURN outcome('started', jsonb_build_object('payment_id', v_payment, 'order', order_document(p_order)));
END $$;
-- +goose StatementEnd

-- Outcomes: started {payment_id, order}; done {order} or payment-declined or payment-failed when the key was settled before;
-- session-missing, order-unknown, order-not-payable {state}, hold-expired, and the others of claim_key.
-- +goose StatementBegin
CREATE FUNCTION start_payment(p_session bytea, p_order uuid, p_key text, p_fingerprint bytea) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_buyer  bigint := buyer_of(p_session);
    v_answer jsonb;
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    v_answer := claim_key(v_buyer, p_key, p_fingerprint);
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    v_answer := start_claimed_payment(v_buyer, p_order, p_key);
    IF v_answer ->> 'outcome' <> 'started' THEN
        PERFORM drop_key(v_buyer, p_key);
    END IF;
    RETURN v_answer;
END $$;
-- +goose StatementEnd

-- Does what the provider said of a payment: captured, declined, or voided (nothing was or ever will be charged). Doing it
-- again answers the same. Outcomes: done {order}, payment-declined, payment-failed, each as the key's record keeps it.
-- +goose StatementBegin
CREATE FUNCTION settle_payment(p_payment uuid, p_result text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_payment payments;
    v_order   orders;
    v_hold    holds;
    v_count   integer;
    v_answer  jsonb;
BEGIN
    SELECT * INTO STRICT v_payment FROM payments WHERE id = p_payment;
    PERFORM lock_order(v_payment.order_id);
    SELECT * INTO v_payment FROM payments WHERE id = p_payment;
    IF v_payment.state NOT IN ('started', 'authorised') THEN
        IF (v_payment.state IN ('captured', 'refunded')) <> (p_result = 'captured') THEN
            RAISE EXCEPTION 'payment % is % here and % at the provider', p_payment, v_payment.state, p_result
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_settles_once';
        END IF;
        RETURN (SELECT outcome(r.outcome, jsonb_build_object('order', r.response)) FROM idempotency_records r
                 WHERE r.buyer_id = v_payment.buyer_id AND r.key = v_payment.idempotency_key);
    END IF;
    SELECT * INTO v_order FROM orders WHERE id = v_payment.order_id;
    SELECT * INTO v_hold FROM holds WHERE id = v_order.hold_id;

    IF p_result = 'captured' THEN
        UPDATE show_seats SET state = 'sold', held_until = NULL, version = version + 1
         WHERE id = ANY (v_hold.seat_ids) AND state = 'confirming' AND hold_id = v_hold.id;
        UPDATE holds SET state = 'sold' WHERE id = v_hold.id;
        UPDATE orders SET state = 'paid' WHERE id = v_order.id;
        INSERT INTO tickets (code, order_id, show_seat_id) SELECT ticket_code(), v_order.id, show_seat_id FROM order_lines WHERE order_id = v_order.id;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        UPDATE payments SET state = 'captured', settled_at = clock_timestamp() WHERE id = p_payment;
        v_answer := outcome('done', jsonb_build_object('order', order_document(v_order.id)));
    ELSIF p_result IN ('declined', 'voided') THEN
        -- The seats go back to the hold with the deadline it had. If that is over, they can be had by anyone.
        UPDATE show_seats SET state = 'held', version = version + 1
         WHERE id = ANY (v_hold.seat_ids) AND state = 'confirming' AND hold_id = v_hold.id;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        UPDATE holds SET state = 'active' WHERE id = v_hold.id;
        UPDATE orders SET state = 'pending' WHERE id = v_order.id;
        UPDATE payments SET state = p_result, settled_at = clock_timestamp() WHERE id = p_payment;
        v_answer := outcome(CASE p_result WHEN 'declined' THEN 'payment-declined' ELSE 'payment-failed' END);
    ELSE
        RAISE EXCEPTION 'no such result: %', p_result;
    END IF;
    IF v_count <> v_hold.seat_count THEN
        RAISE EXCEPTION 'order % is confirming and has % of its % seats', v_order.id, v_count, v_hold.seat_count
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_takes_all';
    END IF;
    PERFORM finish_key(v_payment.buyer_id, v_payment.idempotency_key, v_order.id, v_answer ->> 'outcome', v_answer -> 'order');
    IF p_result = 'captured' THEN
        PERFORM add_sold(v_order.show_id, v_hold.seat_ids, 1);
    END IF;
    RETURN v_answer;
END $$;
-- +goose StatementEnd
