package notary

import (
	"context"
	"errors"

	"anteroom/waitroom"
	"anteroom/waitroom/ledger"
)

// written is the last line of a room's ledger, as far as this gateway knows.
type written struct {
	seq   int64
	token string
	line  ledger.Line
}

// record writes a line when one is due. Several gateways do so at once: the line takes each number once, and who comes too late looks
// whether one is still due after the other's.
func (r *room) record(ctx context.Context, v *waitroom.View, f facts) error {
	now := lineOf(v, f)
	if r.last.seq > 0 && !due(r.last.line, now) {
		return nil
	}
	limit, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	for {
		if err := r.readLast(limit); err != nil {
			return err
		}
		if r.last.seq > 0 && !due(r.last.line, now) {
			return nil
		}
		next := ledger.Next(r.last.token, r.last.line, now)
		if r.last.seq > 0 {
			// Another gateway has seen a later moment, or a failover has taken back what the last line says. The
			// ledger never contradicts itself: it waits for a view that goes on from there.
			if err := ledger.Follows(r.last.token, r.last.line, next); err != nil {
				return err
			}
		}
		token, err := ledger.Sign(r.keys, next)
		if err != nil {
			return err
		}
		err = r.line.Append(limit, r.name, next.Seq, token)
		if err == nil {
			r.last = written{next.Seq, token, next}
		}
		if !errors.Is(err, waitroom.ErrLedgerMoved) {
			return err
		}
	}
}

// readLast reads the last line. One that does not verify (the keys are others than those that signed it) is gone on from nevertheless, by
// its number and its text: that keeps the chain, and a verifier who has its key judges it.
func (r *room) readLast(ctx context.Context) error {
	seq, token, err := r.line.LastLine(ctx, r.name)
	if err != nil || seq == r.last.seq {
		return err
	}
	r.last = written{seq: seq, token: token}
	if seq == 0 {
		return nil
	}
	if r.last.line, err = ledger.Decode(ctx, r.keys, token); err != nil {
		r.log.Error("the last line of the ledger is not signed by our key", "seq", seq, "err", err)
		r.last.line = ledger.Line{Room: r.name, Seq: seq}
	}
	return nil
}

// due reports whether now is to be written after last: at each change of what the room does, and every ten seconds.
func due(last, now ledger.Line) bool {
	if now.At < last.At {
		return false
	}
	return now.At-last.At >= lineEvery.Milliseconds() || now.Epoch != last.Epoch || now.PolicyVersion != last.PolicyVersion || now.Mode != last.Mode ||
		now.DrawCommitment != last.DrawCommitment || now.DrawRoot != last.DrawRoot
}

// lineOf is what the ledger says of a view. Its mode is what the room does just now, with schedule, draw and end applied.
func lineOf(v *waitroom.View, f facts) ledger.Line {
	waiting := int64(0)
	if v.Crowd != nil {
		waiting = min(v.Waiting(), v.Issued)
	}
	return ledger.Line{
		Room: v.Room, Epoch: v.Epoch, At: v.AsOf.UnixMilli(),
		Issued: v.Issued, Serving: v.Serving, AdmittedTotal: v.AdmittedTotal, Active: v.Active, Waiting: waiting,
		Mode: string(v.Phase), Method: string(v.Policy.Method), PolicyVersion: v.Version, RatePerMinute: v.Policy.RatePerMinute, MaxActive: v.Policy.MaxActive,
		DrawCommitment: f.commitment, DrawRoot: f.root,
	}
}
