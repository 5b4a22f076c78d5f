// Package generator watches how the load generator itself fares. One that cannot keep up measures itself and not the system: the
// figures of such a run are worthless, and this package says so.
package generator

import (
	"context"
	"sync/atomic"
	"time"

	"anteroom/loadtest/journal"
)

// Monitor counts what one generator does. Sent and InFlight are cheap and take no lock: they are called for every request, from all goroutines.
type Monitor struct {
	clock    journal.Clock
	inFlight atomic.Int64
	lags     histogram
	usage    usage
}

// New makes a monitor; what it notes is in the times of the clock.
func New(clock journal.Clock) *Monitor { return &Monitor{clock: clock} }

// Sent counts a request that left, this long after it was due.
func (m *Monitor) Sent(lag time.Duration) { m.lags.add(lag) }

// InFlight counts requests that began (1) and ended (-1).
func (m *Monitor) InFlight(change int) { m.inFlight.Add(int64(change)) }

// Now is how many requests are under way.
func (m *Monitor) Now() int { return int(m.inFlight.Load()) }

// every is how often a monitor looks.
const every = time.Second

// Run notes once a second, and a last time when ctx ends, how the generator fared since the time before. It returns when ctx ends.
func (m *Monitor) Run(ctx context.Context, note func(journal.Generator)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	last := time.Now()
	m.usage.since(last)
	for ended := false; !ended; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			ended = true
		}
		now := time.Now()
		g := m.usage.since(now)
		g.At, g.InFlight = m.clock.At(now), m.Now()
		lag, sent := m.lags.take(0.99)
		// The tick was due as well. A process that was not let run for seconds sent nothing in them, and is late with all it was to send.
		g.Sent, g.LagP99MS = sent, milliseconds(max(lag, now.Sub(last)-every))
		last = now
		note(g)
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
