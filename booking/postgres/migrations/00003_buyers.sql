-- +goose Up
CREATE TABLE buyers (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind          text NOT NULL CHECK (kind IN ('account', 'guest')),
    email         text NOT NULL,
    name          text NOT NULL DEFAULT '',
    password_hash text, -- argon2id; a guest has none
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT buyers_password CHECK ((kind = 'account') = (password_hash IS NOT NULL))
);

-- Any number of guests may use one address; an account owns it.
CREATE UNIQUE INDEX buyers_account_email ON buyers (lower(email)) WHERE kind = 'account';
CREATE INDEX buyers_email ON buyers (lower(email));

-- Only the digest of a session token is kept: who reads this table cannot sign in with it.
CREATE TABLE buyer_sessions (
    digest     bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    buyer_id   bigint NOT NULL REFERENCES buyers,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX buyer_sessions_expiry ON buyer_sessions (expires_at);

-- The buyer of a session, or null when there is no such session or it has run out.
-- +goose StatementBegin
CREATE FUNCTION buyer_of(p_session bytea) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT buyer_id FROM buyer_sessions WHERE digest = p_session AND expires_at > clock_timestamp());
END $$;
-- +goose StatementEnd
