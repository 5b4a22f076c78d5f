package queuetest

import (
	"context"
	"maps"
	"slices"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// Rooms implements waitroom.Pulse and waitroom.Office.
func (m *Model) Rooms(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.rooms)), nil
}

// Create implements waitroom.Office.
func (m *Model) Create(_ context.Context, room string, policy waitroom.Policy) (waitroom.Snapshot, error) {
	if !waitroom.ValidRoom(room) {
		return waitroom.Snapshot{}, waitroom.ErrRoomName
	}
	r, done, err := m.room(room)
	defer done()
	if err == nil {
		return r.put(policy)
	}
	now := m.now().UnixMilli()
	r = &line{name: room, now: now, tickedAt: now}
	r.startAnew()
	s, err := r.put(policy)
	if err == nil {
		m.rooms[room] = r
	}
	return s, err
}

// Change implements waitroom.Office.
func (m *Model) Change(_ context.Context, room string, change waitroom.PolicyChange) (waitroom.Snapshot, error) {
	r, done, err := m.room(room)
	defer done()
	if err != nil {
		return waitroom.Snapshot{}, err
	}
	if change.Version != nil && *change.Version != r.version {
		return waitroom.Snapshot{}, waitroom.ErrRoomChanged
	}
	return r.put(change.Apply(r.policy))
}

func (r *line) put(policy waitroom.Policy) (waitroom.Snapshot, error) {
	if err := policy.Validate(); err != nil {
		return waitroom.Snapshot{}, err
	}
	contradicts := fault.New(fault.Invalid, "policy-invalid", "The room's settings are not acceptable.")
	if active := int64(len(r.sessions)); policy.MaxActive < r.policy.MaxActive && policy.MaxActive < active {
		return waitroom.Snapshot{}, contradicts.WithField("max_active", "is below the %d sessions that are active now", active)
	}
	if err := r.promised(policy, contradicts); err != nil {
		return waitroom.Snapshot{}, err
	}
	schedule, err := policy.Schedule()
	if err != nil {
		return waitroom.Snapshot{}, err
	}
	r.advised() // the steps that were due under the old policy
	r.policy, r.schedule = policy, schedule
	r.throttle.bound(policy)
	r.version++
	r.longest = max(r.longest, policy.SessionLimitSeconds)
	r.commit()
	return r.snapshot(), nil
}

// promised refuses what would break a draw: one after the first admission, another beacon than was committed to, and none after all once
// people may have come for it.
func (r *line) promised(policy waitroom.Policy, contradicts *fault.Error) error {
	fromDraw, toDraw := r.policy.Method == waitroom.MethodDraw, policy.Method == waitroom.MethodDraw
	switch {
	case toDraw && r.draw.State != waitroom.DrawDone && r.admittedTotal > 0:
		return contradicts.WithField("method", "a draw must come before the first admission")
	case toDraw && r.draw.State != "" && policy.Beacon != r.draw.BeaconName:
		return contradicts.WithField("beacon", "was committed to")
	case fromDraw && !toDraw && r.draw.State != waitroom.DrawDone && r.issued() > 0:
		return contradicts.WithField("method", "the draw was promised to those who are here")
	}
	return nil
}

// Reset implements waitroom.Office.
func (m *Model) Reset(_ context.Context, room string) (waitroom.Snapshot, error) {
	r, done, err := m.room(room)
	defer done()
	if err != nil {
		return waitroom.Snapshot{}, err
	}
	r.startAnew()
	r.version++
	r.longest = r.policy.SessionLimitSeconds
	r.commit()
	return r.snapshot(), nil
}

// startAnew keeps the policy, the ledger and the admissions of the last minute: what is behind the room knows nothing of epochs, and must
// not be given more than the rate.
func (r *line) startAnew() {
	*r = line{
		name: r.name, now: r.now, version: r.version, epoch: max(r.now, r.epoch+1), policy: r.policy, schedule: r.schedule,
		windowAt: r.now, tickedAt: r.tickedAt, resumedAt: r.now, sessions: map[int64]*session{},
		admissions: r.admissions, credit: r.credit, creditedAt: r.creditedAt,
		accounts: map[string]int64{}, keys: map[string]keyed{}, ledger: r.ledger, stamp: r.stamp, throttle: r.throttle,
	}
}

// End implements waitroom.Office.
func (m *Model) End(_ context.Context, room string, reason string) (waitroom.Snapshot, error) {
	r, done, err := m.room(room)
	defer done()
	if err != nil {
		return waitroom.Snapshot{}, err
	}
	r.ended = reason
	r.version++
	return r.snapshot(), nil
}

func (r *line) snapshot() waitroom.Snapshot {
	s := waitroom.Snapshot{
		Room: r.name, Version: r.version, Policy: r.policy, Phase: r.phase(), Ended: r.ended, Epoch: r.epoch, Order: r.order,
		Issued: r.issued(), Serving: r.serving, Active: int64(len(r.sessions)), AdmittedTotal: r.admittedTotal,
		AdmittedLastMinute: r.lastMinute(), WouldQueue: r.wouldQueue, AsOf: moment(r.now), Window: r.window, Primary: "model",
		Stamp: r.stamp, Draw: r.draw.State, RevokedUpto: moment(r.now), RateNow: r.rate(), RateAdvised: r.advised(),
	}
	if s.RateAdvised < r.policy.RatePerMinute {
		s.RateWhy = r.throttle.why
	}
	return s
}
