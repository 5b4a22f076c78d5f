-- +goose Up
-- Holding seats and letting go of them.

-- Whether a seat can be had at the moment given. Read that moment with clock_timestamp() AFTER the seat's lock.
-- +goose StatementBegin
CREATE FUNCTION seat_free(state text, held_until timestamptz, at timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT state = 'free' OR (state = 'held' AND held_until <= at)
$$;
-- +goose StatementEnd

-- Whether a hold counts: against the buyer's limit, and against the seats that can be had.
-- +goose StatementBegin
CREATE FUNCTION hold_counts(state text, expires_at timestamptz, at timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT state IN ('confirming', 'sold') OR (state = 'active' AND expires_at > at)
$$;
-- +goose StatementEnd

-- Takes all the seats or none. One round trip: refuse without a lock what is visibly taken; lock the buyer and the seats; look
-- again, with the snapshot that only a new statement has; then take them, and raise if that did not take them all.
-- Outcomes: done {hold}, session-missing, show-unknown, not-on-sale, seat-unknown {seat_ids}, seat-of-another-show {seat_ids},
-- seat-taken {seat_ids}, limit-reached {max_per_buyer}.
-- +goose StatementBegin
CREATE FUNCTION hold_seats(p_session bytea, p_show text, p_seats bigint[]) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_buyer   bigint := buyer_of(p_session);
    v_show    shows;
    v_unknown bigint[];
    v_other   bigint[];
    v_taken   bigint[];
    v_now     timestamptz := clock_timestamp();
    v_mine    bigint;
    v_hold    uuid;
    v_until   timestamptz;
    v_count   integer;
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    SELECT * INTO v_show FROM shows WHERE slug = p_show;
    IF NOT FOUND THEN
        RETURN outcome('show-unknown');
    END IF;
    IF v_now < v_show.on_sale_at OR v_now >= v_show.starts_at THEN
        RETURN outcome('not-on-sale', jsonb_build_object('on_sale_at', rfc3339(v_show.on_sale_at)));
    END IF;

    SELECT array_agg(w.id) FILTER (WHERE s.id IS NULL),
           array_agg(w.id) FILTER (WHERE s.show_id <> v_show.id),
           array_agg(w.id) FILTER (WHERE NOT seat_free(s.state, s.held_until, v_now))
      INTO v_unknown, v_other, v_taken
      FROM unnest(p_seats) AS w (id) LEFT JOIN show_seats s ON s.id = w.id;
    IF v_unknown IS NOT NULL THEN
        RETURN outcome('seat-unknown', jsonb_build_object('seat_ids', v_unknown));
    ELSIF v_other IS NOT NULL THEN
        RETURN outcome('seat-of-another-show', jsonb_build_object('seat_ids', v_other));
    ELSIF v_taken IS NOT NULL THEN
        RETURN outcome('seat-taken', jsonb_build_object('seat_ids', v_taken));
    END IF;

    PERFORM take_locks(buyer_lock(v_buyer) || seat_locks(p_seats));

    v_now := clock_timestamp();
    SELECT array_agg(id) INTO v_taken FROM show_seats WHERE id = ANY (p_seats) AND NOT seat_free(state, held_until, v_now);
    IF v_taken IS NOT NULL THEN
        RETURN outcome('seat-taken', jsonb_build_object('seat_ids', v_taken));
    END IF;
    SELECT coalesce(sum(seat_count), 0) INTO v_mine
      FROM holds WHERE buyer_id = v_buyer AND show_id = v_show.id AND hold_counts(state, expires_at, v_now);
    IF v_mine + cardinality(p_seats) > v_show.max_per_buyer THEN
        RETURN outcome('limit-reached', jsonb_build_object('max_per_buyer', v_show.max_per_buyer));
    END IF;

    INSERT INTO holds (show_id, buyer_id, seat_ids, created_at, expires_at)
    VALUES (v_show.id, v_buyer, p_seats, v_now, v_now + make_interval(secs => v_show.hold_seconds))
    RETURNING id, expires_at INTO v_hold, v_until;
    UPDATE show_seats SET state = 'held', hold_id = v_hold, held_until = v_until, version = version + 1
     WHERE id = ANY (p_seats) AND seat_free(state, held_until, v_now);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count <> cardinality(p_seats) THEN
        RAISE EXCEPTION 'hold % took % of % seats', v_hold, v_count, cardinality(p_seats)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hold_takes_all';
    END IF;
    RETURN outcome('done', jsonb_build_object('hold', hold_document(v_hold)));
END $$;
-- +goose StatementEnd

-- Makes the seats that a hold still has free. The caller holds the seats' locks.
-- +goose StatementBegin
CREATE FUNCTION free_seats(p_hold uuid, p_seats bigint[]) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_count integer;
BEGIN
    UPDATE show_seats SET state = 'free', hold_id = NULL, held_until = NULL, version = version + 1
     WHERE id = ANY (p_seats) AND hold_id = p_hold AND state IN ('held', 'sold');
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;
-- +goose StatementEnd

-- Outcomes: done (also when it was over already), session-missing, hold-unknown, hold-ordered {order_id}.
-- +goose StatementBegin
CREATE FUNCTION release_hold(p_session bytea, p_show text, p_hold uuid) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_buyer bigint := buyer_of(p_session);
    v_hold  holds;
    v_order uuid;
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    SELECT h.* INTO v_hold FROM holds h JOIN shows w ON w.id = h.show_id AND w.slug = p_show WHERE h.id = p_hold AND h.buyer_id = v_buyer;
    IF NOT FOUND THEN
        RETURN outcome('hold-unknown');
    END IF;
    PERFORM take_locks(seat_locks(v_hold.seat_ids));
    SELECT * INTO v_hold FROM holds WHERE id = p_hold;
    IF v_hold.state IN ('released', 'expired') THEN
        RETURN outcome('done');
    END IF;
    SELECT id INTO v_order FROM orders WHERE hold_id = p_hold AND state <> 'cancelled';
    IF FOUND THEN
        RETURN outcome('hold-ordered', jsonb_build_object('order_id', v_order));
    END IF;
    PERFORM free_seats(p_hold, v_hold.seat_ids);
    UPDATE holds SET state = 'released' WHERE id = p_hold;
    RETURN outcome('done');
END $$;
-- +goose StatementEnd

-- Tidies holds that have run out, at most p_limit of them, and says how many it ended. Nothing depends on it: a hold
-- that has run out is over without it.
-- +goose StatementBegin
CREATE FUNCTION sweep_holds(p_limit integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_ids   uuid[];
    v_seats bigint[];
    v_keys  bigint[];
    v_count integer;
BEGIN
    SELECT array_agg(id) INTO v_ids
      FROM (SELECT id FROM holds WHERE state = 'active' AND expires_at <= clock_timestamp() ORDER BY expires_at LIMIT p_limit) h;
    IF v_ids IS NULL THEN
        RETURN 0;
    END IF;
    SELECT array_agg(s) INTO v_seats FROM holds h, unnest(h.seat_ids) s WHERE h.id = ANY (v_ids);
    SELECT array_agg(order_lock(number)) INTO v_keys FROM orders WHERE hold_id = ANY (v_ids);
    PERFORM take_locks(seat_locks(v_seats) || v_keys);
    -- Some may have been released, or be confirming, since they were found.
    SELECT array_agg(id) INTO v_ids FROM holds WHERE id = ANY (v_ids) AND state = 'active';
    UPDATE show_seats SET state = 'free', hold_id = NULL, held_until = NULL, version = version + 1
     WHERE id = ANY (v_seats) AND state = 'held' AND hold_id = ANY (v_ids);
    UPDATE orders SET state = 'expired' WHERE hold_id = ANY (v_ids) AND state = 'pending';
    UPDATE holds SET state = 'expired' WHERE id = ANY (v_ids);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;
-- +goose StatementEnd
