-- +goose Up
CREATE TABLE audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    actor   text        NOT NULL,
    role    text        NOT NULL,
    action  text        NOT NULL CHECK (action <> ''),
    target  text        NOT NULL,
    outcome text        NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
    before  jsonb CHECK (jsonb_typeof(before) = 'object'),
    after   jsonb CHECK (jsonb_typeof(after) = 'object'),
    reason  text        NOT NULL DEFAULT ''
);

-- Writers go one by one, so that ids are in the order of commits: a reader who has seen an id will never see a
-- smaller one appear. The lock is taken by a statement trigger because those run before the first row, and so its id, is made.
-- The key is the table itself, hence one for each schema.
-- +goose StatementBegin
CREATE FUNCTION audit_one_by_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock((1::bigint << 56) | TG_RELID::bigint);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_one_by_one BEFORE INSERT ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_one_by_one();

-- The time is the database's, whatever the writer says.
-- +goose StatementBegin
CREATE FUNCTION audit_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_clock BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_clock();

-- Append-only. This stops mistakes and injected statements; it does not stop the owner of the table, who can drop the trigger. A role for
-- the service that does not own the table and has INSERT and SELECT on it only comes with the platform.
-- +goose StatementBegin
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

-- Changes about to be made to other services: written before, removed together with writing the audit entry after.
CREATE TABLE audit_intents (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor  text        NOT NULL,
    role   text        NOT NULL,
    action text        NOT NULL,
    target text        NOT NULL,
    after  jsonb
);

-- +goose Down
DROP TABLE audit_intents;
DROP TABLE audit;
DROP FUNCTION audit_append_only, audit_clock, audit_one_by_one;
