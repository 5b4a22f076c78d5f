-- +goose Up
-- Cancelling: the order ends, its seats are free and its tickets void in one transaction, which also writes down
-- the refund that is owed. The provider is asked afterwards, as often as it takes: a refund has a key of its own.

-- Outcomes: done {order, refund}, where refund {id, payment_id, amount} is there while it is owed; cancelling again answers the same.
-- session-missing, order-unknown, order-not-cancellable {state}, show-started.
-- +goose StatementBegin
CREATE FUNCTION cancel_order(p_session bytea, p_order uuid) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_buyer  bigint := buyer_of(p_session);
    v_order  orders;
    v_hold   holds;
    v_state  text;
    v_refund jsonb;
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
    v_state := order_state(v_order.state, v_order.pay_by);
    IF v_state IN ('confirming', 'expired') THEN
        RETURN outcome('order-not-cancellable', jsonb_build_object('state', v_state));
    ELSIF v_state = 'paid' AND EXISTS (SELECT 1 FROM shows WHERE id = v_order.show_id AND starts_at <= clock_timestamp()) THEN
        RETURN outcome('show-started');
    END IF;

    IF v_state <> 'cancelled' THEN
        IF free_seats(v_hold.id, v_hold.seat_ids) <> v_hold.seat_count THEN
            RAISE EXCEPTION 'order % is % and has not all its seats', p_order, v_state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'cancel_frees_all';
        END IF;
        UPDATE holds SET state = 'released' WHERE id = v_hold.id;
        UPDATE orders SET state = 'cancelled' WHERE id = p_order;
    END IF;
    IF v_state = 'paid' THEN
        UPDATE tickets SET state = 'cancelled', cancelled_at = clock_timestamp() WHERE order_id = p_order AND state = 'valid';
        INSERT INTO refunds (payment_id, amount) SELECT id, amount FROM payments WHERE order_id = p_order AND state = 'captured' AND amount > 0;
        PERFORM add_sold(v_order.show_id, v_hold.seat_ids, -1);
    END IF;
    SELECT jsonb_build_object('id', r.id, 'payment_id', r.payment_id, 'amount', r.amount) INTO v_refund
      FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.order_id = p_order AND r.state = 'requested';
    RETURN jsonb_strip_nulls(outcome('done', jsonb_build_object('order', order_document(p_order), 'refund', v_refund)));
END $$;
-- +goose StatementEnd

-- Writes down that the provider has made a refund. Doing it again changes nothing. Outcomes: done {order}.
-- +goose StatementBegin
CREATE FUNCTION finish_refund(p_refund uuid) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
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
        UPDATE payments SET state = 'refunded' WHERE id = v_payment.id;
    END IF;
    RETURN outcome('done', jsonb_build_object('order', order_document(v_payment.order_id)));
END $$;
-- +goose StatementEnd
