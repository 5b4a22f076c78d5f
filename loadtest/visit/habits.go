package visit

import (
	"math"
	"math/rand/v2"
	"time"

	"anteroom/loadtest/profile"
)

// habits are what a visitor is going to do, drawn once from the seed.
type habits struct {
	cookies    bool // carries tokens as a browser does; else as a program does
	leaveAfter int  // polls after which the visitor leaves the line; 0: never
	vanish     int  // polls after which the visitor falls silent; 0: never
	late       int  // polls after which the visitor falls silent, to come back late; 0: never
	reload     bool // joins again with the ticket
	receipt    bool // asks for the receipt
	share      bool // a friend uses the pass at the same time
	silent     bool // never gives the pass back
	declined   bool // tries a card that is declined first
	hot        bool // wants the best seats
	seats      int
}

// drawHabits takes the draws in a fixed order, so that a change of one percentage changes that habit alone. Of the habits that end or
// interrupt the waiting a visitor has at most one.
func drawHabits(r *rand.Rand, k *profile.Kind, perBuyer int) habits {
	of := func(percent float64) bool { return r.Float64()*100 < percent }
	h := habits{
		cookies: r.IntN(2) == 0, reload: of(k.Reload), receipt: of(k.Receipt), share: of(k.Share), silent: of(k.Silent),
		declined: of(k.Decline), hot: of(k.Hot),
	}
	h.seats = min(1+r.IntN(k.Seats), max(perBuyer, 1))
	fate, polls := r.Float64()*100, 1+r.IntN(3)
	switch {
	case fate < k.Leave:
		h.leaveAfter = polls
	case fate < k.Leave+k.Vanish:
		h.vanish = polls
	case fate < k.Leave+k.Vanish+k.Late:
		h.late = polls
	}
	return h
}

// z95 is the 95th percentile of the normal distribution.
const z95 = 1.6448536269514722

// thinking draws how long somebody thinks: lognormal by median and 95th percentile, at most ten times the median.
func thinking(r *rand.Rand, t profile.Think) time.Duration {
	median, p95 := float64(t.Median), float64(t.P95)
	if median <= 0 {
		return 0
	}
	sigma := math.Log(max(p95/median, 1)) / z95
	return time.Duration(min(median*math.Exp(sigma*r.NormFloat64()), 10*median))
}
