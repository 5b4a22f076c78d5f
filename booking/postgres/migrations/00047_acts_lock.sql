-- +goose Up
-- record_act as in 00045, with a lock of its own for each schema: the services of one database keep records of their own, and none has to wait for
-- another's writers. The lock is still of class 1 (see 00006_locks.sql), whose ids of events nobody locks; its id is that of the table.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION record_act(p_actor text, p_action text, p_target text, p_outcome text, p_asked bigint) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_act acts;
BEGIN
    PERFORM pg_advisory_xact_lock((1::int8 << 56) | 'acts'::regclass::oid::int8);
    SELECT id, digest INTO v_act.id, v_act.previous FROM acts ORDER BY id DESC LIMIT 1;
    v_act := (coalesce(v_act.id, 0) + 1, clock_timestamp(), p_actor, p_action, p_target, p_outcome, p_asked, coalesce(v_act.previous, ''), NULL);
    v_act.digest := act_digest(v_act);
    INSERT INTO acts VALUES (v_act.*);
    RETURN v_act.id;
END $$;
-- +goose StatementEnd
