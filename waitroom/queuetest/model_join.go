package queuetest

import (
	"context"

	"anteroom/waitroom"
)

// Join implements waitroom.Queue.
func (m *Model) Join(_ context.Context, room string, who waitroom.Entrant) (waitroom.Place, error) {
	if len(who.Account) > waitroom.MaxEntrantKey || len(who.Key) > waitroom.MaxEntrantKey {
		return waitroom.Place{}, waitroom.ErrEntrantInvalid
	}
	r, done, err := m.room(room)
	defer done()
	if err != nil {
		return waitroom.Place{}, err
	}
	if number := r.found(who); number > 0 {
		r.again()
		if p := r.look(number); p.State != waitroom.Passed && p.State != waitroom.Expired {
			p.JoinedAt, p.Again = moment(r.now), true
			return p, nil
		}
	}
	p, err := r.join()
	if err == nil {
		p.JoinedAt = moment(r.now)
		r.index(who, p.Number)
	}
	return p, err
}

// found is the number that the entrant was given by account, else by key; 0 for none. A key is known in the hour of its join and in the
// next one, by the clock. Whoever finds a place that is used up or lost gets another.
func (r *line) found(who waitroom.Entrant) int64 {
	const hour = 60 * minute
	if number := r.accounts[who.Account]; number > 0 {
		return number
	}
	if k := r.keys[who.Key]; r.now/hour-k.at/hour <= 1 {
		return k.number
	}
	return 0
}

// again does for the line what every join does, also one that finds its place.
func (r *line) again() {
	switch phase := r.phase(); {
	case r.refuses(phase) != nil:
		return
	case r.straight(phase) && r.policy.Method == waitroom.MethodReject:
		r.admitPresent(r.allowed())
	case r.straight(phase) && r.policy.Method == waitroom.MethodPassthrough:
		r.allowed()
	}
	r.note()
}

func (r *line) straight(phase waitroom.Phase) bool {
	return phase == waitroom.PhaseOpen || phase == waitroom.PhaseQueue
}

// index remembers a number by the entrant's names, where there are any.
func (r *line) index(who waitroom.Entrant, number int64) {
	if who.Account != "" {
		r.accounts[who.Account] = number
	}
	if who.Key != "" {
		r.keys[who.Key] = keyed{number, r.now}
	}
}

func (r *line) join() (waitroom.Place, error) {
	phase, method := r.phase(), r.policy.Method
	if err := r.refuses(phase); err != nil {
		return waitroom.Place{}, err
	}
	number := r.issued() + 1
	switch {
	case r.straight(phase) && method == waitroom.MethodReject:
		// Someone may wait from before the method was changed, and goes first.
		if allowed := min(r.allowed(), bound); r.admitPresent(allowed) == allowed {
			r.note()
			return waitroom.Place{}, waitroom.ErrRoomFull
		}
		r.arrive()
		r.admit(number)
		r.note()
	case r.straight(phase) && method == waitroom.MethodPassthrough:
		r.arrive()
		if r.allowed() > 0 {
			r.admit(number)
			r.note()
			break
		}
		return r.passThrough(number), nil
	case phase == waitroom.PhaseOpen:
		r.arrive()
		r.admitPresent(r.allowed())
		r.note()
	default:
		r.arrive()
	}
	return r.look(number), nil
}

func (r *line) arrive() { r.visitors = append(r.visitors, visitor{heard: r.window}) }

// passThrough gives a pass without a session: who would have waited goes through and does not count in the limits.
func (r *line) passThrough(number int64) waitroom.Place {
	r.visitor(number).out = true
	r.serving = max(r.serving, r.rank(number))
	r.admittedTotal++
	r.wouldQueue++
	r.note()
	return waitroom.Place{
		Room: r.name, Epoch: r.epoch, Number: number, Rank: r.rank(number), State: waitroom.Admitted,
		AdmittedAt: moment(r.now), ExpiresAt: moment(r.now + r.policy.SessionLimitSeconds*1000),
	}
}

// refuses says why nobody new is taken in a phase, nil where they are.
func (r *line) refuses(phase waitroom.Phase) error {
	switch {
	case phase == waitroom.PhaseClosed && r.ended == waitroom.SoldOut:
		return waitroom.ErrRoomSoldOut
	case phase == waitroom.PhaseClosed, phase == waitroom.PhaseDraining:
		return waitroom.ErrRoomClosed
	}
	return nil
}

// JoinMany implements waitroom.Queue.
func (m *Model) JoinMany(_ context.Context, room string, count int64) (waitroom.Block, error) {
	if count < 1 || count > waitroom.MaxBlock {
		return waitroom.Block{}, waitroom.ErrBlockInvalid
	}
	r, done, err := m.room(room)
	defer done()
	if err != nil {
		return waitroom.Block{}, err
	}
	phase := r.phase()
	if err := r.refuses(phase); err != nil {
		return waitroom.Block{}, err
	}
	if r.policy.Method == waitroom.MethodReject && r.straight(phase) {
		r.note()
		return waitroom.Block{}, waitroom.ErrRoomFull // they have no pass yet and none is given here
	}
	b := waitroom.Block{Epoch: r.epoch, First: r.issued() + 1, Count: count, JoinedAt: moment(r.now)}
	for range count {
		r.arrive()
	}
	return b, nil
}
