package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
	"time"
)

// durations collects how long calls took. Safe for concurrent use.
type durations struct {
	mu   sync.Mutex
	took []time.Duration
}

func (d *durations) add(t time.Duration) {
	d.mu.Lock()
	d.took = append(d.took, t)
	d.mu.Unlock()
}

func (d *durations) all() []time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.took)
}

// quantile is the smallest that the share q of all does not exceed, in milliseconds. It sorts them.
func quantile(all []time.Duration, q float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return float64(all[max(int(math.Ceil(q*float64(len(all))))-1, 0)]) / 1e6
}

// trouble counts the calls that had no answer and prints the first few. Safe for concurrent use.
type trouble struct {
	mu     sync.Mutex
	counts map[string]int
}

// printed is how many of each kind are printed.
const printed = 5

// note returns how many of this kind there were so far. A call that ended with ctx is no trouble.
func (t *trouble) note(ctx context.Context, kind string, err error) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ctx.Err() != nil {
		return t.counts[kind]
	}
	t.counts[kind]++
	if t.counts[kind] <= printed {
		fmt.Fprintf(os.Stderr, "%s line-drill: %s: %v\n", time.Now().Format("15:04:05.000"), kind, err)
	}
	return t.counts[kind]
}

func (t *trouble) all() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts
}
