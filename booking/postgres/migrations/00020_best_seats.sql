-- +goose Up
-- Finding good seats. Nothing here takes a lock or changes a seat: who wants the seats found locks them and looks again.

-- The places of one section, in order. None of its columns ever changes, so a change of state stays off all indexes (HOT).
CREATE INDEX show_seats_section ON show_seats (show_id, section_id, ordinal);

-- A hold that is not exclusive is a selection in a show whose policy is pay_first: while it is active it counts against the buyer's
-- limit and keeps nobody from the seats. Once its payment has won them it is confirming or sold, as any other.
ALTER TABLE holds ADD COLUMN exclusive boolean NOT NULL DEFAULT true, ADD COLUMN renewals integer NOT NULL DEFAULT 0;

-- Who else has selected a seat. Exclusive holds are not in it and do not pay for it.
CREATE INDEX holds_selected ON holds USING gin (seat_ids) WHERE state = 'active' AND NOT exclusive;

-- The keys of the classes 3 and 4; their order and how they are taken stand in 00006. A section is sold in many shows, so a key is made of
-- both ids, 28 bits each. Beyond 268 million of either two things share a key, which costs a wait and no more.
-- +goose StatementBegin
CREATE FUNCTION pool_lock(show bigint, section bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT (3::int8 << 56) | ((show & 268435455) << 28) | (section & 268435455)
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION section_lock(show bigint, section bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT (4::int8 << 56) | ((show & 268435455) << 28) | (section & 268435455)
$$;
-- +goose StatementEnd

-- Tries locks without waiting, so their order does not matter, and returns the keys that are another's at this moment.
-- +goose StatementBegin
CREATE FUNCTION try_locks(keys bigint[]) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN (SELECT coalesce(array_agg(k.key), '{}') FROM (SELECT unnest(keys) AS key) k WHERE NOT pg_try_advisory_xact_lock(k.key));
END $$;
-- +goose StatementEnd

-- The sections with seats in rows that are not wholly sold or blocked, of one band or of one name if that is given: nearest to the
-- middle of the stage first, by where their name is drawn.
-- +goose StatementBegin
CREATE FUNCTION sections_by_distance(p_show bigint, p_band bigint, p_section text) RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT coalesce(array_agg(c.id ORDER BY (c.x - y.stage_x - y.stage_width / 2) ^ 2 + (c.y - y.stage_y - y.stage_height / 2) ^ 2, c.ordinal), '{}')
      FROM shows w
      JOIN layouts y ON y.id = w.layout_id
      JOIN show_sections p ON p.show_id = w.id
      JOIN sections c ON c.id = p.section_id
     WHERE w.id = p_show AND c.kind = 'seated' AND p.seats_sold + p.seats_blocked < p.seats_total
       AND (p_band IS NULL OR p.band_id = p_band) AND (p_section IS NULL OR c.name = p_section));
END $$;
-- +goose StatementEnd

-- The best p_count neighbours of one section that can be had now, or null. Neighbours follow each other in a row with no aisle between them: an
-- aisle is a gap of more than one and a half times the narrowest of the row. A stretch is neighbours that can all be had. The best
-- are those that leave the fewest single seats of a stretch behind; then the fewest accessible ones, the fewest with
-- restricted view, the nearest to the middle of the stage. Accessible and companion seats are given only to who asks for accessible, and
-- then at least one of the first kind. longest is the longest stretch.
-- +goose StatementBegin
CREATE FUNCTION best_in_section(p_show bigint, p_section bigint, p_count integer, p_accessible boolean, p_without bigint[],
    OUT seats bigint[], OUT orphans integer, OUT longest integer) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_x   double precision;
    v_y   double precision;
BEGIN
    SELECT y.stage_x + y.stage_width / 2, y.stage_y + y.stage_height / 2 INTO v_x, v_y
      FROM shows w JOIN layouts y ON y.id = w.layout_id WHERE w.id = p_show;
    WITH places AS (
        SELECT s.id, t.ordinal, t.row_name, t.accessible, t.restricted,
               sqrt((t.x - v_x) ^ 2 + (t.y - v_y) ^ 2) AS distance,
               seat_free(s.state, s.held_until, v_now) AND (p_accessible OR NOT (t.accessible OR t.companion)) AND s.id <> ALL (p_without) AS fits,
               sqrt((t.x - lag(t.x) OVER r) ^ 2 + (t.y - lag(t.y) OVER r) ^ 2) AS gap
          FROM show_seats s JOIN seats t ON t.id = s.seat_id
         WHERE s.show_id = p_show AND s.section_id = p_section
        WINDOW r AS (PARTITION BY t.row_name ORDER BY t.ordinal)),
    stretches AS (
        SELECT *, count(*) FILTER (WHERE NOT fits OR gap > 1.5 * pitch) OVER (PARTITION BY row_name ORDER BY ordinal) AS stretch
          FROM (SELECT *, min(gap) OVER (PARTITION BY row_name) AS pitch FROM places) p),
    fitting AS (
        SELECT *, row_number() OVER (PARTITION BY row_name, stretch ORDER BY ordinal) - 1 AS before,
               count(*) OVER (PARTITION BY row_name, stretch) AS length
          FROM stretches WHERE fits),
    groups AS (
        SELECT row_name, stretch, before, ordinal, count(*) OVER g AS size, (before = 1)::integer + (length - before - p_count = 1)::integer AS singles,
               count(*) FILTER (WHERE accessible) OVER g AS accessible, count(*) FILTER (WHERE restricted) OVER g AS restricted,
               sum(distance) OVER g AS distance
          FROM fitting
        WINDOW g AS (PARTITION BY row_name, stretch ORDER BY ordinal ROWS BETWEEN CURRENT ROW AND p_count - 1 FOLLOWING))
    SELECT (SELECT array_agg(f.id ORDER BY f.before) FROM fitting f
             WHERE f.row_name = b.row_name AND f.stretch = b.stretch AND f.before BETWEEN b.before AND b.before + p_count - 1),
           b.singles, coalesce(m.length, 0) INTO seats, orphans, longest
      FROM (SELECT max(length) AS length FROM fitting) m
      LEFT JOIN LATERAL (
        SELECT row_name, stretch, before, singles FROM groups
         WHERE size = p_count AND (accessible > 0 OR NOT p_accessible)
         ORDER BY singles, accessible, restricted, distance, ordinal LIMIT 1) b ON true;
END $$;
-- +goose StatementEnd

-- The best p_count neighbours of the sections, the first of them that leaves no single seat behind, else the one that leaves the
-- fewest. seats is null when no section has so many together; together is the longest stretch seen; rest is the sections without those that have none.
-- +goose StatementBegin
CREATE FUNCTION choose_seats(p_show bigint, p_sections bigint[], p_count integer, p_accessible boolean, p_without bigint[],
    OUT section bigint, OUT seats bigint[], OUT together integer, OUT rest bigint[]) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_best    record;
    v_orphans integer;
BEGIN
    together := 0;
    rest := '{}';
    FOR i IN 1 .. cardinality(p_sections) LOOP
        SELECT * INTO v_best FROM best_in_section(p_show, p_sections[i], p_count, p_accessible, p_without);
        together := greatest(together, v_best.longest);
        CONTINUE WHEN v_best.seats IS NULL;
        rest := rest || p_sections[i];
        IF v_orphans IS NULL OR v_best.orphans < v_orphans THEN
            section := p_sections[i];
            seats := v_best.seats;
            v_orphans := v_best.orphans;
        END IF;
        IF v_orphans = 0 THEN
            rest := rest || p_sections[i + 1 :];
            RETURN;
        END IF;
    END LOOP;
END $$;
-- +goose StatementEnd

-- The seats to propose to someone who wants p_count of a band, or of any when it is null: together when that is possible, else in as large
-- pieces as there are; null when the show has not so many. It locks nothing, so they may be gone a moment later.
-- +goose StatementBegin
CREATE FUNCTION suggest_seats(p_show bigint, p_count integer, p_band bigint) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_sections bigint[] := sections_by_distance(p_show, p_band, NULL);
    v_seats    bigint[] := '{}';
    v_size     integer := p_count;
    v_found    record;
BEGIN
    WHILE cardinality(v_seats) < p_count LOOP
        SELECT * INTO v_found FROM choose_seats(p_show, v_sections, v_size, false, v_seats);
        IF v_found.seats IS NOT NULL THEN
            v_seats := v_seats || v_found.seats;
            v_size := least(v_size, p_count - cardinality(v_seats));
        ELSIF v_found.together = 0 THEN
            RETURN NULL;
        ELSE
            v_size := v_found.together;
        END IF;
    END LOOP;
    RETURN v_seats;
END $$;
-- +goose StatementEnd
