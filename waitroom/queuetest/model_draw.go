package queuetest

import (
	"context"

	"anteroom/waitroom"
	"anteroom/waitroom/draw"
)

// commit fixes seed and beacon of an epoch's draw the first time that the room has one.
func (r *line) commit() {
	if r.policy.Method != waitroom.MethodDraw || r.draw.State != "" {
		return
	}
	seed, err := draw.NewSeed()
	if err != nil {
		panic(err) // the system has no random source
	}
	r.draw = waitroom.Draw{State: waitroom.DrawCommitted, Seed: seed, BeaconName: r.policy.Beacon}
}

// Drawing implements waitroom.Drawer.
func (m *Model) Drawing(_ context.Context, room string) (waitroom.Draw, error) {
	return m.drawing(room, func(*line) bool { return true }, func(*line) error { return nil })
}

func (m *Model) drawing(room string, may func(*line) bool, do func(*line) error) (waitroom.Draw, error) {
	r, done, err := m.room(room)
	defer done()
	if err == nil && !may(r) {
		err = waitroom.ErrDrawState
	}
	if err == nil {
		err = do(r)
	}
	if err != nil {
		return waitroom.Draw{}, err
	}
	r.draw.Epoch = r.epoch
	return r.draw, nil
}

// Seal implements waitroom.Drawer. Who is present at the opening takes part; the mode says whether the room opens at all.
func (m *Model) Seal(_ context.Context, room string) (waitroom.Draw, error) {
	may := func(r *line) bool {
		opens := r.ended == "" && r.policy.Mode != waitroom.ModeHold && r.policy.Mode != waitroom.ModeClosed
		return opens && r.policy.Method == waitroom.MethodDraw && r.draw.State == waitroom.DrawCommitted && !moment(r.now).Before(r.schedule.OpenAt)
	}
	return m.drawing(room, may, func(r *line) error {
		r.draw.State, r.draw.SealedAt, r.draw.Entrants = waitroom.DrawSealed, moment(r.now), r.issued()
		r.entrants = make([]byte, r.issued()/8+1)
		for number := int64(1); number <= r.issued(); number++ {
			if r.present(number) {
				r.entrants[number/8] |= 0x80 >> (number % 8)
			}
		}
		return nil
	})
}

// Beacon implements waitroom.Drawer.
func (m *Model) Beacon(_ context.Context, room string, value string) (waitroom.Draw, error) {
	may := func(r *line) bool { return r.draw.State == waitroom.DrawSealed && r.draw.BeaconValue == "" }
	return m.drawing(room, may, func(r *line) error {
		r.draw.BeaconValue = value
		return nil
	})
}

// Entrants implements waitroom.Drawer.
func (m *Model) Entrants(_ context.Context, room string) ([]byte, error) {
	r, done, err := m.room(room)
	defer done()
	switch {
	case err != nil:
		return nil, err
	case r.entrants == nil:
		return nil, waitroom.ErrDrawState
	}
	return r.entrants, nil
}

// Finish implements waitroom.Drawer.
func (m *Model) Finish(_ context.Context, room string, root [32]byte, present []byte) (waitroom.Draw, error) {
	may := func(r *line) bool { return r.draw.State == waitroom.DrawSealed && r.draw.BeaconValue != "" }
	return m.drawing(room, may, func(r *line) error {
		order, err := DrawnOrder(r.name, r.draw, root)
		if err != nil {
			return err
		}
		r.draw.State, r.draw.Root, r.order = waitroom.DrawDone, root, order
		for rank := int64(1); rank <= r.draw.Entrants; rank++ {
			v := r.visitor(r.number(rank))
			if v.heard = silent; rank/8 < int64(len(present)) && present[rank/8]&(0x80>>(rank%8)) != 0 {
				v.heard = r.window
			}
		}
		for number := r.draw.Entrants + 1; number <= r.issued(); number++ { // they were here a moment ago
			r.visitor(number).heard = r.window
		}
		return nil
	})
}

// DrawnOrder is the order that a draw with its beacon gives.
func DrawnOrder(room string, d waitroom.Draw, root [32]byte) (*draw.Permutation, error) {
	key := draw.Inputs{
		Seed: d.Seed, Root: root, BeaconName: d.BeaconName, BeaconValue: d.BeaconValue, Room: room, Epoch: d.Epoch, N: d.Entrants,
	}.Key()
	return draw.New(key, d.Entrants)
}

// Append implements waitroom.Notary.
func (m *Model) Append(_ context.Context, room string, seq int64, text string) error {
	r, done, err := m.room(room)
	defer done()
	if err != nil {
		return err
	}
	if seq != int64(len(r.ledger))+1 {
		return waitroom.ErrLedgerMoved
	}
	r.ledger = append(r.ledger, text)
	return nil
}

// Ledger implements waitroom.Notary.
func (m *Model) Ledger(_ context.Context, room string, from, limit int64) ([]string, error) {
	r, done, err := m.room(room)
	defer done()
	if err != nil {
		return nil, err
	}
	size := int64(len(r.ledger))
	first := min(max(from, 1), size+1)
	return append([]string{}, r.ledger[first-1:min(first-1+max(limit, 0), size)]...), nil
}

// LastLine implements waitroom.Notary.
func (m *Model) LastLine(_ context.Context, room string) (int64, string, error) {
	r, done, err := m.room(room)
	defer done()
	if err != nil || len(r.ledger) == 0 {
		return 0, "", err
	}
	return int64(len(r.ledger)), r.ledger[len(r.ledger)-1], nil
}
