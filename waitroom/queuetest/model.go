package queuetest

import (
	"context"
	"slices"
	"sync"
	"time"

	"anteroom/waitroom"
)

// Model is the line as plain Go: one lock, one slice a room, no bitmaps, no Redis; slow and obvious. It says what an engine must do, a
// second time and differently, so that a mistake would have to be made twice. All times in it are milliseconds.
type Model struct {
	mu    sync.Mutex
	now   func() time.Time
	rooms map[string]*line
}

var _ waitroom.Line = (*Model)(nil)

// NewModel makes a line without rooms that goes by the clock.
func NewModel(now func() time.Time) *Model { return &Model{now: now, rooms: map[string]*line{}} }

// line is one room.
type line struct {
	name             string
	now              int64 // of the call under way
	version, epoch   int64
	policy           waitroom.Policy
	schedule         waitroom.Schedule
	ended            string
	visitors         []visitor // the one with number n is at n-1
	serving          int64     // the highest rank admitted
	window, windowAt int64     // the heartbeat window, and since when it is the current one
	tickedAt         int64
	resumedAt        int64              // since when there has been no break of more than 5 s between ticks
	served           []serving          // how serving rose, as far as the return grace reaches back
	noted            serving            // the last of them
	lapsed           int64              // the highest rank that was passed over longer ago than the return grace
	sessions         map[int64]*session // by number
	longest          int64              // the longest session_limit_seconds that was in force; passes may be good for that long
	revoked          []revocation
	admissions       []int64 // of the last minute
	admittedTotal    int64
	wouldQueue       int64
	credit           int64
	creditedAt       int64
	accounts         map[string]int64
	keys             map[string]keyed
	ledger           []string
	draw             waitroom.Draw
	entrants         []byte
	order            waitroom.Order
	throttle         throttle
	moving           moving
	stamp            int64 // how many calls there have been; any of them may have changed the crowd
}

type visitor struct {
	heard     int64 // the window in which the visitor was last heard
	out, left bool  // out: admitted ever, or left; left: gave up or was evicted
}

type serving struct{ at, rank int64 }
type session struct{ started, heard int64 }
type revocation struct{ number, at int64 }
type keyed struct{ number, at int64 }

const (
	minute     = 60_000
	silent     = -3 // a window that was never current for any visitor
	bound      = 256
	brokeAfter = 5000
)

// room locks the model and finds a room; the caller must call done.
func (m *Model) room(name string) (r *line, done func(), err error) {
	m.mu.Lock()
	r = m.rooms[name]
	if r == nil {
		return nil, m.mu.Unlock, waitroom.ErrRoomUnknown
	}
	r.now = m.now().UnixMilli()
	r.stamp++
	return r, m.mu.Unlock, nil
}

func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// phase applies schedule, draw and end to the mode. The moment of an opening or closing belongs to what follows it.
func (r *line) phase() waitroom.Phase {
	at := moment(r.now)
	before := func(t time.Time) bool { return !t.IsZero() && at.Before(t) }
	closing := r.schedule.CloseAt
	switch {
	case r.ended != "", r.policy.Mode == waitroom.ModeClosed, before(r.schedule.PrequeueAt), !closing.IsZero() && !at.Before(closing):
		return waitroom.PhaseClosed
	case before(r.schedule.OpenAt), r.policy.Method == waitroom.MethodDraw && r.draw.State != waitroom.DrawDone:
		return waitroom.PhasePrequeue
	}
	return waitroom.Phase(r.policy.Mode)
}

func (r *line) rank(number int64) int64 {
	if r.order == nil {
		return number
	}
	return r.order.Rank(number)
}

func (r *line) number(rank int64) int64 {
	if r.order == nil {
		return rank
	}
	return r.order.Number(rank)
}

func (r *line) visitor(number int64) *visitor { return &r.visitors[number-1] }

func (r *line) issued() int64 { return int64(len(r.visitors)) }

func (r *line) given(epoch, number int64) bool {
	return epoch == r.epoch && number >= 1 && number <= r.issued()
}

// present: heard in this window or in one of the two before, and still waiting.
func (r *line) present(number int64) bool {
	v := r.visitor(number)
	return !v.out && v.heard >= r.window-2
}

// note keeps how serving rose: coarsely, in the visitors' favour, so that it takes a few hundred entries at most. What has become older than
// the return grace says who was passed over too long ago.
func (r *line) note() {
	grace := r.policy.ReturnGraceSeconds * 1000
	if r.serving != r.noted.rank && r.now-r.noted.at >= max(1000, grace/256) {
		r.noted = serving{r.now, r.serving}
		r.served = append(r.served, r.noted)
	}
	for len(r.served) > 0 && r.now-r.served[0].at > grace {
		r.lapsed = max(r.lapsed, r.served[0].rank)
		r.served = r.served[1:]
	}
}

// look is a heartbeat, and tells where the number stands.
func (r *line) look(number int64) waitroom.Place {
	p := waitroom.Place{Room: r.name, Epoch: r.epoch, Number: number, Rank: r.rank(number)}
	v, s := r.visitor(number), r.sessions[number]
	if !v.out && !r.present(number) {
		r.note()
	}
	switch {
	case s != nil && r.now < r.expires(s):
		s.heard = r.now
		p.State, p.AdmittedAt, p.ExpiresAt = waitroom.Admitted, moment(s.started), moment(r.expires(s))
		return p
	case v.out && !v.left:
		p.State = waitroom.Passed
		return p
	case v.left, !r.present(number) && p.Rank <= r.lapsed:
		p.State = waitroom.Expired
		return p
	}
	v.heard = r.window
	switch r.phase() {
	case waitroom.PhaseClosed:
		p.State = waitroom.Closed
	case waitroom.PhasePrequeue:
		p.State = waitroom.Prequeue
	default:
		p.State = waitroom.Waiting
	}
	return p
}

func (r *line) expires(s *session) int64 { return s.started + r.policy.SessionLimitSeconds*1000 }

// Look implements waitroom.Queue.
func (m *Model) Look(_ context.Context, room string, epoch, number int64) (waitroom.Place, error) {
	r, done, err := m.room(room)
	defer done()
	switch {
	case err != nil:
		return waitroom.Place{}, err
	case epoch != r.epoch:
		return waitroom.Place{}, waitroom.ErrTicketSuperseded
	case !r.given(epoch, number):
		return waitroom.Place{}, waitroom.ErrTicketInvalid
	}
	return r.look(number), nil
}

// Leave implements waitroom.Queue.
func (m *Model) Leave(_ context.Context, room string, epoch, number int64) error {
	r, done, err := m.room(room)
	defer done()
	if err == nil && r.given(epoch, number) {
		r.leave(number)
	}
	return err
}

func (r *line) leave(number int64) {
	if v := r.visitor(number); !v.out {
		v.out, v.left = true, true
	}
}

// Release implements waitroom.Queue.
func (m *Model) Release(_ context.Context, room string, epoch, number int64) error {
	r, done, err := m.room(room)
	defer done()
	if err == nil && epoch == r.epoch && r.sessions[number] != nil {
		r.end(number)
	}
	return err
}

// Evict implements waitroom.Queue.
func (m *Model) Evict(_ context.Context, room string, epoch, number int64) error {
	r, done, err := m.room(room)
	defer done()
	if err != nil || !r.given(epoch, number) {
		return err
	}
	// Whoever was admitted may hold a pass without a session, by the method passthrough.
	if v := r.visitor(number); v.out && !v.left {
		r.end(number)
	} else {
		r.leave(number)
	}
	return nil
}

// end ends a session whose pass is good for longer, so it is revoked.
func (r *line) end(number int64) {
	r.revoked = slices.DeleteFunc(r.revoked, func(v revocation) bool { return v.number == number })
	r.revoked = append(r.revoked, revocation{number, r.now})
	delete(r.sessions, number)
}
