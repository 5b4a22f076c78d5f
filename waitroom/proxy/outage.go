package proxy

import (
	"errors"
	"sync"
	"time"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// errPassOutage is for a pass that was given without the line, once the line is back.
var errPassOutage = fault.New(fault.Forbidden, "pass-outage", "The pass was good only while the line could not be reached; join the line.")

// shut reports whether nobody goes through: the line is down, and the room is closed then.
func shut(view *waitroom.View, now time.Time) bool {
	return view.Policy.OnOutage == waitroom.OutageClosed && view.Stale(now)
}

// detour lets someone through without the line, when the room is one that stays open while its line is down: no faster than the room's
// rate, on each gateway by itself, for there is nobody to ask what the others do. It returns nil when that does not apply.
func (g *Gate) detour(room waitroom.Room, why error) (*entry, error) {
	view, now := room.View(), time.Now()
	if view.Policy.OnOutage != waitroom.OutageOpen || !errors.Is(why, waitroom.ErrLineUnavailable) || !view.TakesIn(now) {
		return nil, nil
	}
	if !g.detours.take(view.Room, &view.Policy, now) {
		return nil, nil
	}
	visit, err := g.Keeper.Detour(room)
	if err != nil {
		return nil, err
	}
	return &entry{room: room, pass: visit.Pass, visit: &visit}, nil
}

// buckets hold, for each room, how many may go through without the line. The zero value is ready. Safe for concurrent use.
type buckets struct {
	mu    sync.Mutex
	rooms map[string]*bucket
}

// bucket fills at a rate up to a burst, and begins full.
type bucket struct {
	tokens float64
	at     time.Time
}

// take takes one token of a room, if there is one.
func (b *buckets) take(room string, p *waitroom.Policy, now time.Time) bool {
	rate := float64(p.RatePerMinute) / 60
	burst := max(rate*float64(p.BurstSeconds), 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.rooms[room]
	if one == nil {
		if b.rooms == nil {
			b.rooms = make(map[string]*bucket)
		}
		one = &bucket{tokens: burst, at: now}
		b.rooms[room] = one
	}
	if passed := now.Sub(one.at); passed > 0 {
		one.tokens, one.at = min(one.tokens+passed.Seconds()*rate, burst), now
	}
	if one.tokens < 1 {
		return false
	}
	one.tokens--
	return true
}
