package tenmillion

import (
	"math"
	"time"
)

// latency counts durations in steps of 2 %, from a microsecond to an hour, which is exact enough and takes no room.
type latency struct {
	counts [1200]int64
	n      int64
	max    time.Duration
}

const latencyStep = 1.02

func (l *latency) add(d time.Duration) {
	step := 0
	if us := float64(d) / 1e3; us > 1 {
		step = min(int(math.Log(us)/math.Log(latencyStep)), len(l.counts)-1)
	}
	l.counts[step]++
	l.n++
	l.max = max(l.max, d)
}

func (l *latency) merge(o *latency) {
	for i := range o.counts {
		l.counts[i] += o.counts[i]
	}
	l.n += o.n
	l.max = max(l.max, o.max)
}

// quantile is in milliseconds; the share q of all durations was not longer, or by 2 % at most.
func (l *latency) quantile(q float64) float64 {
	need := max(int64(math.Ceil(q*float64(l.n))), 1)
	for i, count := range l.counts {
		if need -= count; need <= 0 {
			return min(math.Pow(latencyStep, float64(i+1))/1e3, l.maximum())
		}
	}
	return 0
}

func (l *latency) maximum() float64 { return float64(l.max) / 1e6 }
