-- +goose Up
-- What a mail about a message of the outbox is made of, in the shape of booking.Letter, as things are when it is sent. Null: there is nothing
-- to tell any more.
-- +goose StatementBegin
CREATE FUNCTION letter(p_kind text, p_payload jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_letter jsonb;
BEGIN
    CASE p_kind
    WHEN 'order-paid', 'order-cancelled' THEN
        SELECT jsonb_build_object('to', b.email, 'name', b.name, 'order', order_document(o.id)) INTO v_letter
          FROM orders o JOIN buyers b ON b.id = o.buyer_id WHERE o.id = (p_payload ->> 'order_id')::uuid;
    WHEN 'ticket-transferred' THEN
        SELECT jsonb_build_object('to', x.email, 'name', '', 'transfer', x.id, 'offer', transfer_offer(x.id) -> 'offer') INTO v_letter
          FROM ticket_transfers x WHERE x.id = (p_payload ->> 'transfer_id')::uuid AND x.state = 'offered' AND x.expires_at > clock_timestamp();
    WHEN 'waitlist-offer' THEN
        SELECT jsonb_build_object('to', b.email, 'name', b.name, 'seats', jsonb_build_object(
                 'hold', hold_document(h.id), 'title', jsonb_build_object('en', w.title_en, 'ko', w.title_ko),
                 'venue', jsonb_build_object('en', v.name_en, 'ko', v.name_ko), 'starts_at', rfc3339(w.starts_at), 'time_zone', w.time_zone)) INTO v_letter
          FROM holds h JOIN buyers b ON b.id = h.buyer_id JOIN shows w ON w.id = h.show_id JOIN layouts y ON y.id = w.layout_id JOIN venues v ON v.id = y.venue_id
         WHERE h.id = (p_payload ->> 'hold_id')::uuid AND h.state = 'active' AND h.expires_at > clock_timestamp();
    END CASE;
    RETURN v_letter;
END $$;
-- +goose StatementEnd
