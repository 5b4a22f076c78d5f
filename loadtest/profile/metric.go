package profile

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"anteroom/loadtest/journal"
)

// Metric is what an SLO is about, read from its name. Requests that were due in the warm-up do not count for any.
type Metric struct {
	Name    string
	Action  journal.Action // empty: not of one action
	Percent float64        // of <action>.p99: 99, a percentile of the latency from the intended time, in milliseconds; 0: none
}

// The metrics that are not of one action.
const (
	FailedPercent      = "failed.percent"       // requests without an answer, or with a status of 500 and above, of a hundred
	AdmittedPerMinute  = "admitted.per_minute"  // admissions
	PurchasesPerSecond = "purchases.per_second" // orders that were paid
)

const perSecond = "per_second"

// Actions are what visitors do, people first in the order of a visit; each has the metrics <action>.p50 to <action>.p99.9 and <action>.per_second.
var Actions = []journal.Action{
	journal.Join, journal.Rejoin, journal.Poll, journal.Leave, journal.Receipt, journal.Seats, journal.Guest, journal.Hold, journal.Order,
	journal.Decline, journal.Pay, journal.ReadBack, journal.Release, journal.Return, journal.Shared, journal.Probe, journal.Flood,
}

var percentiles = []string{"p50", "p75", "p90", "p95", "p99", "p99.9"}

// ParseMetric reads the name of a metric. The error of one that is not known lists those that are.
func ParseMetric(name string) (Metric, error) {
	switch name {
	case FailedPercent, AdmittedPerMinute, PurchasesPerSecond:
		return Metric{Name: name}, nil
	}
	action, figure, _ := strings.Cut(name, ".")
	if m := (Metric{Name: name, Action: journal.Action(action)}); slices.Contains(Actions, m.Action) {
		if figure == perSecond {
			return m, nil
		}
		if slices.Contains(percentiles, figure) {
			percent, err := strconv.ParseFloat(figure[1:], 64)
			m.Percent = percent
			return m, err
		}
	}
	return Metric{}, fmt.Errorf("%q is not known; known are %s, %s, %s, and <action>.%s or .%s of the actions %s",
		name, FailedPercent, AdmittedPerMinute, PurchasesPerSecond, strings.Join(percentiles, ", ."), perSecond, listed(Actions))
}

// Unit is what the metric is given in.
func (m Metric) Unit() string {
	switch {
	case m.Percent > 0:
		return "ms"
	case m.Name == FailedPercent:
		return "%"
	case m.Name == AdmittedPerMinute:
		return "/min"
	}
	return "/s"
}

func listed[T ~string](words []T) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	return strings.Join(all, ", ")
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }
