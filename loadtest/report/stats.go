package report

import (
	"maps"
	"math"
	"slices"
	"time"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
)

// Measure fills in load, latencies, timeline and service levels from the journal. Percentiles are exact: the values are sorted.
func (r *Report) Measure(records []journal.Record, samples []check.Sample, began time.Time) {
	latencies := map[journal.Action][]float64{}
	actions := map[journal.Action]*Action{}
	lags := make([]float64, 0, len(records))
	for i := range records {
		rec := &records[i]
		a := actions[rec.Action]
		if a == nil {
			a = &Action{Name: string(rec.Action), Statuses: map[string]int{}}
			actions[rec.Action] = a
		}
		a.Count++
		a.Statuses[statusOf(rec)]++
		if rec.Lost() {
			a.Lost++
		}
		if rec.Lost() || rec.Status >= 500 {
			r.Load.Failed++
		}
		lags = append(lags, float64(rec.Sent-rec.Scheduled)/1e6)
		latencies[rec.Action] = append(latencies[rec.Action], float64(rec.Answered-rec.Scheduled)/1e6)
	}
	r.Actions = nil
	for _, name := range slices.Sorted(maps.Keys(actions)) {
		a, all := actions[name], latencies[name]
		slices.Sort(all)
		a.P50, a.P95, a.P99, a.Max = percentile(all, 50), percentile(all, 95), percentile(all, 99), all[len(all)-1]
		r.Actions = append(r.Actions, *a)
	}
	slices.Sort(lags)
	r.Load.LagP50, r.Load.LagP99 = percentile(lags, 50), percentile(lags, 99)
	r.Load.Requests = len(records)
	if len(records) > 0 {
		r.Load.FailedPercent = 100 * float64(r.Load.Failed) / float64(len(records))
	}
	if r.Seconds > 0 {
		r.Load.PerSecond = float64(len(records)) / r.Seconds
	}
	r.timeline(records, samples, began)
	r.levels(latencies)
}

// percentile is the smallest value that p per cent of the sorted values do not exceed.
func percentile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(int(math.Ceil(p/100*float64(len(sorted))))-1, 0)]
}

func (r *Report) timeline(records []journal.Record, samples []check.Sample, began time.Time) {
	r.Timeline = nil
	at := func(ns int64) *Point {
		second := max(int((ns-began.UnixNano())/int64(time.Second)), 0)
		for len(r.Timeline) <= second && len(r.Timeline) < 24*3600 {
			r.Timeline = append(r.Timeline, Point{Second: len(r.Timeline)})
		}
		return &r.Timeline[min(second, len(r.Timeline)-1)]
	}
	admitted := map[int]bool{}
	paid := map[string]bool{}
	for i := range records {
		rec := &records[i]
		p := at(rec.Sent)
		p.Requests++
		if rec.Action == journal.Join {
			p.Joins++
		}
		if rec.AdmittedMS > 0 && !admitted[rec.Visitor] {
			admitted[rec.Visitor] = true
			at(rec.AdmittedMS*1e6).Admitted++
		}
		if rec.State == "paid" && !paid[rec.Order] {
			paid[rec.Order] = true
			at(rec.Answered).Paid++
		}
	}
	for _, s := range samples {
		p := at(s.At)
		p.Waiting, p.Active = s.Waiting, s.Active
	}
	joining := 0
	for _, p := range r.Timeline {
		r.Load.PeakPerSecond = max(r.Load.PeakPerSecond, p.Requests)
		if p.Joins > 0 {
			joining++
			r.Load.JoinsPerSecond += float64(p.Joins)
		}
	}
	if joining > 0 {
		r.Load.JoinsPerSecond /= float64(joining)
	}
}

// levels are the service levels of a surge on one machine, generator included.
func (r *Report) levels(latencies map[journal.Action][]float64) {
	slo := func(name string, value, limit float64, unit string) {
		r.SLOs = append(r.SLOs, SLO{Name: name, Value: value, Limit: limit, Unit: unit, Met: value <= limit})
	}
	r.SLOs = nil
	slo("requests that failed", r.Load.FailedPercent, 0.1, "%")
	slo("p99 of the generator's own lag", r.Load.LagP99, 100, "ms")
	for _, level := range []struct {
		action journal.Action
		limit  float64
	}{{journal.Join, 500}, {journal.Poll, 300}, {journal.Seats, 500}, {journal.Hold, 500}, {journal.Pay, 1000}} {
		if all := latencies[level.action]; len(all) > 0 {
			slo("p99 of "+string(level.action), percentile(all, 99), level.limit, "ms")
		}
	}
}
