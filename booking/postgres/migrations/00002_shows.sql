-- +goose Up
-- A show: when, where, for how much; and one row a seat with the state it is in.

CREATE TABLE shows (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug           text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    room           text NOT NULL DEFAULT '', -- the waiting room in front of it; empty: none
    layout_id      bigint NOT NULL REFERENCES layouts,
    title_en       text NOT NULL,
    title_ko       text NOT NULL,
    description_en text NOT NULL,
    description_ko text NOT NULL,
    starts_at      timestamptz NOT NULL,
    on_sale_at     timestamptz NOT NULL,
    time_zone      text NOT NULL,
    currency       text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    max_per_buyer  integer NOT NULL CHECK (max_per_buyer > 0),
    hold_seconds   integer NOT NULL CHECK (hold_seconds > 0),
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (on_sale_at < starts_at)
);

CREATE TABLE price_bands (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    show_id bigint NOT NULL REFERENCES shows,
    ordinal integer NOT NULL,
    name_en text NOT NULL,
    name_ko text NOT NULL,
    price   bigint NOT NULL CHECK (price >= 0), -- minor unit of the show's currency
    colour  text NOT NULL CHECK (colour ~ '^#[0-9a-f]{6}$'),
    UNIQUE (show_id, ordinal)
);

-- The counters stand a section, not a show: one row for a whole show would make every sale wait for
-- the commit of the one before.
CREATE TABLE show_sections (
    show_id       bigint NOT NULL REFERENCES shows,
    section_id    bigint NOT NULL REFERENCES sections,
    band_id       bigint NOT NULL REFERENCES price_bands,
    seats_total   integer NOT NULL CHECK (seats_total >= 0),
    seats_sold    integer NOT NULL DEFAULT 0,
    seats_blocked integer NOT NULL DEFAULT 0,
    PRIMARY KEY (show_id, section_id),
    CONSTRAINT show_sections_sold CHECK (seats_sold >= 0),
    CONSTRAINT show_sections_blocked CHECK (seats_blocked >= 0),
    CONSTRAINT show_sections_cap CHECK (seats_sold + seats_blocked <= seats_total)
) WITH (fillfactor = 50);

CREATE TABLE show_seats (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- the seat_id of the API
    show_id    bigint NOT NULL REFERENCES shows,
    seat_id    bigint NOT NULL REFERENCES seats,
    section_id bigint NOT NULL REFERENCES sections,
    ordinal    integer NOT NULL, -- of the seat in the layout, repeated here for the bitmap
    state      text NOT NULL DEFAULT 'free' CHECK (state IN ('free', 'held', 'confirming', 'sold', 'blocked')),
    version    bigint NOT NULL DEFAULT 0, -- one more with every change of state
    hold_id    uuid,
    held_until timestamptz,
    UNIQUE (show_id, ordinal),
    UNIQUE (show_id, seat_id),
    CONSTRAINT show_seats_hold CHECK ((hold_id IS NOT NULL) = (state IN ('held', 'confirming', 'sold'))),
    CONSTRAINT show_seats_until CHECK ((held_until IS NOT NULL) = (state IN ('held', 'confirming')))
) WITH (fillfactor = 60);

-- Which change of state a seat may make. held to held is another buyer taking over a hold that has run out.
CREATE TABLE seat_transitions (
    was     text NOT NULL,
    becomes text NOT NULL,
    PRIMARY KEY (was, becomes)
);
INSERT INTO seat_transitions VALUES
    ('free', 'held'), ('free', 'blocked'), ('blocked', 'free'),
    ('held', 'held'), ('held', 'free'), ('held', 'confirming'),
    ('confirming', 'held'), ('confirming', 'sold'), ('sold', 'free');

-- Every change of every seat. No foreign keys: it is written by a trigger on each sale and never changed.
CREATE TABLE seat_history (
    show_seat_id bigint NOT NULL,
    version      bigint NOT NULL,
    was          text NOT NULL,
    becomes      text NOT NULL,
    hold_id      uuid,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (show_seat_id, version)
);

-- Nested loops are off in it: planned for the one seat of the first hold, the plan would be kept for
-- a statement that changes thousands, and take its time squared.
-- +goose StatementBegin
CREATE FUNCTION record_seat_transitions() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
DECLARE
    bad record;
BEGIN
    SELECT o.id, o.state AS was, n.state AS becomes, o.version AS old_version, n.version AS new_version INTO bad
      FROM old_seats o JOIN new_seats n USING (id)
     WHERE n.version <> o.version + 1
        OR NOT EXISTS (SELECT 1 FROM seat_transitions t WHERE t.was = o.state AND t.becomes = n.state)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'seat % may not go from % (version %) to % (version %)', bad.id, bad.was, bad.old_version, bad.becomes, bad.new_version
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_transition';
    END IF;
    INSERT INTO seat_history (show_seat_id, version, was, becomes, hold_id)
    SELECT n.id, n.version, o.state, n.state, n.hold_id FROM old_seats o JOIN new_seats n USING (id);
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- A statement trigger: one insert for the ten seats of a hold.
CREATE TRIGGER show_seats_history AFTER UPDATE ON show_seats
    REFERENCING OLD TABLE AS old_seats NEW TABLE AS new_seats
    FOR EACH STATEMENT EXECUTE FUNCTION record_seat_transitions();
