package waitroom

import (
	"math"
	"math/rand/v2"
)

// Range is a span of time in whole seconds.
type Range struct {
	Low  int64 `json:"low"`
	High int64 `json:"high"`
}

// Estimate gives an honest range of the wait of someone with this many people ahead, nil when nobody is being admitted.
//
// Free slots fill at the policy's rate. After that a place must be given back for each admission: at best as fast as
// lately, at worst as slowly as when everybody stays for the whole of their session.
func Estimate(s *Snapshot, ahead int64) *Range {
	if s.Policy.Mode == ModeHold || s.Policy.Mode == ModeClosed {
		return nil
	}
	free := max(s.Policy.MaxActive-s.Active, 0)
	if free == 0 && s.AdmittedLastMinute == 0 {
		return nil
	}
	rate := float64(s.Policy.RatePerMinute) / 60
	recent := float64(s.AdmittedLastMinute) / 60
	floor := float64(s.Policy.MaxActive) / float64(s.Policy.SessionLimitSeconds)
	best := rate
	if free == 0 { // the cap, not the rate, is what holds the line up
		best = min(rate, max(recent*1.25, floor))
	}
	worst := min(rate, max(recent*0.75, floor))

	turn := float64(ahead + 1)
	fill := min(turn, float64(free))
	low := math.Floor(fill/rate + (turn-fill)/best)
	high := math.Ceil(1.2*(fill/rate+(turn-fill)/worst)) + 1
	return &Range{Low: int64(low), High: int64(max(high, low+1))}
}

// polls is how often someone asks during the expected wait, roughly: the nearer the turn, the more often.
const polls = 10

// PollAfter is when someone with this many people ahead should ask again, in milliseconds: about a tenth of the
// expected wait, within the policy's bounds, and spread by ±15 % so that a crowd that arrived together does not ask together.
func PollAfter(p *Policy, state State, ahead int64) int64 {
	low, high := p.PollMinMS, p.PollMaxMS
	after := high
	if state == Waiting || state == Prequeue {
		wait := float64(ahead) * 60_000 / float64(p.RatePerMinute)
		after = int64(min(max(wait/polls, float64(low)), float64(high)))
	}
	spread := 0.85 + 0.3*rand.Float64() //nolint:gosec // No secret: it spreads load.
	// The bounds hold after spreading, yet those at a bound are spread too: inwards.
	jittered := int64(float64(after) * spread)
	switch {
	case jittered < low:
		jittered = low + (low-jittered)/2
	case jittered > high:
		jittered = high - (jittered - high)
	}
	return min(max(jittered, low), high)
}
