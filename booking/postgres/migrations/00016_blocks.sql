-- +goose Up
-- Staff keep seats back from sale and give them back to it.

-- Blocks seats that can be had, or frees blocked ones: all or none. What is so already stays so. Outcomes: done {changed}, show-unknown,
-- seat-unknown {seat_ids}, seat-of-another-show {seat_ids}, seat-taken {seat_ids}.
-- +goose StatementBegin
CREATE FUNCTION block_seats(p_show text, p_seats bigint[], p_block boolean) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_show    bigint;
    v_unknown bigint[];
    v_other   bigint[];
    v_taken   bigint[];
    v_change  bigint[];
    v_now     timestamptz;
    v_count   integer;
BEGIN
    SELECT id INTO v_show FROM shows WHERE slug = p_show;
    IF NOT FOUND THEN
        RETURN outcome('show-unknown');
    END IF;
    SELECT array_agg(w.id) FILTER (WHERE s.id IS NULL), array_agg(w.id) FILTER (WHERE s.show_id <> v_show)
      INTO v_unknown, v_other
      FROM unnest(p_seats) AS w (id) LEFT JOIN show_seats s ON s.id = w.id;
    IF v_unknown IS NOT NULL THEN
        RETURN outcome('seat-unknown', jsonb_build_object('seat_ids', v_unknown));
    ELSIF v_other IS NOT NULL THEN
        RETURN outcome('seat-of-another-show', jsonb_build_object('seat_ids', v_other));
    END IF;

    PERFORM take_locks(seat_locks(p_seats));

    v_now := clock_timestamp();
    SELECT array_agg(id) FILTER (WHERE state <> 'blocked' AND NOT seat_free(state, held_until, v_now)),
           array_agg(id) FILTER (WHERE (state = 'blocked') <> p_block)
      INTO v_taken, v_change
      FROM show_seats WHERE id = ANY (p_seats);
    IF p_block AND v_taken IS NOT NULL THEN
        RETURN outcome('seat-taken', jsonb_build_object('seat_ids', v_taken));
    END IF;
    IF p_block THEN
        -- A hold that has run out is let go of first: from held to blocked is no transition.
        UPDATE show_seats SET state = 'free', hold_id = NULL, held_until = NULL, version = version + 1
         WHERE id = ANY (v_change) AND state = 'held' AND held_until <= v_now;
        UPDATE show_seats SET state = 'blocked', version = version + 1 WHERE id = ANY (v_change) AND state = 'free';
    ELSE
        UPDATE show_seats SET state = 'free', version = version + 1 WHERE id = ANY (v_change) AND state = 'blocked';
    END IF;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count <> coalesce(cardinality(v_change), 0) THEN
        RAISE EXCEPTION 'changed % of % seats', v_count, cardinality(v_change)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'block_takes_all';
    END IF;
    -- Last of all locks, in order of section_id, as add_sold does.
    PERFORM 1 FROM show_sections
      WHERE show_id = v_show AND section_id IN (SELECT section_id FROM show_seats WHERE id = ANY (v_change))
      ORDER BY section_id FOR NO KEY UPDATE;
    UPDATE show_sections c SET seats_blocked = c.seats_blocked + CASE WHEN p_block THEN n.seats ELSE -n.seats END
      FROM (SELECT section_id, count(*)::integer AS seats FROM show_seats WHERE id = ANY (v_change) GROUP BY section_id) n
     WHERE c.show_id = v_show AND c.section_id = n.section_id;
    RETURN outcome('done', jsonb_build_object('changed', v_count));
END $$;
-- +goose StatementEnd
