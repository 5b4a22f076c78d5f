-- +goose Up
-- What staff asked of this service and what came of it: append-only, and each row holds the digest of the one before, so that a row which is
-- changed, removed or put in between breaks the chain from there on. The head (the newest digest) is told by `booking check`; whoever keeps a
-- head can tell later whether all before it is as it was.
CREATE TABLE acts (
    id       bigint PRIMARY KEY CHECK (id > 0), -- without gaps
    at       timestamptz NOT NULL,
    actor    text NOT NULL CHECK (actor <> ''),
    action   text NOT NULL CHECK (action <> ''),
    target   text NOT NULL,
    outcome  text NOT NULL, -- 'asked' before anything is done, then 'done' or the type of the problem
    asked    bigint REFERENCES acts, -- the row that this is the outcome of
    previous bytea NOT NULL,
    digest   bytea NOT NULL CHECK (octet_length(digest) = 32),
    CHECK ((outcome = 'asked') = (asked IS NULL))
);
CREATE UNIQUE INDEX acts_one_outcome ON acts (asked);

-- The digest of a row. Every part has its length in front, so that no two rows are the same text.
-- +goose StatementBegin
CREATE FUNCTION act_digest(a acts) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN sha256(a.previous || convert_to((
        SELECT string_agg(length(p.part) || ':' || p.part, ',' ORDER BY p.n)
          FROM unnest(ARRAY[a.id::text, (extract(epoch FROM a.at) * 1000000)::bigint::text, a.actor, a.action, a.target, a.outcome, coalesce(a.asked::text, '')])
               WITH ORDINALITY p (part, n)), 'UTF8'));
END $$;
-- +goose StatementEnd

-- Writers go one by one: the lock is of class 1 (see 00006_locks.sql), with the id 0, which no event has.
-- +goose StatementBegin
CREATE FUNCTION record_act(p_actor text, p_action text, p_target text, p_outcome text, p_asked bigint) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_act acts;
BEGIN
    PERFORM pg_advisory_xact_lock(1::int8 << 56);
    SELECT id, digest INTO v_act.id, v_act.previous FROM acts ORDER BY id DESC LIMIT 1;
    v_act := (coalesce(v_act.id, 0) + 1, clock_timestamp(), p_actor, p_action, p_target, p_outcome, p_asked, coalesce(v_act.previous, ''), NULL);
    v_act.digest := act_digest(v_act);
    INSERT INTO acts VALUES (v_act.*);
    RETURN v_act.id;
END $$;
-- +goose StatementEnd

-- This stops mistakes and injected statements; the owner of the table can drop the trigger, which is what the chain is for.
-- +goose StatementBegin
CREATE FUNCTION acts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of acts is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER acts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON acts FOR EACH STATEMENT EXECUTE FUNCTION acts_append_only();
