-- +goose Up
-- Every lock of the service, and their order. This file is the only one that makes a lock key.
--
-- A key is (class::int8 << 56) | id, without hashing, so two things never share a key. The classes in ascending order:
--
--   1 event < 2 buyer < 3 pool < 4 section < 5 seat < 6 order
--
-- A transaction takes all the locks it wants in one call of take_locks, which takes them in ascending order of
-- their keys; so no two transactions can wait for each other. It looks at what it locked in a LATER statement, because only that has
-- a snapshot from after the wait (READ COMMITTED). All are transaction-level, so a connection pooler may stand in between.
--
-- What each protects: a buyer's lock, the sum of the buyer's holds; the locks of a hold's seats, these seats, the hold and
-- whether it has an order; a seat's and an order's locks together, the order, its payments, its tickets.
-- Rows of show_sections are locked last, in order of section_id (see add_sold).

-- +goose StatementBegin
CREATE FUNCTION buyer_lock(id bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT (2::int8 << 56) | id $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION seat_lock(id bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT (5::int8 << 56) | id $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION order_lock(id bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT (6::int8 << 56) | id $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION seat_locks(ids bigint[]) RETURNS bigint[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN (
    SELECT array_agg(seat_lock(i)) FROM unnest(ids) i);
END $$;
-- +goose StatementEnd

-- The sort stands in a subquery, which is not flattened, so that the locks are taken in the order of its rows.
-- +goose StatementBegin
CREATE FUNCTION take_locks(keys bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(k.key) FROM (SELECT DISTINCT unnest(keys) AS key ORDER BY 1) k;
END $$;
-- +goose StatementEnd
