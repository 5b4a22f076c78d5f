package redisqueue

import (
	"context"
	"slices"

	"anteroom/waitroom"
)

// joinAttempts bounds how often a join is made anew because the place that the entrant had turned out to be over.
const joinAttempts = 4

// Join implements waitroom.Queue. When it fails with "line-unavailable" a number may have been taken that nobody knows; it
// counts as a visitor who is silent, and goes as such.
func (q *Queue) Join(ctx context.Context, room string, who waitroom.Entrant) (waitroom.Place, error) {
	switch {
	case !waitroom.ValidRoom(room):
		return waitroom.Place{}, waitroom.ErrRoomUnknown
	case !validEntrant(who):
		return waitroom.Place{}, waitroom.ErrEntrantInvalid
	}
	over := int64(0)
	for range joinAttempts {
		b, index, err := q.committer(room).join(ctx, who, over)
		if err != nil {
			return waitroom.Place{}, err
		}
		number, again := b.number(index)
		if number == 0 {
			return waitroom.Place{}, b.why
		}
		if !again {
			return b.place(room, number), nil
		}
		p, err := q.Look(ctx, room, b.epoch, number)
		if err != nil {
			return p, err
		}
		if p.State != waitroom.Passed && p.State != waitroom.Expired {
			p.Again, p.JoinedAt = true, b.now
			return p, nil
		}
		over = number
	}
	return waitroom.Place{}, waitroom.ErrLineUnavailable
}

// place is that of a number which the batch was given. Its rank is the number: only earlier ones are drawn.
func (b *batch) place(room string, number int64) waitroom.Place {
	p := waitroom.Place{Room: room, Epoch: b.epoch, Number: number, Rank: number, State: waitroom.Waiting, JoinedAt: b.now}
	if b.phase == waitroom.PhasePrequeue {
		p.State = waitroom.Prequeue
	}
	if number <= b.highest {
		p.State, p.AdmittedAt, p.ExpiresAt = waitroom.Admitted, b.now, b.expires
	}
	return p
}

// JoinMany implements waitroom.Queue.
func (q *Queue) JoinMany(ctx context.Context, room string, count int64) (waitroom.Block, error) {
	if count < 1 || count > waitroom.MaxBlock {
		return waitroom.Block{}, waitroom.ErrBlockInvalid
	}
	o, err := q.joinCall(ctx, room, []string{decimal(count), "1"})
	if err == nil && o.given == 0 {
		err = o.why
	}
	return waitroom.Block{Epoch: o.epoch, First: o.first, Count: o.given, JoinedAt: o.now}, err
}

// Look implements waitroom.Queue.
func (q *Queue) Look(ctx context.Context, room string, epoch, number int64) (waitroom.Place, error) {
	r, rank, err := q.byRank(ctx, lookScript, room, epoch, number)
	if err != nil {
		return waitroom.Place{}, err
	}
	return waitroom.Place{
		Room: room, Epoch: epoch, Number: number, Rank: rank,
		State: waitroom.State(r.text()), AdmittedAt: r.moment(), ExpiresAt: r.moment(),
	}, r.err
}

// Leave implements waitroom.Queue.
func (q *Queue) Leave(ctx context.Context, room string, epoch, number int64) error {
	return q.quit(ctx, room, epoch, number, "leave")
}

// Release implements waitroom.Queue.
func (q *Queue) Release(ctx context.Context, room string, epoch, number int64) error {
	return q.quit(ctx, room, epoch, number, "release")
}

// Evict implements waitroom.Queue.
func (q *Queue) Evict(ctx context.Context, room string, epoch, number int64) error {
	return q.quit(ctx, room, epoch, number, "evict")
}

func (q *Queue) quit(ctx context.Context, room string, epoch, number int64, what string) error {
	_, _, err := q.byRank(ctx, quitScript, room, epoch, number, what)
	return err
}

// touchBatch is the most sessions that one touch script takes.
const touchBatch = 1000

// Touch implements waitroom.Pulse. More than a thousand sessions go in several steps.
func (q *Queue) Touch(ctx context.Context, room string, epoch int64, sessions []waitroom.Session) error {
	for batch := range slices.Chunk(sessions, touchBatch) {
		if err := q.touch(ctx, room, epoch, batch); err != nil {
			return err
		}
	}
	return nil
}

func (q *Queue) touch(ctx context.Context, room string, epoch int64, batch []waitroom.Session) error {
	for attempt := 0; ; attempt++ {
		turn := q.turn(room)
		gen, _ := turn.place(epoch, 1)
		args := make([]string, 0, 2+2*len(batch))
		args = append(args, decimal(epoch), decimal(gen))
		for _, s := range batch {
			_, rank := turn.place(epoch, s.Number)
			args = append(args, decimal(rank), decimal(s.AdmittedAt.UnixMilli()))
		}
		_, err := q.run(ctx, touchScript, room, args...)
		if err != errTurn || attempt > 0 { //nolint:errorlint // made by verdict, never wrapped
			return err
		}
		if err := q.learnTurn(ctx, room); err != nil {
			return err
		}
	}
}
