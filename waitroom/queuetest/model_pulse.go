package queuetest

import (
	"context"
	"slices"
	"time"

	"anteroom/waitroom"
)

// Tick implements waitroom.Pulse.
func (m *Model) Tick(_ context.Context, room string, since time.Time) (waitroom.Snapshot, []waitroom.Revocation, error) {
	r, done, err := m.room(room)
	defer done()
	if err != nil {
		return waitroom.Snapshot{}, nil, err
	}
	r.turnWindow()
	ended := r.endSessions()
	allowed, admitted := r.allowed(), int64(0)
	switch r.phase() {
	case waitroom.PhaseOpen, waitroom.PhaseQueue, waitroom.PhaseDraining:
		admitted = r.admitPresent(allowed)
	}
	r.note()
	s := r.snapshot()
	s.Behind = ended == bound || admitted == bound && allowed > bound
	return s, r.revocations(since), nil
}

// turnWindow goes on to the next heartbeat window when this one is over. While nothing ticked nobody could be heard, so after such a break
// the window starts anew, and silent sessions are given their time again.
func (r *line) turnWindow() {
	switch {
	case r.now < r.tickedAt, r.now-r.tickedAt > brokeAfter:
		r.windowAt, r.resumedAt = r.now, r.now
	case r.now >= r.windowAt+r.policy.GhostSeconds*500:
		r.window++
		r.windowAt = r.now
	}
	r.tickedAt = r.now
}

func (r *line) endSessions() (ended int) {
	for number := int64(1); number <= r.issued() && ended < bound; number++ {
		s := r.sessions[number]
		if s != nil && (r.now >= r.expires(s) || r.now-max(s.heard, r.resumedAt) >= r.policy.SessionIdleSeconds*1000) {
			r.end(number)
			if r.now >= r.expires(s) && r.policy.SessionLimitSeconds >= r.longest {
				r.revoked = r.revoked[:len(r.revoked)-1] // the pass has run out, under whichever limit it was signed
			}
			ended++
		}
	}
	return ended
}

// admitPresent admits those with the lowest ranks of all who are present.
func (r *line) admitPresent(allowed int64) (admitted int64) {
	allowed = min(allowed, bound)
	for rank := int64(1); rank <= r.issued() && admitted < allowed; rank++ {
		if number := r.number(rank); r.present(number) {
			r.admit(number)
			admitted++
		}
	}
	return admitted
}

// allowed is how many may be admitted now: by the sliding minute, by the credit that spreads admissions evenly (an admission
// costs a minute of it, and it grows by the rate), and by the free slots. What has grown since the last call may stand above what the
// minute leaves free, but never is a whole admission more than the burst saved up.
func (r *line) allowed() int64 {
	rate := r.rate()
	free := max(0, rate-r.lastMinute())
	most := max(1, rate*r.policy.BurstSeconds/60)
	burst := min(most, max(1, free))
	elapsed := min(max(0, r.now-r.creditedAt), minute)
	r.credit = min(r.credit+elapsed*rate, burst*minute+min(elapsed, 250)*rate, most*minute+minute-1)
	r.creditedAt = r.now
	return max(0, min(r.credit/minute, burst, free, r.policy.MaxActive-int64(len(r.sessions))))
}

func (r *line) lastMinute() int64 {
	r.admissions = slices.DeleteFunc(r.admissions, func(at int64) bool { return at <= r.now-minute })
	return int64(len(r.admissions))
}

func (r *line) admit(number int64) {
	r.sessions[number] = &session{started: r.now, heard: r.now}
	r.visitor(number).out = true
	r.serving = max(r.serving, r.rank(number))
	r.admissions = append(r.admissions, r.now)
	r.admittedTotal++
	r.credit -= minute
}

func (r *line) revocations(since time.Time) []waitroom.Revocation {
	from := since.UnixMilli()
	if since.IsZero() || from > r.now { // a cursor from before the clock went back
		from = 0
	}
	r.revoked = slices.DeleteFunc(r.revoked, func(v revocation) bool { return v.at+r.longest*1000+minute <= r.now })
	list := []waitroom.Revocation{}
	for _, v := range r.revoked {
		if v.at >= from {
			list = append(list, waitroom.Revocation{Epoch: r.epoch, Number: v.number})
		}
	}
	return list
}

// Hear implements waitroom.Pulse.
func (m *Model) Hear(_ context.Context, room string, turn waitroom.Turn, heard []waitroom.Chunk) error {
	r, done, err := m.room(room)
	defer done()
	if err != nil {
		return err
	}
	if turn != r.turn() {
		return waitroom.ErrTicketSuperseded
	}
	for rank := int64(1); rank <= r.issued(); rank++ {
		if inChunks(heard, rank) {
			r.visitor(r.number(rank)).heard = r.window
		}
	}
	return nil
}

func (r *line) turn() waitroom.Turn { return waitroom.Turn{Epoch: r.epoch, Drawn: r.order != nil} }

// Touch implements waitroom.Pulse. The model forgets no session, so there is none to be taken up again.
func (m *Model) Touch(_ context.Context, room string, epoch int64, sessions []waitroom.Session) error {
	r, done, err := m.room(room)
	defer done()
	if err != nil || epoch != r.epoch {
		return err
	}
	for _, told := range sessions {
		if s := r.sessions[told.Number]; s != nil {
			s.heard = r.now
		}
	}
	return nil
}

// Crowd implements waitroom.Pulse.
func (m *Model) Crowd(_ context.Context, room string, turn waitroom.Turn) (*waitroom.Crowd, error) {
	r, done, err := m.room(room)
	defer done()
	if err != nil {
		return nil, err
	}
	if turn != r.turn() {
		return nil, waitroom.ErrTicketSuperseded
	}
	var ranks []int64
	for i := range r.visitors {
		if number := int64(i + 1); r.present(number) {
			ranks = append(ranks, r.rank(number))
		}
	}
	return waitroom.NewCrowd(r.issued(), Chunks(ranks...)), nil
}
