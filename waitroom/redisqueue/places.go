package redisqueue

import (
	"context"
	"slices"

	"anteroom/waitroom"
)

// touchBatch is the most numbers that one touch script takes.
const touchBatch = 1000

// Join implements waitroom.Queue. When it fails with "line-unavailable" a number may have been taken that nobody knows; it
// counts as a visitor who is silent, and goes as such.
func (q *Queue) Join(ctx context.Context, room string) (waitroom.Place, error) {
	r, err := q.run(ctx, joinScript, room)
	if err != nil {
		return waitroom.Place{}, err
	}
	p := waitroom.Place{
		Room: room, State: waitroom.Waiting,
		Epoch: r.number(), Number: r.number(), JoinedAt: r.moment(), Ahead: r.number(), AdmittedAt: r.moment(), ExpiresAt: r.moment(),
	}
	if !p.AdmittedAt.IsZero() {
		p.State = waitroom.Admitted
	}
	return p, r.err
}

// Status implements waitroom.Queue.
func (q *Queue) Status(ctx context.Context, room string, epoch, number int64) (waitroom.Place, error) {
	r, err := q.run(ctx, statusScript, room, decimal(epoch), decimal(number))
	if err != nil {
		return waitroom.Place{}, err
	}
	return waitroom.Place{
		Room: room, Epoch: epoch, Number: number,
		State: waitroom.State(r.text()), Ahead: r.number(), AdmittedAt: r.moment(), ExpiresAt: r.moment(),
	}, r.err
}

// Leave implements waitroom.Queue.
func (q *Queue) Leave(ctx context.Context, room string, epoch, number int64) error {
	_, err := q.run(ctx, leaveScript, room, decimal(epoch), decimal(number))
	return err
}

// Release implements waitroom.Queue.
func (q *Queue) Release(ctx context.Context, room string, epoch, number int64) error {
	_, err := q.run(ctx, releaseScript, room, decimal(epoch), decimal(number))
	return err
}

// Touch implements waitroom.Queue. More than a thousand numbers go in several steps.
func (q *Queue) Touch(ctx context.Context, room string, epoch int64, numbers []int64) error {
	for batch := range slices.Chunk(numbers, touchBatch) {
		args := make([]string, 0, len(batch)+1)
		args = append(args, decimal(epoch))
		for _, number := range batch {
			args = append(args, decimal(number))
		}
		if _, err := q.run(ctx, touchScript, room, args...); err != nil {
			return err
		}
	}
	return nil
}
