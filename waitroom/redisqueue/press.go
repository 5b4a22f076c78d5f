package redisqueue

import (
	"context"

	"anteroom/waitroom"
)

// Press implements waitroom.Throttle. A reason longer than MaxPressure is cut off.
func (q *Queue) Press(ctx context.Context, room, why string) (waitroom.Snapshot, error) {
	r, err := q.run(ctx, pressScript, room, waitroom.CutPressure(why))
	if err != nil {
		return waitroom.Snapshot{}, err
	}
	s, _, err := q.snapshot(ctx, room, r)
	return s, err
}
