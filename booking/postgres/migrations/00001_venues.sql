-- +goose Up
-- Where a show can be: a venue, the versions of its layout, and the seats of each with their true place in the drawing.

CREATE TABLE venues (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug    text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name_en text NOT NULL,
    name_ko text NOT NULL,
    city_en text NOT NULL,
    city_ko text NOT NULL
);

-- A layout is never changed once a show uses it; another version is another row.
CREATE TABLE layouts (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    venue_id     bigint NOT NULL REFERENCES venues,
    version      integer NOT NULL CHECK (version > 0),
    width        real NOT NULL CHECK (width > 0),
    height       real NOT NULL CHECK (height > 0),
    stage_x      real NOT NULL,
    stage_y      real NOT NULL,
    stage_width  real NOT NULL,
    stage_height real NOT NULL,
    UNIQUE (venue_id, version)
);

CREATE TABLE sections (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    layout_id bigint NOT NULL REFERENCES layouts,
    ordinal   integer NOT NULL CHECK (ordinal >= 0), -- index in the layout's list
    name      text NOT NULL,
    x         real NOT NULL, -- where the name is drawn
    y         real NOT NULL,
    UNIQUE (layout_id, ordinal),
    UNIQUE (layout_id, name)
);

CREATE TABLE seats (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    layout_id  bigint NOT NULL REFERENCES layouts,
    section_id bigint NOT NULL REFERENCES sections,
    ordinal    integer NOT NULL CHECK (ordinal >= 0), -- the layout order: the index in columns and bitmaps
    row_name   text NOT NULL,
    number     text NOT NULL,
    x          real NOT NULL,
    y          real NOT NULL,
    UNIQUE (layout_id, ordinal),
    UNIQUE (section_id, row_name, number)
);
