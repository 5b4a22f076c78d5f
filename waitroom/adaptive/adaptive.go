// Package adaptive watches how the upstreams of rooms do, as this gateway sees it, and tells the line when one is under pressure. What
// becomes of the rate is the line's to say (waitroom.Throttle), so it does not matter how many gateways there are or which of them sees it.
package adaptive

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"sync/atomic"
	"time"

	"anteroom/waitroom"
)

const (
	callTimeout = time.Second
	enough      = 10 // answers in the window; fewer say nothing
)

// Views gives the newest view of each room. Safe for concurrent use.
type Views interface {
	Each(f func(*waitroom.View))
}

// Watch measures the upstreams of the rooms whose policy is adaptive, see Run. Begin is safe for concurrent use.
type Watch struct {
	line   waitroom.Throttle
	views  Views
	log    *slog.Logger
	meters atomic.Pointer[map[string]*meter] // of the adaptive rooms; the map itself is never changed

	rates map[string]int64 // as last logged; Run's own
	down  bool             // the line could not be told; so that an outage is logged once
}

var _ waitroom.Load = (*Watch)(nil)

// New makes a watch. The views must be the same line's.
func New(line waitroom.Throttle, views Views, log *slog.Logger) *Watch {
	w := &Watch{line: line, views: views, log: log, rates: map[string]int64{}}
	w.meters.Store(&map[string]*meter{})
	return w
}

// Begin implements waitroom.Load.
func (w *Watch) Begin(room string) waitroom.UnderWay {
	m := (*w.meters.Load())[room]
	if m == nil {
		return nil
	}
	m.begin()
	return m
}

// Run watches until ctx ends, then returns nil.
func (w *Watch) Run(ctx context.Context) error {
	ticker := time.NewTicker(turn)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			w.round(ctx)
		}
	}
}

// round judges each adaptive room once and begins the next slot of its meter.
func (w *Watch) round(ctx context.Context) {
	meters := make(map[string]*meter)
	var views []*waitroom.View
	w.views.Each(func(v *waitroom.View) {
		if v.Policy.Adaptive.Stage == waitroom.WatchOff {
			return
		}
		m := (*w.meters.Load())[v.Room]
		if m == nil {
			m = newMeter()
		}
		meters[v.Room] = m
		views = append(views, v)
	})
	if !maps.Equal(meters, *w.meters.Load()) {
		w.meters.Store(&meters)
	}
	for _, v := range views {
		m := meters[v.Room]
		why := pressure(v.Policy.Adaptive, m.read())
		m.turn()
		w.follow(v)
		if why != "" {
			w.tell(ctx, v.Room, why)
		}
	}
}

func (w *Watch) tell(ctx context.Context, room, why string) {
	limit, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := w.line.Press(limit, room, why)
	switch {
	case ctx.Err() != nil:
	case err != nil && !w.down:
		w.down = true
		w.log.Warn("the line cannot be told that an upstream is under pressure", "room", room, "pressure", why, "err", err)
	case err == nil && w.down:
		w.down = false
	}
}

// follow logs how the rate moves.
func (w *Watch) follow(v *waitroom.View) {
	last, known := w.rates[v.Room]
	if known && last == v.RateAdvised || !known && v.RateAdvised == v.Policy.RatePerMinute {
		return
	}
	w.rates[v.Room] = v.RateAdvised
	log := w.log.With("room", v.Room, "rate_advised", v.RateAdvised, "rate_now", v.RateNow, "rate_per_minute", v.Policy.RatePerMinute, "stage", v.Policy.Adaptive.Stage)
	switch {
	case v.RateAdvised == v.Policy.RatePerMinute:
		delete(w.rates, v.Room)
		log.Info("the rate is the operator's again")
	case !known || v.RateAdvised < last:
		log.Warn("pressure on the upstream lowers the rate", "why", v.RateWhy)
	default:
		log.Info("the rate rises again")
	}
}

// pressure says why an upstream is under pressure; empty when it is not.
func pressure(p waitroom.Adaptive, r reading) string {
	target := time.Duration(p.TargetP95MS) * time.Millisecond
	switch {
	case r.answers >= enough && r.failures*100 > p.MaxErrorPercent*r.answers:
		return fmt.Sprintf("errors %.1f %% > %d %%", 100*float64(r.failures)/float64(r.answers), p.MaxErrorPercent)
	case r.answers >= enough && r.p95 > target:
		return fmt.Sprintf("p95 %d ms > %d ms", r.p95.Milliseconds(), p.TargetP95MS)
	case p.MaxInFlight > 0 && r.underWay > p.MaxInFlight:
		return fmt.Sprintf("%d requests under way > %d", r.underWay, p.MaxInFlight)
	case r.silent >= slots*turn && r.underWay >= enough && target < slots*turn:
		return fmt.Sprintf("no answer for %.0f s, %d requests under way", r.silent.Seconds(), r.underWay)
	default:
		return ""
	}
}
