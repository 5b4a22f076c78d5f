-- +goose Up
-- The best available seats, in one round trip.

-- Tries to make seats the caller's own to take, without waiting, and returns those that are not: another is at work on them, or has them
-- by now. That is looked at in a later statement than the one that locks.
-- +goose StatementBegin
CREATE FUNCTION claim_seats(p_seats bigint[]) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_missed bigint[] := try_locks(seat_locks(p_seats));
BEGIN
    RETURN (SELECT coalesce(array_agg(id), '{}') FROM show_seats
             WHERE id = ANY (p_seats) AND (seat_lock(id) = ANY (v_missed) OR NOT seat_free(state, held_until, clock_timestamp())));
END $$;
-- +goose StatementEnd

-- Chooses p_count seats of these sections by the rules of choose_seats and makes them the caller's own to take. Who wants the best of a
-- section takes turns by its lock; a section that is busy is passed over, and only when all that have such seats are busy one is waited
-- for, if p_wait. That wait cannot be in a circle: of the classes from section up nothing is the caller's then, and all other locks
-- here are tried, not waited for. With p_split, what does not fit together is taken in as large pieces as there are.
-- seats is null when there are not so many (together says how many are), or, if busy, when it could not be told just now.
-- +goose StatementBegin
CREATE FUNCTION claim_best(p_show bigint, p_sections bigint[], p_count integer, p_accessible boolean, p_split boolean, p_wait boolean,
    OUT seats bigint[], OUT together integer, OUT busy boolean) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_open  bigint[] := p_sections; -- still to be looked at
    v_ours  bigint[] := '{}';       -- whose lock is ours
    v_busy  bigint[] := '{}';       -- whose lock is another's
    v_lost  bigint[] := '{}';       -- seats that another is about to take
    v_seats bigint[] := '{}';
    v_size  integer := p_count;
    v_found record;
    v_gone  bigint[];
BEGIN
    busy := false;
    LOOP
        SELECT * INTO v_found FROM choose_seats(p_show, v_open, v_size, p_accessible AND v_seats = '{}', v_seats || v_lost);
        IF v_found.seats IS NULL THEN
            together := v_found.together;
            IF p_wait AND v_busy <> '{}' AND v_ours = '{}' THEN
                PERFORM take_locks(ARRAY[section_lock(p_show, v_busy[1])]);
                v_ours := v_busy[1:1];
                v_open := v_busy[1:1];
                v_busy := v_busy[2:];
            ELSIF v_busy <> '{}' OR v_lost <> '{}' THEN
                busy := true;
                RETURN;
            ELSIF p_split AND v_size > 1 AND together > 0 THEN
                v_size := least(v_size - 1, together);
                v_open := p_sections;
            ELSE
                RETURN;
            END IF;
            CONTINUE;
        END IF;
        v_open := v_found.rest;
        IF v_found.section <> ALL (v_ours) THEN
            IF try_locks(ARRAY[section_lock(p_show, v_found.section)]) = '{}' THEN
                v_ours := v_ours || v_found.section; -- and look again
            ELSE
                v_busy := v_busy || v_found.section;
                v_open := array_remove(v_open, v_found.section);
            END IF;
            CONTINUE;
        END IF;
        v_gone := claim_seats(v_found.seats);
        IF v_gone <> '{}' THEN
            v_lost := v_lost || v_gone;
            CONTINUE;
        END IF;
        v_seats := v_seats || v_found.seats;
        IF cardinality(v_seats) = p_count THEN
            seats := v_seats;
            RETURN;
        END IF;
        v_size := least(v_size, p_count - cardinality(v_seats));
        v_open := p_sections;
    END LOOP;
END $$;
-- +goose StatementEnd

-- What an attempt ends with that could not find out whether there are seats. By its code it is what a lock not had in time is.
-- +goose StatementBegin
CREATE FUNCTION give_way() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RAISE EXCEPTION 'others are at work on these seats' USING ERRCODE = 'lock_not_available';
END $$;
-- +goose StatementEnd

-- Holds the best p_count seats, of one band or one section if that is given. In a show that is paid first they are selected; those that
-- nobody else has selected come first. Outcomes: done {hold}, session-missing, show-unknown, not-on-sale, band-unknown, section-unknown,
-- limit-reached {max_per_buyer}, seats-not-together {together}, seats-insufficient.
-- +goose StatementBegin
CREATE FUNCTION hold_best(p_session bytea, p_show text, p_count integer, p_band bigint, p_section text, p_accessible boolean, p_split boolean)
    RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_ask      record;
    v_show     shows;
    v_sections bigint[];
    v_found    record;
    v_others   bigint[];
    v_new       uuid;
BEGIN
    SELECT * INTO v_ask FROM begin_hold(p_session, p_show);
    IF v_ask.refusal IS NOT NULL THEN
        RETURN v_ask.refusal;
    END IF;
    v_show := v_ask.show;
    IF p_band IS NOT NULL AND NOT EXISTS (SELECT 1 FROM price_bands WHERE id = p_band AND show_id = v_show.id) THEN
        RETURN outcome('band-unknown');
    ELSIF p_section IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sections WHERE layout_id = v_show.layout_id AND name = p_section AND kind = 'seated') THEN
        RETURN outcome('section-unknown');
    END IF;
    v_sections := sections_by_distance(v_show.id, p_band, p_section);
    IF v_show.hold_policy = 'pay_first' THEN
        SELECT coalesce(array_agg(DISTINCT s), '{}') INTO v_others
          FROM holds h, unnest(h.seat_ids) s
         WHERE h.show_id = v_show.id AND h.state = 'active' AND NOT h.exclusive AND h.expires_at > clock_timestamp();
        SELECT * INTO v_found FROM choose_seats(v_show.id, v_sections, p_count, p_accessible, v_others);
        IF v_found.seats IS NULL THEN
            SELECT * INTO v_found FROM choose_seats(v_show.id, v_sections, p_count, p_accessible, '{}');
        END IF;
        IF v_found.seats IS NOT NULL THEN
            RETURN select_seats(v_show, v_ask.buyer, v_found.seats);
        END IF;
    ELSE
        PERFORM take_locks(ARRAY[buyer_lock(v_ask.buyer)]);
        IF seats_of_buyer(v_ask.buyer, v_show.id, clock_timestamp()) + p_count > v_show.max_per_buyer THEN
            RETURN outcome('limit-reached', jsonb_build_object('max_per_buyer', v_show.max_per_buyer));
        END IF;
        SELECT * INTO v_found FROM claim_best(v_show.id, v_sections, p_count, p_accessible, p_split, true);
        IF v_found.busy THEN
            PERFORM give_way();
        ELSIF v_found.seats IS NOT NULL THEN
            v_new := make_hold(v_show.id, v_ask.buyer, v_found.seats, clock_timestamp() + make_interval(secs => v_show.hold_seconds), true, 0);
            RETURN outcome('done', jsonb_build_object('hold', hold_document(v_new)));
        END IF;
    END IF;
    IF v_found.together > 0 AND NOT p_split THEN
        RETURN outcome('seats-not-together', jsonb_build_object('together', v_found.together));
    END IF;
    RETURN outcome('seats-insufficient');
END $$;
-- +goose StatementEnd
