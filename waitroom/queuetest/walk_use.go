package queuetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// use checks that whatever has happened to a line, once people wait and nothing but the rate holds them up, the rate is used: of what a
// minute allows, 99 % at least. The first minute is left out; what was admitted before it counts there.
func (w *walk) use() {
	w.snapshot(w.both(func(l waitroom.Line) (any, error) { return l.End(w.Context(), Room, "") }))
	p := w.last.Policy
	p.Mode, p.Method, p.OpenAt, p.Adaptive = waitroom.ModeQueue, waitroom.MethodFIFO, "", waitroom.Adaptive{}
	p.MaxActive, p.GhostSeconds, p.SessionIdleSeconds, p.SessionLimitSeconds = 1_000_000, 3600, 86_400, 86_400
	answer := w.both(func(l waitroom.Line) (any, error) { return l.Change(w.Context(), Room, waitroom.Whole(p, nil)) })
	if answer == nil {
		return // a draw was promised
	}
	w.snapshot(answer)
	rate := p.RatePerMinute
	w.both(func(l waitroom.Line) (any, error) { return l.JoinMany(w.Context(), Room, 3*rate) })
	begun := int64(0)
	for tenth := range 1200 {
		w.clock.Advance(100 * time.Millisecond)
		w.snapshot(w.both(func(l waitroom.Line) (any, error) {
			s, _, err := l.Tick(w.Context(), Room, w.clock.Now())
			return s, err
		}))
		if tenth == 599 {
			begun = w.last.AdmittedTotal
		}
	}
	require.GreaterOrEqual(w, w.last.AdmittedTotal-begun+1, 99*rate/100, "the rate of %d a minute is used", rate)
}
