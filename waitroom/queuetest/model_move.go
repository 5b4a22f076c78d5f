package queuetest

import (
	"context"
	"time"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

// moving is what a room knows of places on their way to other devices.
type moving struct {
	moves  map[int64]int64
	offers map[int64]*offered // by number
	moved  []waitroom.Moved
}

type offered struct {
	waitroom.Offer
	expires int64
	claimed bool
	key     string
}

// known believes a ticket that says more than is known here.
func (r *line) known(number, moves int64) int64 {
	if moves > r.moving.moves[number] {
		r.move(number, moves)
	}
	return r.moving.moves[number]
}

func (r *line) move(number, moves int64) {
	if r.moving.moves == nil {
		r.moving.moves = map[int64]int64{}
	}
	r.moving.moves[number] = moves
	r.moving.moved = append(r.moving.moved, waitroom.Moved{Number: number, Moves: moves})
}

// place finds a number of the epoch, locked.
func (m *Model) place(room string, epoch, number int64) (r *line, done func(), err error) {
	r, done, err = m.room(room)
	switch {
	case err != nil:
	case epoch != r.epoch:
		err = waitroom.ErrTicketSuperseded
	case !r.given(epoch, number):
		err = waitroom.ErrTicketInvalid
	}
	return r, done, err
}

// Offer implements waitroom.Mover.
func (m *Model) Offer(_ context.Context, room string, offer waitroom.Offer) (time.Time, error) {
	number := offer.Ticket.Number
	r, done, err := m.place(room, offer.Ticket.Epoch, number)
	defer done()
	if err != nil {
		return time.Time{}, err
	}
	switch moves := r.known(number, offer.Ticket.Moves); {
	case moves > offer.Ticket.Moves:
		return time.Time{}, waitroom.ErrTicketMoved
	case r.visitor(number).out:
		return time.Time{}, waitroom.ErrPlaceServed
	case moves >= waitroom.MaxMoves:
		return time.Time{}, waitroom.ErrMoveLimit
	}
	open := 0
	for other, o := range r.moving.offers {
		if other != number && r.now < o.expires {
			open++
		}
	}
	if open >= waitroom.MaxOffers {
		return time.Time{}, waitroom.ErrMovesBusy
	}
	if r.moving.offers == nil {
		r.moving.offers = map[int64]*offered{}
	}
	one := &offered{Offer: offer, expires: r.now + waitroom.MoveLife.Milliseconds()}
	r.moving.offers[number] = one
	return moment(one.expires), nil
}

// Claim implements waitroom.Mover.
func (m *Model) Claim(_ context.Context, room string, code waitroom.MoveCode, key string) (waitroom.Offer, error) {
	r, done, err := m.place(room, code.Epoch, code.Number)
	defer done()
	if err != nil {
		return waitroom.Offer{}, err
	}
	one := r.moving.offers[code.Number]
	if one == nil || one.Digest != code.Digest() || r.now >= one.expires {
		return waitroom.Offer{}, waitroom.ErrMoveSpent
	}
	moves := r.moving.moves[code.Number]
	switch {
	case one.claimed && (key == "" || key != one.key || moves != one.Ticket.Moves+1):
		return waitroom.Offer{}, waitroom.ErrMoveSpent
	case !one.claimed && moves != one.Ticket.Moves:
		return waitroom.Offer{}, waitroom.ErrMoveSpent
	case !one.claimed && r.visitor(code.Number).out:
		return waitroom.Offer{}, waitroom.ErrPlaceServed
	case !one.claimed:
		one.claimed, one.key = true, key
		r.move(code.Number, moves+1)
	}
	// A ticket's time is kept in milliseconds.
	t := one.Ticket
	offer := waitroom.Offer{Digest: one.Digest, ReturnTo: one.ReturnTo, Ticket: auth.Ticket{
		Room: room, Epoch: t.Epoch, Number: t.Number, JoinedAt: time.UnixMilli(t.JoinedAt.UnixMilli()),
		EstimateLow: t.EstimateLow, EstimateHigh: t.EstimateHigh, Moves: t.Moves + 1,
	}}
	return offer, nil
}

// Moved implements waitroom.Mover.
func (m *Model) Moved(_ context.Context, room string, epoch, number, known int64) (int64, error) {
	r, done, err := m.place(room, epoch, number)
	defer done()
	if err != nil {
		return 0, err
	}
	return r.known(number, known), nil
}

// Moves implements waitroom.Pulse. Three come at once, so that whoever follows them has to go on.
func (m *Model) Moves(_ context.Context, room string, from int64) ([]waitroom.Moved, int64, error) {
	r, done, err := m.room(room)
	defer done()
	if err != nil {
		return nil, from, err
	}
	all := r.moving.moved
	if from > int64(len(all)) {
		return nil, 0, nil
	}
	page := all[from:min(from+3, int64(len(all)))]
	return append([]waitroom.Moved{}, page...), from + int64(len(page)), nil
}
