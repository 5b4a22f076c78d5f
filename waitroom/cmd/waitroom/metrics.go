package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"anteroom/internal/fault"
	"anteroom/waitroom"
	"anteroom/waitroom/api"
	"anteroom/waitroom/proxy"
	"anteroom/waitroom/redisqueue"
	"anteroom/waitroom/rooms"
)

// The names of all the gateway's metrics. Labels are bounded: rooms are made by operators, reasons are the types of our own errors,
// upstreams are two.
const (
	metricAdmitted  = `waitroom_gate_admitted_total{straight="%t"}`    // gated requests let through; straight: without a pass before
	metricWaiting   = `waitroom_gate_waiting_total`                    // answers that told to wait
	metricRefused   = `waitroom_gate_refused_total{reason=%q}`         // passes that were not good, visitors turned away
	metricForward   = `waitroom_forward_duration_seconds{upstream=%q}` // until the head of the answer
	metricUpstream  = `waitroom_upstream_errors_total{upstream=%q,reason=%q}`
	metricIssued    = `waitroom_room_issued{room=%q}`
	metricServing   = `waitroom_room_serving{room=%q}`
	metricLine      = `waitroom_room_waiting{room=%q}`
	metricActive    = `waitroom_room_active{room=%q}`
	metricTotal     = `waitroom_room_admitted_total{room=%q}`
	metricViewAge   = `waitroom_room_view_age_seconds{room=%q}`
	metricRate      = `waitroom_room_rate_per_minute{room=%q}`
	metricMaxActive = `waitroom_room_max_active{room=%q}`
	metricWould     = `waitroom_room_would_queue_total{room=%q}`    // with the method passthrough
	metricFairness  = `waitroom_room_fairness{room=%q}`             // share of the latest admissions in the order of the line, by what visitors were told
	metricEstimate  = `waitroom_estimate_total{room=%q,outcome=%q}` // waits estimated at the join: within, early, late
	metricLineError = `waitroom_line_errors_total{cause=%q}`        // calls of Redis that failed: full, read_only, loading, replicas, timeout, gone, access, other
	metricLineUp    = `waitroom_line_up`                            // 1 while the newest call succeeded
	metricOff       = `waitroom_estimate_error_seconds{room=%q}`    // how far outside the estimated range
)

// observer counts what happens at the gate and reads the rooms when asked. Safe for concurrent use.
type observer struct {
	set      *metrics.Set
	straight *metrics.Counter
	admitted *metrics.Counter
	waiting  *metrics.Counter
	lineDown atomic.Bool

	mu       sync.Mutex
	fairness map[string]*fairness
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
)

// newObserver starts the metrics of one gateway; close ends them.
func newObserver() *observer {
	set := metrics.NewSet()
	o := &observer{
		set:      set,
		straight: set.NewCounter(fmt.Sprintf(metricAdmitted, true)),
		admitted: set.NewCounter(fmt.Sprintf(metricAdmitted, false)),
		waiting:  set.NewCounter(metricWaiting),
		fairness: map[string]*fairness{},
	}
	set.NewGauge(metricLineUp, func() float64 {
		if o.lineDown.Load() {
			return 0
		}
		return 1
	})
	metrics.RegisterSet(set)
	return o
}

// watch adds the figures of the rooms.
func (o *observer) watch(live *rooms.Rooms) {
	o.set.RegisterMetricsWriter(func(w io.Writer) {
		live.Each(func(v *waitroom.View) {
			writeRoom(w, v)
			if score, ok := o.Fairness(v.Room); ok {
				metrics.WriteGaugeFloat64(w, fmt.Sprintf(metricFairness, v.Room), score)
			}
		})
	})
}

// line counts a call of the line that failed.
func (o *observer) line(err error) {
	cause := redisqueue.Cause(err)
	o.lineDown.Store(cause != "")
	if cause != "" {
		o.set.GetOrCreateCounter(fmt.Sprintf(metricLineError, cause)).Inc()
	}
}

func writeRoom(w io.Writer, v *waitroom.View) {
	for _, gauge := range []struct {
		name  string
		value int64
	}{
		{metricIssued, v.Issued}, {metricServing, v.Serving}, {metricLine, v.Waiting()}, {metricActive, v.Active},
		{metricTotal, v.AdmittedTotal}, {metricRate, v.Policy.RatePerMinute}, {metricMaxActive, v.Policy.MaxActive},
		{metricWould, v.WouldQueue},
	} {
		metrics.WriteGaugeUint64(w, fmt.Sprintf(gauge.name, v.Room), uint64(max(gauge.value, 0)))
	}
	metrics.WriteGaugeFloat64(w, fmt.Sprintf(metricViewAge, v.Room), v.Age(time.Now()).Seconds())
}

func (o *observer) close() { metrics.UnregisterSet(o.set, true) }

// Estimated implements waitroom.Observer.
func (o *observer) Estimated(room string, outcome waitroom.Outcome, off time.Duration) {
	o.set.GetOrCreateCounter(fmt.Sprintf(metricEstimate, room, string(outcome))).Inc()
	o.set.GetOrCreateHistogram(fmt.Sprintf(metricOff, room)).Update(off.Seconds())
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

func (o *observer) Refused(reason string) {
	o.set.GetOrCreateCounter(fmt.Sprintf(metricRefused, reason)).Inc()
}

func (o *observer) Waiting() { o.waiting.Inc() }

func (o *observer) Admitted(straight bool) {
	if straight {
		o.straight.Inc()
		return
	}
	o.admitted.Inc()
}

func (o *observer) Forwarded(upstream string, took time.Duration, err error) {
	o.set.GetOrCreateHistogram(fmt.Sprintf(metricForward, upstream)).Update(took.Seconds())
	if err != nil {
		o.set.GetOrCreateCounter(fmt.Sprintf(metricUpstream, upstream, fault.From(err).Type)).Inc()
	}
}
