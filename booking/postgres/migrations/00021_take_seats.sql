-- +goose Up
-- What the ways of taking seats share, and taking chosen ones.

-- hold_document as in 00007, and whether the hold is exclusive, how often it can still be renewed, and how many other buyers have
-- selected one of its seats too.
-- +goose StatementBegin
CREATE FUNCTION max_renewals() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 2 $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION hold_document(p_hold uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT jsonb_build_object(
        'id', h.id, 'show', w.slug, 'expires_at', rfc3339(h.expires_at), 'total', money(l.total, w.currency), 'seats', l.lines,
        'exclusive', h.exclusive, 'renewals_left', greatest(max_renewals() - h.renewals, 0),
        'others', CASE WHEN h.exclusive THEN 0 ELSE (
            SELECT count(DISTINCT o.buyer_id) FROM holds o
             WHERE o.state = 'active' AND NOT o.exclusive AND o.seat_ids && h.seat_ids
               AND o.buyer_id <> h.buyer_id AND o.expires_at > clock_timestamp()) END)
      FROM holds h JOIN shows w ON w.id = h.show_id,
      LATERAL (
        SELECT sum(b.price)::bigint AS total, jsonb_agg(jsonb_build_object(
                 'seat_id', s.id, 'section', c.name, 'row', t.row_name, 'number', t.number,
                 'band_id', b.id, 'price', money(b.price, w.currency)) ORDER BY s.ordinal) AS lines
          FROM show_seats s
          JOIN seats t ON t.id = s.seat_id
          JOIN sections c ON c.id = s.section_id
          JOIN show_sections p ON p.show_id = s.show_id AND p.section_id = s.section_id
          JOIN price_bands b ON b.id = p.band_id
         WHERE s.id = ANY (h.seat_ids)) l
     WHERE h.id = p_hold);
END $$;
-- +goose StatementEnd

-- Whether a show sells at the moment given.
-- +goose StatementBegin
CREATE FUNCTION on_sale(w shows, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT at >= w.on_sale_at AND at < w.starts_at AND at < coalesce(w.on_sale_until, w.starts_at)
$$;
-- +goose StatementEnd

-- How many seats of a show a buyer has at the moment given. The caller has the buyer's lock from an earlier statement.
-- +goose StatementBegin
CREATE FUNCTION seats_of_buyer(p_buyer bigint, p_show bigint, p_at timestamptz) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN (SELECT coalesce(sum(seat_count), 0) FROM holds WHERE buyer_id = p_buyer AND show_id = p_show AND hold_counts(state, expires_at, p_at));
END $$;
-- +goose StatementEnd

-- Who asks and for which show, or the outcome that refuses it: session-missing, show-unknown, not-on-sale.
-- +goose StatementBegin
CREATE FUNCTION begin_hold(p_session bytea, p_show text, OUT buyer bigint, OUT show shows, OUT refusal jsonb) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    buyer := buyer_of(p_session);
    IF buyer IS NULL THEN
        refusal := outcome('session-missing');
        RETURN;
    END IF;
    SELECT * INTO show FROM shows WHERE slug = p_show AND status = 'published';
    IF NOT FOUND THEN
        refusal := outcome('show-unknown');
    ELSIF NOT on_sale(show, clock_timestamp()) THEN
        refusal := outcome('not-on-sale', jsonb_build_object('on_sale_at', rfc3339(show.on_sale_at)));
    END IF;
END $$;
-- +goose StatementEnd

-- Writes a hold down and, if it is exclusive, takes its seats: they are free and their locks are the caller's. Call it in a statement of its own:
-- hold_document sees what the statement before it wrote.
-- +goose StatementBegin
CREATE FUNCTION make_hold(p_show bigint, p_buyer bigint, p_seats bigint[], p_until timestamptz, p_exclusive boolean, p_renewals integer)
    RETURNS uuid LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_now   timestamptz := clock_timestamp();
    v_hold  uuid;
    v_count integer;
BEGIN
    INSERT INTO holds (show_id, buyer_id, seat_ids, created_at, expires_at, exclusive, renewals)
    VALUES (p_show, p_buyer, p_seats, v_now, p_until, p_exclusive, p_renewals) RETURNING id INTO v_hold;
    IF NOT p_exclusive THEN
        RETURN v_hold;
    END IF;
    UPDATE show_seats SET state = 'held', hold_id = v_hold, held_until = p_until, version = version + 1
     WHERE id = ANY (p_seats) AND seat_free(state, held_until, v_now);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count <> cardinality(p_seats) THEN
        RAISE EXCEPTION 'hold % took % of % seats', v_hold, v_count, cardinality(p_seats)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hold_takes_all';
    END IF;
    RETURN v_hold;
END $$;
-- +goose StatementEnd

-- Selects seats in a show that is paid first: nothing is kept from anyone, so only the buyer's limit wants a lock.
-- +goose StatementBegin
CREATE FUNCTION select_seats(p_show shows, p_buyer bigint, p_seats bigint[]) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_now timestamptz;
    v_new uuid;
BEGIN
    PERFORM take_locks(ARRAY[buyer_lock(p_buyer)]);
    v_now := clock_timestamp();
    IF seats_of_buyer(p_buyer, p_show.id, v_now) + cardinality(p_seats) > p_show.max_per_buyer THEN
        RETURN outcome('limit-reached', jsonb_build_object('max_per_buyer', p_show.max_per_buyer));
    END IF;
    v_new := make_hold(p_show.id, p_buyer, p_seats, v_now + make_interval(secs => p_show.hold_seconds), false, 0);
    RETURN outcome('done', jsonb_build_object('hold', hold_document(v_new)));
END $$;
-- +goose StatementEnd

-- hold_seats as in 00008, and: a show that is not published is none; a sale may end before the show begins; what is paid first is only selected.
-- The steps stand here in full rather than in calls of the functions above: this is the hot path.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION hold_seats(p_session bytea, p_show text, p_seats bigint[]) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
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
    SELECT * INTO v_show FROM shows WHERE slug = p_show AND status = 'published';
    IF NOT FOUND THEN
        RETURN outcome('show-unknown');
    END IF;
    IF v_now < v_show.on_sale_at OR v_now >= v_show.starts_at OR v_now >= v_show.on_sale_until THEN
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
    IF v_show.hold_policy = 'pay_first' THEN
        RETURN select_seats(v_show, v_buyer, p_seats);
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
