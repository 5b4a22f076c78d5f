package report

import (
	"cmp"
	"math"
	"slices"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
)

// maxSteps bounds the timeline: a run of five minutes is shown by the second, a longer one by as many seconds as it takes.
const maxSteps = 300

// longestRun bounds what is kept for each second, whatever a journal says of its times.
const longestRun = 7 * 24 * time.Hour

// beginning is the journal time of the first arrival; where a journal does not tell, that of its first request.
func beginning(l *journal.Log) int64 {
	if !l.Header.Began.IsZero() || len(l.Records) == 0 {
		return max(l.Header.Began.UnixNano(), 0)
	}
	first := l.Records[0].Scheduled
	for i := range l.Records {
		first = min(first, l.Records[i].Scheduled)
	}
	return max(first, 0)
}

// measures is what is counted in one walk over the records, by when they were due.
type measures struct {
	began, warm, end int64 // journal times
	step             time.Duration

	actions tallies // without the warm-up, as everything that is said of latencies
	kinds   map[string]*kind
	kindOf  func(visitor int) *kind
	lag     *Histogram

	requests, failed int // all, the warm-up as well
	perSecond, joins []int
	points           []Point
	window           map[journal.Action][]float64 // latencies in the step that is being walked over, milliseconds
	places           map[[2]int64]*place
	paid             map[string]bool
	sold             span // orders that were paid after the warm-up
	visitors         map[int]bool
}

// kind is what one kind of visitor met; its requests and failures are counted without the warm-up.
type kind struct {
	visitors map[int]bool
	actions  tallies
	admitted span
	paid     span
}

// place is one in the line; its turn is the number, or what was drawn for it.
type place struct{ turn, joined, admitted int64 }

func measure(l *journal.Log, p *profile.Profile) *measures {
	began := beginning(l)
	m := &measures{
		began: began, warm: began, end: began, actions: tallies{}, kinds: map[string]*kind{}, lag: NewHistogram(), window: map[journal.Action][]float64{},
		places: map[[2]int64]*place{}, paid: map[string]bool{}, visitors: map[int]bool{},
	}
	if !l.Header.WarmedUp.IsZero() {
		m.warm = max(began, l.Header.WarmedUp.UnixNano())
	}
	for i := range l.Records {
		m.end = max(m.end, l.Records[i].Answered)
	}
	if l.End != nil && l.End.Seconds > 0 {
		m.end = began + int64(min(l.End.Seconds, longestRun.Seconds())*1e9)
	}
	m.end = min(m.end, began+int64(longestRun))
	m.step = max(time.Second, time.Duration(math.Ceil(m.seconds()/maxSteps))*time.Second)
	m.kindOf = kindsOf(m, p, l.Header.Seed)
	m.walk(l.Records)
	for _, s := range l.Samples {
		m.point(s.At).sample(s)
	}
	for _, g := range l.Generators {
		m.point(g.At).generator(g, max(l.Header.Parts, 1))
	}
	return m
}

// kindsOf tells a visitor's kind; nil for those of none, as who makes the hostile tries.
func kindsOf(m *measures, p *profile.Profile, seed uint64) func(visitor int) *kind {
	known := map[int]*kind{}
	arrivals := 0
	if p != nil {
		arrivals = p.Count()
	}
	return func(visitor int) *kind {
		if visitor < 0 || visitor >= arrivals {
			return nil
		}
		if k, ok := known[visitor]; ok {
			return k
		}
		var k *kind
		if of := p.KindOf(seed, visitor); of != nil {
			if k = m.kinds[of.Name]; k == nil {
				k = &kind{visitors: map[int]bool{}, actions: tallies{}}
				m.kinds[of.Name] = k
			}
			k.visitors[visitor] = true
		}
		known[visitor] = k
		return k
	}
}

// walk takes the records by when they were due, so that the latencies of one step at a time are held.
func (m *measures) walk(records []journal.Record) {
	due := make([]int32, len(records))
	for i := range due {
		due[i] = int32(i)
	}
	slices.SortFunc(due, func(a, b int32) int { return cmp.Compare(records[a].Scheduled, records[b].Scheduled) })
	current := -1
	for _, i := range due {
		rec := &records[i]
		if at := m.index(rec.Scheduled); at != current {
			m.flush(current)
			current = at
		}
		m.count(rec)
	}
	m.flush(current)
}

// count takes one record in.
func (m *measures) count(rec *journal.Record) {
	m.requests++
	if failed(rec) {
		m.failed++
	}
	m.second(&m.perSecond, rec.Sent)
	sent := m.point(rec.Sent)
	sent.Requests++
	if rec.Action == journal.Join {
		sent.Joins++
		m.second(&m.joins, rec.Sent)
	}
	if what := errorOf(rec); what != "" {
		sent.wrong(what)
	}
	if rec.Action != journal.Probe && !m.visitors[rec.Visitor] {
		m.visitors[rec.Visitor] = true
		m.point(rec.Scheduled).Arrived++
	}
	k := m.kindOf(rec.Visitor)
	m.admission(rec, k)
	m.sale(rec, k)
	m.window[rec.Action] = append(m.window[rec.Action], float64(rec.Answered-rec.Scheduled)/1e6)
	if rec.Scheduled < m.warm {
		return
	}
	m.lag.Add(time.Duration(rec.Sent - rec.Scheduled))
	m.actions.add(rec)
	if k != nil && rec.Action != journal.Probe {
		k.actions.add(rec)
	}
}

// admission notes a place, and the first that is heard of its admission.
func (m *measures) admission(rec *journal.Record, k *kind) {
	if rec.Number == 0 && rec.AdmittedMS == 0 || rec.Lost() {
		return
	}
	key := [2]int64{rec.Epoch, rec.Number}
	if rec.Number == 0 { // a pass whose answer did not name the place
		key = [2]int64{-1, int64(rec.Visitor)}
	}
	p := m.places[key]
	if p == nil {
		p = &place{turn: key[1], joined: rec.Sent}
		m.places[key] = p
	}
	if rec.Drawn > 0 {
		p.turn = rec.Drawn
	}
	if rec.AdmittedMS > 0 && p.admitted == 0 {
		p.admitted = rec.AdmittedMS * int64(time.Millisecond)
		m.point(p.admitted).Admitted++
		if k != nil && p.admitted >= m.warm {
			k.admitted.add(p.admitted)
		}
	}
}

// sale notes an order that was paid, once.
func (m *measures) sale(rec *journal.Record, k *kind) {
	if rec.State != "paid" || rec.Lost() || m.paid[rec.Order] {
		return
	}
	m.paid[rec.Order] = true
	p := m.point(rec.Answered)
	p.Paid++
	p.SeatsSold += len(rec.Seats)
	if rec.Answered < m.warm {
		return
	}
	m.sold.add(rec.Answered)
	if k != nil {
		k.paid.add(rec.Answered)
	}
}

// flush writes the latencies of a step into its point. They are few enough to be sorted; a histogram takes longer to be read than that.
func (m *measures) flush(step int) {
	if step < 0 {
		return
	}
	p := m.at(step)
	for action, all := range m.window {
		if len(all) == 0 {
			continue
		}
		if p.Latency == nil {
			p.Latency = map[string]Quantiles{}
		}
		slices.Sort(all)
		p.Latency[string(action)] = Quantiles{Count: len(all), P50: percentile(all, 50), P95: percentile(all, 95), P99: percentile(all, 99)}
		m.window[action] = all[:0]
	}
}

// percentile is the smallest value that p per cent of the sorted values do not exceed, to the microsecond.
func percentile(sorted []float64, p float64) float64 {
	v := sorted[max(int(math.Ceil(p/100*float64(len(sorted))))-1, 0)]
	return math.Round(max(v, 0)*1000) / 1000
}

func (m *measures) seconds() float64 { return float64(m.end-m.began) / 1e9 }

func (m *measures) warmUp() float64 { return m.since(m.warm) }

// since is a journal time in seconds from the beginning.
func (m *measures) since(at int64) float64 { return math.Round(float64(at-m.began)/1e6) / 1e3 }

// index is the step that a journal time lies in; what lies outside of the run counts with its nearest step.
func (m *measures) index(at int64) int {
	return int(min(max(at-m.began, 0), m.end-m.began) / int64(m.step))
}

func (m *measures) point(at int64) *Point { return m.at(m.index(at)) }

func (m *measures) at(step int) *Point {
	for len(m.points) <= step {
		m.points = append(m.points, Point{Second: len(m.points) * int(m.step.Seconds())})
	}
	return &m.points[step]
}

// second counts in a slice that has a place for each second.
func (m *measures) second(counts *[]int, at int64) {
	second := int(min(max(at-m.began, 0), m.end-m.began) / int64(time.Second))
	for len(*counts) <= second {
		*counts = append(*counts, 0)
	}
	(*counts)[second]++
}
