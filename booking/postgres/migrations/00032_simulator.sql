-- +goose Up
-- The simulated provider learns to authorise before it captures, to ask the buyer first, to be slow, and to send webhooks.

ALTER TABLE simulator_charges DROP CONSTRAINT simulator_charges_state_check;
ALTER TABLE simulator_charges ADD CONSTRAINT simulator_charges_state_check
    CHECK (state IN ('pending', 'action', 'authorised', 'captured', 'declined', 'voided')) NOT VALID;
ALTER TABLE simulator_charges VALIDATE CONSTRAINT simulator_charges_state_check;
ALTER TABLE simulator_charges
    ADD COLUMN webhooks  text NOT NULL DEFAULT 'none' CHECK (webhooks IN ('none', 'plain', 'twice', 'reversed', 'late')),
    ADD COLUMN ready_at  timestamptz, -- when a pending one is authorised
    ADD COLUMN return_to text;        -- where the buyer goes after acting

CREATE INDEX simulator_charges_pending ON simulator_charges (ready_at) WHERE state = 'pending';

-- The webhooks it has sent or will. id names an event: a copy sent twice has the same.
CREATE TABLE simulator_events (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    charge   text NOT NULL,
    kind     text NOT NULL,
    due_at   timestamptz NOT NULL,
    copies   integer NOT NULL, -- still to be sent
    attempts integer NOT NULL DEFAULT 0
);
CREATE INDEX simulator_events_due ON simulator_events (due_at) WHERE copies > 0;

-- reversed: what happens later is told earlier. late: long after the answer.
-- +goose StatementBegin
CREATE FUNCTION simulator_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO simulator_events (charge, kind, due_at, copies)
    SELECT NEW.key, 'charge.' || NEW.state,
           clock_timestamp() + CASE WHEN NEW.webhooks = 'late' THEN interval '3 seconds'
                                    WHEN NEW.webhooks = 'reversed' AND NEW.state <> 'captured' THEN interval '2 seconds'
                                    ELSE interval '0' END,
           CASE NEW.webhooks WHEN 'twice' THEN 3 ELSE 1 END;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER simulator_charges_made AFTER INSERT ON simulator_charges
    FOR EACH ROW WHEN (NEW.webhooks <> 'none' AND NEW.state <> 'pending') EXECUTE FUNCTION simulator_notify();
CREATE TRIGGER simulator_charges_moved AFTER UPDATE OF state ON simulator_charges
    FOR EACH ROW WHEN (NEW.webhooks <> 'none' AND NEW.state <> OLD.state) EXECUTE FUNCTION simulator_notify();
