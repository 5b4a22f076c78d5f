package redisqueue

import (
	"context"
	"errors"

	"anteroom/waitroom"
	"anteroom/waitroom/draw"
)

// errTurn says that a script was told a rank of an order that is not in force.
var errTurn = errors.New("the order of ranks is another one now")

// turn is the drawn order of one epoch. Nil is that of the numbers.
type turn struct {
	epoch int64
	order *draw.Permutation
}

// place returns the rank of a number, and gen, by which the scripts tell ranks from numbers.
func (t *turn) place(epoch, number int64) (gen, rank int64) {
	if t == nil || t.epoch != epoch {
		return 0, number
	}
	return 1, t.order.Rank(number)
}

// number is the inverse of place.
func (t *turn) number(epoch, rank int64) int64 {
	if t == nil || t.epoch != epoch {
		return rank
	}
	return t.order.Number(rank)
}

// turn returns the order that this gateway knows of, which may be nil.
func (q *Queue) turn(room string) *turn {
	if t, ok := q.turns.Load(room); ok {
		return t.(*turn)
	}
	return nil
}

// learnTurn reads the order in force.
func (q *Queue) learnTurn(ctx context.Context, room string) error {
	d, err := q.Drawing(ctx, room)
	if err != nil {
		return err
	}
	if d.State != waitroom.DrawDone {
		q.turns.Delete(room)
		return nil
	}
	order, err := drawnOrder(room, d, d.Root)
	if err != nil {
		return err
	}
	q.turns.Store(room, &turn{epoch: d.Epoch, order: order})
	return nil
}

// knowTurn returns the order of a room that says of itself which one is in force.
func (q *Queue) knowTurn(ctx context.Context, room string, epoch, gen int64) (*turn, error) {
	t := q.turn(room)
	if gen == 0 || (t != nil && t.epoch == epoch) {
		if gen == 0 {
			return nil, nil
		}
		return t, nil
	}
	if err := q.learnTurn(ctx, room); err != nil {
		return nil, err
	}
	if t = q.turn(room); t == nil || t.epoch != epoch {
		return nil, waitroom.ErrTicketSuperseded // the room has been reset in between
	}
	return t, nil
}

// drawnOrder is the order that a draw leads to, given the root of its entrants.
func drawnOrder(room string, d waitroom.Draw, root [32]byte) (*draw.Permutation, error) {
	in := draw.Inputs{Seed: d.Seed, Root: root, BeaconName: d.BeaconName, BeaconValue: d.BeaconValue, Room: room, Epoch: d.Epoch, N: d.Entrants}
	return draw.New(in.Key(), d.Entrants)
}
