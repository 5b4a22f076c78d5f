package report

import (
	"encoding/json"
	"maps"
	"slices"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
)

// CutShort is how a run ended whose journal has no end.
const CutShort = "cut short"

// From reports what is in a journal. Without a profile it takes the one that the journal holds; without any there are no service levels
// and no kinds of visitors.
func From(l *journal.Log, v check.Verdict, p *profile.Profile) *Report {
	h := &l.Header
	if p == nil {
		p = profileIn(h)
	}
	m := measure(l, p)
	r := &Report{
		Schema: Schema, Suite: h.Suite, Seed: h.Seed, Command: h.Command, Commit: h.Commit, Began: h.Began, Seconds: m.seconds(),
		WarmUp: m.warmUp(), Ended: CutShort, Policy: &h.Policy, Machine: h.Machine, System: maps.Clone(h.System),
		Load: m.load(), Actions: m.actions.list(), Kinds: m.kindList(), Outcomes: map[string]int{},
		Step: int(m.step.Seconds()), Timeline: m.points, Order: m.order(), Faults: bands(l, m), Generator: fared(l),
	}
	if len(h.Profile) > 0 {
		r.Settings = h.Profile
	}
	if l.End != nil {
		r.Ended, r.Outcomes = l.End.Why, maps.Clone(l.End.Outcomes)
		r.Load.Visitors = l.End.Visitors
	} else {
		r.unmeasured = append(r.unmeasured, "the journal was cut short: it does not say how the run ended")
	}
	if p != nil {
		r.Profile, r.SLOs = p.Name, levels(p, m, r.Generator)
	}
	r.Missing = gaps(l, v)
	r.Judge(v)
	if p != nil {
		r.Require(p.Requires)
	}
	return r
}

// profileIn is the profile that the header holds, nil when it holds none.
func profileIn(h *journal.Header) *profile.Profile {
	var p profile.Profile
	if len(h.Profile) == 0 || json.Unmarshal(h.Profile, &p) != nil {
		return nil
	}
	return &p
}

// gaps lists what was not measured: sources that were not to be had, checks that found nothing to look at, and a run that was stopped.
func gaps(l *journal.Log, v check.Verdict) (all []Gap) {
	switch {
	case l.End == nil && l.Incomplete != "":
		all = append(all, Gap{"the rest of the run", l.Incomplete})
	case l.End == nil:
		all = append(all, Gap{"the rest of the run", "the journal has no end"})
	case l.End.Why == "interrupted":
		all = append(all, Gap{"the rest of the run", "it was interrupted"})
	case l.Incomplete != "":
		all = append(all, Gap{"all requests", l.Incomplete})
	}
	if l.Audit == nil {
		all = append(all, Gap{"what is known only after the load", "the run did not come to its audit"})
	} else {
		for _, what := range slices.Sorted(maps.Keys(l.Audit.Missing)) {
			all = append(all, Gap{what, l.Audit.Missing[what]})
		}
	}
	for _, p := range v {
		first := len(all)
		for _, c := range p.Checks {
			if c.State() != NotMeasured {
				continue
			}
			if i := slices.IndexFunc(all[first:], func(g Gap) bool { return g.Why == c.Missing }); i >= 0 {
				all[first+i].What += ", " + c.Name
			} else {
				all = append(all, Gap{p.ID + " " + c.Name, c.Missing})
			}
		}
	}
	return all
}

// bands pairs the beginnings and ends of faults. One that was not undone lasts to the end.
func bands(l *journal.Log, m *measures) (all []Band) {
	for _, f := range l.Faults {
		at := m.since(f.At)
		if !f.Done {
			all = append(all, Band{What: f.What, How: f.How, From: at, To: m.seconds(), Note: f.Note})
			continue
		}
		for i := range slices.Backward(all) {
			if b := &all[i]; b.What == f.What && b.How == f.How && b.To == m.seconds() {
				b.To = at
				break
			}
		}
	}
	return all
}
