-- +goose Up
-- General admission: any places of a section, in one round trip.

-- At most p_limit places of a section that can be had now, in order.
-- +goose StatementBegin
CREATE FUNCTION free_places(p_show bigint, p_section bigint, p_limit integer, p_without bigint[]) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
BEGIN
    RETURN (
    SELECT coalesce(array_agg(id), '{}')
      FROM (SELECT id FROM show_seats
             WHERE show_id = p_show AND section_id = p_section AND seat_free(state, held_until, v_now) AND id <> ALL (p_without)
             ORDER BY ordinal LIMIT p_limit) s);
END $$;
-- +goose StatementEnd

-- Holds any p_count places of a general or standing section, also in a show that is paid first: one place is like another, so there is
-- nothing to compete for. Takers take turns by the pool's lock. What is kept back as the section's reserve stays. Outcomes: done {hold},
-- session-missing, show-unknown, not-on-sale, section-unknown, limit-reached {max_per_buyer}, seats-insufficient {available}.
-- +goose StatementBegin
CREATE FUNCTION hold_general(p_session bytea, p_show text, p_section text, p_count integer) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_ask     record;
    v_show    shows;
    v_section bigint;
    v_reserve integer;
    v_free    bigint[];
    v_lost    bigint[] := '{}';
    v_gone    bigint[];
    v_new      uuid;
BEGIN
    SELECT * INTO v_ask FROM begin_hold(p_session, p_show);
    IF v_ask.refusal IS NOT NULL THEN
        RETURN v_ask.refusal;
    END IF;
    v_show := v_ask.show;
    SELECT c.id, p.reserve INTO v_section, v_reserve
      FROM show_sections p JOIN sections c ON c.id = p.section_id
     WHERE p.show_id = v_show.id AND c.name = p_section AND c.kind <> 'seated';
    IF NOT FOUND THEN
        RETURN outcome('section-unknown');
    END IF;
    v_free := free_places(v_show.id, v_section, p_count + v_reserve, '{}');
    IF cardinality(v_free) < p_count + v_reserve THEN -- visibly: no lock is wanted to say so
        RETURN outcome('seats-insufficient', jsonb_build_object('available', greatest(cardinality(v_free) - v_reserve, 0)));
    END IF;

    PERFORM take_locks(ARRAY[buyer_lock(v_ask.buyer), pool_lock(v_show.id, v_section)]);

    IF seats_of_buyer(v_ask.buyer, v_show.id, clock_timestamp()) + p_count > v_show.max_per_buyer THEN
        RETURN outcome('limit-reached', jsonb_build_object('max_per_buyer', v_show.max_per_buyer));
    END IF;
    LOOP
        v_free := free_places(v_show.id, v_section, p_count + v_reserve, v_lost);
        IF cardinality(v_free) < p_count + v_reserve THEN
            IF v_lost <> '{}' THEN
                PERFORM give_way(); -- places may come back that someone takes by their ids, or lets go of, at this moment
            END IF;
            RETURN outcome('seats-insufficient', jsonb_build_object('available', greatest(cardinality(v_free) - v_reserve, 0)));
        END IF;
        v_gone := claim_seats(v_free[1:p_count]);
        EXIT WHEN v_gone = '{}';
        v_lost := v_lost || v_gone;
    END LOOP;
    v_new := make_hold(v_show.id, v_ask.buyer, v_free[1:p_count], clock_timestamp() + make_interval(secs => v_show.hold_seconds), true, 0);
    RETURN outcome('done', jsonb_build_object('hold', hold_document(v_new)));
END $$;
-- +goose StatementEnd
