package rooms

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"anteroom/waitroom"
)

// overlap is how far a tick asks back behind the last one: revocations of one moment may become visible in either order.
const overlap = 2 * time.Second

// room is the live view of one room. One goroutine runs it; the others read.
type room struct {
	name  string
	queue waitroom.Queue
	log   *slog.Logger

	view    atomic.Pointer[waitroom.View]
	lost    atomic.Bool
	revoked revocations
	touched touched
	down    bool // the last call failed; so that an outage is logged once
	resync  bool // the next tick asks for all revocations, not for the newest
}

var _ waitroom.Room = (*room)(nil)

func newRoom(name string, queue waitroom.Queue, log *slog.Logger) *room {
	return &room{name: name, queue: queue, log: log.With("room", name)}
}

func (r *room) View() *waitroom.View { return r.view.Load() }

func (r *room) Revoked(epoch, number int64) bool {
	return r.revoked.has(waitroom.Revocation{Epoch: epoch, Number: number})
}

func (r *room) Revoke(epoch, number int64) {
	r.revoked.add(time.Now(), waitroom.Revocation{Epoch: epoch, Number: number})
}

func (r *room) Touch(epoch, number int64) { r.touched.add(epoch, number) }

// run ticks until ctx ends.
func (r *room) run(ctx context.Context) {
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	flushed := time.Now()
	for {
		select {
		case <-ctx.Done():
			// What was touched in the last second would otherwise look silent to the gateways that stay.
			r.flush(context.WithoutCancel(ctx))
			return
		case now := <-ticker.C:
			// Touches go first: after an outage the sessions that went on shopping must not be found silent.
			if now.Sub(flushed) >= flushEvery || r.down {
				flushed = now
				r.flush(ctx)
			}
			r.tick(ctx)
		}
	}
}

// tick asks for the newest state and publishes it. A failure keeps the last one, which grows stale by itself.
func (r *room) tick(ctx context.Context) {
	limit, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	last := r.view.Load()
	var since time.Time
	if last != nil && !r.resync && !r.lost.Load() {
		since = last.AsOf.Add(-overlap)
	}
	snapshot, revoked, err := r.queue.Tick(limit, r.name, since)
	switch {
	case ctx.Err() != nil:
		return
	case errors.Is(err, waitroom.ErrRoomUnknown):
		r.lose("the line does not know it")
	case err != nil:
		r.fail(err)
	case last != nil && snapshot.Epoch < last.Epoch:
		r.lose("its epoch has gone back")
	default:
		r.publish(last, snapshot, revoked)
	}
}

func (r *room) publish(last *waitroom.View, snapshot waitroom.Snapshot, revoked []waitroom.Revocation) {
	now := time.Now()
	r.revoked.keepFor(time.Duration(snapshot.Policy.SessionLimitSeconds) * time.Second)
	// Revocations come before the view: nobody sees the new state with an old pass still good.
	r.revoked.add(now, revoked...)
	r.revoked.prune(now)
	// A line whose clock has stepped back (another machine serves it) is asked for all that still matters once more.
	r.resync = last != nil && snapshot.AsOf.Before(last.AsOf)
	r.view.Store(&waitroom.View{Snapshot: snapshot, Received: now})
	if r.lost.Swap(false) {
		r.log.Warn("the room is back", "epoch", snapshot.Epoch)
	}
	if r.down {
		r.down = false
		r.log.Info("the line is back")
	}
}

func (r *room) fail(err error) {
	if !r.down {
		r.down = true
		r.log.Warn("the line does not answer", "err", err)
	}
}

func (r *room) lose(why string) {
	if !r.lost.Swap(true) {
		r.log.Error("the room is lost; its gate stays shut", "why", why)
	}
}

// flush tells the line who was active. What could not be told is told the next time.
func (r *room) flush(ctx context.Context) {
	epoch, numbers := r.touched.take()
	for len(numbers) > 0 {
		batch := numbers[:min(len(numbers), touchBatch)]
		limit, cancel := context.WithTimeout(ctx, callTimeout)
		err := r.queue.Touch(limit, r.name, epoch, batch)
		cancel()
		if err != nil && !errors.Is(err, waitroom.ErrTicketSuperseded) && !errors.Is(err, waitroom.ErrRoomUnknown) {
			r.touched.putBack(epoch, numbers)
			r.fail(err)
			return
		}
		numbers = numbers[len(batch):]
	}
}
