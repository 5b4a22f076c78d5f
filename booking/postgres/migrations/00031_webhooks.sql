-- +goose Up
-- The inbox of what payment providers tell us. A webhook is verified, written down here and acknowledged; a worker comes by afterwards. It is a
-- hint only: the worker asks the provider how the charge stands now. So one that comes twice, late or before an earlier one changes nothing.

CREATE TABLE webhooks (
    provider        text NOT NULL,
    event_id        text NOT NULL,
    kind            text NOT NULL,
    payment_id      uuid,          -- the payment it is about; null: none of ours
    body            bytea NOT NULL, -- as it came
    deliveries      integer NOT NULL DEFAULT 1,
    received_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    worked_at       timestamptz,
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_error      text,
    PRIMARY KEY (provider, event_id)
);
CREATE INDEX webhooks_due ON webhooks (next_attempt_at) WHERE worked_at IS NULL;
CREATE INDEX webhooks_worked ON webhooks (worked_at) WHERE worked_at IS NOT NULL;

-- Takes at most p_limit webhooks that are due and, should the taker die, leaves them due again after a pause that grows with each attempt.
-- +goose StatementBegin
CREATE FUNCTION take_webhooks(p_limit integer) RETURNS TABLE (provider text, event_id text, payment_id uuid) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN QUERY
    UPDATE webhooks w SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => least(2 ^ least(attempts, 10), 300) + 10)
     WHERE (w.provider, w.event_id) IN (
        SELECT d.provider, d.event_id FROM webhooks d WHERE d.worked_at IS NULL AND d.next_attempt_at <= clock_timestamp()
         ORDER BY d.next_attempt_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
    RETURNING w.provider, w.event_id, w.payment_id;
END $$;
-- +goose StatementEnd
