package report

import (
	"fmt"
	"math"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Latencies are counted in microseconds, from one to an hour, to three significant digits; what took longer counts as an hour.
const (
	longest = time.Hour
	digits  = 3
)

// Histogram counts latencies at a cost that does not grow with their number. Histograms of several generators can be merged without a
// loss. Not safe for concurrent use.
type Histogram struct{ h *hdrhistogram.Histogram }

// NewHistogram makes an empty one.
func NewHistogram() *Histogram {
	return &Histogram{hdrhistogram.New(1, longest.Microseconds(), digits)}
}

// Add counts one latency. A negative one counts as none.
func (h *Histogram) Add(latency time.Duration) {
	_ = h.h.RecordValue(max(min(latency, longest), 0).Microseconds()) // it fails for what is out of range only, and nothing is
}

// Count is how many were added.
func (h *Histogram) Count() int { return int(h.h.TotalCount()) }

// Percentile is the latency, in milliseconds, that p per cent of all do not exceed; 0 when there are none.
func (h *Histogram) Percentile(p float64) float64 {
	n := float64(h.Count())
	if n == 0 {
		return 0
	}
	rank := math.Ceil(p / 100 * n) // the library rounds to the nearest rank, which of few values may be the one below
	return float64(h.h.ValueAtPercentile(100*rank/n)) / 1000
}

// Merge adds all that the other holds.
func (h *Histogram) Merge(other *Histogram) { h.h.Merge(other.h) }

// Reset empties it.
func (h *Histogram) Reset() { h.h.Reset() }

// MarshalText writes the compressed form that HdrHistogram's tools read: version 2, base64, microseconds.
func (h *Histogram) MarshalText() ([]byte, error) {
	text, err := h.h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		return nil, fmt.Errorf("write histogram: %w", err)
	}
	return text, nil
}

// UnmarshalText reads what MarshalText wrote.
func (h *Histogram) UnmarshalText(text []byte) error {
	read, err := hdrhistogram.Decode(text)
	if err != nil {
		return fmt.Errorf("read histogram: %w", err)
	}
	h.h = read
	return nil
}
