package profile

import (
	"iter"
	"math"
	"time"
)

// tiny is how far from a whole number a count of arrivals may be by rounding alone.
const tiny = 1e-6

// segment is one side of the line of arrivals. Rates are a second, times seconds from the first arrival, scale included.
type segment struct {
	from, length float64
	first, last  float64 // rates at its ends
	before       float64 // arrivals before it
}

func (s segment) arrivals() float64 { return (s.first + s.last) / 2 * s.length }

// when is the time at which c arrivals of the segment have come. It is the root of first·t + (last-first)/(2·length)·t² = c, in the form
// that loses no digits where the rate hardly changes.
func (s segment) when(c float64) float64 {
	if c <= 0 {
		return s.from
	}
	slope := (s.last - s.first) / s.length
	root := math.Sqrt(max(s.first*s.first+2*slope*c, 0))
	return s.from + min(2*c/(s.first+root), s.length)
}

func (p *Profile) segments() []segment {
	var all []segment
	before := 0.0
	for i := 1; i < len(p.Arrivals); i++ {
		a, b := p.Arrivals[i-1], p.Arrivals[i]
		s := segment{
			from: time.Duration(a.At).Seconds(), length: time.Duration(b.At - a.At).Seconds(),
			first: a.PerSecond * p.Scale, last: b.PerSecond * p.Scale, before: before,
		}
		if s.length > 0 && s.arrivals() > 0 {
			all = append(all, s)
			before += s.arrivals()
		}
	}
	return all
}

// Count is how many visitors arrive, bots included.
func (p *Profile) Count() int {
	total := 0.0
	for _, s := range p.segments() {
		total += s.arrivals()
	}
	return int(math.Ceil(total - tiny))
}

// Length is the time from the first corner of the line of arrivals to the last one.
func (p *Profile) Length() time.Duration {
	if len(p.Arrivals) == 0 {
		return 0
	}
	return time.Duration(p.Arrivals[len(p.Arrivals)-1].At)
}

// Times gives every arrival, from 0 upwards, with when it is due after the start. The model is open: no arrival waits for what became of
// those before. Arrival i is due when the line of arrivals has let i through, so the times are the same in every run and in every part of one.
func (p *Profile) Times() iter.Seq2[int, time.Duration] {
	return func(yield func(int, time.Duration) bool) {
		i := 0
		for _, s := range p.segments() {
			for end := s.before + s.arrivals() - tiny; float64(i) < end; i++ {
				due := s.when(float64(i) - s.before)
				if !yield(i, time.Duration(math.Round(due*float64(time.Second)))) {
					return
				}
			}
		}
	}
}

// Stretch makes the arrivals last total, at the same rates, and moves everything else that has its time in them: faults, the opening of a draw,
// the deadline, which stays as long after the last arrival as it was. Warm-up and faults grow no longer; in a shorter run they shrink with it.
func (p *Profile) Stretch(total time.Duration) {
	length := p.Length()
	if length <= 0 || total <= 0 {
		return
	}
	factor := float64(total) / float64(length)
	move := func(d *Duration, by float64) { *d = Duration(math.Round(float64(*d) * by)) }
	for i := range p.Arrivals {
		move(&p.Arrivals[i].At, factor)
	}
	for i := range p.Faults {
		move(&p.Faults[i].At, factor)
		move(&p.Faults[i].For, min(factor, 1))
	}
	move(&p.Room.OpenIn, factor)
	move(&p.WarmUp, min(factor, 1))
	p.Deadline += Duration(total - length)
}
