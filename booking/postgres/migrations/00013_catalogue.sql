-- +goose Up
-- What the catalogue knows more: who sells, in which state a layout is, what kind of section and of seat it has, and by
-- which rules a show sells. Constant defaults, so no table is written anew.

CREATE TABLE organisations (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug       text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name_en    text NOT NULL,
    name_ko    text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The layouts that are there have shows, so they are published; a new one begins as a draft.
ALTER TABLE layouts
    ADD COLUMN status     text  NOT NULL DEFAULT 'published',
    ADD COLUMN name       text  NOT NULL DEFAULT '',
    ADD COLUMN categories jsonb NOT NULL DEFAULT '[]', -- [{name, colour}]: prices of the plan it was drawn with
    ADD COLUMN areas      jsonb NOT NULL DEFAULT '[]'; -- shapes of the plan that are no seats, as they were imported
ALTER TABLE layouts ALTER COLUMN status SET DEFAULT 'draft';
ALTER TABLE layouts ADD CONSTRAINT layouts_status CHECK (status IN ('draft', 'published')) NOT VALID;
ALTER TABLE layouts VALIDATE CONSTRAINT layouts_status;

-- general: numbered places of which a buyer takes any; standing: the same, and nobody sits.
ALTER TABLE sections
    ADD COLUMN kind     text NOT NULL DEFAULT 'seated',
    ADD COLUMN category text NOT NULL DEFAULT '';
ALTER TABLE sections ADD CONSTRAINT sections_kind CHECK (kind IN ('seated', 'general', 'standing')) NOT VALID;
ALTER TABLE sections VALIDATE CONSTRAINT sections_kind;

ALTER TABLE seats
    ADD COLUMN accessible boolean NOT NULL DEFAULT false, -- a place for a wheelchair
    ADD COLUMN companion  boolean NOT NULL DEFAULT false, -- beside one
    ADD COLUMN restricted boolean NOT NULL DEFAULT false, -- the view is
    ADD COLUMN guid       text; -- by which the plan it was drawn in knows it

ALTER TABLE shows
    ADD COLUMN organisation_id    bigint REFERENCES organisations,
    ADD COLUMN status             text    NOT NULL DEFAULT 'published',
    ADD COLUMN hold_policy        text    NOT NULL DEFAULT 'hold_first',
    ADD COLUMN category           text    NOT NULL DEFAULT '',
    ADD COLUMN tags               text[]  NOT NULL DEFAULT '{}',
    ADD COLUMN on_sale_until      timestamptz,                -- null: until it starts
    ADD COLUMN cancel_until_hours integer          DEFAULT 0, -- before it starts; null: never
    ADD COLUMN cancel_fee         bigint  NOT NULL DEFAULT 0, -- an order; all amounts in the minor unit of the currency
    ADD COLUMN ticket_fee         bigint  NOT NULL DEFAULT 0,
    ADD COLUMN order_fee          bigint  NOT NULL DEFAULT 0,
    ADD COLUMN tax_basis_points   integer NOT NULL DEFAULT 0, -- 1000 are 10 %
    ADD COLUMN tax_included       boolean NOT NULL DEFAULT true,
    ADD COLUMN waiting_list       boolean NOT NULL DEFAULT true;
ALTER TABLE shows
    ADD CONSTRAINT shows_status CHECK (status IN ('draft', 'published')) NOT VALID,
    ADD CONSTRAINT shows_policy CHECK (hold_policy IN ('hold_first', 'pay_first')) NOT VALID,
    ADD CONSTRAINT shows_sale CHECK (on_sale_until > on_sale_at) NOT VALID,
    ADD CONSTRAINT shows_money CHECK (cancel_fee >= 0 AND ticket_fee >= 0 AND order_fee >= 0 AND tax_basis_points BETWEEN 0 AND 10000
                                      AND cancel_until_hours >= 0) NOT VALID;
ALTER TABLE shows VALIDATE CONSTRAINT shows_status;
ALTER TABLE shows VALIDATE CONSTRAINT shows_policy;
ALTER TABLE shows VALIDATE CONSTRAINT shows_sale;
ALTER TABLE shows VALIDATE CONSTRAINT shows_money;

-- How many places of a general section are kept back from sale.
ALTER TABLE show_sections ADD COLUMN reserve integer NOT NULL DEFAULT 0;
ALTER TABLE show_sections ADD CONSTRAINT show_sections_reserve CHECK (reserve BETWEEN 0 AND seats_total) NOT VALID;
ALTER TABLE show_sections VALIDATE CONSTRAINT show_sections_reserve;
