package redisqueue

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"anteroom/waitroom"
	"anteroom/waitroom/draw"
)

// changeAttempts bounds how often a change is tried anew because somebody else changed the room in between.
const changeAttempts = 10

// Tick implements waitroom.Pulse. At most 256 sessions are ended and 256 visitors admitted by one call.
func (q *Queue) Tick(ctx context.Context, room string, since time.Time) (waitroom.Snapshot, []waitroom.Revocation, error) {
	cursor := int64(0)
	if !since.IsZero() {
		cursor = since.UnixMilli()
	}
	r, err := q.runSafely(ctx, tickScript, room, decimal(cursor))
	if err != nil {
		return waitroom.Snapshot{}, nil, err
	}
	return q.snapshot(ctx, room, r)
}

// Rooms implements waitroom.Office. The names come sorted.
func (q *Queue) Rooms(ctx context.Context) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	names, err := q.client.Do(ctx, q.client.B().Smembers().Key(q.roomsKey()).Build()).AsStrSlice()
	if err != nil {
		return nil, judged(err)
	}
	slices.Sort(names)
	return names, nil
}

// Change implements waitroom.Office.
func (q *Queue) Change(ctx context.Context, room string, change waitroom.PolicyChange) (waitroom.Snapshot, error) {
	if !waitroom.ValidRoom(room) {
		return waitroom.Snapshot{}, waitroom.ErrRoomUnknown
	}
	return q.update(ctx, room, func(version int64, policy waitroom.Policy) (waitroom.Policy, error) {
		if version == 0 {
			return policy, waitroom.ErrRoomUnknown
		}
		if change.Version != nil && *change.Version != version {
			return policy, waitroom.ErrRoomChanged
		}
		return change.Apply(policy), nil
	})
}

// Create implements waitroom.Office.
func (q *Queue) Create(ctx context.Context, room string, policy waitroom.Policy) (waitroom.Snapshot, error) {
	if !waitroom.ValidRoom(room) {
		return waitroom.Snapshot{}, waitroom.ErrRoomName
	}
	if err := policy.Validate(); err != nil {
		return waitroom.Snapshot{}, err
	}
	// The list of rooms lives on another node of a cluster, so it cannot be written in the same step. It comes first: a
	// name listed without its room is harmless, a room that is not listed would never be ticked.
	short, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	if err := q.client.Do(short, q.client.B().Sadd().Key(q.roomsKey()).Member(room).Build()).Error(); err != nil {
		return waitroom.Snapshot{}, judged(err)
	}
	return q.update(ctx, room, func(int64, waitroom.Policy) (waitroom.Policy, error) { return policy, nil })
}

// update replaces the room's policy by what next makes of it. Validation happens in Go, so the step is optimistic: it is
// taken only if the version is still the one that was read, else all is done again.
func (q *Queue) update(ctx context.Context, room string, next func(version int64, policy waitroom.Policy) (waitroom.Policy, error)) (waitroom.Snapshot, error) {
	for range changeAttempts {
		version, policy, err := q.policy(ctx, room)
		if err != nil {
			return waitroom.Snapshot{}, err
		}
		if policy, err = next(version, policy); err != nil {
			return waitroom.Snapshot{}, err
		}
		if err := policy.Validate(); err != nil {
			return waitroom.Snapshot{}, err
		}
		args, err := putArgs(version, policy)
		if err != nil {
			return waitroom.Snapshot{}, err
		}
		r, err := q.runSafely(ctx, putScript, room, args...)
		if errors.Is(err, waitroom.ErrRoomChanged) {
			continue
		}
		if err != nil {
			return waitroom.Snapshot{}, err
		}
		s, _, err := q.snapshot(ctx, room, r)
		return s, err
	}
	return waitroom.Snapshot{}, waitroom.ErrRoomChanged
}

// policy reads a room's policy and its version, which is 0 when there is no such room.
func (q *Queue) policy(ctx context.Context, room string) (version int64, policy waitroom.Policy, err error) {
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	values, err := q.client.Do(ctx, q.client.B().Hmget().Key(q.roomKey(room)).Field("version", "policy").Build()).ToArray()
	if err != nil {
		return 0, policy, judged(err)
	}
	r := &reply{values: values}
	if len(values) == 2 && values[0].IsNil() {
		return 0, policy, nil
	}
	version = r.number()
	text := r.text()
	if r.err != nil {
		return 0, policy, r.err
	}
	if err := json.Unmarshal([]byte(text), &policy); err != nil {
		return 0, policy, fmt.Errorf("policy of room %s: %w", room, err)
	}
	return version, policy, nil
}

// putArgs are the arguments of put.lua. The seed is of use only when the room is about to have a draw.
func putArgs(version int64, policy waitroom.Policy) ([]string, error) {
	text, err := json.Marshal(policy)
	if err != nil {
		return nil, err
	}
	schedule, err := policy.Schedule()
	if err != nil {
		return nil, err
	}
	args := []string{decimal(version), string(text)}
	for _, at := range []time.Time{schedule.PrequeueAt, schedule.OpenAt, schedule.CloseAt} {
		ms := int64(0)
		if !at.IsZero() {
			ms = at.UnixMilli()
		}
		args = append(args, decimal(ms))
	}
	seed, err := newSeed()
	return append(args, seed), err
}

func newSeed() (string, error) {
	seed, err := draw.NewSeed()
	return hex.EncodeToString(seed[:]), err
}

// Reset implements waitroom.Office.
func (q *Queue) Reset(ctx context.Context, room string) (waitroom.Snapshot, error) {
	seed, err := newSeed()
	if err != nil {
		return waitroom.Snapshot{}, err
	}
	r, err := q.runSafely(ctx, resetScript, room, seed)
	if err != nil {
		return waitroom.Snapshot{}, err
	}
	s, _, err := q.snapshot(ctx, room, r)
	return s, err
}

// End implements waitroom.Office.
func (q *Queue) End(ctx context.Context, room, reason string) (waitroom.Snapshot, error) {
	if reason != "" && reason != waitroom.SoldOut && reason != waitroom.Over {
		return waitroom.Snapshot{}, waitroom.ErrEndReason
	}
	r, err := q.runSafely(ctx, endScript, room, reason)
	if err != nil {
		return waitroom.Snapshot{}, err
	}
	s, _, err := q.snapshot(ctx, room, r)
	return s, err
}

// snapshot reads what the function of the same name in lib.lua returns.
func (q *Queue) snapshot(ctx context.Context, room string, r *reply) (waitroom.Snapshot, []waitroom.Revocation, error) {
	s := waitroom.Snapshot{Room: room, AsOf: r.moment(), Epoch: r.number(), Version: r.number()}
	text := r.text()
	s.Phase, s.Ended = waitroom.Phase(r.text()), r.text()
	gen := r.number()
	s.Draw = waitroom.DrawState(r.text())
	s.Issued, s.Serving, s.Active = r.number(), r.number(), r.number()
	s.AdmittedTotal, s.AdmittedLastMinute, s.WouldQueue = r.number(), r.number(), r.number()
	s.Stamp, s.Window, s.Primary, s.Behind, s.RevokedUpto = r.number(), r.number(), r.text(), r.number() == 1, r.moment()
	ranks := r.texts()
	s.RateNow, s.RateAdvised, s.RateWhy = r.number(), r.number(), r.text()
	if r.err != nil {
		return waitroom.Snapshot{}, nil, r.err
	}
	if err := json.Unmarshal([]byte(text), &s.Policy); err != nil {
		return waitroom.Snapshot{}, nil, fmt.Errorf("policy of room %s: %w", room, err)
	}
	q.reached(room, s.Epoch, s.Issued)
	turn, err := q.knowTurn(ctx, room, s.Epoch, gen)
	if err != nil {
		return waitroom.Snapshot{}, nil, err
	}
	if turn != nil {
		s.Order = turn.order
	}
	revocations := make([]waitroom.Revocation, len(ranks))
	for i, text := range ranks {
		rank, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return waitroom.Snapshot{}, nil, fmt.Errorf("revocation %q of room %s: %w", text, room, err)
		}
		revocations[i] = waitroom.Revocation{Epoch: s.Epoch, Number: turn.number(s.Epoch, rank)}
	}
	return s, revocations, nil
}
