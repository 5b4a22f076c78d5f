package ops

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// Histogram counts values in fixed buckets. To count one costs two additions and no memory. Safe for concurrent use.
type Histogram struct {
	bounds []float64 // rising; the last bucket has none
	counts []atomic.Int64
	sum    atomic.Uint64 // the bits of a float64
}

// latencies are the bounds of durations, in seconds: fine enough that a percentile is off by a quarter at most.
var latencies = decades(1e-4, 1e-3, 1e-2, 1e-1, 1, 10)[:34] // up to 30 s, by when an upstream is given up

// sizes are the bounds of batches.
var sizes = []float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536}

func decades(ones ...float64) (bounds []float64) {
	for _, one := range ones {
		for _, step := range []float64{1, 1.5, 2, 3, 5, 7} {
			// By way of its text, so that 0.0015 is exactly what a page shows.
			bound, _ := strconv.ParseFloat(strconv.FormatFloat(one*step, 'g', 6, 64), 64)
			bounds = append(bounds, bound)
		}
	}
	return bounds
}

// NewLatency makes a histogram of durations from 0.1 ms to 30 s.
func NewLatency() *Histogram { return newHistogram(latencies) }

// NewSizes makes a histogram of numbers from 1 to 65,536.
func NewSizes() *Histogram { return newHistogram(sizes) }

func newHistogram(bounds []float64) *Histogram {
	return &Histogram{bounds: bounds, counts: make([]atomic.Int64, len(bounds)+1)}
}

// Observe counts a value.
func (h *Histogram) Observe(v float64) {
	i, _ := slices.BinarySearch(h.bounds, v) // the first bound that is not less
	h.counts[i].Add(1)
	for {
		old := h.sum.Load()
		if h.sum.CompareAndSwap(old, math.Float64bits(math.Float64frombits(old)+v)) {
			return
		}
	}
}

// Took counts a duration.
func (h *Histogram) Took(d time.Duration) { h.Observe(d.Seconds()) }

// Counts are what a histogram held at one moment, or between two. They are not changed.
type Counts struct {
	bounds []float64
	counts []int64
	sum    float64
}

// Counts reads the histogram. What is counted meanwhile may be in it or not.
func (h *Histogram) Counts() Counts {
	c := Counts{bounds: h.bounds, counts: make([]int64, len(h.counts)), sum: math.Float64frombits(h.sum.Load())}
	for i := range h.counts {
		c.counts[i] = h.counts[i].Load()
	}
	return c
}

// Since is what was counted after an earlier reading of the same histogram; the zero Counts are before everything.
func (c Counts) Since(earlier Counts) Counts {
	if len(earlier.counts) != len(c.counts) {
		return c
	}
	d := Counts{bounds: c.bounds, counts: make([]int64, len(c.counts)), sum: c.sum - earlier.sum}
	for i := range d.counts {
		d.counts[i] = c.counts[i] - earlier.counts[i]
	}
	return d
}

// N is how many values were counted.
func (c Counts) N() (n int64) {
	for _, one := range c.counts {
		n += one
	}
	return n
}

// Mean is the mean of the values, 0 when there are none.
func (c Counts) Mean() float64 {
	if n := c.N(); n > 0 {
		return c.sum / float64(n)
	}
	return 0
}

// Quantile estimates the value that a share q of the values does not exceed, 0 when there are none. Within a bucket the values are taken
// to be spread evenly; beyond the last bound nothing is known but that bound.
func (c Counts) Quantile(q float64) float64 {
	rank := q * float64(c.N())
	below := 0.0
	for i, n := range c.counts {
		if n == 0 {
			continue
		}
		if below+float64(n) < rank {
			below += float64(n)
			continue
		}
		if i == len(c.bounds) {
			break
		}
		low := 0.0
		if i > 0 {
			low = c.bounds[i-1]
		}
		return low + (c.bounds[i]-low)*(rank-below)/float64(n)
	}
	if c.N() == 0 {
		return 0
	}
	return c.bounds[len(c.bounds)-1]
}

// Expose writes the counts in the text form of Prometheus, under a name and with labels such as `room="arena"`, or none.
func (c Counts) Expose(w io.Writer, name, labels string) {
	sep, braces := "", ""
	if labels != "" {
		sep, braces = labels+",", "{"+labels+"}"
	}
	sum := int64(0)
	for i, bound := range c.bounds {
		sum += c.counts[i]
		fmt.Fprintf(w, "%s_bucket{%sle=\"%s\"} %d\n", name, sep, strconv.FormatFloat(bound, 'g', -1, 64), sum)
	}
	sum += c.counts[len(c.counts)-1]
	fmt.Fprintf(w, "%s_bucket{%sle=\"+Inf\"} %d\n%s_sum%s %g\n%s_count%s %d\n", name, sep, sum, name, braces, c.sum, name, braces, sum)
}
