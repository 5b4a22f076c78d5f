package waitroom

import (
	"context"
	"errors"

	"anteroom/internal/auth"
)

// Known fails with "room-unknown" for a room that does not exist. It needs no line, so it works during an outage.
func (d *Desk) Known(room string) error {
	if _, err := d.rooms.Find([]byte(room)); errors.Is(err, ErrRoomUnknown) {
		return err
	}
	return nil
}

// Offer opens the move of a place to another device, which goes on at a path of this host, empty for none. It fails with
// the errors of Rooms.Find, auth.Keys.VerifyTicket and Mover.Offer.
func (d *Desk) Offer(ctx context.Context, room string, tickets [][]byte, returnTo string) (MoveLink, error) {
	r, err := d.up(room)
	if err != nil {
		return MoveLink{}, err
	}
	_, t, err := d.ticket(room, tickets)
	if err != nil {
		if _, t, ok := d.shadowTicket(r.View(), tickets); ok {
			return d.offerShadow(r.View(), t, returnTo)
		}
		return MoveLink{}, err
	}
	if r.Moved(t.Epoch, t.Number) > t.Moves {
		return MoveLink{}, ErrTicketMoved
	}
	code, err := NewMoveCode(t.Epoch, t.Number)
	if err != nil {
		return MoveLink{}, err
	}
	limit, cancel := context.WithTimeout(ctx, lineTimeout)
	defer cancel()
	expires, err := d.queue.Offer(limit, room, Offer{Ticket: t, Digest: code.Digest(), ReturnTo: returnTo})
	if err != nil {
		return MoveLink{}, err
	}
	return MoveLink{URL: "/waitroom/v1/" + room + "/move/" + code.String(), Number: t.Number, ExpiresAt: expires}, nil
}

// Claim takes a move up: it returns the place with its new ticket, and where to go on. The key may be empty; repeated with the same one the
// claim gives the same. It fails with the errors of Rooms.Find and Mover.Claim.
func (d *Desk) Claim(ctx context.Context, room string, code MoveCode, key string) (visit Visit, returnTo string, err error) {
	r, err := d.up(room)
	if err != nil {
		return Visit{}, "", err
	}
	if visit, returnTo, ok, err := d.claimShadow(r.View(), code, key); ok {
		return visit, returnTo, err
	}
	limit, cancel := context.WithTimeout(ctx, lineTimeout)
	defer cancel()
	offer, err := d.queue.Claim(limit, room, code, MoveKey(key))
	if errors.Is(err, ErrTicketInvalid) { // a number that nobody has: the code was never given, or for the shadow line at another gateway
		err = ErrMoveSpent
	}
	if err != nil {
		return Visit{}, "", err
	}
	token, err := d.keys.SignTicket(offer.Ticket)
	if err != nil {
		return Visit{}, "", err
	}
	// It waited a moment ago, or the line would have refused. Nobody is asked again: the answer must not be lost now.
	view := r.View()
	place := Place{Epoch: offer.Ticket.Epoch, Number: offer.Ticket.Number, Rank: view.Rank(offer.Ticket.Number), State: view.Standing()}
	visit, err = d.visit(view, place)
	visit.Ticket = token
	return visit, offer.ReturnTo, err
}

// inForce fails with "ticket-moved" when the place of a ticket is on another device. The line is asked: the gateway's own view may be
// a second old. Once a place is admitted the answer is final, because only a place that waits is moved.
func (d *Desk) inForce(ctx context.Context, t auth.Ticket) error {
	moves, err := d.queue.Moved(ctx, t.Room, t.Epoch, t.Number, t.Moves)
	if err == nil && moves > t.Moves {
		return ErrTicketMoved
	}
	return err
}

// taken is the ticket of a place that a join has found or made. Who is known by account may come back from any device; a key is as good as
// the ticket of the join that it was made for, so it ends with it.
func (d *Desk) taken(ctx context.Context, place Place, who Entrant) (auth.Ticket, error) {
	t := auth.Ticket{Room: place.Room, Epoch: place.Epoch, Number: place.Number, JoinedAt: place.JoinedAt}
	if !place.Again {
		return t, nil
	}
	moves, err := d.queue.Moved(ctx, t.Room, t.Epoch, t.Number, 0)
	switch {
	case err != nil:
		return t, err
	case moves > 0 && who.Account == "":
		return t, ErrTicketMoved
	}
	t.Moves = moves
	return t, nil
}
