-- +goose Up
-- The memory of the simulated payment provider. It stands for another company's database: nothing else here refers to it
-- but the checker, and it is written outside the transactions of a sale.

CREATE TABLE simulator_charges (
    key        text PRIMARY KEY,
    state      text NOT NULL CHECK (state IN ('authorised', 'captured', 'declined', 'voided')),
    amount     bigint NOT NULL,
    currency   text NOT NULL,
    refunded   bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (refunded BETWEEN 0 AND amount)
);

CREATE TABLE simulator_refunds (
    key        text PRIMARY KEY,
    charge_key text NOT NULL REFERENCES simulator_charges,
    amount     bigint NOT NULL CHECK (amount > 0),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
