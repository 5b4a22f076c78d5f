package main

import (
	"fmt"
	"io"
	"time"

	"anteroom/waitroom/forward"
	"anteroom/waitroom/ops"
	"anteroom/waitroom/routes"
)

// watch gives the observer what it tells of the configuration and the upstreams.
func (c *configuration) watch(seen *observer) {
	seen.access.Trusted = c.trusts
	seen.health = c.pools.addresses
	state := c.state()
	seen.facts = func() []ops.Fact { return configurationFacts(state()) }
	seen.set.RegisterMetricsWriter(func(w io.Writer) { writeConfiguration(w, state()) })
}

// state tells how it stands with the configuration; what is built in never changes.
func (c *configuration) state() func() routes.State {
	if c.live != nil {
		return c.live.State
	}
	fixed := routes.State{Generation: 1, LoadedAt: time.Now()}
	return func() routes.State { return fixed }
}

func writeConfiguration(w io.Writer, s routes.State) {
	refusing := 0
	if s.Refusing {
		refusing = 1
	}
	fmt.Fprintf(w, "%s %d\n", metricConfigGeneration, s.Generation)
	fmt.Fprintf(w, "%s %.3f\n", metricConfigAge, time.Since(s.LoadedAt).Seconds())
	fmt.Fprintf(w, "%s %d\n", metricConfigRefused, s.Refused)
	fmt.Fprintf(w, "%s %d\n", metricConfigRefusing, refusing)
}

// addressOf is an address as the operations page shows it.
func addressOf(s forward.State) ops.Address {
	detail := fmt.Sprintf("%d under way, %d connections kept", s.InFlight, s.Idle)
	if s.Failures > 0 {
		detail += fmt.Sprintf(", %d failures in a row", s.Failures)
	}
	return ops.Address{Address: s.Address, Healthy: s.Up, Detail: detail}
}

// configurationFacts are what the operations page says of the configuration.
func configurationFacts(s routes.State) []ops.Fact {
	text := fmt.Sprintf("generation %d, in force since %s", s.Generation, s.LoadedAt.UTC().Format(time.DateTime)+" UTC")
	if s.Refusing {
		text += "; the file as it is now is refused"
	}
	return []ops.Fact{{Name: "configuration", Value: text}}
}
