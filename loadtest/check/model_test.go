package check_test

import (
	"container/heap"
	"math/rand/v2"
	"time"

	"anteroom/loadtest/journal"
)

// model is a small system in which everything is right, with visitors of every kind: what they see of it is a clean journal. It knows
// nothing of the real services but their promises. Times are nanoseconds.
type model struct {
	rand   *rand.Rand
	now    int64
	events events
	log    *journal.Log

	places   []*spot // by number less 1
	cursor   int     // index of the next place to be looked at
	back     []*spot // came back within the grace, first in, first out
	active   map[*spot]bool
	credit   float64
	admitted []int64
	seats    map[int64]bool
	gated    int64
	gathers  bool // until the draw
	drawn    int64
	open     int // requests and thoughts that are still to come
}

// spot is a place as the server knows it.
type spot struct {
	number, rank              int64 // rank: as drawn; 0 for who came later
	heard, passed             int64
	admittedAt, used          int64
	left, over, waitsForReply bool
}

// guest is somebody in front of the system.
type guest struct {
	id, gateway int
	kind        string
	spot        *spot
	polls       int
}

const (
	second  = int64(time.Second)
	modelMS = int64(time.Millisecond)
	epoch   = 1
)

var modelPolicy = journal.Policy{
	RatePerMinute: 600, MaxActive: 30, Idle: 4 * time.Second, Limit: time.Minute, Ghost: 4 * time.Second, Grace: 20 * time.Second,
}

// clean runs the model and returns its journal. With a draw the room opens after 2 s, and all who have come by then are drawn.
func clean(seed uint64, guests int, draw bool) *journal.Log {
	policy := modelPolicy
	if draw {
		policy.Method = "draw"
	}
	m := &model{
		gathers: draw,
		rand:    rand.New(rand.NewPCG(seed, 1)), now: 1_800_000_000 * second, active: map[*spot]bool{}, seats: map[int64]bool{},
		log: &journal.Log{Header: journal.Header{
			Suite: "model", Parts: 1, Seed: seed, Room: "arena", Gateways: []string{"http://one", "http://two"}, Policy: policy,
			Began: time.Unix(1_800_000_000, 0).UTC(),
		}},
	}

	for id := range guests {
		g := &guest{id: id, gateway: id % 2, kind: kindOf(id)}
		m.after(int64(id)*10*modelMS, func() { m.arrive(g) })
	}
	var published *journal.Draw
	if draw {
		m.after(2*second, func() { published = m.draw() })
	}
	m.every(100*modelMS, m.tick)
	m.every(500*modelMS, m.sample)
	for m.open > 0 || len(m.active) > 0 {
		e := heap.Pop(&m.events).(event)
		m.now = e.at
		e.do()
	}
	for range 10 { // a few samples more, when all is over
		m.now += second
		m.sample()
	}
	tries := 0
	for _, r := range m.log.Records {
		if r.Action == journal.Probe {
			tries++
		}
	}
	m.log.Audit = &journal.Audit{
		TokensChecked: len(m.admitted), TriesWanted: tries, CanariesOffered: 20, GatedAtBooking: m.gated,
		Recount: map[string]int64{"seats with two valid tickets": 0, "counters off": 0}, RecountCommand: "recount",
	}
	m.log.Audit.Draw = published
	paid := map[string]bool{}
	for _, r := range m.log.Records {
		if r.Action == journal.Pay && r.State == "paid" && !paid[r.Order] {
			paid[r.Order] = true
			m.log.Audit.Paid = append(m.log.Audit.Paid, journal.StoredOrder{ID: r.Order, Seats: len(r.Seats)})
		}
	}
	m.log.End = &journal.End{At: m.now, Seconds: 60, Why: "done", Visitors: guests, Outcomes: map[string]int{"bought": len(paid)}, Requests: uint64(len(m.log.Records))}
	return m.log
}

// The server.

func (m *model) tick() {
	for s := range m.active {
		if s.over || m.now-s.used > int64(modelPolicy.Idle) || m.now-s.admittedAt > int64(modelPolicy.Limit) {
			s.over = true
			delete(m.active, s)
		}
	}
	if m.gathers {
		return
	}
	m.credit = min(m.credit+float64(modelPolicy.RatePerMinute)/600, 3)
	for m.credit >= 1 && len(m.active) < modelPolicy.MaxActive && m.lastMinute() < modelPolicy.RatePerMinute {
		s := m.next()
		if s == nil {
			return
		}
		m.credit--
		s.admittedAt, s.used = m.now, m.now
		m.active[s] = true
		m.admitted = append(m.admitted, m.now)
	}
}

// next is whose turn it is: first who came back, then the next in the line who is still here.
func (m *model) next() *spot {
	if len(m.back) > 0 {
		s := m.back[0]
		m.back = m.back[1:]
		return s
	}
	for m.cursor < len(m.places) {
		s := m.places[m.cursor]
		m.cursor++
		switch {
		case s.left:
		case m.now-s.heard > int64(modelPolicy.Ghost):
			s.passed = m.now
		default:
			return s
		}
	}
	return nil
}

func (m *model) lastMinute() (n int) {
	for _, at := range m.admitted {
		if m.now-at < 60*second {
			n++
		}
	}
	return n
}

func (m *model) sample() {
	waiting := 0
	for _, s := range m.places[m.cursor:] {
		if !s.left && m.now-s.heard <= int64(modelPolicy.Ghost) {
			waiting++
		}
	}
	m.log.Samples = append(m.log.Samples, journal.Sample{
		At: m.now, Issued: int64(len(m.places)), Serving: int64(m.cursor), Waiting: int64(waiting + len(m.back)), Active: int64(len(m.active)),
		AdmittedTotal: int64(len(m.admitted)), AdmittedLastMinute: int64(m.lastMinute()),
	})
}

func (m *model) join() *spot {
	s := &spot{number: int64(len(m.places) + 1), heard: m.now}
	m.places = append(m.places, s)
	return s
}

// look is a heartbeat, and what it is told.
func (m *model) look(s *spot, r *journal.Record) {
	r.Epoch, r.Number, r.PollAfterMS = epoch, s.number, 800
	s.heard = m.now
	if !m.gathers && s.number <= m.drawn {
		r.Drawn = s.rank
	}
	switch {
	case s.left:
		r.State = "expired"
	case s.over:
		r.State = "passed"
	case s.admittedAt > 0:
		r.State, r.AdmittedMS, s.used = "admitted", s.admittedAt/modelMS, m.now
	case s.passed > 0 && m.now-s.passed > int64(modelPolicy.Grace):
		r.State = "expired"
	case m.gathers:
		r.State = "prequeue"
	default:
		r.State = "waiting"
		if s.passed > 0 && !s.waitsForReply {
			s.waitsForReply = true
			m.back = append(m.back, s)
		}
	}
}

// gate lets through whose session is open.
func (m *model) gate(s *spot, r *journal.Record, inside func()) {
	if s == nil || s.admittedAt == 0 || s.over {
		r.Status, r.Problem = 403, "pass-missing"
		return
	}
	s.used, r.Reached = m.now, true
	m.gated++
	inside()
}

// event is something to come.
type event struct {
	at, order int64
	do        func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].order < e[j].order
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

func (m *model) push(delay int64, do func()) {
	heap.Push(&m.events, event{m.now + delay, int64(m.rand.Uint32()), do})
}

func (m *model) after(delay int64, do func()) {
	m.open++
	m.push(delay, func() { m.open--; do() })
}

func (m *model) every(pause int64, do func()) {
	m.push(pause, func() { do(); m.every(pause, do) })
}
