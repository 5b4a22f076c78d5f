-- +goose Up
-- A replica knows by this row how old its data is: the service writes the time into it once a second, and what was committed before is
-- replayed before. It needs no right beyond reading, and it cannot be mistaken for current when the connection to the primary is lost, as
-- PostgreSQL's own functions on replay can.
CREATE TABLE pulse (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    at       timestamptz NOT NULL
) WITH (fillfactor = 10);
INSERT INTO pulse (at) VALUES (clock_timestamp());
