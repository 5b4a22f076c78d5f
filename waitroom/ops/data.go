package ops

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"anteroom/waitroom"
)

// Data is what GET /ops/data answers. Series go from old to new, Seconds apart; a "recent" figure is over Over seconds.
type Data struct {
	AsOf        time.Time      `json:"as_of"`
	Started     time.Time      `json:"started"`
	Seconds     float64        `json:"seconds"`
	Over        float64        `json:"over_seconds"`
	Facts       []Fact         `json:"facts"`
	Line        LineData       `json:"line"`
	Gate        GateData       `json:"gate"`
	Rooms       []RoomData     `json:"rooms"`
	Upstreams   []UpstreamData `json:"upstreams"`
	Refused     []RefusedData  `json:"refused"`
	Connections int64          `json:"connections"`
	Streams     int64          `json:"streams"`
	LogsLeftOut int64          `json:"logs_left_out"`
}

// LineData is how Redis does.
type LineData struct {
	Up     bool          `json:"up"`
	Errors []RefusedData `json:"errors"` // Reason is the cause
}

// GateData are rates, in events a second.
type GateData struct {
	Requests []float64 `json:"requests"`
	Admitted []float64 `json:"admitted"`
	Waiting  []float64 `json:"waiting"`
	Refused  []float64 `json:"refused"`
	Failed   []float64 `json:"failed"` // answers 5xx
}

// RoomData is a room.
type RoomData struct {
	Name          string         `json:"name"`
	Phase         string         `json:"phase"`
	Mode          string         `json:"mode"`
	Method        string         `json:"method"`
	Ended         string         `json:"ended,omitempty"`
	OnOutage      string         `json:"on_outage"`
	Epoch         int64          `json:"epoch"`
	Version       int64          `json:"version"`
	Issued        int64          `json:"issued"`
	Serving       int64          `json:"serving"`
	Waiting       int64          `json:"waiting"`
	Active        int64          `json:"active"`
	MaxActive     int64          `json:"max_active"`
	RatePerMinute int64          `json:"rate_per_minute"`
	AdmittedTotal int64          `json:"admitted_total"`
	LastMinute    int64          `json:"admitted_last_minute"`
	ViewAge       float64        `json:"view_age_seconds"`
	Stale         bool           `json:"stale"`
	Joins         []float64      `json:"joins"`    // a second
	Admissions    []float64      `json:"admitted"` // a second
	Line          []float64      `json:"waiting_series"`
	Sessions      []float64      `json:"active_series"`
	Batch         Distribution   `json:"batch"` // joins sent to the line in one call
	More          map[string]any `json:"more,omitempty"`
}

// UpstreamData is an upstream.
type UpstreamData struct {
	Name     string        `json:"name"`
	Requests []float64     `json:"requests"`    // a second
	P95      []float64     `json:"p95_seconds"` // of each step
	Latency  Distribution  `json:"latency"`     // seconds, recent
	Errors   []RefusedData `json:"errors"`
	Health   []Address     `json:"health"`
}

// Distribution is what is said of many values.
type Distribution struct {
	N    int64   `json:"n"`
	Mean float64 `json:"mean"`
	P50  float64 `json:"p50"`
	P95  float64 `json:"p95"`
	P99  float64 `json:"p99"`
}

// RefusedData is a count by reason.
type RefusedData struct {
	Room   string `json:"room,omitempty"`
	Reason string `json:"reason"`
	Total  int64  `json:"total"`
	Recent int64  `json:"recent"`
}

// Data is the gateway now and in the last minutes.
func (r *Recorder) Data(now time.Time) Data {
	all := r.history(now)
	before, last := since(all), &all[len(all)-1]
	d := Data{
		AsOf: now, Started: r.started, Seconds: Every.Seconds(), Over: now.Sub(before.at).Seconds(), Facts: r.source.Facts(),
		Line:        LineData{Up: last.totals.LineUp, Errors: counted(last.totals.LineErrors, before.totals.LineErrors)},
		Gate:        gateData(all),
		Rooms:       []RoomData{},
		Upstreams:   upstreams(all),
		Refused:     refused(last.totals.Refused, before.totals.Refused),
		Connections: last.totals.Connections, Streams: last.totals.Streams, LogsLeftOut: last.totals.LogsLeftOut,
	}
	r.source.Each(func(v *waitroom.View) { d.Rooms = append(d.Rooms, r.room(all, v, now)) })
	slices.SortFunc(d.Rooms, func(a, b RoomData) int { return cmp.Compare(a.Name, b.Name) })
	return d
}

func gateData(all []sample) GateData {
	return GateData{
		Requests: rates(all, func(s *sample) (n int64) {
			for _, one := range s.totals.Answers {
				n += one
			}
			return n
		}),
		Admitted: rates(all, func(s *sample) int64 { return s.totals.Admitted + s.totals.Straight }),
		Waiting:  rates(all, func(s *sample) int64 { return s.totals.Waiting }),
		Refused:  rates(all, func(s *sample) int64 { return sumOf(s.totals.Refused) }),
		Failed:   rates(all, func(s *sample) int64 { return s.totals.Answers[5] }),
	}
}

func (r *Recorder) room(all []sample, v *waitroom.View, now time.Time) RoomData {
	of := func(f func(roomSample) int64) func(*sample) int64 {
		return func(s *sample) int64 { return f(s.room(v.Room, v.Epoch)) }
	}
	var lived []sample // since the room was seen first, in this epoch
	for i := range all {
		if all[i].rooms[v.Room].epoch == v.Epoch {
			lived = all[i:]
			break
		}
	}
	p := &v.Policy
	return RoomData{
		Name: v.Room, Phase: string(v.Phase), Mode: string(p.Mode), Method: string(p.Method), Ended: v.Ended, OnOutage: string(p.OnOutage),
		Epoch: v.Epoch, Version: v.Version, Issued: v.Issued, Serving: v.Serving, Waiting: v.Waiting(), Active: v.Active,
		MaxActive: p.MaxActive, RatePerMinute: p.RatePerMinute, AdmittedTotal: v.AdmittedTotal, LastMinute: v.AdmittedLastMinute,
		ViewAge: v.Age(now).Seconds(), Stale: v.Stale(now),
		Joins:      rates(lived, of(func(s roomSample) int64 { return s.issued })),
		Admissions: rates(lived, of(func(s roomSample) int64 { return s.admitted })),
		Line:       levels(lived, of(func(s roomSample) int64 { return s.waiting })),
		Sessions:   levels(lived, of(func(s roomSample) int64 { return s.active })),
		Batch:      whole(all[len(all)-1].totals.Batches[v.Room].Since(since(all).totals.Batches[v.Room])),
		More:       r.source.Room(v.Room),
	}
}

func upstreams(all []sample) []UpstreamData {
	last := &all[len(all)-1]
	list := []UpstreamData{}
	for _, name := range slices.Sorted(maps.Keys(last.totals.Upstreams)) {
		u, before := last.totals.Upstreams[name], since(all).totals.Upstreams[name]
		data := UpstreamData{
			Name: name, Latency: distribution(u.Latency.Since(before.Latency)), Errors: counted(u.Errors, before.Errors),
			Requests: rates(all, func(s *sample) int64 { return s.totals.Upstreams[name].Latency.N() }), P95: []float64{},
			Health: append([]Address{}, u.Health...),
		}
		for i := 1; i < len(all); i++ {
			step := all[i].totals.Upstreams[name].Latency.Since(all[i-1].totals.Upstreams[name].Latency)
			data.P95 = append(data.P95, step.Quantile(0.95))
		}
		list = append(list, data)
	}
	return list
}

func distribution(c Counts) Distribution {
	return Distribution{N: c.N(), Mean: c.Mean(), P50: c.Quantile(0.5), P95: c.Quantile(0.95), P99: c.Quantile(0.99)}
}

// whole is the distribution of whole numbers: within a bucket only the bounds can be values.
func whole(c Counts) Distribution {
	return Distribution{N: c.N(), Mean: c.Mean(), P50: math.Ceil(c.Quantile(0.5)), P95: math.Ceil(c.Quantile(0.95)), P99: math.Ceil(c.Quantile(0.99))}
}

func counted(now, before map[string]int64) []RefusedData {
	list := []RefusedData{}
	for reason, n := range now {
		if n > 0 {
			list = append(list, RefusedData{Reason: reason, Total: n, Recent: n - before[reason]})
		}
	}
	return mostFirst(list)
}

func refused(now, before map[Refusal]int64) []RefusedData {
	list := []RefusedData{}
	for why, n := range now {
		list = append(list, RefusedData{Room: why.Room, Reason: why.Reason, Total: n, Recent: n - before[why]})
	}
	return mostFirst(list)
}

func mostFirst(list []RefusedData) []RefusedData {
	slices.SortFunc(list, func(a, b RefusedData) int {
		return cmp.Or(cmp.Compare(b.Recent, a.Recent), cmp.Compare(b.Total, a.Total), cmp.Compare(a.Room, b.Room), cmp.Compare(a.Reason, b.Reason))
	})
	return list
}
