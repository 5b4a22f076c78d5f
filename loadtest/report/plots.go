package report

import (
	"cmp"
	"html/template"
	"maps"
	"math"
	"slices"
)

// over makes a chart over the time of the run.
func (r *Report) over(title, unit string, all ...series) chart {
	return chart{title: title, unit: unit, x: axis{name: "from", time: true, to: r.Seconds}, bands: r.Faults, series: all}
}

// by takes a value out of each step; NaN where there is none.
func (r *Report) by(name, class string, value func(p *Point) float64) series {
	s := series{name: name, class: class}
	for i := range r.Timeline {
		s.x = append(s.x, float64(r.Timeline[i].Second))
		s.y = append(s.y, value(&r.Timeline[i]))
	}
	return s
}

// rate is a count of each step as a rate a second.
func (r *Report) rate(name, class string, count func(p *Point) int) series {
	return r.by(name, class, func(p *Point) float64 { return float64(count(p)) / float64(max(r.Step, 1)) })
}

// sum is a count of each step and all before.
func (r *Report) sum(name, class string, count func(p *Point) int) series {
	total := 0
	return r.by(name, class, func(p *Point) float64 { total += count(p); return float64(total) })
}

// asked is a figure of the server's own, where it was asked. Reports of schema 1 do not say where, and have it for every second.
func (r *Report) asked(name, class string, value func(p *Point) float64) series {
	said := slices.ContainsFunc(r.Timeline, func(p Point) bool { return p.Sampled })
	s := r.by(name, class, value)
	if !said {
		return s
	}
	kept := series{name: name, class: class}
	for i, x := range s.x {
		if r.Timeline[i].Sampled {
			kept.x, kept.y = append(kept.x, x), append(kept.y, s.y[i])
		}
	}
	return kept
}

func (r *Report) limit(name string, value int) series {
	return series{name: name, class: "d", x: []float64{0, r.Seconds}, y: []float64{float64(value), float64(value)}, limit: true}
}

// plotCrowd shows arrivals against admissions, and how the room's limits were kept.
func (r *Report) plotCrowd() template.HTML {
	arrivals := r.over("Arrivals against admissions, so far", "people",
		r.sum("arrived", "a", arrived(r)), r.sum("admitted", "b", func(p *Point) int { return p.Admitted }))
	waiting := r.over("People waiting", "people", r.asked("waiting", "a", func(p *Point) float64 { return float64(p.Waiting) }))
	inside := r.over("Inside against the limit", "people", r.asked("inside", "b", func(p *Point) float64 { return float64(p.Active) }))
	minute := r.over("Admissions in the last 60 s against the limit", "people",
		r.asked("admitted", "b", func(p *Point) float64 { return float64(p.LastMinute) }))
	if p := r.Policy; p != nil {
		if p.MaxActive > 0 {
			inside.series = append(inside.series, r.limit("limit", p.MaxActive))
		}
		if p.RatePerMinute > 0 {
			minute.series = append(minute.series, r.limit("limit", p.RatePerMinute))
		}
	}
	flow := r.over("Arrivals and admissions a second", "/s", r.rate("arrived", "a", arrived(r)), r.rate("admitted", "b", func(p *Point) int { return p.Admitted }))
	if slices.ContainsFunc(r.Timeline, func(p Point) bool { return p.Paid > 0 }) {
		flow.series = append(flow.series, r.rate("orders paid", "c", func(p *Point) int { return p.Paid }))
	}
	return charts(arrivals, flow, inside, minute, waiting)
}

// arrived counts arrivals, and joins in a report that has no arrivals.
func arrived(r *Report) func(p *Point) int {
	if slices.ContainsFunc(r.Timeline, func(p Point) bool { return p.Arrived > 0 }) {
		return func(p *Point) int { return p.Arrived }
	}
	return func(p *Point) int { return p.Joins }
}

// plotOrder shows number against admission: a line that only rises is an order that was kept.
func (r *Report) plotOrder() template.HTML {
	kept, overtaken := series{name: "in order", class: "b", dots: true}, series{name: "after a larger number", class: "d", dots: true}
	for _, p := range r.Order {
		s := &kept
		if p.Overtaken {
			s = &overtaken
		}
		s.x, s.y = append(s.x, float64(p.Number)), append(s.y, p.Admitted)
	}
	all := []series{kept}
	if len(overtaken.x) > 0 {
		all = append(all, overtaken)
	}
	c := chart{title: "Number by admission", unit: "s", x: axis{name: "number"}, series: all}
	if len(overtaken.x) > 0 {
		c.note = "Who was away when the turn came is admitted later; whether anybody present was passed over is judged by P1."
	}
	return charts(c)
}

// plotLatencies shows the percentiles of each action over time.
func (r *Report) plotLatencies() template.HTML {
	var all []chart
	for _, a := range r.Actions {
		quantile := func(name, class string, of func(q Quantiles) float64) series {
			return r.by(name, class, func(p *Point) float64 {
				if q, ok := p.Latency[a.Name]; ok && q.Count > 0 {
					return of(q)
				}
				return math.NaN()
			})
		}
		c := r.over(a.Name+", ms", "ms",
			quantile("p50", "b", func(q Quantiles) float64 { return q.P50 }), quantile("p95", "c", func(q Quantiles) float64 { return q.P95 }),
			quantile("p99", "a", func(q Quantiles) float64 { return q.P99 }))
		c.y.log = true
		all = append(all, c)
	}
	return charts(all...)
}

// maxTypes is how many types of errors have a colour; the others share one.
const maxTypes = 5

// plotErrors shows errors by type, and all requests beside them.
func (r *Report) plotErrors() template.HTML {
	totals := r.errors()
	names := slices.SortedFunc(maps.Keys(totals), func(a, b string) int { return cmp.Or(cmp.Compare(totals[b], totals[a]), cmp.Compare(a, b)) })
	c := r.over("Errors by type, a second", "/s")
	c.stacked = true
	for i, name := range names[:min(len(names), maxTypes)] {
		c.series = append(c.series, r.rate(name, string("dacbe"[i]), func(p *Point) int { return p.Errors[name] }))
	}
	if len(names) > maxTypes {
		c.series = append(c.series, r.rate("others", "f", func(p *Point) (n int) {
			for _, name := range names[maxTypes:] {
				n += p.Errors[name]
			}
			return n
		}))
	}
	requests := r.over("Requests a second", "/s", r.rate("requests", "e", func(p *Point) int { return p.Requests }))
	return charts(c, requests)
}

// errors are those of the whole run by type.
func (r *Report) errors() map[string]int {
	all := map[string]int{}
	for _, p := range r.Timeline {
		for name, n := range p.Errors {
			all[name] += n
		}
	}
	return all
}

// plotSales shows how the seats went.
func (r *Report) plotSales() template.HTML {
	sold := r.over("Seats sold, so far", "seats", r.sum("sold, as buyers were told", "c", func(p *Point) int { return p.SeatsSold }))
	if slices.ContainsFunc(r.Timeline, func(p Point) bool { return p.SeatsFree > 0 }) {
		sold.series = append(sold.series, r.asked("free, by the catalogue", "b", func(p *Point) float64 { return float64(p.SeatsFree) }))
	}
	return charts(sold)
}

// plotGenerator shows whether the generator kept up.
func (r *Report) plotGenerator() template.HTML {
	pulse := func(name, class string, of func(g *Pulse) float64) series {
		return r.by(name, class, func(p *Point) float64 {
			if p.Generator == nil {
				return math.NaN()
			}
			return of(p.Generator)
		})
	}
	cpu := r.over("CPU, per cent of all cores", "%", pulse("generator", "a", func(g *Pulse) float64 { return g.CPUPercent }),
		pulse("whole machine", "e", func(g *Pulse) float64 {
			if g.Busy < 0 {
				return math.NaN()
			}
			return g.Busy
		}))
	cpu.y.to = 100
	lag := r.over("From due to sent, p99, ms", "ms", pulse("lag", "a", func(g *Pulse) float64 { return g.LagP99 }))
	return charts(cpu, lag, r.over("Requests in flight", "", pulse("in flight", "e", func(g *Pulse) float64 { return float64(g.InFlight) })))
}
