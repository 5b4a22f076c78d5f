package main

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"anteroom/waitroom"
	"anteroom/waitroom/ops"
)

// Each implements ops.Source.
func (o *observer) Each(f func(*waitroom.View)) {
	if o.live != nil {
		o.live.Each(f)
	}
}

// Totals implements ops.Source.
func (o *observer) Totals() ops.Totals {
	answers := o.access.Tally()
	t := ops.Totals{
		Answers: answers.Answers, Admitted: o.admitted.Load(), Straight: o.straight.Load(), Waiting: o.waiting.Load(),
		Refused: o.refused.read(), Upstreams: map[string]ops.Upstream{}, Batches: map[string]ops.Counts{},
		LineErrors: o.causes.read(), LineUp: !o.lineDown.Load(),
		Connections: o.connections(), Streams: o.streams(), LogsLeftOut: answers.Suppressed,
	}
	for why, n := range o.unjoined.read() {
		why.Reason = "join: " + why.Reason
		t.Refused[why] = n
	}
	for name, u := range o.upstreams.each() {
		one := ops.Upstream{Latency: u.latency.Counts(), Errors: u.errors.read()}
		if o.health != nil {
			one.Health = o.health(name)
		}
		t.Upstreams[name] = one
	}
	for room, h := range o.batches.each() {
		t.Batches[room] = h.Counts()
	}
	return t
}

// Room implements ops.Source.
func (o *observer) Room(name string) map[string]any {
	more := map[string]any{"evicted": o.live.Ended(name)}
	if score, ok := o.Fairness(name); ok {
		more["fairness"] = score
	}
	o.Each(func(v *waitroom.View) {
		if v.Room != name {
			return
		}
		for what, setting := range map[string]any{"guards": v.Policy.Guards, "adaptive": v.Policy.Adaptive} {
			if set := settingsOf(setting); len(set) > 0 {
				more[what] = set
			}
		}
		o.guardsOf(v, more)
		if v.WouldQueue > 0 {
			more["would_have_waited"] = v.WouldQueue
		}
	})
	return more
}

// settingsOf is what is set of a policy's part, by the contract's names.
func settingsOf(part any) (set map[string]any) {
	text, err := json.Marshal(part)
	if err == nil {
		err = json.Unmarshal(text, &set)
	}
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	return set
}

// Facts implements ops.Source.
func (o *observer) Facts() []ops.Fact {
	facts := buildFacts()
	if o.facts != nil {
		facts = append(facts, o.facts()...)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return append(facts,
		ops.Fact{Name: "goroutines", Value: strconv.Itoa(runtime.NumGoroutine())},
		ops.Fact{Name: "memory in use", Value: strconv.FormatUint((memory.HeapInuse+memory.StackInuse)>>20, 10) + " MiB"},
	)
}

// buildFacts say what program this is.
func buildFacts() []ops.Fact {
	facts := []ops.Fact{{Name: "Go", Value: runtime.Version()}}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return facts
	}
	if v := info.Main.Version; v != "" {
		facts = append(facts, ops.Fact{Name: "version", Value: v})
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			facts = append(facts, ops.Fact{Name: "revision", Value: s.Value})
		case "vcs.time":
			if at, err := time.Parse(time.RFC3339, s.Value); err == nil {
				facts = append(facts, ops.Fact{Name: "committed", Value: at.Format(time.DateTime)})
			}
		case "vcs.modified":
			if s.Value == "true" {
				facts = append(facts, ops.Fact{Name: "built from", Value: "a changed working tree"})
			}
		}
	}
	return facts
}
