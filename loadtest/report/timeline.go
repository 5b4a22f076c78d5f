package report

import (
	"maps"
	"slices"

	"anteroom/loadtest/journal"
)

// Point is one step of the load. The counts of the room are the server's own.
type Point struct {
	Second     int                  `json:"second"` // at which it begins
	Requests   int                  `json:"requests"`
	Arrived    int                  `json:"arrived,omitempty"` // visitors whose first request was due in it
	Joins      int                  `json:"joins"`
	Admitted   int                  `json:"admitted"` // admissions in it by the clock of the line
	Paid       int                  `json:"paid"`
	SeatsSold  int                  `json:"seats_sold,omitempty"`
	Waiting    int64                `json:"waiting"`
	Active     int64                `json:"active"`                         // at most
	LastMinute int64                `json:"admitted_last_minute,omitempty"` // at most
	SeatsFree  int64                `json:"seats_free,omitempty"`
	Sampled    bool                 `json:"sampled,omitempty"` // the server was asked in it
	Latency    map[string]Quantiles `json:"latency,omitempty"` // by action, of the requests due in it, in the warm-up as well
	Errors     map[string]int       `json:"errors,omitempty"`  // by type, of the requests sent in it
	Generator  *Pulse               `json:"generator,omitempty"`
}

// Quantiles are latencies in milliseconds.
type Quantiles struct {
	Count int     `json:"n"`
	P50   float64 `json:"p50"`
	P95   float64 `json:"p95"`
	P99   float64 `json:"p99"`
}

// Pulse is how the generator fared during a step.
type Pulse struct {
	CPUPercent float64 `json:"cpu_percent"` // all its processes, of all cores, on average
	Busy       float64 `json:"busy"`        // the whole machine, in per cent, at most; -1 when not known
	LagP99     float64 `json:"lag_p99_ms"`  // at most
	InFlight   int     `json:"in_flight"`   // at most
	notes      float64
}

func (p *Point) wrong(what string) {
	if p.Errors == nil {
		p.Errors = map[string]int{}
	}
	p.Errors[what]++
}

func (p *Point) sample(s journal.Sample) {
	p.Sampled = true
	p.Waiting, p.SeatsFree = s.Waiting, s.SeatsFree
	p.Active, p.LastMinute = max(p.Active, s.Active), max(p.LastMinute, s.AdmittedLastMinute)
}

// generator takes in what one of several processes noted in a second.
func (p *Point) generator(g journal.Generator, processes int) {
	if p.Generator == nil {
		p.Generator = &Pulse{Busy: -1}
	}
	pulse := p.Generator
	pulse.notes++
	pulse.CPUPercent += (g.CPUPercent*float64(processes) - pulse.CPUPercent) / pulse.notes
	pulse.Busy, pulse.LagP99 = max(pulse.Busy, g.Busy), max(pulse.LagP99, g.LagP99MS)
	pulse.InFlight = max(pulse.InFlight, g.InFlight*processes)
}

func (m *measures) load() Load {
	l := Load{Visitors: len(m.visitors), Requests: m.requests, Failed: m.failed, LagP50: m.lag.Percentile(50), LagP99: m.lag.Percentile(99)}
	if m.requests > 0 {
		l.FailedPercent = 100 * float64(m.failed) / float64(m.requests)
	}
	if s := m.seconds(); s > 0 {
		l.PerSecond = float64(m.requests) / s
	}
	if len(m.perSecond) > 0 {
		l.PeakPerSecond = slices.Max(m.perSecond)
	}
	joins, joining := 0, 0
	for _, n := range m.joins {
		if n > 0 {
			joins += n
			joining++
		}
	}
	if joining > 0 {
		l.JoinsPerSecond = float64(joins) / float64(joining)
	}
	return l
}

func (m *measures) kindList() (all []Kind) {
	for _, name := range slices.Sorted(maps.Keys(m.kinds)) {
		k := m.kinds[name]
		kind := Kind{Name: name, Visitors: len(k.visitors), Actions: k.actions.list()}
		kind.Requests, kind.Failed = k.actions.total()
		for i := range kind.Actions {
			kind.Actions[i].Histogram = nil // those of all visitors are enough to keep
		}
		all = append(all, kind)
	}
	return all
}
