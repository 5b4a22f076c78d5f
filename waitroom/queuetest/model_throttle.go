package queuetest

import (
	"context"

	"anteroom/waitroom"
)

// throttle is how pressure on the upstream moves a room's rate. Zero: it does not, or has not.
type throttle struct {
	lowered bool   // the rate is below the operator's
	rate    int64  // while lowered
	calmAt  int64  // when it rises next
	cutAt   int64  // when it fell last
	why     string // the newest reason
}

// advised is what is left of the operator's rate. Steps that have become due since anyone looked are made one by one.
func (r *line) advised() int64 {
	full, t := r.policy.RatePerMinute, &r.throttle
	for t.lowered && r.now >= t.calmAt {
		t.rate += max(1, full/20)
		t.calmAt += 5000
		t.lowered = t.rate < full
	}
	if r.policy.Adaptive.Stage == waitroom.WatchOff || !t.lowered {
		return full
	}
	return t.rate
}

// rate is the one in force.
func (r *line) rate() int64 {
	if r.policy.Adaptive.Stage == waitroom.WatchEnforce {
		return r.advised()
	}
	return r.policy.RatePerMinute
}

// bound keeps a lowered rate within the bounds of a new policy.
func (t *throttle) bound(p waitroom.Policy) {
	if p.Adaptive.Stage == waitroom.WatchOff {
		*t = throttle{}
	}
	t.rate = max(t.rate, p.Adaptive.MinRatePerMinute)
	t.lowered = t.lowered && t.rate < p.RatePerMinute
}

// Press implements waitroom.Throttle.
func (m *Model) Press(_ context.Context, room, why string) (waitroom.Snapshot, error) {
	r, done, err := m.room(room)
	defer done()
	if err != nil {
		return waitroom.Snapshot{}, err
	}
	if r.policy.Adaptive.Stage == waitroom.WatchOff {
		return r.snapshot(), nil
	}
	t, was := &r.throttle, r.advised()
	t.calmAt, t.why = r.now+10_000, waitroom.CutPressure(why)
	if r.now-t.cutAt >= 3000 {
		t.cutAt = r.now
		if lower := max(was*7/10, r.policy.Adaptive.MinRatePerMinute); lower < was {
			t.rate, t.lowered = lower, true
		}
	}
	return r.snapshot(), nil
}
