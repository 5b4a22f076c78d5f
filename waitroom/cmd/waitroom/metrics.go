package main

import (
	"fmt"
	"io"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"anteroom/internal/fault"
	"anteroom/waitroom"
	"anteroom/waitroom/proxy"
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
)

// observer counts what happens at the gate and reads the rooms when asked. Safe for concurrent use.
type observer struct {
	set      *metrics.Set
	straight *metrics.Counter
	admitted *metrics.Counter
	waiting  *metrics.Counter
}

var _ proxy.Observer = (*observer)(nil)

// newObserver starts the metrics of one gateway; close ends them.
func newObserver(live *rooms.Rooms) *observer {
	set := metrics.NewSet()
	o := &observer{
		set:      set,
		straight: set.NewCounter(fmt.Sprintf(metricAdmitted, true)),
		admitted: set.NewCounter(fmt.Sprintf(metricAdmitted, false)),
		waiting:  set.NewCounter(metricWaiting),
	}
	set.RegisterMetricsWriter(func(w io.Writer) {
		live.Each(func(v *waitroom.View) { writeRoom(w, v) })
	})
	metrics.RegisterSet(set)
	return o
}

func writeRoom(w io.Writer, v *waitroom.View) {
	for _, gauge := range []struct {
		name  string
		value int64
	}{
		{metricIssued, v.Issued}, {metricServing, v.Serving}, {metricLine, v.Waiting}, {metricActive, v.Active},
		{metricTotal, v.AdmittedTotal}, {metricRate, v.Policy.RatePerMinute}, {metricMaxActive, v.Policy.MaxActive},
	} {
		metrics.WriteGaugeUint64(w, fmt.Sprintf(gauge.name, v.Room), uint64(max(gauge.value, 0)))
	}
	metrics.WriteGaugeFloat64(w, fmt.Sprintf(metricViewAge, v.Room), v.Age(time.Now()).Seconds())
}

func (o *observer) close() { metrics.UnregisterSet(o.set, true) }

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
