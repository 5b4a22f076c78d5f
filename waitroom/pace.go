package waitroom

import "time"

// Pace is how a line has moved lately. The zero value knows nothing.
//
// It tells the slots' turnover rather than the admissions: those of the last minute say little right after the opening, when
// the empty room fills at the full rate, or after a change of rate or cap; how long people stay does not depend on these.
type Pace struct {
	Turnover  float64 // the share of the taken slots that is given back each second
	Given     int64   // how many were given back in the time that Turnover was measured over
	Settled   bool    // in that time every slot was given back twice, on average: long stays have had the time to show
	Attrition float64 // the share of the waiting people that leaves each second
}

const (
	sampleEvery = 5 * time.Second
	samplesKept = 360 // half an hour
	settledTime = time.Minute
	settledGone = 30 // fewer say little
)

// Pacer measures the pace of one line from its snapshots. For one goroutine.
type Pacer struct {
	samples []sample // rising; at most samplesKept
	last    sample
	base    pacerBase
	pace    Pace
}

// sample is a room at one moment. The sums are since the first sample.
type sample struct {
	at           time.Time
	issued       int64
	admitted     int64
	active       int64
	waiting      int64
	slotSeconds  float64
	crowdSeconds float64
}

// pacerBase is what must stay as it is for samples to be comparable.
type pacerBase struct {
	turn        Turn
	primary     string
	idle, limit int64
}

// Note takes a snapshot and the number of people waiting, and returns the pace.
func (p *Pacer) Note(s *Snapshot, waiting int64) Pace {
	base := pacerBase{s.Turn(), s.Primary, s.Policy.SessionIdleSeconds, s.Policy.SessionLimitSeconds}
	now := sample{at: s.AsOf, issued: s.Issued, admitted: s.AdmittedTotal, active: s.Active, waiting: waiting}
	if len(p.samples) == 0 || base != p.base || now.at.Before(p.last.at) || now.admitted < p.last.admitted {
		*p = Pacer{samples: append(p.samples[:0], now), last: now, base: base}
		return p.pace
	}
	passed := now.at.Sub(p.last.at).Seconds()
	now.slotSeconds = p.last.slotSeconds + passed*float64(p.last.active+now.active)/2
	now.crowdSeconds = p.last.crowdSeconds + passed*float64(p.last.waiting+now.waiting)/2
	p.last = now
	if now.at.Sub(p.samples[len(p.samples)-1].at) >= sampleEvery {
		if len(p.samples) == samplesKept {
			p.samples = append(p.samples[:0], p.samples[1:]...)
		}
		p.samples = append(p.samples, now)
		p.pace = p.measure()
	}
	return p.pace
}

// measure looks back as far as it takes for every slot to have been given back twice. A line whose slots turn over fast is so judged by
// what happened lately; in one that has just been opened, all there is counts, and is not called settled.
func (p *Pacer) measure() (pace Pace) {
	for i := len(p.samples) - 1; i >= 0; i-- {
		then := p.samples[i]
		passed := p.last.at.Sub(then.at).Seconds()
		taken := p.last.slotSeconds - then.slotSeconds
		given := p.last.admitted - then.admitted - (p.last.active - then.active)
		if passed <= 0 || taken <= 0 || given < 0 {
			continue
		}
		pace.Turnover, pace.Given = float64(given)/taken, given
		if passed >= settledTime.Seconds() && given >= settledGone && float64(given) >= 2*taken/passed {
			pace.Settled = true
			break
		}
	}
	first := p.samples[0]
	if crowd := p.last.crowdSeconds - first.crowdSeconds; crowd > 0 {
		left := p.last.issued - first.issued - (p.last.admitted - first.admitted) - (p.last.waiting - first.waiting)
		pace.Attrition = max(float64(left), 0) / crowd
	}
	return pace
}
