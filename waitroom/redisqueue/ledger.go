package redisqueue

import (
	"context"

	"anteroom/waitroom"
)

// Append implements waitroom.Notary.
func (q *Queue) Append(ctx context.Context, room string, seq int64, line string) error {
	if seq < 1 {
		return waitroom.ErrLedgerMoved
	}
	_, err := q.runSafely(ctx, ledgerScript, room, decimal(seq), line)
	return err
}

// LastLine implements waitroom.Notary.
func (q *Queue) LastLine(ctx context.Context, room string) (seq int64, line string, err error) {
	r, err := q.run(ctx, ledgerScript, room, "0", "")
	if err != nil {
		return 0, "", err
	}
	seq, line = r.number(), r.text()
	return seq, line, r.err
}

// Ledger implements waitroom.Notary.
func (q *Queue) Ledger(ctx context.Context, room string, from, limit int64) ([]string, error) {
	if !waitroom.ValidRoom(room) {
		return nil, waitroom.ErrRoomUnknown
	}
	from = max(from, 1)
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	b := q.client.B
	answers := q.client.DoMulti(ctx,
		b().Exists().Key(q.roomKey(room)).Build(),
		b().Lrange().Key(q.ledgerKey(room)).Start(from-1).Stop(from-2+max(limit, 0)).Build())
	exists, err := answers[0].AsInt64()
	if err != nil {
		return nil, judged(err)
	}
	if exists == 0 {
		return nil, waitroom.ErrRoomUnknown
	}
	if limit <= 0 {
		return nil, nil // LRANGE would take the bound before the first line for the last one
	}
	lines, err := answers[1].AsStrSlice()
	return lines, judged(err)
}
