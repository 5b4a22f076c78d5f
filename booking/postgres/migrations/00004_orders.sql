-- +goose Up
-- From a hold to a ticket.

CREATE TABLE holds (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    show_id    bigint NOT NULL REFERENCES shows,
    buyer_id   bigint NOT NULL REFERENCES buyers,
    seat_ids   bigint[] NOT NULL CHECK (cardinality(seat_ids) BETWEEN 1 AND 10), -- show_seats.id
    seat_count integer NOT NULL GENERATED ALWAYS AS (cardinality(seat_ids)) STORED,
    state      text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'confirming', 'sold', 'released', 'expired')),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL -- 'active' after this moment is over, whether or not the sweeper has come by
);
CREATE INDEX holds_buyer ON holds (buyer_id, show_id);
CREATE INDEX holds_show_live ON holds (show_id) WHERE state IN ('active', 'confirming');
CREATE INDEX holds_active_expiry ON holds (expires_at) WHERE state = 'active';

CREATE TABLE orders (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    number          bigint GENERATED ALWAYS AS IDENTITY UNIQUE, -- lock key, order of listing, and what the reference is made of
    reference       text NOT NULL UNIQUE,
    show_id         bigint NOT NULL REFERENCES shows,
    buyer_id        bigint NOT NULL REFERENCES buyers,
    hold_id         uuid NOT NULL UNIQUE REFERENCES holds,
    state           text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'confirming', 'paid', 'cancelled', 'expired')),
    total           bigint NOT NULL CHECK (total >= 0),
    currency        text NOT NULL,
    refunded        bigint NOT NULL DEFAULT 0,
    idempotency_key text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    pay_by          timestamptz NOT NULL,
    changed_at      timestamptz NOT NULL DEFAULT clock_timestamp(), -- of the state
    CONSTRAINT orders_refunded CHECK (refunded BETWEEN 0 AND total)
);
CREATE INDEX orders_buyer ON orders (buyer_id, number DESC);
CREATE INDEX orders_show ON orders (show_id, number DESC);
CREATE UNIQUE INDEX orders_one_per_key ON orders (buyer_id, idempotency_key);

-- The state machine of orders, in one place: the trigger refuses what is not here.
CREATE TABLE order_transitions (
    was     text NOT NULL,
    becomes text NOT NULL,
    PRIMARY KEY (was, becomes)
);
INSERT INTO order_transitions VALUES
    ('pending', 'confirming'), ('pending', 'cancelled'), ('pending', 'expired'),
    ('confirming', 'pending'), ('confirming', 'paid'), ('paid', 'cancelled');

-- +goose StatementBegin
CREATE FUNCTION check_order_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM order_transitions WHERE was = OLD.state AND becomes = NEW.state) THEN
        RAISE EXCEPTION 'order % may not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_transition';
    END IF;
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER orders_transition BEFORE UPDATE OF state ON orders
    FOR EACH ROW EXECUTE FUNCTION check_order_transition();

CREATE TABLE order_lines (
    order_id     uuid NOT NULL REFERENCES orders,
    show_seat_id bigint NOT NULL REFERENCES show_seats,
    band_id      bigint NOT NULL REFERENCES price_bands,
    price        bigint NOT NULL CHECK (price >= 0),
    PRIMARY KEY (order_id, show_seat_id)
);
CREATE INDEX order_lines_seat ON order_lines (show_seat_id);

-- Attempts to pay. The id is the key by which the provider knows the charge.
CREATE TABLE payments (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_id        uuid NOT NULL REFERENCES orders,
    buyer_id        bigint NOT NULL REFERENCES buyers,
    state           text NOT NULL DEFAULT 'started' CHECK (state IN ('started', 'authorised', 'captured', 'declined', 'voided', 'refunded')),
    amount          bigint NOT NULL CHECK (amount >= 0),
    idempotency_key text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    settled_at      timestamptz
);
CREATE INDEX payments_order ON payments (order_id);
CREATE UNIQUE INDEX payments_one_live ON payments (order_id) WHERE state IN ('started', 'authorised', 'captured', 'refunded');
CREATE UNIQUE INDEX payments_one_per_key ON payments (buyer_id, idempotency_key);
CREATE INDEX payments_unsettled ON payments (created_at) WHERE state IN ('started', 'authorised');

CREATE TABLE refunds (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(), -- the key by which the provider knows it
    payment_id   uuid NOT NULL REFERENCES payments,
    amount       bigint NOT NULL CHECK (amount > 0),
    state        text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'done')),
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_at      timestamptz
);
CREATE INDEX refunds_payment ON refunds (payment_id);
CREATE INDEX refunds_open ON refunds (requested_at) WHERE state = 'requested';

CREATE TABLE tickets (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code         text NOT NULL UNIQUE,
    order_id     uuid NOT NULL REFERENCES orders,
    show_seat_id bigint NOT NULL REFERENCES show_seats,
    state        text NOT NULL DEFAULT 'valid' CHECK (state IN ('valid', 'cancelled')),
    issued_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    cancelled_at timestamptz
);
-- The last line of defence against a seat sold twice.
CREATE UNIQUE INDEX tickets_one_valid ON tickets (show_seat_id) WHERE state = 'valid';
CREATE INDEX tickets_order ON tickets (order_id);

-- What a key was used for and what was answered, so that asking again gives the same answer.
CREATE TABLE idempotency_records (
    buyer_id    bigint NOT NULL REFERENCES buyers,
    key         text NOT NULL,
    fingerprint bytea NOT NULL,
    order_id    uuid,
    outcome     text,  -- null while the request runs; then 'done' or the name of a problem
    response    jsonb, -- the order as it was answered
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (buyer_id, key)
);
