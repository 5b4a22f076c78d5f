package waitroom_test

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"anteroom/waitroom"
)

// A simulated sale: how good the estimates at the join are, judged by what then happens. Nothing here is measured in real time.
type sale struct {
	rate, slots int64
	crowd       int                              // waiting when the sale opens
	arrivals    float64                          // a second, afterwards
	stay        func(r *rand.Rand) time.Duration // of an admitted one
	leaving     float64                          // the share of the waiting people that gives up each second
	lasts       time.Duration
	during      func(at time.Duration, s *waitroom.Snapshot) // changes the room; may be nil
	estimate    func(s *waitroom.Snapshot, pace waitroom.Pace, ahead int64) (waitroom.Range, bool)
}

type guest struct {
	joined   time.Duration
	estimate waitroom.Range
	known    bool
	gone     bool
}

// judged is what came out for those who were admitted.
type judged struct {
	within, early, late int
	widths              []float64 // high : low, of the estimates over a minute
}

func (j judged) share() float64 { return float64(j.within) / float64(j.within+j.early+j.late) }

func (j judged) medianWidth() float64 {
	slices.Sort(j.widths)
	return j.widths[len(j.widths)/2]
}

type moments []time.Duration

func (m moments) Len() int           { return len(m) }
func (m moments) Less(i, k int) bool { return m[i] < m[k] }
func (m moments) Swap(i, k int)      { m[i], m[k] = m[k], m[i] }
func (m *moments) Push(x any)        { *m = append(*m, x.(time.Duration)) }
func (m *moments) Pop() any {
	old := *m
	last := old[len(old)-1]
	*m = old[:len(old)-1]
	return last
}

// run plays the sale in steps of 100 ms, which is how often the line ticks.
func (x sale) run(seed uint64) (j judged) {
	const step = 100 * time.Millisecond
	random := rand.New(rand.NewPCG(seed, 5)) //nolint:gosec // No secret.
	s := snapshot(waitroom.PhaseQueue, x.rate, x.slots, 0, 0)
	var (
		pacer    waitroom.Pacer
		pace     waitroom.Pace
		line     []*guest
		sessions moments
		recent   moments
		credit   float64
		arriving float64
		waiting  int64
	)
	if x.estimate == nil {
		x.estimate = waitroom.Estimate
	}
	join := func(at time.Duration) {
		g := &guest{joined: at}
		g.estimate, g.known = x.estimate(s, pace, waiting)
		line = append(line, g)
		s.Issued++
		waiting++
	}
	for range x.crowd {
		join(0)
	}
	for at := time.Duration(0); at < x.lasts; at += step {
		if x.during != nil {
			x.during(at, s)
		}
		for len(sessions) > 0 && sessions[0] <= at {
			heap.Pop(&sessions)
		}
		for len(recent) > 0 && recent[0] <= at-time.Minute {
			recent = recent[1:]
		}
		credit = min(credit+float64(s.Policy.RatePerMinute)/600, math.Max(float64(s.Policy.RatePerMinute)/60, 1))
		for len(line) > 0 && credit >= 1 && int64(len(sessions)) < s.Policy.MaxActive {
			g := line[0]
			line = line[1:]
			if g.gone {
				continue
			}
			credit--
			waiting--
			s.AdmittedTotal++
			heap.Push(&sessions, at+min(x.stay(random), time.Duration(s.Policy.SessionLimitSeconds)*time.Second))
			recent = append(recent, at)
			j.judge(g, at)
		}
		for arriving += x.arrivals * step.Seconds(); arriving >= 1; arriving-- {
			join(at)
		}
		if x.leaving > 0 && at%time.Second == 0 {
			for _, g := range line {
				if !g.gone && random.Float64() < x.leaving {
					g.gone = true
					waiting--
				}
			}
		}
		s.Active, s.AdmittedLastMinute, s.AsOf = int64(len(sessions)), int64(len(recent)), time.Unix(0, 0).Add(at)
		pace = pacer.Note(s, waiting)
	}
	return j
}

func (j *judged) judge(g *guest, at time.Duration) {
	if !g.known {
		return
	}
	switch outcome, _ := g.estimate.Judge(at - g.joined); outcome {
	case waitroom.Within:
		j.within++
	case waitroom.Early:
		j.early++
	default:
		j.late++
	}
	if g.estimate.Low >= 60 {
		j.widths = append(j.widths, float64(g.estimate.High)/float64(g.estimate.Low))
	}
}

func fixed(d time.Duration) func(*rand.Rand) time.Duration {
	return func(*rand.Rand) time.Duration { return d }
}

func exponential(mean time.Duration) func(*rand.Rand) time.Duration {
	return func(r *rand.Rand) time.Duration { return time.Duration(r.ExpFloat64() * float64(mean)) }
}

func between(low, high time.Duration) func(*rand.Rand) time.Duration {
	return func(r *rand.Rand) time.Duration { return low + time.Duration(r.Float64()*float64(high-low)) }
}

// lognormal has many short stays and a few very long ones.
func lognormal(median time.Duration) func(*rand.Rand) time.Duration {
	return func(r *rand.Rand) time.Duration { return time.Duration(math.Exp(r.NormFloat64()) * float64(median)) }
}

func TestTheWaitFallsIntoTheEstimatedRange(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sale
		least, widest float64
	}{
		"rate-bound": {sale{rate: 600, slots: 10_000, crowd: 5000, arrivals: 8, stay: exponential(2 * time.Minute), lasts: time.Hour}, 0.99, 1.3},
		"rate-bound, a cap that never binds but might": {sale{rate: 600, slots: 2000, crowd: 5000, arrivals: 8, stay: exponential(2 * time.Minute), lasts: time.Hour}, 0.95, 5},
		"cap-bound, exponential stays":                 {sale{rate: 600, slots: 300, crowd: 3000, arrivals: 2, stay: exponential(2 * time.Minute), lasts: time.Hour}, 0.9, 5},
		"cap-bound, even stays":                        {sale{rate: 600, slots: 300, crowd: 3000, arrivals: 2, stay: between(time.Minute, 3*time.Minute), lasts: time.Hour}, 0.9, 5},
		"cap-bound, a long tail of stays":              {sale{rate: 600, slots: 300, crowd: 3000, arrivals: 2, stay: lognormal(time.Minute), lasts: time.Hour}, 0.9, 5},
		"cap-bound, everybody stays equally long":      {sale{rate: 600, slots: 300, crowd: 3000, arrivals: 2, stay: fixed(2 * time.Minute), lasts: time.Hour}, 0.8, 10}, // in waves for ever
		"cap-bound, long stays":                        {sale{rate: 600, slots: 300, crowd: 600, arrivals: 0.5, stay: exponential(10 * time.Minute), lasts: 2 * time.Hour}, 0.9, 12},
		"a small room":                                 {sale{rate: 60, slots: 10, crowd: 30, arrivals: 0.08, stay: exponential(2 * time.Minute), lasts: 4 * time.Hour}, 0.9, 12},
		"one in three gives up":                        {sale{rate: 600, slots: 300, crowd: 3000, arrivals: 3, leaving: 1.0 / 2400, stay: exponential(2 * time.Minute), lasts: time.Hour}, 0.9, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(2) {
				j := c.run(seed)
				t.Logf("within %.1f %% of %d (early %d, late %d), high is %.1f times low", 100*j.share(), j.within+j.early+j.late, j.early, j.late, j.medianWidth())
				assert.GreaterOrEqual(t, j.share(), c.least)
				assert.LessOrEqual(t, j.medianWidth(), c.widest, "a range so wide says nothing")
			}
		})
	}
}

// TestAChangedRateMissesWhoHadJoinedBefore says what an estimate cannot do: nobody knows that the operator will halve the rate. Those
// who join afterwards are told right at once.
func TestAChangedRateMissesWhoHadJoinedBefore(t *testing.T) {
	t.Parallel()
	const change = 10 * time.Minute
	halved := sale{rate: 600, slots: 10_000, crowd: 9000, arrivals: 5, stay: exponential(2 * time.Minute), lasts: 2 * time.Hour,
		during: func(at time.Duration, s *waitroom.Snapshot) {
			if at == change {
				s.Policy.RatePerMinute = 300
			}
		}}
	j := halved.run(1)
	assert.NotZero(t, j.late, "they were told the rate of then")
	t.Logf("within %.1f %% of all (early %d, late %d)", 100*j.share(), j.early, j.late)

	after := halved
	after.rate, after.during = 300, nil
	assert.GreaterOrEqual(t, after.run(1).share(), 0.99)
}

// TestTheControlOfTheSimulation: an estimate that takes the rate for the whole truth misses, so the tests above can fail.
func TestTheControlOfTheSimulation(t *testing.T) {
	t.Parallel()
	j := sale{rate: 600, slots: 300, crowd: 3000, arrivals: 2, stay: exponential(2 * time.Minute), lasts: time.Hour,
		estimate: func(s *waitroom.Snapshot, pace waitroom.Pace, ahead int64) (waitroom.Range, bool) {
			uncapped := *s
			uncapped.Policy.MaxActive = 1_000_000
			return waitroom.Estimate(&uncapped, pace, ahead)
		}}.run(1)
	assert.Less(t, j.share(), 0.5)
}
