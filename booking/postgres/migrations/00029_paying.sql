-- +goose Up
-- Paying in two steps. start_payment begins; the provider is asked to authorise, outside any transaction; authorise_payment makes sure
-- of the seats; the provider is asked to capture, or to void; settle_payment writes down the end. A crash anywhere leaves a
-- payment that is under way, and the reconciler asks the provider and goes on from there.
--
-- hold_first: the seats are confirming from start_payment on, so an authorised charge can be captured at once.
-- pay_first: the hold reserves nothing. The first authorised payment takes the seats, in authorise_payment; the others
-- are voided and never charged. A buyer who has to act (3-D Secure) keeps the seats only for as long as the hold lasts, and
-- afterwards is in the same race: the same seats again if nobody has them, else the money is never taken.

-- Takes every lock of a sale: the buyer's, because seats are counted against the limit; the seats'; the order's.
-- +goose StatementBegin
CREATE FUNCTION lock_sale(p_order uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM take_locks(buyer_lock(o.buyer_id) || seat_locks(h.seat_ids) || order_lock(o.number))
       FROM orders o JOIN holds h ON h.id = o.hold_id WHERE o.id = p_order;
END $$;
-- +goose StatementEnd

-- The part of start_payment that runs under a claimed key. What is paid first takes no lock but its own: of the crowd that wants the
-- same seats nobody waits for another here. Outcomes besides those that start_payment had: seat-taken {seat_ids}; and started says
-- whether the seats are secured. A key that was settled as seats-lost answers so.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION start_claimed_payment(p_buyer bigint, p_order uuid, p_key text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_order   orders;
    v_hold    holds;
    v_count   integer;
    v_taken   bigint[];
    v_payment uuid;
BEGIN
    SELECT h.* INTO v_hold FROM orders o JOIN holds h ON h.id = o.hold_id WHERE o.id = p_order AND o.buyer_id = p_buyer;
    IF NOT FOUND THEN
        RETURN outcome('order-unknown');
    END IF;
    IF v_hold.exclusive THEN
        PERFORM lock_order(p_order);
    ELSE
        PERFORM take_locks(ARRAY[order_lock(number)]) FROM orders WHERE id = p_order;
    END IF;
    SELECT * INTO v_order FROM orders WHERE id = p_order;
    SELECT * INTO v_hold FROM holds WHERE id = v_order.hold_id;
    IF order_state(v_order.state, v_order.pay_by) = 'expired' OR (v_order.state = 'pending' AND v_hold.expires_at <= clock_timestamp()) THEN
        RETURN outcome('hold-expired');
    ELSIF v_order.state <> 'pending' THEN
        RETURN outcome('order-not-payable', jsonb_build_object('state', v_order.state));
    END IF;
    IF v_hold.exclusive THEN
        UPDATE show_seats SET state = 'confirming', version = version + 1
         WHERE id = ANY (v_hold.seat_ids) AND state = 'held' AND hold_id = v_hold.id;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        IF v_count <> v_hold.seat_count THEN
            RAISE EXCEPTION 'hold % is valid and has % of its % seats', v_hold.id, v_count, v_hold.seat_count
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_takes_all';
        END IF;
        UPDATE holds SET state = 'confirming' WHERE id = v_hold.id;
    ELSE
        -- Only a look, which spares a buyer an authorisation that can come to nothing; what counts is authorise_payment.
        SELECT array_agg(id) INTO v_taken FROM show_seats WHERE id = ANY (v_hold.seat_ids) AND NOT seat_free(state, held_until, clock_timestamp());
        IF v_taken IS NOT NULL THEN
            RETURN outcome('seat-taken', jsonb_build_object('seat_ids', v_taken));
        END IF;
    END IF;
    UPDATE orders SET state = 'confirming' WHERE id = p_order;
    INSERT INTO payments (order_id, buyer_id, amount, idempotency_key) VALUES (p_order, p_buyer, v_order.total, p_key) RETURNING id INTO v_payment;
    RETURN outcome('started', jsonb_build_object('payment_id', v_payment, 'secured', v_hold.exclusive, 'order', order_document(p_order)));
END $$;
-- +goose StatementEnd

-- Makes all the seats of an order confirming, those that are and those that nobody else has; false, and nothing is changed, when one is
-- someone else's or the buyer has as many others by now as one may have. The caller has called lock_sale in an earlier statement.
-- +goose StatementBegin
CREATE FUNCTION secure_seats(p_hold holds) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_now   timestamptz := clock_timestamp();
    v_here  integer;
    v_free  integer;
    v_count integer;
BEGIN
    SELECT count(*) FILTER (WHERE state = 'confirming' AND hold_id = p_hold.id),
           count(*) FILTER (WHERE seat_free(state, held_until, v_now) OR (state = 'held' AND hold_id = p_hold.id))
      INTO v_here, v_free FROM show_seats WHERE id = ANY (p_hold.seat_ids);
    IF v_here = p_hold.seat_count THEN
        RETURN true;
    END IF;
    IF v_here + v_free < p_hold.seat_count
       OR p_hold.seat_count + (SELECT coalesce(sum(seat_count), 0) FROM holds
                                WHERE buyer_id = p_hold.buyer_id AND show_id = p_hold.show_id AND id <> p_hold.id
                                  AND hold_counts(state, expires_at, v_now))
          > (SELECT max_per_buyer FROM shows WHERE id = p_hold.show_id) THEN
        RETURN false;
    END IF;
    UPDATE show_seats SET state = 'confirming', hold_id = p_hold.id, held_until = p_hold.expires_at, version = version + 1
     WHERE id = ANY (p_hold.seat_ids) AND (seat_free(state, held_until, v_now) OR (state = 'held' AND hold_id = p_hold.id));
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_here + v_count <> p_hold.seat_count THEN
        RAISE EXCEPTION 'hold % secured % of its % seats', p_hold.id, v_here + v_count, p_hold.seat_count
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_takes_all';
    END IF;
    UPDATE holds SET state = 'confirming' WHERE id = p_hold.id;
    RETURN true;
END $$;
-- +goose StatementEnd

-- Ends an order whose seats were lost before the money was sure. What it still had of them is free.
-- +goose StatementBegin
CREATE FUNCTION lose_seats(p_order uuid, p_hold holds, p_suggestions bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM free_seats(p_hold.id, p_hold.seat_ids);
    UPDATE holds SET state = 'released' WHERE id = p_hold.id AND state IN ('active', 'confirming');
    UPDATE orders SET state = 'cancelled', outcome = 'seats-lost', suggestions = p_suggestions WHERE id = p_order;
END $$;
-- +goose StatementEnd

-- What to offer in place of an order's seats. To be called before any lock is taken: it may lock a section.
-- +goose StatementBegin
CREATE FUNCTION suggest_for(p_order uuid) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN (
    SELECT suggest_seats(o.show_id, count(*)::integer, min(n.band_id)) FROM orders o JOIN order_lines n ON n.order_id = o.id WHERE o.id = p_order GROUP BY o.show_id);
END $$;
-- +goose StatementEnd

-- The provider has authorised a payment. Outcomes: capture, its seats are confirming now and stay it; void, they are lost for good;
-- settled, the payment has ended already. Asking again answers the same until it is settled.
-- +goose StatementBegin
CREATE FUNCTION authorise_payment(p_payment uuid, p_ref text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_payment payments;
    v_hold    holds;
    v_offer   bigint[];
BEGIN
    SELECT * INTO STRICT v_payment FROM payments WHERE id = p_payment;
    SELECT h.* INTO v_hold FROM orders o JOIN holds h ON h.id = o.hold_id WHERE o.id = v_payment.order_id;
    IF v_payment.state IN ('started', 'action')
       AND EXISTS (SELECT 1 FROM show_seats WHERE id = ANY (v_hold.seat_ids) AND hold_id IS DISTINCT FROM v_hold.id
                                              AND NOT seat_free(state, held_until, clock_timestamp())) THEN
        v_offer := suggest_for(v_payment.order_id); -- it looks lost already, and once locked it is too late to ask
    END IF;
    PERFORM lock_sale(v_payment.order_id);
    SELECT * INTO v_payment FROM payments WHERE id = p_payment;
    SELECT * INTO v_hold FROM holds WHERE id = v_hold.id;
    IF v_payment.state IN ('captured', 'refunded', 'declined', 'voided') THEN
        RETURN outcome('settled');
    ELSIF v_payment.state = 'voiding' THEN
        RETURN outcome('void');
    ELSIF secure_seats(v_hold) THEN
        UPDATE payments SET state = 'authorised', ref = coalesce(p_ref, ref) WHERE id = p_payment;
        RETURN outcome('capture');
    END IF;
    PERFORM lose_seats(v_payment.order_id, v_hold, v_offer);
    UPDATE payments SET state = 'voiding', ref = coalesce(p_ref, ref) WHERE id = p_payment;
    RETURN outcome('void');
END $$;
-- +goose StatementEnd

-- The buyer has to act before the provider authorises. Until then the seats are the hold's again and run out with it.
-- Outcomes: done {order}; settled, when the payment has gone further already.
-- +goose StatementBegin
CREATE FUNCTION await_action(p_payment uuid, p_ref text, p_url text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_payment payments;
    v_hold    holds;
BEGIN
    SELECT * INTO STRICT v_payment FROM payments WHERE id = p_payment;
    PERFORM lock_sale(v_payment.order_id);
    SELECT * INTO v_payment FROM payments WHERE id = p_payment;
    IF v_payment.state NOT IN ('started', 'action') THEN
        RETURN outcome('settled');
    END IF;
    SELECT h.* INTO v_hold FROM orders o JOIN holds h ON h.id = o.hold_id WHERE o.id = v_payment.order_id;
    UPDATE show_seats SET state = 'held', held_until = v_hold.expires_at, version = version + 1
     WHERE id = ANY (v_hold.seat_ids) AND state = 'confirming' AND hold_id = v_hold.id;
    UPDATE holds SET state = 'active' WHERE id = v_hold.id AND state = 'confirming';
    UPDATE payments SET state = 'action', ref = coalesce(p_ref, ref), action_url = p_url WHERE id = p_payment;
    RETURN outcome('done', jsonb_build_object('order', order_document(v_payment.order_id)));
END $$;
-- +goose StatementEnd

-- Writes down how a payment ended: captured, declined, or voided (nothing was or ever will be charged). Doing it
-- again answers the same. Outcomes, each as the key's record keeps it: done {order}, payment-declined, payment-failed, and seats-lost {order}:
-- the order is cancelled, and if the money had been taken all the same, it is owed back.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION settle_payment(p_payment uuid, p_result text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_payment payments;
    v_order   orders;
    v_hold    holds;
    v_count   integer;
    v_offer   bigint[];
    v_answer  jsonb;
BEGIN
    IF p_result NOT IN ('captured', 'declined', 'voided') THEN
        RAISE EXCEPTION 'no such result: %', p_result;
    END IF;
    SELECT * INTO STRICT v_payment FROM payments WHERE id = p_payment;
    IF v_payment.state = 'voiding' THEN
        v_offer := suggest_for(v_payment.order_id);
    END IF;
    PERFORM lock_sale(v_payment.order_id);
    SELECT * INTO v_payment FROM payments WHERE id = p_payment;
    IF v_payment.state NOT IN ('started', 'action', 'authorised', 'voiding') THEN
        IF (v_payment.state IN ('captured', 'refunded')) <> (p_result = 'captured') THEN
            RAISE EXCEPTION 'payment % is % here and % at the provider', p_payment, v_payment.state, p_result
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_settles_once';
        END IF;
        RETURN (SELECT outcome(r.outcome, jsonb_build_object('order', r.response)) FROM idempotency_records r
                 WHERE r.buyer_id = v_payment.buyer_id AND r.key = v_payment.idempotency_key);
    END IF;
    SELECT * INTO v_order FROM orders WHERE id = v_payment.order_id;
    SELECT * INTO v_hold FROM holds WHERE id = v_order.hold_id;

    -- Money that was taken before we were sure of the seats: the same seats if they can be had, else it goes back.
    IF p_result = 'captured' AND v_payment.state <> 'voiding' AND NOT secure_seats(v_hold) THEN
        PERFORM lose_seats(v_order.id, v_hold, NULL);
        v_payment.state := 'voiding';
    END IF;

    IF v_payment.state = 'voiding' THEN
        UPDATE orders SET suggestions = coalesce(suggestions, v_offer) WHERE id = v_order.id;
        UPDATE payments SET state = p_result, settled_at = clock_timestamp(), action_url = NULL WHERE id = p_payment;
        IF p_result = 'captured' AND v_payment.amount > 0 THEN
            INSERT INTO refunds (payment_id, amount) VALUES (p_payment, v_payment.amount);
        END IF;
        v_answer := outcome('seats-lost', jsonb_build_object('order', order_document(v_order.id)));
    ELSIF p_result = 'captured' THEN
        UPDATE show_seats SET state = 'sold', held_until = NULL, version = version + 1
         WHERE id = ANY (v_hold.seat_ids) AND state = 'confirming' AND hold_id = v_hold.id;
        UPDATE holds SET state = 'sold' WHERE id = v_hold.id;
        UPDATE orders SET state = 'paid' WHERE id = v_order.id;
        INSERT INTO tickets (code, order_id, show_seat_id) SELECT ticket_code(), v_order.id, show_seat_id FROM order_lines WHERE order_id = v_order.id;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        IF v_count <> v_hold.seat_count THEN
            RAISE EXCEPTION 'order % has % tickets for its % seats', v_order.id, v_count, v_hold.seat_count
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_takes_all';
        END IF;
        UPDATE payments SET state = 'captured', settled_at = clock_timestamp(), action_url = NULL WHERE id = p_payment;
        v_answer := outcome('done', jsonb_build_object('order', order_document(v_order.id)));
    ELSE
        -- The seats go back to the hold with the deadline it had. If that is over, they can be had by anyone.
        UPDATE show_seats SET state = 'held', held_until = v_hold.expires_at, version = version + 1
         WHERE id = ANY (v_hold.seat_ids) AND state = 'confirming' AND hold_id = v_hold.id;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        IF v_hold.state = 'confirming' AND v_count <> v_hold.seat_count THEN
            RAISE EXCEPTION 'order % is confirming and has % of its % seats', v_order.id, v_count, v_hold.seat_count
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_takes_all';
        END IF;
        IF NOT v_hold.exclusive THEN
            PERFORM free_seats(v_hold.id, v_hold.seat_ids); -- it reserved nothing before, and does not now
        END IF;
        UPDATE holds SET state = 'active' WHERE id = v_hold.id AND state = 'confirming';
        -- A hold that the sweeper has ended is not found by it again, so its order ends here.
        UPDATE orders SET state = CASE WHEN v_hold.state IN ('active', 'confirming') THEN 'pending' ELSE 'expired' END WHERE id = v_order.id;
        UPDATE payments SET state = p_result, settled_at = clock_timestamp(), action_url = NULL WHERE id = p_payment;
        v_answer := outcome(CASE p_result WHEN 'declined' THEN 'payment-declined' ELSE 'payment-failed' END);
    END IF;
    PERFORM finish_key(v_payment.buyer_id, v_payment.idempotency_key, v_order.id, v_answer ->> 'outcome', v_answer -> 'order');
    IF v_answer ->> 'outcome' = 'done' THEN
        PERFORM add_sold(v_order.show_id, v_hold.seat_ids, 1);
    END IF;
    RETURN v_answer;
END $$;
-- +goose StatementEnd
