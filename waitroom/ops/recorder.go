package ops

import (
	"context"
	"maps"
	"sync"
	"time"

	"anteroom/waitroom"
)

// How much is remembered: five minutes, two seconds apart.
const (
	Every = 2 * time.Second
	Kept  = 150
)

// Recorder remembers the last minutes of a gateway. Safe for concurrent use.
type Recorder struct {
	source  Source
	started time.Time

	mu      sync.Mutex
	samples []sample // in order of time, at most Kept+1: the first is what the others are compared with
}

// sample is the gateway at one moment.
type sample struct {
	at     time.Time
	totals Totals
	rooms  map[string]roomSample
}

type roomSample struct {
	epoch, issued, admitted, waiting, active int64
}

// NewRecorder makes a recorder, which Run keeps up.
func NewRecorder(source Source, now time.Time) *Recorder {
	return &Recorder{source: source, started: now}
}

// Run takes a sample at once and every two seconds until ctx ends.
func (r *Recorder) Run(ctx context.Context) error {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	for {
		r.Record(time.Now())
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Record takes a sample.
func (r *Recorder) Record(now time.Time) {
	one := r.take(now)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.samples = append(r.samples, one); len(r.samples) > Kept+1 {
		r.samples = append(r.samples[:0:0], r.samples[len(r.samples)-Kept-1:]...)
	}
}

func (r *Recorder) take(now time.Time) sample {
	one := sample{at: now, totals: r.source.Totals(), rooms: map[string]roomSample{}}
	r.source.Each(func(v *waitroom.View) {
		one.rooms[v.Room] = roomSample{v.Epoch, v.Issued, v.AdmittedTotal, v.Waiting(), v.Active}
	})
	return one
}

// history is all samples, with one of now at the end.
func (r *Recorder) history(now time.Time) []sample {
	last := r.take(now)
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(append([]sample(nil), r.samples...), last)
}

// rates are what was added from each sample to the next, a second. A sum that became less was begun anew, and counts as nothing.
func rates(all []sample, of func(*sample) int64) []float64 {
	series := []float64{}
	for i := 1; i < len(all); i++ {
		seconds := all[i].at.Sub(all[i-1].at).Seconds()
		if seconds <= 0.1 { // the sample of now may come right after the last
			continue
		}
		series = append(series, float64(max(of(&all[i])-of(&all[i-1]), 0))/seconds)
	}
	return series
}

// levels are a figure at each sample.
func levels(all []sample, of func(*sample) int64) []float64 {
	series := []float64{}
	for i := range all {
		series = append(series, float64(of(&all[i])))
	}
	return series
}

// of is a room at a sample; nothing where it was not there yet, or had another epoch than it has now.
func (s *sample) room(name string, epoch int64) roomSample {
	if one := s.rooms[name]; one.epoch == epoch {
		return one
	}
	return roomSample{}
}

// since is the sample that the newest figures are compared with: the oldest.
func since(all []sample) *sample { return &all[0] }

// sumOf adds the numbers of a map.
func sumOf[K comparable](m map[K]int64) (sum int64) {
	for n := range maps.Values(m) {
		sum += n
	}
	return sum
}
