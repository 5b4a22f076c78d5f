package notary

import (
	"context"
	"errors"
	"time"

	"anteroom/waitroom"
	"anteroom/waitroom/draw"
)

// facts are what the ledger says of a draw, in hex; empty where there is nothing to say yet.
type facts struct {
	commitment string
	root       string
}

// drawn is what this gateway keeps of the draw of one epoch, so that the crowd's bits are read and hashed once.
type drawn struct {
	epoch    int64
	version  int64 // of the policy, which names the beacon
	state    waitroom.DrawState
	facts    facts
	entrants *draw.Entrants // from the sealing until it is done
}

// facts finds out what there is to say of the draw, as the view has it. It reports false when the draw has gone on since; the next view
// says so.
func (r *room) facts(ctx context.Context, v *waitroom.View) (f facts, current bool, err error) {
	if v.Draw == "" {
		return facts{}, true, nil
	}
	if r.draw.epoch == v.Epoch && r.draw.version == v.Version && r.draw.state == v.Draw {
		return r.draw.facts, true, nil
	}
	limit, cancel := context.WithTimeout(ctx, drawTimeout)
	defer cancel()
	d, err := r.line.Drawing(limit, r.name)
	if err != nil || d.Epoch != v.Epoch || d.State != v.Draw {
		return facts{}, false, err
	}
	known := drawn{epoch: v.Epoch, version: v.Version, state: v.Draw}
	known.facts.commitment = draw.Commit(d.Seed, r.name, d.Epoch, d.BeaconName).String()
	switch d.State {
	case waitroom.DrawDone:
		known.facts.root = draw.Hash(d.Root).String()
	case waitroom.DrawSealed:
		bits, err := r.line.Entrants(limit, r.name)
		if err != nil {
			return facts{}, false, err
		}
		if known.entrants, err = draw.NewEntrants(d.Entrants, bits); err != nil {
			return facts{}, false, err
		}
		known.facts.root = known.entrants.Root().String()
	}
	r.draw = known
	return known.facts, true, nil
}

// perform makes the next step of the draw when it is due. No step is made before the ledger says what the one before it has fixed: the
// commitment stands there before the entrants are sealed, and their root before the order comes about.
func (r *room) perform(ctx context.Context, v *waitroom.View, f facts) error {
	if v.Phase != waitroom.PhasePrequeue || r.last.line.Epoch != v.Epoch || r.last.line.DrawCommitment != f.commitment || r.last.line.DrawRoot != f.root {
		return nil
	}
	limit, cancel := context.WithTimeout(ctx, drawTimeout)
	defer cancel()
	var err error
	switch v.Draw {
	case waitroom.DrawCommitted:
		// A draw is held at the opening. Without one in the schedule there is no moment to hold it at.
		opens := v.Schedule.OpenAt
		if opens.IsZero() || v.LineTime(time.Now()).Before(opens) {
			return nil
		}
		var d waitroom.Draw
		if d, err = r.line.Seal(limit, r.name); err == nil {
			r.log.Info("the entrants of the draw are sealed", "epoch", d.Epoch, "numbers", d.Entrants)
		}
	case waitroom.DrawSealed:
		err = r.finish(limit)
	}
	if errors.Is(err, waitroom.ErrDrawState) {
		return nil // another gateway was faster, or it is not time yet by the clock of the line
	}
	return err
}

// finish puts the drawn order in force once the beacon has spoken.
func (r *room) finish(ctx context.Context) error {
	d, err := r.line.Drawing(ctx, r.name)
	if err != nil || d.Epoch != r.draw.epoch || d.State != waitroom.DrawSealed || d.BeaconValue == "" {
		return err
	}
	root := r.draw.entrants.Root()
	order, err := draw.New(draw.Inputs{
		Seed: d.Seed, Root: root, BeaconName: d.BeaconName, BeaconValue: d.BeaconValue, Room: r.name, Epoch: d.Epoch, N: d.Entrants,
	}.Key(), d.Entrants)
	if err != nil {
		return err
	}
	if _, err = r.line.Finish(ctx, r.name, root, draw.PermuteBitmap(order, r.draw.entrants.Bitmap(), d.Entrants)); err == nil {
		r.log.Info("the draw is done", "epoch", d.Epoch, "numbers", d.Entrants, "root", root.String())
	}
	return err
}
