-- +goose Up
-- Placing an order, and idempotency keys.

-- Claims a key for this buyer. Null: it is ours now, and its record is filled in by finish_key or taken away by drop_key in this or a
-- later transaction. Else the outcome to answer with: what was answered before, idempotency-key-reused, idempotency-key-in-flight.
-- A second claim waits for the transaction of the first, at most lock_timeout.
-- +goose StatementBegin
CREATE FUNCTION claim_key(p_buyer bigint, p_key text, p_fingerprint bytea) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_record idempotency_records;
BEGIN
    BEGIN
        INSERT INTO idempotency_records (buyer_id, key, fingerprint) VALUES (p_buyer, p_key, p_fingerprint) ON CONFLICT DO NOTHING;
        IF FOUND THEN
            RETURN NULL;
        END IF;
    EXCEPTION WHEN lock_not_available THEN
        RETURN outcome('idempotency-key-in-flight');
    END;
    SELECT * INTO v_record FROM idempotency_records WHERE buyer_id = p_buyer AND key = p_key;
    IF v_record.fingerprint <> p_fingerprint THEN
        RETURN outcome('idempotency-key-reused');
    ELSIF v_record.outcome IS NULL THEN
        RETURN outcome('idempotency-key-in-flight');
    END IF;
    RETURN outcome(v_record.outcome, jsonb_build_object('order', v_record.response));
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION finish_key(p_buyer bigint, p_key text, p_order uuid, p_outcome text, p_response jsonb) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE idempotency_records SET outcome = p_outcome, response = p_response, order_id = p_order WHERE buyer_id = p_buyer AND key = p_key;
END $$;
-- +goose StatementEnd

-- For a request that was refused and changed nothing: it may be tried again under the same key.
-- +goose StatementBegin
CREATE FUNCTION drop_key(p_buyer bigint, p_key text) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    DELETE FROM idempotency_records WHERE buyer_id = p_buyer AND key = p_key;
END $$;
-- +goose StatementEnd

-- The part of place_order that runs under a claimed key.
-- +goose StatementBegin
CREATE FUNCTION place_claimed_order(p_buyer bigint, p_hold uuid, p_key text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_hold   holds;
    v_order  uuid;
    v_count  integer;
    v_number bigint;
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
    IF v_hold.state <> 'active' OR v_hold.expires_at <= clock_timestamp() OR v_count <> v_hold.seat_count THEN
        RETURN outcome('hold-expired');
    END IF;

    INSERT INTO orders (number, reference, show_id, buyer_id, hold_id, total, currency, idempotency_key, pay_by)
    OVERRIDING SYSTEM VALUE
    SELECT n.number, order_reference(n.number), v_hold.show_id, p_buyer, p_hold,
           (SELECT sum(b.price) FROM show_seats s JOIN show_sections p USING (show_id, section_id) JOIN price_bands b ON b.id = p.band_id
             WHERE s.id = ANY (v_hold.seat_ids)),
           w.currency, p_key, v_hold.expires_at
      FROM shows w, (SELECT nextval(pg_get_serial_sequence('orders', 'number')) AS number) n
     WHERE w.id = v_hold.show_id
    RETURNING id INTO v_order;
    INSERT INTO order_lines (order_id, show_seat_id, band_id, price)
    SELECT v_order, s.id, b.id, b.price
      FROM show_seats s JOIN show_sections p USING (show_id, section_id) JOIN price_bands b ON b.id = p.band_id
     WHERE s.id = ANY (v_hold.seat_ids);
    RETURN outcome('done', jsonb_build_object('order', order_document(v_order)));
END $$;
-- +goose StatementEnd

-- Outcomes: done {order}, session-missing, hold-unknown, hold-expired, hold-ordered {order_id}, and those of claim_key.
-- +goose StatementBegin
CREATE FUNCTION place_order(p_session bytea, p_hold uuid, p_key text, p_fingerprint bytea) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
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
    v_answer := place_claimed_order(v_buyer, p_hold, p_key);
    IF v_answer ->> 'outcome' = 'done' THEN
        PERFORM finish_key(v_buyer, p_key, (v_answer -> 'order' ->> 'id')::uuid, 'done', v_answer -> 'order');
    ELSE
        PERFORM drop_key(v_buyer, p_key);
    END IF;
    RETURN v_answer;
END $$;
-- +goose StatementEnd
