package profile

import (
	"slices"
	"time"
)

var (
	modes   = []string{"open", "queue", "hold"}
	methods = []string{methodFIFO, methodDraw, "passthrough", "reject"}
	whats   = []string{"redis", "postgres", "gateway", "booking", "payment", "network"}
	hows    = []string{"kill", "stop", howSlow, "cut"}
	process = []string{"redis", "postgres", "gateway", "booking"} // these can be killed and stopped
)

const (
	methodFIFO = "fifo"
	methodDraw = "draw"
	howSlow    = "slow"
)

// check holds the settings to the ranges of the waiting room's own contract; zero leaves a setting as it is.
func (r *Room) check(all *Problems) {
	if r.Mode != "" {
		all.choice("room.mode", r.Mode, modes)
	}
	if r.Method != "" {
		all.choice("room.method", r.Method, methods)
	}
	for _, f := range []struct {
		name      string
		value     int
		low, high float64
	}{
		{"rate_per_minute", r.RatePerMinute, 1, 10_000_000}, {"max_active", r.MaxActive, 1, 1_000_000},
		{"session_idle_seconds", r.SessionIdleSeconds, 1, 86_400}, {"session_limit_seconds", r.SessionLimitSeconds, 1, 86_400},
		{"ghost_seconds", r.GhostSeconds, 2, 3600}, {"return_grace_seconds", r.ReturnGraceSeconds, 1, 86_400},
		{"poll_min_ms", r.PollMinMS, 100, 60_000}, {"poll_max_ms", r.PollMaxMS, 100, 60_000}, {"joins_per_address", r.JoinsPerAddress, 1, 1_000_000},
	} {
		if f.value != 0 {
			all.within("room."+f.name, float64(f.value), f.low, f.high)
		}
	}
	if r.PollMinMS > 0 && r.PollMaxMS > 0 && r.PollMaxMS < r.PollMinMS {
		all.add("room.poll_max_ms", "must not be below poll_min_ms, %d; is %d", r.PollMinMS, r.PollMaxMS)
	}
	if r.GhostSeconds > 0 && r.PollMaxMS >= r.GhostSeconds*1000 {
		all.add("room.ghost_seconds", "must be longer than poll_max_ms, %d, or those who poll as told would be dropped; is %d", r.PollMaxMS, r.GhostSeconds)
	}
	switch {
	case r.Method == methodDraw && r.OpenIn < Duration(2*time.Second):
		all.add("room.open_in", "must be at least 2s for a draw: people gather until then; is %s", r.OpenIn)
	case r.Method != methodDraw && r.OpenIn != 0:
		all.add("room.open_in", "belongs to the method draw, and the method is %q", r.Method)
	}
}

func (p *Profile) checkFaults(all *Problems) {
	for i, f := range p.Faults {
		key := element("faults", i)
		all.span(key+".at", f.At, 0, longest)
		all.choice(key+".what", f.What, whats)
		all.choice(key+".how", f.How, hows)
		all.span(key+".for", f.For, Duration(100*time.Millisecond), Duration(time.Hour))
		program, halt := slices.Contains(process, f.What), f.How == "kill" || f.How == "stop"
		switch {
		case slices.Contains(whats, f.What) && !program && halt:
			all.add(key+".how", "%s is no program that could be told to %s; it can be slow or cut", f.What, f.How)
		case f.What == "gateway" && !halt && slices.Contains(hows, f.How):
			all.add(key+".how", "visitors reach a gateway directly, so that nothing can make it %s; it can be killed or stopped", f.How)
		}
		switch {
		case f.How == howSlow:
			all.span(key+".by", f.By, Duration(time.Millisecond), Duration(time.Minute))
		case f.By != 0:
			all.add(key+".by", "belongs to slow, and how is %q", f.How)
		}
		if f.At+f.For > p.Deadline {
			all.add(key+".at", "the fault ends at %s, after the deadline, %s", f.At+f.For, p.Deadline)
		}
		for j, o := range p.Faults[:i] {
			if same := f.What == o.What || f.What == "network" || o.What == "network"; same && f.At <= o.At+o.For && o.At <= f.At+f.For {
				all.add(key+".at", "overlaps %s, so that the end of one would undo the other", element("faults", j))
			}
		}
	}
}

func (p *Profile) checkSLOs(all *Problems) {
	for i, s := range p.SLOs {
		key := element("slos", i)
		if _, err := ParseMetric(s.Metric); err != nil {
			all.add(key+".metric", "%v", err)
		}
		if s.Kind != "" && p.Kind(s.Kind) == nil {
			all.add(key+".kind", "%s is no kind of visitor of this profile", s.Kind)
		}
		switch {
		case s.Max == nil && s.Min == nil:
			all.add(key, "must have a max or a min")
		case s.Max != nil && s.Min != nil && *s.Max < *s.Min:
			all.add(key+".max", "must not be below min, %v; is %v", *s.Min, *s.Max)
		}
		for _, bound := range []struct {
			name  string
			value *float64
		}{{"max", s.Max}, {"min", s.Min}} {
			if bound.value != nil {
				all.within(key+"."+bound.name, *bound.value, 0, 1e12)
			}
		}
	}
}
