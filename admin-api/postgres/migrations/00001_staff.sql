-- +goose Up
CREATE TABLE staff (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         text        NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    name          text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    role          text        NOT NULL CHECK (role IN ('owner', 'event-manager', 'box-office', 'customer-service', 'finance', 'devops', 'developer', 'auditor')),
    password_hash text        NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    created_at    timestamptz NOT NULL DEFAULT now()
);

-- Only the SHA-256 of a session's token is kept: who reads this table cannot sign in with it.
CREATE TABLE staff_sessions (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    staff_id   bigint      NOT NULL REFERENCES staff ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen  timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX staff_sessions_expires_at ON staff_sessions (expires_at);

-- One row for each address tried in the current window, and the row '' for all of them together.
CREATE TABLE sign_in_attempts (
    email        text PRIMARY KEY,
    window_start timestamptz NOT NULL,
    attempts     integer     NOT NULL
);

-- +goose Down
DROP TABLE sign_in_attempts;
DROP TABLE staff_sessions;
DROP TABLE staff;
