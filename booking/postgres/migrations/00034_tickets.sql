-- +goose Up
-- What becomes of a ticket after the sale: it is shown at the door, once; or handed on to somebody else, who gets another code.
--
-- A ticket is guarded by its seat's lock. Who cancels an order has the locks of all its seats, so either the ticket is
-- cancelled first and refused at the door, or it is let in first and the order cannot be cancelled any more.

ALTER TABLE tickets
    ADD COLUMN holder_id bigint REFERENCES buyers, -- null: the buyer of its order
    ADD COLUMN replaces  uuid REFERENCES tickets;  -- the ticket that was handed on
CREATE INDEX tickets_holder ON tickets (holder_id) WHERE holder_id IS NOT NULL;
CREATE UNIQUE INDEX tickets_replaced_once ON tickets (replaces) WHERE replaces IS NOT NULL;

-- The primary key is the last line of defence against one ticket for two people.
CREATE TABLE check_ins (
    ticket_id   uuid PRIMARY KEY REFERENCES tickets,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    admitted_by text NOT NULL -- e-mail address of who let them in
);

CREATE TABLE ticket_transfers (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    ticket_id     uuid NOT NULL REFERENCES tickets,
    from_id       bigint NOT NULL REFERENCES buyers,
    email         text NOT NULL, -- of whom it is offered to
    state         text NOT NULL DEFAULT 'offered' CHECK (state IN ('offered', 'claimed', 'withdrawn')),
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at    timestamptz NOT NULL, -- 'offered' after this moment is over
    claimed_at    timestamptz,
    claimed_by    bigint REFERENCES buyers,
    new_ticket_id uuid REFERENCES tickets,
    CHECK ((state = 'claimed') = (claimed_at IS NOT NULL AND claimed_by IS NOT NULL AND new_ticket_id IS NOT NULL))
);
CREATE INDEX ticket_transfers_ticket ON ticket_transfers (ticket_id);
CREATE UNIQUE INDEX ticket_transfers_one_open ON ticket_transfers (ticket_id) WHERE state = 'offered';
CREATE INDEX ticket_transfers_from ON ticket_transfers (from_id);
CREATE INDEX ticket_transfers_claimed_by ON ticket_transfers (claimed_by) WHERE claimed_by IS NOT NULL;

-- A ticket as its holder sees it, in the shape of booking.HeldTicket.
-- +goose StatementBegin
CREATE FUNCTION ticket_document(p_ticket uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'id', i.id, 'code', i.code, 'state', i.state, 'order', o.reference, 'show', w.slug,
        'title', jsonb_build_object('en', w.title_en, 'ko', w.title_ko),
        'venue', jsonb_build_object('en', v.name_en, 'ko', v.name_ko),
        'starts_at', rfc3339(w.starts_at), 'time_zone', w.time_zone,
        'seat_id', s.id, 'section', c.name, 'row', t.row_name, 'number', t.number,
        'checked_in_at', rfc3339(k.at),
        'transfer', (SELECT jsonb_build_object('id', x.id, 'email', x.email, 'expires_at', rfc3339(x.expires_at))
                       FROM ticket_transfers x WHERE x.ticket_id = i.id AND x.state = 'offered' AND x.expires_at > clock_timestamp())))
      FROM tickets i
      JOIN orders o ON o.id = i.order_id
      JOIN show_seats s ON s.id = i.show_seat_id
      JOIN seats t ON t.id = s.seat_id
      JOIN sections c ON c.id = s.section_id
      JOIN shows w ON w.id = s.show_id
      JOIN layouts y ON y.id = w.layout_id
      JOIN venues v ON v.id = y.venue_id
      LEFT JOIN check_ins k ON k.ticket_id = i.id
     WHERE i.id = p_ticket);
END $$;
-- +goose StatementEnd

-- The tickets of an order as its buyer sees them: not those that somebody else has now.
-- +goose StatementBegin
CREATE FUNCTION order_tickets(p_order uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
             'id', i.id, 'code', i.code, 'seat_id', s.id, 'section', c.name, 'row', t.row_name, 'number', t.number,
             'state', i.state, 'checked_in_at', rfc3339(k.at), 'transferred', n.there)) ORDER BY s.ordinal, i.issued_at)
      FROM tickets i
      JOIN orders o ON o.id = i.order_id
      JOIN show_seats s ON s.id = i.show_seat_id
      JOIN seats t ON t.id = s.seat_id
      JOIN sections c ON c.id = s.section_id
      LEFT JOIN check_ins k ON k.ticket_id = i.id
      LEFT JOIN LATERAL (SELECT true AS there FROM tickets n WHERE n.replaces = i.id) n ON true
     WHERE i.order_id = p_order AND (i.holder_id IS NULL OR i.holder_id = o.buyer_id));
END $$;
-- +goose StatementEnd

-- Why an order cannot be taken back by its buyer any more: somebody is inside with one of its tickets, or has one as a gift. Null: it can.
-- The caller has the locks of the order.
-- +goose StatementBegin
CREATE FUNCTION order_kept(p_order uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_at timestamptz;
BEGIN
    SELECT max(k.at) INTO v_at FROM tickets i JOIN check_ins k ON k.ticket_id = i.id WHERE i.order_id = p_order;
    IF v_at IS NOT NULL THEN
        RETURN outcome('ticket-checked-in', jsonb_build_object('checked_in_at', rfc3339(v_at)));
    END IF;
    PERFORM 1 FROM tickets i JOIN orders o ON o.id = i.order_id WHERE i.order_id = p_order AND i.state = 'valid' AND i.holder_id <> o.buyer_id;
    IF FOUND THEN
        RETURN outcome('ticket-transferred');
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- A ticket at the door, by its id (from a signed code) or by the code printed below. With p_admit its bearer is let in: once. Without, it is only
-- looked at. Outcomes: done {ticket}, ticket-unknown, ticket-of-another-show {show}, ticket-cancelled {cancelled_at},
-- ticket-checked-in {checked_in_at, checked_in_by}.
-- +goose StatementBegin
CREATE FUNCTION check_in(p_show text, p_ticket uuid, p_code text, p_by text, p_admit boolean) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_ticket tickets;
    v_show   text;
    v_in     check_ins;
BEGIN
    IF p_ticket IS NOT NULL THEN
        SELECT * INTO v_ticket FROM tickets WHERE id = p_ticket;
    ELSE
        SELECT * INTO v_ticket FROM tickets WHERE code = p_code;
    END IF;
    IF v_ticket.id IS NULL THEN
        RETURN outcome('ticket-unknown');
    END IF;
    SELECT w.slug INTO v_show FROM show_seats s JOIN shows w ON w.id = s.show_id WHERE s.id = v_ticket.show_seat_id;
    IF v_show <> p_show THEN
        RETURN outcome('ticket-of-another-show', jsonb_build_object('show', v_show));
    END IF;
    IF p_admit THEN
        PERFORM take_locks(ARRAY[seat_lock(v_ticket.show_seat_id)]);
    END IF;
    SELECT * INTO v_ticket FROM tickets WHERE id = v_ticket.id;
    SELECT * INTO v_in FROM check_ins WHERE ticket_id = v_ticket.id;
    IF v_in.ticket_id IS NOT NULL THEN
        RETURN outcome('ticket-checked-in', jsonb_build_object('checked_in_at', rfc3339(v_in.at), 'checked_in_by', v_in.admitted_by));
    ELSIF v_ticket.state <> 'valid' THEN
        RETURN outcome('ticket-cancelled', jsonb_strip_nulls(jsonb_build_object('cancelled_at', rfc3339(v_ticket.cancelled_at))));
    END IF;
    IF p_admit THEN
        INSERT INTO check_ins (ticket_id, admitted_by) VALUES (v_ticket.id, p_by);
    END IF;
    RETURN outcome('done', jsonb_build_object('ticket', ticket_document(v_ticket.id)));
END $$;
-- +goose StatementEnd

-- The tickets that a buyer holds, those of the newest order first; of one order, if that is given, in the order of the seats. Outcomes: done {tickets},
-- session-missing, order-unknown.
-- +goose StatementBegin
CREATE FUNCTION held_tickets(p_session bytea, p_order uuid, p_limit integer) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_buyer   bigint := buyer_of(p_session);
    v_tickets jsonb;
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    IF p_order IS NULL THEN
        SELECT jsonb_agg(ticket_document(h.id) ORDER BY h.number DESC, h.show_seat_id, h.issued_at) INTO v_tickets
          FROM (SELECT u.* FROM (
                    SELECT i.id, i.issued_at, i.show_seat_id, o.number FROM orders o JOIN tickets i ON i.order_id = o.id WHERE o.buyer_id = v_buyer AND i.holder_id IS NULL
                    UNION ALL
                    SELECT i.id, i.issued_at, i.show_seat_id, o.number FROM tickets i JOIN orders o ON o.id = i.order_id WHERE i.holder_id = v_buyer) u
                 ORDER BY u.number DESC, u.show_seat_id LIMIT p_limit) h;
    ELSE
        PERFORM 1 FROM orders WHERE id = p_order AND buyer_id = v_buyer;
        IF NOT FOUND THEN
            RETURN outcome('order-unknown');
        END IF;
        SELECT jsonb_agg(ticket_document(i.id) ORDER BY s.ordinal, i.issued_at) INTO v_tickets
          FROM tickets i JOIN show_seats s ON s.id = i.show_seat_id WHERE i.order_id = p_order AND coalesce(i.holder_id, v_buyer) = v_buyer;
    END IF;
    RETURN outcome('done', jsonb_build_object('tickets', coalesce(v_tickets, '[]')));
END $$;
-- +goose StatementEnd

-- What every step with a ticket that its holder takes looks at first. Null: it may go on. The caller has the seat's lock.
-- +goose StatementBegin
CREATE FUNCTION ticket_unfit(p_ticket uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_ticket tickets;
    v_at     timestamptz;
BEGIN
    SELECT * INTO STRICT v_ticket FROM tickets WHERE id = p_ticket;
    SELECT at INTO v_at FROM check_ins WHERE ticket_id = p_ticket;
    IF v_at IS NOT NULL THEN
        RETURN outcome('ticket-checked-in', jsonb_build_object('checked_in_at', rfc3339(v_at)));
    ELSIF v_ticket.state <> 'valid' THEN
        RETURN outcome('ticket-cancelled', jsonb_strip_nulls(jsonb_build_object('cancelled_at', rfc3339(v_ticket.cancelled_at))));
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- The seat of a ticket that the buyer has now, or null when it is nobody's or another's.
-- +goose StatementBegin
CREATE FUNCTION seat_of_own_ticket(p_buyer bigint, p_ticket uuid) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT i.show_seat_id FROM tickets i JOIN orders o ON o.id = i.order_id WHERE i.id = p_ticket AND coalesce(i.holder_id, o.buyer_id) = p_buyer);
END $$;
-- +goose StatementEnd

-- Offers a ticket to whoever can read the mails of an address. An earlier offer of it is withdrawn, unless it is to the same address: then it stays
-- and is answered again. Outcomes: done {transfer}, session-missing, ticket-unknown, ticket-cancelled, ticket-checked-in,
-- show-started, transfers-exhausted.
-- +goose StatementBegin
CREATE FUNCTION offer_ticket(p_session bytea, p_ticket uuid, p_email text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_buyer    bigint := buyer_of(p_session);
    v_seat     bigint;
    v_starts   timestamptz;
    v_unfit    jsonb;
    v_transfer uuid;
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    v_seat := seat_of_own_ticket(v_buyer, p_ticket);
    IF v_seat IS NULL THEN
        RETURN outcome('ticket-unknown');
    END IF;
    PERFORM take_locks(ARRAY[seat_lock(v_seat)]);
    v_unfit := ticket_unfit(p_ticket);
    IF v_unfit IS NOT NULL THEN
        RETURN v_unfit;
    END IF;
    SELECT w.starts_at INTO v_starts FROM show_seats s JOIN shows w ON w.id = s.show_id WHERE s.id = v_seat;
    IF v_starts <= clock_timestamp() THEN
        RETURN outcome('show-started');
    END IF;
    SELECT id INTO v_transfer FROM ticket_transfers
      WHERE ticket_id = p_ticket AND state = 'offered' AND expires_at > clock_timestamp() AND lower(email) = lower(p_email);
    IF NOT FOUND THEN
        -- Each offer is a mail to an address that somebody typed in.
        IF (SELECT count(*) FROM ticket_transfers WHERE ticket_id = p_ticket) >= 10 THEN
            RETURN outcome('transfers-exhausted');
        END IF;
        UPDATE ticket_transfers SET state = 'withdrawn' WHERE ticket_id = p_ticket AND state = 'offered';
        INSERT INTO ticket_transfers (ticket_id, from_id, email, expires_at)
        VALUES (p_ticket, v_buyer, p_email, least(clock_timestamp() + interval '7 days', v_starts)) RETURNING id INTO v_transfer;
        PERFORM enqueue('ticket-transferred', v_transfer::text, jsonb_build_object('transfer_id', v_transfer));
    END IF;
    RETURN outcome('done', jsonb_build_object('transfer', ticket_document(p_ticket) -> 'transfer'));
END $$;
-- +goose StatementEnd

-- Takes an offer back; without one it does nothing. Outcomes: done, session-missing, ticket-unknown.
-- +goose StatementBegin
CREATE FUNCTION withdraw_ticket(p_session bytea, p_ticket uuid) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_buyer bigint := buyer_of(p_session);
    v_seat  bigint;
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    v_seat := seat_of_own_ticket(v_buyer, p_ticket);
    IF v_seat IS NULL THEN
        RETURN outcome('ticket-unknown');
    END IF;
    PERFORM take_locks(ARRAY[seat_lock(v_seat)]);
    UPDATE ticket_transfers SET state = 'withdrawn' WHERE ticket_id = p_ticket AND state = 'offered';
    RETURN outcome('done');
END $$;
-- +goose StatementEnd

-- The offer that a claim link is about, for whoever has the link. Outcomes: done {offer}, transfer-unknown.
-- +goose StatementBegin
CREATE FUNCTION transfer_offer(p_transfer uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_offer jsonb;
BEGIN
    SELECT jsonb_build_object(
        'state', CASE WHEN x.state = 'offered' AND (x.expires_at <= clock_timestamp() OR i.state <> 'valid') THEN 'over' ELSE x.state END,
        'email', x.email, 'from', coalesce(nullif(b.name, ''), b.email), 'expires_at', rfc3339(x.expires_at),
        'ticket', ticket_document(i.id) - '{code,transfer,checked_in_at,order}'::text[])
      INTO v_offer
      FROM ticket_transfers x JOIN tickets i ON i.id = x.ticket_id JOIN buyers b ON b.id = x.from_id
     WHERE x.id = p_transfer;
    IF v_offer IS NULL THEN
        RETURN outcome('transfer-unknown');
    END IF;
    RETURN outcome('done', jsonb_build_object('offer', v_offer));
END $$;
-- +goose StatementEnd

-- Makes the ticket of an offer the buyer's: the old code is void from then on and there is a new one. Whoever has the link may do
-- it, once; doing it again answers the same to the same buyer. Outcomes: done {ticket}, session-missing, transfer-unknown, transfer-over {state},
-- ticket-cancelled, ticket-checked-in.
-- +goose StatementBegin
CREATE FUNCTION claim_ticket(p_session bytea, p_transfer uuid) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_buyer    bigint := buyer_of(p_session);
    v_transfer ticket_transfers;
    v_old      tickets;
    v_unfit    jsonb;
    v_new      uuid;
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    SELECT * INTO v_transfer FROM ticket_transfers WHERE id = p_transfer;
    IF NOT FOUND THEN
        RETURN outcome('transfer-unknown');
    END IF;
    SELECT * INTO STRICT v_old FROM tickets WHERE id = v_transfer.ticket_id;
    PERFORM take_locks(ARRAY[seat_lock(v_old.show_seat_id)]);
    SELECT * INTO v_transfer FROM ticket_transfers WHERE id = p_transfer;
    IF v_transfer.state = 'claimed' AND v_transfer.claimed_by = v_buyer THEN
        RETURN outcome('done', jsonb_build_object('ticket', ticket_document(v_transfer.new_ticket_id)));
    ELSIF v_transfer.state <> 'offered' THEN
        RETURN outcome('transfer-over', jsonb_build_object('state', v_transfer.state));
    END IF;
    v_unfit := ticket_unfit(v_old.id);
    IF v_unfit IS NOT NULL THEN
        RETURN v_unfit;
    ELSIF v_transfer.expires_at <= clock_timestamp() THEN
        RETURN outcome('transfer-over', jsonb_build_object('state', 'expired'));
    END IF;
    UPDATE tickets SET state = 'cancelled', cancelled_at = clock_timestamp() WHERE id = v_old.id;
    INSERT INTO tickets (code, order_id, show_seat_id, holder_id, replaces)
    VALUES (ticket_code(), v_old.order_id, v_old.show_seat_id, v_buyer, v_old.id) RETURNING id INTO v_new;
    UPDATE ticket_transfers SET state = 'claimed', claimed_at = clock_timestamp(), claimed_by = v_buyer, new_ticket_id = v_new WHERE id = p_transfer;
    RETURN outcome('done', jsonb_build_object('ticket', ticket_document(v_new)));
END $$;
-- +goose StatementEnd
