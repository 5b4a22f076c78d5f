-- +goose Up
-- The waiting list is about a buyer too.
ALTER FUNCTION export_buyer(bytea) RENAME TO export_purchases;

-- Everything that is kept about a buyer. Outcomes: done {export}, session-missing.
-- +goose StatementBegin
CREATE FUNCTION export_buyer(p_session bytea) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_answer jsonb := export_purchases(p_session);
BEGIN
    IF v_answer ->> 'outcome' <> 'done' THEN
        RETURN v_answer;
    END IF;
    RETURN jsonb_set(v_answer, '{export,waiting_list}',
        (SELECT coalesce(jsonb_agg(waiting_document(w) ORDER BY w.id), '[]') FROM waiting_list w WHERE w.buyer_id = buyer_of(p_session)));
END $$;
-- +goose StatementEnd
