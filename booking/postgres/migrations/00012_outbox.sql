-- +goose Up
-- What is to be told to others because of a change here: written in the transaction of the change, by enqueue, and delivered afterwards by a
-- dispatcher, as often as it takes. A message is never lost with a crash, and never sent for a change that was rolled back.
--
-- A delivery may happen twice, when a dispatcher dies between sending and writing it down; so a message has a key, made of what it is
-- about, by which its receiver knows it again. Every attempt is written down: one without an outcome is one whose dispatcher died.
--
-- The kinds, their keys and their payloads:
--
--   order-paid          order's id          {"order_id"}       written by a trigger here, so nobody else need do it
--   order-cancelled     order's id          {"order_id"}       likewise, for an order that was paid
--   ticket-transferred  transfer's id       {"transfer_id"}
--   waitlist-offer      hold's id           {"hold_id"}        the hold is the offer
--   payment-capture, payment-void, payment-refund              the keys and payloads of payments, see there

CREATE TABLE outbox (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind            text NOT NULL CHECK (kind ~ '^[a-z]+(-[a-z]+)*$'),
    key             text NOT NULL CHECK (key <> ''),
    payload         jsonb NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(), -- while an attempt runs: when it counts as lost
    delivered_at    timestamptz,
    given_up_at     timestamptz, -- the receiver refused it for good
    last_error      text,
    UNIQUE (kind, key),
    CHECK (delivered_at IS NULL OR given_up_at IS NULL)
) WITH (fillfactor = 70);
CREATE INDEX outbox_due ON outbox (next_attempt_at, id) WHERE delivered_at IS NULL AND given_up_at IS NULL;

CREATE TABLE outbox_attempts (
    outbox_id   bigint NOT NULL REFERENCES outbox,
    attempt     integer NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    outcome     text CHECK (outcome IN ('delivered', 'repeated', 'failed', 'refused')), -- repeated: the receiver had it already and said so
    detail      text, -- what the receiver answered, or what went wrong
    PRIMARY KEY (outbox_id, attempt),
    CHECK ((outcome IS NULL) = (finished_at IS NULL))
);

-- Has something told to others if, and only if, the transaction of the caller commits. A message that there is already stays as it is.
-- +goose StatementBegin
CREATE FUNCTION enqueue(p_kind text, p_key text, p_payload jsonb) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO outbox (kind, key, payload) VALUES (p_kind, p_key, p_payload) ON CONFLICT (kind, key) DO NOTHING;
END $$;
-- +goose StatementEnd

-- Takes at most p_limit messages of these kinds that are due, for p_lease: when that is over without an outcome, they are due again. Two
-- who ask at once get different ones, and neither waits for the other.
-- +goose StatementBegin
CREATE FUNCTION claim_outbox(p_kinds text[], p_limit integer, p_lease interval)
    RETURNS TABLE (id bigint, kind text, key text, payload jsonb, attempt integer) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN QUERY
    WITH due AS (
        SELECT o.id FROM outbox o
         WHERE o.delivered_at IS NULL AND o.given_up_at IS NULL AND o.next_attempt_at <= clock_timestamp() AND o.kind = ANY (p_kinds)
         ORDER BY o.next_attempt_at, o.id LIMIT p_limit FOR UPDATE SKIP LOCKED),
    claimed AS (
        UPDATE outbox o SET attempts = o.attempts + 1, next_attempt_at = clock_timestamp() + p_lease FROM due WHERE o.id = due.id
        RETURNING o.id, o.kind, o.key, o.payload, o.attempts),
    noted AS (
        INSERT INTO outbox_attempts (outbox_id, attempt) SELECT c.id, c.attempts FROM claimed c)
    SELECT c.id, c.kind, c.key, c.payload, c.attempts FROM claimed c ORDER BY c.id;
END $$;
-- +goose StatementEnd

-- Writes down how an attempt ended, once, and what follows for the message: delivered, given up, or tried again after a pause that doubles
-- from one second up to a quarter of an hour. A message that another attempt has delivered meanwhile stays delivered.
-- +goose StatementBegin
CREATE FUNCTION finish_outbox(p_id bigint, p_attempt integer, p_outcome text, p_detail text) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
BEGIN
    UPDATE outbox_attempts SET outcome = p_outcome, detail = left(p_detail, 1000), finished_at = v_now
     WHERE outbox_id = p_id AND attempt = p_attempt AND outcome IS NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE outbox SET
        delivered_at = CASE WHEN p_outcome IN ('delivered', 'repeated') THEN v_now END,
        given_up_at  = CASE WHEN p_outcome = 'refused' THEN v_now END,
        last_error   = CASE WHEN p_outcome IN ('failed', 'refused') THEN left(p_detail, 1000) ELSE last_error END,
        next_attempt_at = CASE WHEN p_outcome = 'failed'
            THEN v_now + make_interval(secs => least(900, 2 ^ least(p_attempt - 1, 10))) ELSE next_attempt_at END
     WHERE id = p_id AND delivered_at IS NULL AND given_up_at IS NULL
       AND (p_outcome <> 'failed' OR attempts = p_attempt); -- else a later attempt is under way and tells
END $$;
-- +goose StatementEnd

-- Whoever makes an order paid, or cancels one that was, has its buyer told.
-- +goose StatementBegin
CREATE FUNCTION announce_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM enqueue(CASE NEW.state WHEN 'paid' THEN 'order-paid' ELSE 'order-cancelled' END, NEW.id::text, jsonb_build_object('order_id', NEW.id));
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER orders_announce AFTER UPDATE OF state ON orders FOR EACH ROW
    WHEN ((NEW.state = 'paid' AND OLD.state <> 'paid') OR (NEW.state = 'cancelled' AND OLD.state = 'paid'))
    EXECUTE FUNCTION announce_order();
