package rooms

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"anteroom/waitroom"
)

// catchUp bounds how often a room that is behind is ticked in a row; then the others have their turn.
const catchUp = 50

// room is the live view of one room. One goroutine ticks it, another tells heartbeats and reads the crowd; the others read.
type room struct {
	name string
	line waitroom.Pulse
	log  *slog.Logger

	view    atomic.Pointer[waitroom.View]
	lost    atomic.Bool
	revoked revocations
	touched touched
	heard   *waitroom.Heartbeats
	crowds  crowds
	moves   moves

	// What follows is the ticking goroutine's.
	last     *waitroom.Snapshot // the last answer, published or not
	answered time.Time          // when it came
	cursor   cursor
	pacer    waitroom.Pacer
	window   window
	down     bool // the last call failed; so that an outage is logged once

	returning bool // lost, and all revocations are being read again
}

var _ waitroom.Room = (*room)(nil)

func newRoom(name string, line waitroom.Pulse, log *slog.Logger) *room {
	return &room{name: name, line: line, log: log.With("room", name), heard: waitroom.NewHeartbeats()}
}

func (r *room) View() *waitroom.View { return r.view.Load() }

func (r *room) Revoked(epoch, number int64) bool {
	return r.revoked.has(waitroom.Revocation{Epoch: epoch, Number: number})
}

func (r *room) Revoke(epoch, number int64) {
	r.revoked.add(time.Now(), waitroom.Revocation{Epoch: epoch, Number: number})
}

func (r *room) Touch(epoch, number int64, admittedAt time.Time) {
	r.touched.add(epoch, waitroom.Session{Number: number, AdmittedAt: admittedAt})
}

func (r *room) Hear(turn waitroom.Turn, rank int64) { r.heard.Hear(turn, rank) }

// run ticks until ctx ends.
func (r *room) run(ctx context.Context) {
	var beating sync.WaitGroup
	beating.Go(func() { r.beat(ctx) })
	defer beating.Wait()
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

// tick asks for the newest state and publishes it, again while more is due. A failure keeps the last view, which grows stale by itself.
func (r *room) tick(ctx context.Context) {
	for range catchUp {
		if !r.tickOnce(ctx) {
			return
		}
	}
}

func (r *room) tickOnce(ctx context.Context) (behind bool) {
	limit, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if r.lost.Load() && !r.returning {
		r.cursor, r.returning = cursor{}, true
	}
	passed := time.Since(r.answered)
	snapshot, revoked, err := r.line.Tick(limit, r.name, r.cursor.ask(passed))
	view := r.view.Load()
	switch {
	case ctx.Err() != nil:
		return false
	case errors.Is(err, waitroom.ErrRoomUnknown):
		r.lose("the line does not know it")
	case err != nil:
		r.fail(err)
	case view != nil && snapshot.Epoch < view.Epoch:
		r.lose("its epoch has gone back")
	default:
		return r.take(ctx, &snapshot, revoked, passed)
	}
	return false
}

// take takes an answer of the line and publishes it as a view. It reports whether more is due at once.
func (r *room) take(ctx context.Context, s *waitroom.Snapshot, revoked []waitroom.Revocation, passed time.Duration) (behind bool) {
	now := time.Now()
	last := r.last
	r.last, r.answered = s, now
	r.revoked.keepFor(time.Duration(s.Policy.SessionLimitSeconds) * time.Second)
	// Revocations come before the view: nobody sees the new state with an old pass still good.
	r.revoked.add(now, revoked...)
	r.revoked.prune(now)
	complete := r.cursor.answered(s, last, passed)
	// After the line's clock was set back, a page can end later than now: to ask for the next one at once would give the same.
	behind = (s.Behind || !complete) && !s.RevokedUpto.After(s.AsOf)
	if !complete && (r.view.Load() == nil || r.lost.Load()) {
		return behind // nobody is let in before all revocations are known
	}
	moved := last == nil || last.Primary != s.Primary
	if moved {
		r.heard.Resend()
	}
	crowd, err := r.crowdFor(ctx, s, moved)
	switch {
	case ctx.Err() != nil:
		return false
	case err != nil:
		r.fail(err)
		return false
	}
	r.window.see(s, now)
	r.heard.Window(s.Window, r.window.ending(s, now))
	r.publish(s, crowd, now)
	return behind
}

// crowdFor is the newest crowd that a snapshot can be shown with. Ranks of another turn mean other people, so after a change of the turn it
// is read at once; so it is on another primary, whose numbers have jumped.
func (r *room) crowdFor(ctx context.Context, s *waitroom.Snapshot, moved bool) (*crowd, error) {
	if have := r.crowds.of(s.Turn()); have != nil && !moved {
		return have, nil
	}
	if err := r.readCrowd(ctx, s); err != nil && r.crowds.of(s.Turn()) == nil {
		return nil, err
	}
	return r.crowds.of(s.Turn()), nil
}

func (r *room) publish(s *waitroom.Snapshot, c *crowd, now time.Time) {
	view := &waitroom.View{Snapshot: *s, Crowd: c.Crowd, CrowdAsOf: c.asOf, Schedule: r.schedule(s), Brand: r.brand(s), Received: now}
	view.Pace = r.pacer.Note(s, view.Waiting())
	r.view.Store(view)
	r.returning = false
	if r.lost.Swap(false) {
		r.log.Warn("the room is back", "epoch", s.Epoch)
	}
	if r.down {
		r.down = false
		r.log.Info("the line is back")
	}
}

// schedule resolves the policy's times, which reads the zone's file, only when they have changed.
func (r *room) schedule(s *waitroom.Snapshot) waitroom.Schedule {
	if view := r.view.Load(); view != nil {
		old, now := &view.Policy, &s.Policy
		if old.PrequeueAt == now.PrequeueAt && old.OpenAt == now.OpenAt && old.CloseAt == now.CloseAt && old.TimeZone == now.TimeZone {
			return view.Schedule
		}
	}
	schedule, err := s.Policy.Schedule()
	if err != nil {
		r.log.Error("the schedule cannot be read; its times are not shown", "err", err)
	}
	return schedule
}

// brand names the policy's brand, which is worked out only when it has changed.
func (r *room) brand(s *waitroom.Snapshot) string {
	if view := r.view.Load(); view != nil && view.Policy.Brand == s.Policy.Brand {
		return view.Brand
	}
	return s.Policy.Brand.Version()
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
	epoch, sessions := r.touched.take()
	for len(sessions) > 0 {
		batch := sessions[:min(len(sessions), touchBatch)]
		limit, cancel := context.WithTimeout(ctx, callTimeout)
		err := r.line.Touch(limit, r.name, epoch, batch)
		cancel()
		if err != nil && !over(err) {
			r.touched.add(epoch, sessions...)
			r.fail(err)
			return
		}
		sessions = sessions[len(batch):]
	}
}

// over reports whether a call failed because it was about a line that is no more.
func over(err error) bool {
	return errors.Is(err, waitroom.ErrTicketSuperseded) || errors.Is(err, waitroom.ErrRoomUnknown)
}
