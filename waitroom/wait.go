package waitroom

import (
	"math"
	"math/rand/v2"
	"time"
)

// Range is a span of time in whole seconds.
type Range struct {
	Low  int64 `json:"low"`
	High int64 `json:"high"`
}

// Estimate gives an honest range of the wait of someone with this many people ahead; false when nobody is being admitted.
//
// Two things hold a line up. The rate does exactly as set. The cap does as fast as slots are given back: that is estimated from the
// turnover of late, and while little is known of that, it lies between "no slot is missing" and "everybody stays for the whole
// of their session". Both ends are widened by the noise of what was counted and of what is still to come.
func Estimate(s *Snapshot, pace Pace, ahead int64) (Range, bool) {
	p := &s.Policy
	if s.Phase == PhaseHold || s.Phase == PhaseClosed || s.Phase == PhasePrequeue || s.Ended != "" || p.RatePerMinute == 0 {
		return Range{}, false
	}
	if s.Active >= p.MaxActive && s.AdmittedLastMinute == 0 && pace.Given == 0 {
		return Range{}, false
	}
	turn := float64(ahead + 1)
	limit := float64(p.SessionLimitSeconds)
	fast, slow := turnovers(s, pace)
	q := service{rate: float64(s.Rate()) / 60, slots: float64(p.MaxActive), active: float64(min(s.Active, p.MaxActive))}

	// What is still to come varies as counts do: of n slots given back, by about the square root of n.
	certain, more, held := q.time(turn, fast, 1.5*pace.Attrition)
	low := 0.95 * certain
	if held > 0 {
		low += 0.95 * more * max(1-2/math.Sqrt(held), 0)
	}
	high, more, held := q.time(turn, slow, 0)
	if held > 0 {
		high += more * (1 + 2/math.Sqrt(held))
		if pace.Given == 0 {
			high += limit // they may all have come in together, and go out together
		}
	}
	r := Range{Low: int64(low), High: int64(math.Ceil(1.05*high)) + 1}
	r.High = max(r.High, r.Low+1)
	return r, true
}

// turnovers bounds the share of the taken slots that is given back each second.
func turnovers(s *Snapshot, pace Pace) (fast, slow float64) {
	slots, recent := float64(s.Policy.MaxActive), float64(s.AdmittedLastMinute)
	least := 1 / float64(s.Policy.SessionLimitSeconds)
	noise := 2 / math.Sqrt(float64(max(pace.Given, 1)))
	switch {
	case pace.Settled:
		return pace.Turnover * (1.1 + noise), max(pace.Turnover*(0.9-noise), least)
	case pace.Given > 0:
		// Who stays for long has not shown yet, and who leaves late has not begun to leave.
		return math.Inf(1), max(pace.Turnover*(0.5-noise), least)
	case s.Active >= s.Policy.MaxActive && 2*recent <= slots:
		// This gateway is new, the full room is not: its last minute was no filling of an empty one.
		noise = 2 / math.Sqrt(max(recent, 1))
		return math.Inf(1), max(recent/60/slots*(0.6-noise), least)
	default:
		return math.Inf(1), least
	}
}

// service is what a line is served by.
type service struct{ rate, slots, active float64 }

// time is how long it takes to admit this many, in seconds: until all slots are taken, and then. Held is how many of them
// have to wait for a slot that is given back. The taken slots grow by the rate and shrink by the turnover until all are; then
// admissions follow the turnover. People who leave the line make it shorter, by the attrition a second.
func (q service) time(turn, turnover, attrition float64) (filling, then, held float64) {
	level := q.rate / turnover // taken slots at which as many are given back as come in
	if level <= q.slots {
		return thinned(turn, q.rate, attrition), 0, 0
	}
	full := math.Log((level-q.active)/(level-q.slots)) / turnover
	held = turn - q.rate*full
	if held <= 0 {
		return thinned(turn, q.rate, attrition), 0, 0
	}
	rest := held
	if attrition > 0 {
		rest = max(turn*math.Exp(-attrition*full)-q.rate*full, 0)
	}
	return full, thinned(rest, q.slots*turnover, attrition), held
}

// thinned is how long it takes to serve n people at a rate while the others leave by a share a second: dn/dt = -rate - attrition·n.
func thinned(n, rate, attrition float64) float64 {
	if attrition*n < 1e-9*rate {
		return n / rate
	}
	return math.Log1p(attrition*n/rate) / attrition
}

// polls is how often someone asks during the expected wait, roughly: the nearer the turn, the more often.
const polls = 10

// PollAfter is when someone whose turn is not expected within this time should ask again, in milliseconds: about a tenth of it, within
// the policy's bounds, and spread by ±15 % so that a crowd that arrived together does not ask together.
func PollAfter(p *Policy, wait time.Duration) int64 {
	low, high := p.PollMinMS, p.PollMaxMS
	after := min(max(wait.Milliseconds()/polls, low), high)
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

// Outlook is what someone in this state with this many people ahead can expect at this time: the wait, if it is known, and when to ask again.
func (v *View) Outlook(state State, ahead int64, now time.Time) (eta Range, known bool, pollAfterMS int64) {
	wait := time.Duration(math.MaxInt64)
	switch state {
	case Waiting:
		if eta, known = Estimate(&v.Snapshot, v.Pace, ahead); known {
			wait = time.Duration(min(eta.Low, 1e6)) * time.Second
		} else {
			wait = v.atRate(ahead)
		}
	case Prequeue:
		// Nobody is told more precisely than the crowd as a whole: before a draw nobody is nearer than another, and all who
		// ask at the opening would ask at once.
		wait = max(v.Schedule.OpenAt.Sub(v.LineTime(now)), 0) + v.atRate(v.Waiting()/2)
	}
	return eta, known, PollAfter(&v.Policy, wait)
}

// atRate is how long it takes to admit this many when nothing but the rate holds the line up.
func (v *View) atRate(people int64) time.Duration {
	if v.Rate() == 0 {
		return time.Minute
	}
	return time.Duration(min(float64(people)/float64(v.Rate()), 1e6) * float64(time.Minute))
}
