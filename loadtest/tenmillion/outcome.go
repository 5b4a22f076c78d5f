package tenmillion

import (
	"fmt"
	"maps"
	"time"

	"anteroom/loadtest/report"
	"anteroom/loadtest/tenmillion/proof"
)

// Outcome is what came of a run.
type Outcome struct {
	Began      time.Time
	Took       time.Duration
	Cut        bool // the deadline came before everybody was admitted
	Plan       Plan
	Phases     []report.Phase
	Evidence   proof.Evidence
	Drill      drillEvent // what the drill says it did in all
	DrillCalls int        // joins that it sent, blocks and single ones
	Programs   string     // memory of the programs while everybody waited

	load     report.Load
	actions  []report.Action
	timeline []report.Point
	slos     []report.SLO
	outcomes map[string]int
}

// Fill puts the figures into a report.
func (o *Outcome) Fill(r *report.Report) {
	r.Began, r.Seconds, r.Phases = o.Began, o.Took.Seconds(), o.Phases
	r.System = maps.Clone(r.System)
	if r.System == nil {
		r.System = map[string]string{}
	}
	r.System["resident memory while everybody waited"] = o.Programs
	r.System["the suite's own memory at most"] = sizeOf("self", "VmHWM")
	r.Load, r.Actions, r.Timeline, r.SLOs, r.Outcomes = o.load, o.actions, o.timeline, o.slos, o.outcomes
}

// measure takes the figures out of the run.
func (o *Outcome) measure(r *run) {
	lag, join, poll, answers, outcomes := r.crowd.figures()
	polls, fewer := r.crowd.polls()
	outcomes["driven through the engine"] = r.o.Visitors - r.o.HTTPVisitors
	outcomes["over HTTP, asked fewer than twice while waiting"] = fewer
	o.outcomes = outcomes
	o.load = report.Load{Visitors: r.o.Visitors, Requests: int(join.n + poll.n), Cut: o.Cut}
	for _, counts := range answers {
		for what, n := range counts {
			if what == "no answer" || what[0] == '5' {
				o.load.Failed += n
			}
		}
	}
	if o.load.Requests > 0 {
		o.load.FailedPercent = 100 * float64(o.load.Failed) / float64(o.load.Requests)
	}
	o.load.PerSecond = float64(o.load.Requests) / o.Took.Seconds()
	o.actions = []report.Action{action("join", &join, answers["join"]), action("poll", &poll, answers["poll"])}
	d := &o.Drill
	o.actions = append(o.actions, report.Action{Name: "tick of the drill's gateways", Count: d.Ticks, P50: d.TickP50, P95: d.TickP95, P99: d.TickP99, Max: d.TickMax})
	for what, n := range d.Failed {
		o.outcomes["calls of the drill without an answer: "+what] = n
	}
	level := func(name string, value, limit float64, unit string) {
		o.slos = append(o.slos, report.SLO{Name: name, Value: value, Limit: limit, Unit: unit, Met: value <= limit})
	}
	level("requests that failed", o.load.FailedPercent, 0.1, "%")
	o.load.LagP50, o.load.LagP99 = lag.quantile(0.5), lag.quantile(0.99)
	level("p99 of the generator's own lag", o.load.LagP99, 1000, "ms")
	level("visitors over HTTP who asked when their session was over", 100*float64(outcomes[tooLate])/float64(r.o.HTTPVisitors), 1, "%")
	level("p99 of join", join.quantile(0.99), 1000, "ms")
	level("p99 of poll", poll.quantile(0.99), 1000, "ms")
	o.seconds(r)
	r.o.Progress(fmt.Sprintf("ten-million: %d polls were answered while people waited; the drill made %d calls to join, %d to hear, %d releases", polls, o.DrillCalls, d.Hears, d.Released))
}

func action(name string, l *latency, statuses map[string]int) report.Action {
	return report.Action{
		Name: name, Count: int(l.n), Lost: statuses["no answer"], Statuses: statuses,
		P50: l.quantile(0.5), P95: l.quantile(0.95), P99: l.quantile(0.99), Max: l.maximum(),
	}
}

// seconds makes the timeline, from the crowd's beginning.
func (o *Outcome) seconds(r *run) {
	began := r.crowd.perSec.start
	at := func(second int) *report.Point {
		for len(o.timeline) <= second {
			o.timeline = append(o.timeline, report.Point{Second: len(o.timeline)})
		}
		return &o.timeline[second]
	}
	clamp := func(ms int64) int { return min(max(int(ms/1000), 0), len(r.crowd.perSec.requests)-1) }
	for second := range r.crowd.perSec.requests {
		if n := r.crowd.perSec.requests[second].Load(); n > 0 {
			p := at(second)
			p.Requests, p.Joins = int(n), int(r.crowd.perSec.joins[second].Load())
			o.load.PeakPerSecond = max(o.load.PeakPerSecond, p.Requests)
		}
	}
	for i := range o.Evidence.Joins {
		if j := &o.Evidence.Joins[i]; j.Via < proof.Real { // those over HTTP have been counted
			at(clamp((j.Answered - r.clock.At(began)) / 1e6)).Joins += int(j.Count)
		}
	}
	a := &o.Evidence.Admissions
	for n := range a.After {
		if ms := a.At(int64(n)); ms > 0 {
			at(clamp(ms-began.UnixMilli())).Admitted++
		}
	}
	joining := 0
	for _, p := range o.timeline {
		if p.Joins > 0 {
			joining++
			o.load.JoinsPerSecond += float64(p.Joins)
		}
	}
	o.load.JoinsPerSecond /= float64(max(joining, 1))
	for _, s := range o.Evidence.Samples {
		p := at(clamp((s.At - r.clock.At(began)) / 1e6))
		p.Waiting, p.Active = s.Waiting, s.Active
	}
}
