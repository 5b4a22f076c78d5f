package check_test

import (
	"fmt"

	"anteroom/loadtest/journal"
)

// request is on its way for a while, does its work at the server, and is answered after another while; then the record is in the journal.
func (m *model) request(g *guest, action journal.Action, work func(r *journal.Record), then func(r *journal.Record)) {
	r := &journal.Record{Visitor: g.id, Action: action, Gateway: g.gateway, Scheduled: m.now, Sent: m.now + m.rand.Int64N(modelMS), Status: 200}
	if m.rand.IntN(100) < 30 {
		r.Gateway = 1 - g.gateway
	}
	m.after(modelMS+m.rand.Int64N(30*modelMS), func() {
		work(r)
		m.after(modelMS+m.rand.Int64N(30*modelMS), func() {
			r.Answered = m.now
			m.log.Records = append(m.log.Records, *r)
			then(r)
		})
	})
}

func (m *model) think(do func()) { m.after(50*modelMS+m.rand.Int64N(300*modelMS), do) }

func (m *model) arrive(g *guest) {
	switch g.kind {
	case "bot":
		m.flood(g, 4)
		return
	case "hostile":
		m.probe(g, 3)
		return
	}
	m.request(g, journal.Join, func(r *journal.Record) {
		g.spot = m.join()
		m.look(g.spot, r)
		r.Status = 201
	}, func(r *journal.Record) { m.goOn(g, r) })
}

func (m *model) goOn(g *guest, r *journal.Record) {
	pause := r.PollAfterMS * modelMS
	switch {
	case r.State == "admitted":
		m.think(func() { m.shop(g) })
	case r.State != "waiting" && r.State != "prequeue":
	case g.kind == "leaves" && g.polls == 1:
		m.request(g, journal.Leave, func(r *journal.Record) { g.spot.left, r.Status = true, 204 }, func(*journal.Record) {})
	case g.kind == "vanishes" && g.polls == 1:
	case g.kind == "late" && g.polls == 0 && g.id > 100:
		m.after(second, func() { m.away(g) })
	case g.kind == "reloads" && g.polls == 1:
		g.polls++
		m.after(pause, func() { m.beat(g, journal.Rejoin) })
	default:
		m.after(pause, func() { m.beat(g, journal.Poll) })
	}
}

// away is silent until the turn has come and gone, and a little longer.
func (m *model) away(g *guest) {
	if turn := max(g.spot.passed, g.spot.admittedAt); turn == 0 || m.now-turn < 4*second {
		m.after(second, func() { m.away(g) })
		return
	}
	m.beat(g, journal.Return)
}

func (m *model) beat(g *guest, action journal.Action) {
	g.polls++
	m.request(g, action, func(r *journal.Record) { m.look(g.spot, r) }, func(r *journal.Record) { m.goOn(g, r) })
}

func (m *model) shop(g *guest) {
	if g.kind == "shares" {
		m.request(g, journal.Shared, func(r *journal.Record) { m.gate(g.spot, r, func() {}) }, func(*journal.Record) {})
	}
	m.request(g, journal.Seats, func(r *journal.Record) { m.gate(g.spot, r, func() {}) }, func(*journal.Record) {
		m.think(func() { m.hold(g) })
	})
}

func (m *model) hold(g *guest) {
	var wanted []int64
	for len(wanted) < 1+g.id%2 {
		seat := 1 + m.rand.Int64N(2000)
		if len(wanted) == 0 || wanted[0] != seat {
			wanted = append(wanted, seat)
		}
	}
	m.request(g, journal.Hold, func(r *journal.Record) {
		r.Seats = wanted
		m.gate(g.spot, r, func() {
			r.Status = 201
			for _, seat := range wanted {
				if m.seats[seat] {
					r.Status, r.Problem = 409, "seat-taken"
					return
				}
			}
			for _, seat := range wanted {
				m.seats[seat] = true
			}
			r.ExpiresMS = m.now/modelMS + 300_000
		})
	}, func(r *journal.Record) {
		if r.Status == 409 {
			m.think(func() { m.shop(g) })
			return
		}
		m.think(func() { m.buy(g, r.Seats) })
	})
}

func (m *model) buy(g *guest, seats []int64) {
	order := fmt.Sprintf("order-%d", g.id)
	told := func(state string, status int) func(r *journal.Record) {
		return func(r *journal.Record) { r.Order, r.State, r.Status, r.Seats = order, state, status, seats }
	}
	paid := func(*journal.Record) {
		m.think(func() {
			m.request(g, journal.ReadBack, told("paid", 200), func(*journal.Record) { m.think(func() { m.release(g) }) })
		})
	}
	m.request(g, journal.Order, told("pending", 201), func(*journal.Record) {
		if g.kind == "declines" {
			m.request(g, journal.Decline, func(r *journal.Record) { r.Order, r.Status, r.Problem = order, 402, "payment-declined" }, func(*journal.Record) {
				m.request(g, journal.Pay, told("paid", 200), paid)
			})
			return
		}
		m.request(g, journal.Pay, told("paid", 200), paid)
	})
}

func (m *model) release(g *guest) {
	if g.kind == "silent" {
		return
	}
	m.request(g, journal.Release, func(r *journal.Record) {
		g.spot.over, r.Status = true, 204
		delete(m.active, g.spot)
	}, func(*journal.Record) {})
}

// flood is a bot: it takes a place again and again, and polls sooner than it is told to.
func (m *model) flood(g *guest, times int) {
	if times == 0 {
		return
	}
	m.request(g, journal.Flood, func(r *journal.Record) {
		g.spot = m.join()
		m.look(g.spot, r)
		r.Status = 201
	}, func(*journal.Record) {
		m.request(g, journal.Flood, func(r *journal.Record) { m.look(g.spot, r) }, func(*journal.Record) { m.flood(g, times-1) })
	})
}

func (m *model) probe(g *guest, times int) {
	if times == 0 {
		return
	}
	m.request(g, journal.Probe, func(r *journal.Record) {
		r.Try = "forged"
		m.gate(nil, r, func() {})
	}, func(*journal.Record) { m.think(func() { m.probe(g, times-1) }) })
}
