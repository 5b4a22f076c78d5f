-- +goose Up
-- What paying in two steps needs: a charge is authorised first, then captured or voided; the buyer may have to act in between; fees
-- and tax are part of an order; part of an order may be given back.

ALTER TABLE orders
    ADD COLUMN ticket_fees      bigint NOT NULL DEFAULT 0,   -- of all its tickets together
    ADD COLUMN order_fee        bigint NOT NULL DEFAULT 0,
    ADD COLUMN tax              bigint NOT NULL DEFAULT 0,   -- part of the total where tax_included, else added to the sum
    ADD COLUMN tax_basis_points integer NOT NULL DEFAULT 0,
    ADD COLUMN tax_included     boolean NOT NULL DEFAULT true,
    ADD COLUMN cancel_fee       bigint NOT NULL DEFAULT 0,   -- what was kept when it was cancelled
    ADD COLUMN outcome          text,                        -- why it was cancelled, where that was not the buyer's doing
    ADD COLUMN suggestions      bigint[];                    -- seats offered in place of those that were lost
ALTER TABLE orders ADD CONSTRAINT orders_charges
    CHECK (ticket_fees >= 0 AND order_fee >= 0 AND tax >= 0 AND cancel_fee >= 0 AND tax_basis_points BETWEEN 0 AND 10000) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_charges;

-- confirming to cancelled: the seats were lost before the money was sure, and it is never taken. confirming to expired: the hold
-- was over when the payment came to nothing.
INSERT INTO order_transitions VALUES ('confirming', 'cancelled'), ('confirming', 'expired');
-- A payment that is authorised takes seats that nobody has: its own again after the hold ran out, or those of a show that is paid first.
INSERT INTO seat_transitions VALUES ('free', 'confirming');

-- What was given back for this line alone; null while its ticket stands, or while the order was cancelled as a whole.
ALTER TABLE order_lines ADD COLUMN refunded bigint CHECK (refunded >= 0);

-- action: the buyer has to act, as for 3-D Secure. authorised: its seats are confirming and the capture follows.
-- voiding: the seats were lost; it is to be voided, whatever happens next.
ALTER TABLE payments DROP CONSTRAINT payments_state_check;
ALTER TABLE payments ADD CONSTRAINT payments_state_check
    CHECK (state IN ('started', 'action', 'authorised', 'voiding', 'captured', 'declined', 'voided', 'refunded')) NOT VALID;
ALTER TABLE payments VALIDATE CONSTRAINT payments_state_check;
ALTER TABLE payments
    ADD COLUMN ref        text, -- the provider's own name of the charge
    ADD COLUMN action_url text; -- where the buyer acts
DROP INDEX payments_one_live;
CREATE UNIQUE INDEX payments_one_live ON payments (order_id) WHERE state IN ('started', 'action', 'authorised', 'voiding', 'captured', 'refunded');
DROP INDEX payments_unsettled;
CREATE INDEX payments_unsettled ON payments (created_at) WHERE state IN ('started', 'action', 'authorised', 'voiding');
