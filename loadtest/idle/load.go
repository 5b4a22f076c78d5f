package idle

import (
	"context"
	"math"
	"net"
	"slices"
	"sync"
	"time"

	"anteroom/loadtest/check"
	"anteroom/loadtest/report"
)

// Latency are the times of requests, in milliseconds from when each was due, so that one that was sent late for another's sake counts as slow.
type Latency struct {
	sorted []float64
	lost   int
	why    []string
}

func (l *Latency) n() int { return len(l.sorted) + l.lost }

// P is the smallest time that p per cent of the requests did not exceed.
func (l *Latency) P(p float64) float64 {
	if len(l.sorted) == 0 {
		return 0
	}
	return l.sorted[max(int(math.Ceil(p/100*float64(len(l.sorted))))-1, 0)]
}

func (l *Latency) action(name string) report.Action {
	return report.Action{Name: name, Count: l.n(), Lost: l.lost, P50: l.P(50), P95: l.P(95), P99: l.P(99), Max: l.P(100),
		Statuses: map[string]int{"200": len(l.sorted), "no proper answer": l.lost}}
}

func (l *Latency) answered(what string) check.Check {
	return check.Check{Name: what + " answered properly", Of: int64(l.n()), Violations: int64(l.lost), Examples: l.why}
}

// paced calls do, from so many goroutines, perSecond times a second in all.
func paced(ctx context.Context, perSecond, goroutines int, during time.Duration, do func(g, turn int) error) (all Latency) {
	var mu sync.Mutex
	var busy sync.WaitGroup
	start := time.Now()
	step := time.Duration(float64(time.Second) * float64(goroutines) / float64(max(perSecond, 1)))
	for g := range goroutines {
		busy.Go(func() {
			var mine Latency
			timer := time.NewTimer(0)
			defer timer.Stop()
			for turn := 0; ; turn++ {
				due := start.Add(step*time.Duration(turn) + step*time.Duration(g)/time.Duration(goroutines))
				if due.Sub(start) >= during {
					break
				}
				timer.Reset(time.Until(due))
				select {
				case <-timer.C:
				case <-ctx.Done():
					return
				}
				if err := do(g, turn); err != nil {
					mine.lost++
					mine.why = append(mine.why, err.Error())
					continue
				}
				mine.sorted = append(mine.sorted, float64(time.Since(due).Microseconds())/1000)
			}
			mu.Lock()
			defer mu.Unlock()
			all.sorted = append(all.sorted, mine.sorted...)
			all.lost += mine.lost
			all.why = append(all.why, mine.why[:min(len(mine.why), 1)]...)
		})
	}
	busy.Wait()
	slices.Sort(all.sorted)
	all.why = all.why[:min(len(all.why), 5)]
	return all
}

// load makes admitted requests, while those who wait ask as often as is said.
func (r *run) load(ctx context.Context, polls int) (admitted, polled Latency, err error) {
	conns := make([]net.Conn, shoppers)
	askers := make([]*asker, shoppers)
	for i := range conns {
		askers[i] = newAsker(r.host, r.System.TLS)
		if conns[i], err = askers[i].dial(ctx, 0); err != nil {
			return admitted, polled, err
		}
		defer conns[i].Close()
	}
	var beside sync.WaitGroup
	if polls > 0 {
		pollers := make([]*asker, workers)
		for i := range pollers {
			pollers[i] = newAsker(r.host, r.System.TLS)
		}
		beside.Go(func() {
			polled = paced(ctx, polls, workers, r.Time, func(g, turn int) error {
				i := (g + turn*workers) % len(r.conns) / workers * workers // each connection is one goroutine's
				if i += g; i >= len(r.conns) {
					i = g
				}
				return pollers[g].poll(r.conns[i], r.tickets[i])
			})
		})
	}
	admitted = paced(ctx, r.Requests, shoppers, r.Time, func(g, _ int) error { return askers[g].shop(conns[g], r.passes[g]) })
	beside.Wait()
	return admitted, polled, ctx.Err()
}
