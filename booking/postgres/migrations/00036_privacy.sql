-- +goose Up
-- What a buyer may do with the data about them: have all of it, and have it deleted.

ALTER TABLE buyers ADD COLUMN deleted_at timestamptz;

-- Everything that is kept about the buyer. Outcomes: done {export}, session-missing.
-- +goose StatementBegin
CREATE FUNCTION export_buyer(p_session bytea) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_buyer bigint := buyer_of(p_session);
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    RETURN outcome('done', jsonb_build_object('export', jsonb_build_object(
        'exported_at', rfc3339(clock_timestamp()),
        'buyer', (SELECT jsonb_build_object('kind', kind, 'email', email, 'name', name, 'created_at', rfc3339(created_at)) FROM buyers WHERE id = v_buyer),
        'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object('created_at', rfc3339(created_at), 'expires_at', rfc3339(expires_at)) ORDER BY created_at), '[]')
                       FROM buyer_sessions WHERE buyer_id = v_buyer),
        'holds', (SELECT coalesce(jsonb_agg(hold_document(id) || jsonb_build_object('state', state, 'created_at', rfc3339(created_at)) ORDER BY created_at), '[]')
                    FROM holds WHERE buyer_id = v_buyer),
        'orders', (SELECT coalesce(jsonb_agg(order_document(id) ORDER BY number), '[]') FROM orders WHERE buyer_id = v_buyer),
        'payments', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'order', o.reference, 'state', p.state, 'amount', money(p.amount, o.currency),
                            'created_at', rfc3339(p.created_at)) ORDER BY p.created_at), '[]')
                       FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.buyer_id = v_buyer),
        'refunds', (SELECT coalesce(jsonb_agg(jsonb_build_object('order', o.reference, 'state', r.state, 'amount', money(r.amount, o.currency),
                           'requested_at', rfc3339(r.requested_at)) ORDER BY r.requested_at), '[]')
                      FROM refunds r JOIN payments p ON p.id = r.payment_id JOIN orders o ON o.id = p.order_id WHERE o.buyer_id = v_buyer),
        'tickets', held_tickets(p_session, NULL, 100000) -> 'tickets',
        'transfers', (SELECT coalesce(jsonb_agg(jsonb_build_object('ticket_id', ticket_id, 'email', email, 'state', state, 'created_at', rfc3339(created_at),
                             'direction', CASE WHEN from_id = v_buyer THEN 'given' ELSE 'received' END) ORDER BY created_at), '[]')
                        FROM ticket_transfers WHERE from_id = v_buyer OR claimed_by = v_buyer),
        'mails', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', m.kind, 'about', m.key, 'created_at', rfc3339(m.created_at),
                         'delivered_at', rfc3339(m.delivered_at)) ORDER BY m.id), '[]')
                    FROM outbox m WHERE m.kind IN ('order-paid', 'order-cancelled') AND m.key IN (SELECT id::text FROM orders WHERE buyer_id = v_buyer)))));
END $$;
-- +goose StatementEnd

-- Takes the person out: name, addresses, password, sessions. Orders, payments, refunds and tickets stay, for the books and for who was
-- handed a ticket, and belong to nobody that can be told. Outcomes: done, session-missing, buyer-in-use, buyer-has-tickets.
-- +goose StatementBegin
CREATE FUNCTION delete_buyer(p_session bytea, p_give_up boolean) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_buyer bigint := buyer_of(p_session);
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    -- The locks of what may be under way: no payment begins and no cancellation ends between the look and the deletion.
    PERFORM take_locks(buyer_lock(v_buyer) || coalesce((SELECT array_agg(order_lock(number)) FROM orders WHERE buyer_id = v_buyer AND state IN ('pending', 'confirming', 'paid')), '{}'));
    PERFORM 1 FROM orders WHERE buyer_id = v_buyer AND state = 'confirming';
    IF FOUND THEN
        RETURN outcome('buyer-in-use');
    END IF;
    PERFORM 1 FROM refunds r JOIN payments p ON p.id = r.payment_id JOIN orders o ON o.id = p.order_id WHERE o.buyer_id = v_buyer AND r.state = 'requested';
    IF FOUND THEN
        RETURN outcome('buyer-in-use');
    END IF;
    IF NOT p_give_up THEN
        PERFORM 1 FROM tickets i JOIN orders o ON o.id = i.order_id JOIN show_seats s ON s.id = i.show_seat_id JOIN shows w ON w.id = s.show_id
          WHERE i.state = 'valid' AND w.starts_at > clock_timestamp()
            AND (i.holder_id = v_buyer OR (i.holder_id IS NULL AND o.buyer_id = v_buyer))
            AND NOT EXISTS (SELECT 1 FROM check_ins k WHERE k.ticket_id = i.id);
        IF FOUND THEN
            RETURN outcome('buyer-has-tickets');
        END IF;
    END IF;
    UPDATE ticket_transfers SET state = 'withdrawn' WHERE from_id = v_buyer AND state = 'offered';
    UPDATE ticket_transfers SET email = 'deleted' WHERE from_id = v_buyer OR claimed_by = v_buyer;
    UPDATE buyers SET kind = 'guest', email = 'deleted', name = '', password_hash = NULL, deleted_at = clock_timestamp() WHERE id = v_buyer;
    DELETE FROM buyer_sessions WHERE buyer_id = v_buyer;
    RETURN outcome('done');
END $$;
-- +goose StatementEnd
