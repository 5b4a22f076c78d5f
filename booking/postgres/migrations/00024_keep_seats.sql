-- +goose Up
-- Keeping a hold for longer, changing its seats, and looking at what one has.

-- A buyer's hold that may still be changed, or the outcome that refuses it: session-missing, hold-unknown, and after the locks, which
-- this takes together with those of p_more, hold-ordered {order_id} and hold-expired. The seats of a hold never change, so its locks are always the same.
-- +goose StatementBegin
CREATE FUNCTION lock_own_hold(p_session bytea, p_show text, p_hold uuid, p_more bigint[], OUT hold holds, OUT refusal jsonb) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_buyer bigint := buyer_of(p_session);
    v_order uuid;
BEGIN
    IF v_buyer IS NULL THEN
        refusal := outcome('session-missing');
        RETURN;
    END IF;
    SELECT h.* INTO hold FROM holds h JOIN shows w ON w.id = h.show_id AND w.slug = p_show WHERE h.id = p_hold AND h.buyer_id = v_buyer;
    IF NOT FOUND THEN
        refusal := outcome('hold-unknown');
        RETURN;
    END IF;
    PERFORM take_locks(buyer_lock(v_buyer) || seat_locks(hold.seat_ids || p_more));
    SELECT * INTO hold FROM holds WHERE id = p_hold;
    SELECT id INTO v_order FROM orders WHERE hold_id = p_hold AND state <> 'cancelled';
    IF FOUND THEN
        refusal := outcome('hold-ordered', jsonb_build_object('order_id', v_order));
    ELSIF hold.state <> 'active' OR hold.expires_at <= clock_timestamp() THEN
        refusal := outcome('hold-expired');
    END IF;
END $$;
-- +goose StatementEnd

-- Begins a hold's time anew, a few times at most; one that has run out stays over. Outcomes: done {hold}, hold-not-renewable, and those
-- of lock_own_hold.
-- +goose StatementBegin
CREATE FUNCTION renew_hold(p_session bytea, p_show text, p_hold uuid) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_ask   record;
    v_hold  holds;
    v_until timestamptz;
    v_count integer;
BEGIN
    SELECT * INTO v_ask FROM lock_own_hold(p_session, p_show, p_hold, '{}');
    IF v_ask.refusal IS NOT NULL THEN
        RETURN v_ask.refusal;
    END IF;
    v_hold := v_ask.hold;
    IF v_hold.renewals >= max_renewals() THEN
        RETURN outcome('hold-not-renewable');
    END IF;
    SELECT greatest(v_hold.expires_at, clock_timestamp() + make_interval(secs => hold_seconds)) INTO v_until FROM shows WHERE id = v_hold.show_id;
    UPDATE holds SET expires_at = v_until, renewals = renewals + 1 WHERE id = p_hold;
    IF v_hold.exclusive THEN
        UPDATE show_seats SET held_until = v_until, version = version + 1 WHERE id = ANY (v_hold.seat_ids) AND state = 'held' AND hold_id = p_hold;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        IF v_count <> v_hold.seat_count THEN
            RAISE EXCEPTION 'hold % is valid and has % of its % seats', p_hold, v_count, v_hold.seat_count
                USING ERRCODE = 'check_violation', CONSTRAINT = 'renewal_keeps_all';
        END IF;
    END IF;
    RETURN outcome('done', jsonb_build_object('hold', hold_document(p_hold)));
END $$;
-- +goose StatementEnd

-- Puts another hold with other seats in the place of one, all or nothing: the seats of both are kept throughout, the deadline and the
-- renewals stay. The hold in the answer has an id of its own. Outcomes: done {hold}, seat-unknown, seat-of-another-show and seat-taken
-- {seat_ids}, limit-reached {max_per_buyer}, and those of lock_own_hold.
-- +goose StatementBegin
CREATE FUNCTION change_hold(p_session bytea, p_show text, p_hold uuid, p_seats bigint[]) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_ask     record;
    v_hold    holds;
    v_show    shows;
    v_now     timestamptz;
    v_unknown bigint[];
    v_other   bigint[];
    v_taken   bigint[];
    v_new      uuid;
BEGIN
    SELECT * INTO v_ask FROM lock_own_hold(p_session, p_show, p_hold, p_seats);
    IF v_ask.refusal IS NOT NULL THEN
        RETURN v_ask.refusal;
    END IF;
    v_hold := v_ask.hold;
    SELECT * INTO v_show FROM shows WHERE id = v_hold.show_id;
    v_now := clock_timestamp();
    SELECT array_agg(w.id) FILTER (WHERE s.id IS NULL),
           array_agg(w.id) FILTER (WHERE s.show_id <> v_show.id),
           array_agg(w.id) FILTER (WHERE NOT seat_free(s.state, s.held_until, v_now) AND s.hold_id IS DISTINCT FROM p_hold)
      INTO v_unknown, v_other, v_taken
      FROM unnest(p_seats) AS w (id) LEFT JOIN show_seats s ON s.id = w.id;
    IF v_unknown IS NOT NULL THEN
        RETURN outcome('seat-unknown', jsonb_build_object('seat_ids', v_unknown));
    ELSIF v_other IS NOT NULL THEN
        RETURN outcome('seat-of-another-show', jsonb_build_object('seat_ids', v_other));
    ELSIF v_taken IS NOT NULL THEN
        RETURN outcome('seat-taken', jsonb_build_object('seat_ids', v_taken));
    ELSIF seats_of_buyer(v_hold.buyer_id, v_show.id, v_now) - v_hold.seat_count + cardinality(p_seats) > v_show.max_per_buyer THEN
        RETURN outcome('limit-reached', jsonb_build_object('max_per_buyer', v_show.max_per_buyer));
    END IF;
    PERFORM free_seats(p_hold, v_hold.seat_ids);
    UPDATE holds SET state = 'released' WHERE id = p_hold;
    v_new := make_hold(v_show.id, v_hold.buyer_id, p_seats, v_hold.expires_at, v_hold.exclusive, v_hold.renewals);
    RETURN outcome('done', jsonb_build_object('hold', hold_document(v_new)));
END $$;
-- +goose StatementEnd

-- The buyer's living holds in a show that are not ordered yet, oldest first; of them one, if its id is given. Outcomes: done {holds}, session-missing, show-unknown, hold-unknown.
-- +goose StatementBegin
CREATE FUNCTION own_holds(p_session bytea, p_show text, p_hold uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_buyer bigint := buyer_of(p_session);
    v_show  bigint;
    v_holds jsonb;
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    SELECT id INTO v_show FROM shows WHERE slug = p_show;
    IF NOT FOUND THEN
        RETURN outcome('show-unknown');
    END IF;
    SELECT coalesce(jsonb_agg(hold_document(h.id) ORDER BY h.created_at, h.id), '[]') INTO v_holds
      FROM holds h
     WHERE h.buyer_id = v_buyer AND h.show_id = v_show AND h.state = 'active' AND h.expires_at > clock_timestamp() AND (p_hold IS NULL OR h.id = p_hold)
       AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.hold_id = h.id);
    IF p_hold IS NOT NULL AND v_holds = '[]' THEN
        RETURN outcome('hold-unknown');
    END IF;
    RETURN outcome('done', jsonb_build_object('holds', v_holds));
END $$;
-- +goose StatementEnd
