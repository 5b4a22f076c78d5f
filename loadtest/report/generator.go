package report

import (
	"anteroom/loadtest/generator"
	"anteroom/loadtest/journal"
)

// Generator is how the generator itself fared.
type Generator struct {
	Processes  int     `json:"processes"`
	CPUPercent float64 `json:"cpu_percent"`         // of all cores, one process, at most in a second
	LagP99     float64 `json:"lag_p99_ms"`          // in a second, at most
	InFlight   int     `json:"in_flight"`           // of one process, at most
	Saturated  string  `json:"saturated,omitempty"` // why its figures say little of the system; empty when it kept up
}

// fared says how the generator fared; nil when the journal does not tell.
func fared(l *journal.Log) *Generator {
	if len(l.Generators) == 0 {
		return nil
	}
	g := &Generator{Processes: max(l.Header.Parts, 1)}
	for _, s := range l.Generators {
		g.CPUPercent, g.LagP99, g.InFlight = max(g.CPUPercent, s.CPUPercent), max(g.LagP99, s.LagP99MS), max(g.InFlight, s.InFlight)
	}
	if why, saturated := generator.Saturated(l.Generators); saturated {
		g.Saturated = why
	}
	return g
}
