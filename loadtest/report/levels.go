package report

import (
	"fmt"

	"anteroom/loadtest/profile"
)

// SLO is a service level with what was found.
type SLO struct {
	Name    string  `json:"name"`
	Metric  string  `json:"metric,omitempty"` // as the profile names it
	Kind    string  `json:"kind,omitempty"`   // of visitor; empty: all
	Value   float64 `json:"value"`
	Limit   float64 `json:"limit"`              // Value should not be larger; with AtLeast not smaller
	AtLeast bool    `json:"at_least,omitempty"` // Limit is the least
	Unit    string  `json:"unit"`
	Met     bool    `json:"met"`
	Decides bool    `json:"decides"`                // a missed one ends the command with 2
	Missing string  `json:"not_measured,omitempty"` // why Value is not known, or worth nothing
}

// State is met, missed or not measured.
func (s SLO) State() string {
	switch {
	case s.Missing != "":
		return string(NotMeasured)
	case s.Met:
		return "met"
	default:
		return "missed"
	}
}

// Measured is what was found, with its unit.
func (s SLO) Measured() string { return figure(s.Value) + " " + s.Unit }

// Bound is what is wanted, with its unit, as in "at most 300 ms".
func (s SLO) Bound() string {
	most := "at most"
	if s.AtLeast {
		most = "at least"
	}
	return most + " " + figure(s.Limit) + " " + s.Unit
}

// found says what was found beside what was wanted.
func (s SLO) found() string {
	return fmt.Sprintf("%s: %s %s wanted", s.Measured(), s.Name, s.Bound())
}

// saturated is why a service level says nothing; Generator.Saturated says more.
const saturated = "the generator was saturated"

// levels looks at each service level of the profile. A saturated generator can only make a figure worse, so a level that is met
// nevertheless is met; one that is missed says nothing.
func levels(p *profile.Profile, m *measures, g *Generator) []SLO {
	all := []SLO{}
	for _, want := range p.SLOs {
		s := SLO{Name: want.Metric, Metric: want.Metric, Kind: want.Kind, Decides: true}
		if want.Kind != "" {
			s.Name += " of " + want.Kind
		}
		s.Value, s.Unit, s.Missing = m.metric(want.Metric, want.Kind)
		for _, bound := range []struct {
			limit   *float64
			atLeast bool
		}{{want.Max, false}, {want.Min, true}} {
			if bound.limit == nil {
				continue
			}
			s := s
			s.Limit, s.AtLeast = *bound.limit, bound.atLeast
			s.Met = s.Missing == "" && (!s.AtLeast && s.Value <= s.Limit || s.AtLeast && s.Value >= s.Limit)
			if !s.Met && s.Missing == "" && g != nil && g.Saturated != "" {
				s.Missing = saturated
			}
			all = append(all, s)
		}
	}
	return all
}

// metric is the value of a metric, for one kind of visitor or, when that is empty, for all. Missing says why there is none.
func (m *measures) metric(name, kindName string) (value float64, unit, missing string) {
	known, err := profile.ParseMetric(name)
	if err != nil {
		return 0, "", err.Error()
	}
	unit = known.Unit()
	of, admitted, paid := m.actions, m.admissions(), m.sold
	if kindName != "" {
		k := m.kinds[kindName]
		if k == nil {
			return 0, unit, "no visitor of this kind arrived"
		}
		of, admitted, paid = k.actions, k.admitted, k.paid
	}
	switch name {
	case profile.FailedPercent:
		requests, failed := of.total()
		if requests == 0 {
			return 0, unit, "there was no request after the warm-up"
		}
		return 100 * float64(failed) / float64(requests), unit, ""
	case profile.AdmittedPerMinute:
		return 60 * admitted.perSecond(60), unit, ""
	case profile.PurchasesPerSecond:
		return paid.perSecond(1), unit, ""
	}
	t := of[known.Action]
	switch {
	case t == nil:
		return 0, unit, fmt.Sprintf("there was no %s after the warm-up", known.Action)
	case known.Percent > 0:
		return t.Histogram.Percentile(known.Percent), unit, ""
	default:
		return t.answers.perSecond(1), unit, ""
	}
}

// admissions are all that were learnt of after the warm-up.
func (m *measures) admissions() (s span) {
	for _, p := range m.places {
		if p.admitted >= m.warm {
			s.add(p.admitted)
		}
	}
	return s
}
