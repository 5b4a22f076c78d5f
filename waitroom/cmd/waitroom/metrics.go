package main

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/internal/service"
	"anteroom/waitroom"
	"anteroom/waitroom/api"
	"anteroom/waitroom/ops"
	"anteroom/waitroom/proxy"
	"anteroom/waitroom/redisqueue"
	"anteroom/waitroom/rooms"
)

// observer counts what happens at the gate, and reads the rooms when asked. Safe for concurrent use, and cheap enough for every request.
type observer struct {
	set      *metrics.Set
	straight atomic.Int64
	admitted atomic.Int64
	waiting  atomic.Int64
	lineDown atomic.Bool

	bypassed   tally[string]
	refused    tally[ops.Refusal]
	unjoined   tally[ops.Refusal]
	causes     tally[string]
	estimates  tally[estimate]
	judgements tally[judgement]
	moves      tally[move]
	off        shelf[ops.Histogram] // by room
	batches    shelf[ops.Histogram] // by room
	upstreams  shelf[upstream]

	// Set before the gateway serves.
	live    *rooms.Rooms
	visitor *api.Visitor
	access  *endpoint.Access
	server  atomic.Pointer[fasthttp.Server]
	parking service.Parking
	facts   func() []ops.Fact
	health  func(upstream string) []ops.Address

	mu       sync.Mutex
	fairness map[string]*fairness
}

// estimate is how an estimated wait came out.
type estimate struct {
	room    string
	outcome waitroom.Outcome
}

// upstream is what is counted of one.
type upstream struct {
	latency *ops.Histogram
	errors  tally[string]
}

// fairness scores one epoch of a room.
type fairness struct {
	epoch int64
	score waitroom.Fairness
}

var (
	_ proxy.Observer    = (*observer)(nil)
	_ waitroom.Observer = (*observer)(nil)
	_ api.Fairness      = (*observer)(nil)
	_ ops.Source        = (*observer)(nil)
)

// newObserver makes the metrics of one gateway; publish shows them, close ends them.
func newObserver() *observer {
	o := &observer{set: metrics.NewSet(), fairness: map[string]*fairness{}, access: &endpoint.Access{}}
	for _, cause := range redisqueue.Causes {
		o.causes.of(cause)
	}
	for _, by := range []string{"rule", "staff", "link"} {
		o.bypassed.of(by)
	}
	o.set.RegisterMetricsWriter(o.write)
	return o
}

// publish shows the figures at /metrics, once everything that they are read from is set.
func (o *observer) publish() { metrics.RegisterSet(o.set) }

func (o *observer) close() { metrics.UnregisterSet(o.set, true) }

// line counts a call of the line that failed.
func (o *observer) line(err error) {
	cause := redisqueue.Cause(err)
	o.lineDown.Store(cause != "")
	if cause != "" {
		o.causes.add(cause)
	}
}

// joined counts a join that got no place.
func (o *observer) joined(room string, err error) {
	if err != nil {
		o.unjoined.add(ops.Refusal{Room: o.known(room), Reason: fault.From(err).Type})
	}
}

// batch counts the joins of one call.
func (o *observer) batch(room string, joins int64) {
	o.batches.of(room, ops.NewSizes).Observe(float64(joins))
}

// known is the name of a room that there is; else it is empty, for anybody can ask for a path with any name.
func (o *observer) known(room string) string {
	if o.live == nil || !o.live.Has(room) {
		return ""
	}
	return room
}

// Estimated implements waitroom.Observer.
func (o *observer) Estimated(room string, outcome waitroom.Outcome, off time.Duration) {
	o.estimates.add(estimate{room, outcome})
	o.off.of(room, ops.NewSizes).Observe(off.Seconds())
}

// Served implements waitroom.Observer. Admissions of an earlier epoch say nothing about this one.
func (o *observer) Served(place waitroom.Place) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.fairness[place.Room]
	if f == nil || f.epoch < place.Epoch {
		f = &fairness{epoch: place.Epoch}
		o.fairness[place.Room] = f
	}
	if f.epoch == place.Epoch {
		f.score.Admitted(place.Rank, place.AdmittedAt)
	}
}

// Fairness implements api.Fairness.
func (o *observer) Fairness(room string) (score float64, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.fairness[room]
	if f == nil {
		return 0, false
	}
	return f.score.Score(), true
}

// Refused implements proxy.Observer.
func (o *observer) Refused(room, reason string) {
	o.refused.add(ops.Refusal{Room: o.known(room), Reason: reason})
}

// Bypassed implements proxy.Observer.
func (o *observer) Bypassed(by string) { o.bypassed.add(by) }

// Waiting implements proxy.Observer.
func (o *observer) Waiting() { o.waiting.Add(1) }

// Admitted implements proxy.Observer.
func (o *observer) Admitted(straight bool) {
	if straight {
		o.straight.Add(1)
		return
	}
	o.admitted.Add(1)
}

// Forwarded implements proxy.Observer.
func (o *observer) Forwarded(name string, took time.Duration, err error) {
	u := o.upstreams.of(name, newUpstream)
	u.latency.Took(took)
	if err != nil {
		u.errors.add(fault.From(err).Type)
	}
}

func newUpstream() *upstream { return &upstream{latency: ops.NewLatency()} }

// connections are those open to the public port.
func (o *observer) connections() int64 {
	parked := o.parking.Count()
	if s := o.server.Load(); s != nil {
		return max(int64(s.GetOpenConnectionsCount()), 0) + parked
	}
	return parked
}

// streams are the event streams being served.
func (o *observer) streams() int64 {
	if o.visitor == nil {
		return 0
	}
	return o.visitor.Watchers()
}
