package benchmarks

import (
	"errors"
	"math"

	"github.com/aclements/go-moremath/stats"
)

// Outcome is what the gate says of one metric.
type Outcome string

// The outcomes.
const (
	OK         Outcome = "ok"         // no worse and no better than the limit
	Faster     Outcome = "faster"     // better by more than the limit, and not by chance
	Regression Outcome = "REGRESSION" // worse by more than the limit, and not by chance
	Noise      Outcome = "noise"      // beyond the limit, but chance may have done it, or a second measurement did not show it
	Skipped    Outcome = "skipped"    // not compared
)

// Verdict is what the gate says of one metric, and why.
type Verdict struct {
	Metric  string
	Outcome Outcome
	Before  float64 // median of the baseline
	Now     float64 // median of what was measured
	Worse   float64 // Now is so much more than Before, as a share of it; negative: less
	P       float64 // that chance alone makes such a difference, both ways
	Limit   float64 // share that is allowed
	Note    string
}

// judge compares a metric's values with the baseline's. It is a regression if the median is worse by more than limit, a share, AND the
// two-sided Mann–Whitney U test finds a difference with P < alpha. The test ranks the values and assumes nothing of their distribution,
// which suits benchmarks: theirs has a long tail. The limit is there because with enough rounds any two builds differ a little.
//
// P is exact up to 50 values a side (25 with ties), as in benchstat, whose library this is.
func judge(metric string, before, now []float64, limit, alpha float64) Verdict {
	v := Verdict{Metric: metric, Before: spreadOf(before).median, Now: spreadOf(now).median, Limit: limit}
	v.Worse = worse(v.Before, v.Now)
	if best := leastP(len(before), len(now)); best >= alpha {
		v.Outcome, v.Note = Skipped, "too few rounds for the test to find anything"
		return v
	}
	test, err := stats.MannWhitneyUTest(before, now, stats.LocationDiffers)
	switch {
	case errors.Is(err, stats.ErrSamplesEqual):
		v.P = 1
	case err != nil:
		v.Outcome, v.Note = Skipped, err.Error()
		return v
	default:
		v.P = test.P
	}
	switch {
	case math.Abs(v.Worse) <= limit:
		v.Outcome = OK
	case v.P >= alpha:
		v.Outcome = Noise
	case v.Worse > 0:
		v.Outcome = Regression
	default:
		v.Outcome = Faster
	}
	return v
}

// worse is by which share b is more than a. Below one a counts as one: no allocation to one is as much as one to two.
func worse(a, b float64) float64 {
	if a == 0 {
		a, b = 1, b+1
	}
	return b/a - 1
}

// leastP is the smallest P that the test can give for so many values: all of one side beyond all of the other, 2/(n+m choose n).
func leastP(n, m int) float64 {
	ways := 1.0
	for i := range n {
		ways = ways * float64(m+i+1) / float64(i+1)
	}
	return math.Min(1, 2/ways)
}
