-- +goose Up
-- The waiting list of a show: who came too late says how many seats are wanted, and is offered them when seats come back. An offer is a
-- hold with a longer deadline; when it runs out, the next in the list is offered seats.

CREATE TABLE waiting_list (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- the order of the list
    show_id   bigint NOT NULL REFERENCES shows,
    buyer_id  bigint NOT NULL REFERENCES buyers,
    band_id   bigint REFERENCES price_bands, -- null: any
    seats     integer NOT NULL CHECK (seats BETWEEN 1 AND 10),
    state     text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'offered', 'taken', 'lapsed', 'left')),
    hold_id   uuid UNIQUE REFERENCES holds, -- the offer
    joined_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT waiting_list_offer CHECK ((hold_id IS NOT NULL) OR state NOT IN ('offered', 'taken'))
);
CREATE UNIQUE INDEX waiting_list_once ON waiting_list (show_id, buyer_id) WHERE state IN ('waiting', 'offered');
CREATE INDEX waiting_list_waiting ON waiting_list (show_id, id) WHERE state = 'waiting';
CREATE INDEX waiting_list_buyer ON waiting_list (buyer_id, show_id, id DESC);

-- The state of an entry now: an offer is over by its hold, whether or not anyone has come by to write that down.
-- +goose StatementBegin
CREATE FUNCTION waiting_state(e waiting_list) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF e.state <> 'offered' THEN
        RETURN e.state;
    END IF;
    RETURN (SELECT CASE WHEN h.state = 'sold' THEN 'taken' WHEN hold_counts(h.state, h.expires_at, clock_timestamp()) THEN 'offered' ELSE 'lapsed' END
              FROM holds h WHERE h.id = e.hold_id);
END $$;
-- +goose StatementEnd

-- An entry as it is answered. ahead is how many others wait in front.
-- +goose StatementBegin
CREATE FUNCTION waiting_document(e waiting_list) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_state text := waiting_state(e);
BEGIN
    RETURN jsonb_strip_nulls(jsonb_build_object(
        'show', (SELECT slug FROM shows WHERE id = e.show_id), 'count', e.seats, 'band_id', e.band_id, 'state', v_state, 'joined_at', rfc3339(e.joined_at),
        'ahead', CASE WHEN v_state = 'waiting' THEN (SELECT count(*) FROM waiting_list w WHERE w.show_id = e.show_id AND w.state = 'waiting' AND w.id < e.id) END,
        'offer', CASE WHEN v_state = 'offered' THEN hold_document(e.hold_id) END));
END $$;
-- +goose StatementEnd

-- Outcomes: done {waiting}, session-missing, show-unknown, not-on-sale, waiting-list-closed, band-unknown, waiting-list-joined,
-- limit-reached {max_per_buyer}, seats-available: so many can be had together at once, so there is nothing to wait for.
-- +goose StatementBegin
CREATE FUNCTION join_waiting_list(p_session bytea, p_show text, p_count integer, p_band bigint) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_ask   record;
    v_show  shows;
    v_entry waiting_list;
BEGIN
    SELECT * INTO v_ask FROM begin_hold(p_session, p_show);
    IF v_ask.refusal IS NOT NULL THEN
        RETURN v_ask.refusal;
    END IF;
    v_show := v_ask.show;
    IF NOT v_show.waiting_list THEN
        RETURN outcome('waiting-list-closed');
    ELSIF p_band IS NOT NULL AND NOT EXISTS (SELECT 1 FROM price_bands WHERE id = p_band AND show_id = v_show.id) THEN
        RETURN outcome('band-unknown');
    END IF;
    PERFORM take_locks(ARRAY[buyer_lock(v_ask.buyer)]);
    SELECT * INTO v_entry FROM waiting_list WHERE show_id = v_show.id AND buyer_id = v_ask.buyer AND state IN ('waiting', 'offered');
    IF FOUND THEN
        IF waiting_state(v_entry) IN ('waiting', 'offered') THEN
            RETURN outcome('waiting-list-joined');
        END IF;
        UPDATE waiting_list SET state = waiting_state(v_entry) WHERE id = v_entry.id;
    END IF;
    IF seats_of_buyer(v_ask.buyer, v_show.id, clock_timestamp()) + p_count > v_show.max_per_buyer THEN
        RETURN outcome('limit-reached', jsonb_build_object('max_per_buyer', v_show.max_per_buyer));
    ELSIF (SELECT seats FROM choose_seats(v_show.id, sections_by_distance(v_show.id, p_band, NULL), p_count, false, '{}')) IS NOT NULL THEN
        RETURN outcome('seats-available');
    END IF;
    INSERT INTO waiting_list (show_id, buyer_id, band_id, seats) VALUES (v_show.id, v_ask.buyer, p_band, p_count) RETURNING * INTO v_entry;
    RETURN outcome('done', jsonb_build_object('waiting', waiting_document(v_entry)));
END $$;
-- +goose StatementEnd

-- The buyer's newest entry. Outcomes: done {waiting}, session-missing, waiting-list-unknown.
-- +goose StatementBegin
CREATE FUNCTION own_waiting(p_session bytea, p_show text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_buyer bigint := buyer_of(p_session);
    v_entry waiting_list;
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    SELECT e.* INTO v_entry FROM waiting_list e JOIN shows w ON w.id = e.show_id AND w.slug = p_show WHERE e.buyer_id = v_buyer ORDER BY e.id DESC LIMIT 1;
    IF NOT FOUND OR v_entry.state = 'left' THEN
        RETURN outcome('waiting-list-unknown');
    END IF;
    RETURN outcome('done', jsonb_build_object('waiting', waiting_document(v_entry)));
END $$;
-- +goose StatementEnd

-- Leaves the list and lets go of an offer. Outcomes: done (also when that was so already), session-missing, waiting-list-unknown, hold-ordered {order_id}.
-- +goose StatementBegin
CREATE FUNCTION leave_waiting_list(p_session bytea, p_show text) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_buyer bigint := buyer_of(p_session);
    v_entry waiting_list;
    v_state text;
    v_hold  holds;
    v_order uuid;
BEGIN
    IF v_buyer IS NULL THEN
        RETURN outcome('session-missing');
    END IF;
    SELECT e.* INTO v_entry FROM waiting_list e JOIN shows w ON w.id = e.show_id AND w.slug = p_show WHERE e.buyer_id = v_buyer ORDER BY e.id DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN outcome('waiting-list-unknown');
    END IF;
    PERFORM take_locks(buyer_lock(v_buyer) || coalesce((SELECT seat_locks(seat_ids) FROM holds WHERE id = v_entry.hold_id), '{}'));
    SELECT state INTO v_state FROM waiting_list WHERE id = v_entry.id;
    IF v_state NOT IN ('waiting', 'offered') THEN
        RETURN outcome('done');
    ELSIF v_state <> v_entry.state THEN
        PERFORM give_way(); -- an offer came between the look and the locks, and its seats are not among these
    END IF;
    IF v_state = 'offered' THEN
        SELECT id INTO v_order FROM orders WHERE hold_id = v_entry.hold_id AND state NOT IN ('cancelled', 'expired');
        IF FOUND THEN
            RETURN outcome('hold-ordered', jsonb_build_object('order_id', v_order));
        END IF;
        SELECT * INTO v_hold FROM holds WHERE id = v_entry.hold_id;
        IF v_hold.state = 'active' THEN
            PERFORM free_seats(v_hold.id, v_hold.seat_ids);
            UPDATE holds SET state = 'released' WHERE id = v_hold.id;
        END IF;
    END IF;
    UPDATE waiting_list SET state = 'left' WHERE id = v_entry.id;
    RETURN outcome('done');
END $$;
-- +goose StatementEnd

-- Offers the best seats together to one who waits, for p_seconds, or until the show begins. It waits for no lock. Outcomes: done, offered;
-- none, there are not so many; busy, try again; over, the entry waits no more or its buyer may not have so many.
-- +goose StatementBegin
CREATE FUNCTION offer_seats(p_entry bigint, p_seconds integer) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_entry waiting_list;
    v_show  shows;
    v_found record;
    v_now   timestamptz;
    v_hold  uuid;
BEGIN
    SELECT * INTO v_entry FROM waiting_list WHERE id = p_entry AND state = 'waiting';
    IF NOT FOUND THEN
        RETURN 'over';
    ELSIF try_locks(ARRAY[buyer_lock(v_entry.buyer_id)]) <> '{}' THEN
        RETURN 'busy';
    END IF;
    PERFORM 1 FROM waiting_list WHERE id = p_entry AND state = 'waiting'; -- with a snapshot from after the lock
    IF NOT FOUND THEN
        RETURN 'over';
    END IF;
    SELECT * INTO v_show FROM shows WHERE id = v_entry.show_id;
    v_now := clock_timestamp();
    IF NOT on_sale(v_show, v_now) OR NOT v_show.waiting_list OR v_show.status <> 'published'
       OR EXISTS (SELECT 1 FROM buyers WHERE id = v_entry.buyer_id AND deleted_at IS NOT NULL) -- see 00036
       OR seats_of_buyer(v_entry.buyer_id, v_show.id, v_now) + v_entry.seats > v_show.max_per_buyer THEN
        UPDATE waiting_list SET state = 'lapsed' WHERE id = p_entry;
        RETURN 'over';
    END IF;
    SELECT * INTO v_found FROM claim_best(v_show.id, sections_by_distance(v_show.id, v_entry.band_id, NULL), v_entry.seats, false, false, false);
    IF v_found.busy THEN
        RETURN 'busy';
    ELSIF v_found.seats IS NULL THEN
        RETURN 'none';
    END IF;
    v_hold := make_hold(v_show.id, v_entry.buyer_id, v_found.seats, least(clock_timestamp() + make_interval(secs => p_seconds), v_show.starts_at), true, max_renewals());
    UPDATE waiting_list SET state = 'offered', hold_id = v_hold WHERE id = p_entry;
    PERFORM enqueue('waitlist-offer', v_hold::text, jsonb_build_object('hold_id', v_hold));
    RETURN 'done';
END $$;
-- +goose StatementEnd

-- Writes down which offers are over, at most p_limit, and says how many. Nothing depends on it.
-- +goose StatementBegin
CREATE FUNCTION sweep_offers(p_limit integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_count integer;
BEGIN
    UPDATE waiting_list w SET state = waiting_state(w)
     WHERE w.id IN (SELECT e.id FROM waiting_list e JOIN holds h ON h.id = e.hold_id
                     WHERE e.state = 'offered' AND (h.state = 'sold' OR NOT hold_counts(h.state, h.expires_at, clock_timestamp()))
                     ORDER BY e.id LIMIT p_limit FOR UPDATE OF e SKIP LOCKED);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;
-- +goose StatementEnd
