package tenmillion

import (
	"context"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/tenmillion/proof"
)

// crowd is everybody who comes over HTTP. Each worker has a share of them, and one connection to every gateway.
type crowd struct {
	o     Options
	plan  Plan
	clock journal.Clock
	feed  *feed

	workers  []*worker
	opened   atomic.Int64  // when the line was opened, journal time; 0 before
	perMS    atomic.Uint64 // admissions a millisecond to be expected, as the bits of a float64
	silent   atomic.Int64  // when the ghosts fall silent, journal time; 0 before
	comeBack atomic.Bool   // those who fell silent and have not been passed over come back all the same
	joined   atomic.Int64  // how many have a place, or have given up
	perSec   perSecond
}

// perSecond counts what was sent in each second of the load.
type perSecond struct {
	start    time.Time
	requests [3600]atomic.Int64
	joins    [3600]atomic.Int64
}

func (p *perSecond) count(at time.Time, join bool) {
	second := min(max(int(at.Sub(p.start)/time.Second), 0), len(p.requests)-1)
	p.requests[second].Add(1)
	if join {
		p.joins[second].Add(1)
	}
}

func newCrowd(o Options, plan Plan, gateways []string, clock journal.Clock, f *feed) (*crowd, error) {
	c := &crowd{o: o, plan: plan, clock: clock, feed: f}
	c.perSec.start = time.Now()
	workers := min(o.Connections, o.HTTPVisitors)
	for i := range workers {
		w := &worker{crowd: c, index: i, first: i, step: workers, outcomes: map[string]int{}}
		for _, gateway := range gateways {
			wire, err := newWire(gateway)
			if err != nil {
				return nil, err
			}
			w.wires = append(w.wires, wire)
		}
		w.visitors = make([]visitor, (o.HTTPVisitors-i+workers-1)/workers)
		c.workers = append(c.workers, w)
	}
	return c, nil
}

// run lets everybody join from the start on, and ends when everybody is done or ctx is.
func (c *crowd) run(ctx context.Context, start time.Time) {
	var all sync.WaitGroup
	for _, w := range c.workers {
		w.due(start)
		all.Go(func() { w.run(ctx) })
	}
	all.Wait()
}

// open tells the crowd that people are admitted now.
func (c *crowd) open(at time.Time, ratePerMinute int) {
	c.perMS.Store(math.Float64bits(float64(ratePerMinute) / 60_000))
	c.opened.Store(c.clock.At(at))
}

// pace tells the crowd how many were admitted in the last so long, from which they guess when to ask again, as a page does. It never
// falls so far that they would ask too late once the line goes faster again.
func (c *crowd) pace(admitted int64, in time.Duration) {
	planned := float64(c.plan.RatePerMinute) / 60_000
	seen := float64(admitted) / float64(in.Milliseconds())
	c.perMS.Store(math.Float64bits(min(max(seen, planned/4), planned)))
}

// ghost tells which visitors fall silent, and comesBack which of these return.
func ghost(id int) bool     { return id%200 == 17 }
func comesBack(id int) bool { return id%400 == 17 }

// each visits everybody, when no worker runs any more or everybody has joined.
func (c *crowd) each(do func(id int, v *visitor)) {
	for _, w := range c.workers {
		for i := range w.visitors {
			do(w.id(uint32(i)), &w.visitors[i])
		}
	}
}

// evidence is what the visitors say, after run.
func (c *crowd) evidence() (joins []proof.Join, visitors []proof.Visitor, lost int64) {
	c.each(func(id int, v *visitor) {
		lost += int64(v.lostJoins)
		if v.number == 0 {
			return
		}
		joins = append(joins, proof.Join{Sent: v.joinSent, Answered: v.joinAnswered, First: v.number, Epoch: v.epoch, Count: 1, Via: proof.Real + v.home})
		e := proof.Visitor{Number: v.number, MaxGap: v.maxGap, LastBeat: v.lastBeat, ToldMS: v.toldMS, ReturnedAt: v.returned, Polls: v.polls, End: v.end}
		if ghost(id) {
			e.Silent = v.lastHeard
		}
		visitors = append(visitors, e)
	})
	return joins, visitors, lost
}

// figures are the requests' latencies, from when they were due, and the answers by kind.
func (c *crowd) figures() (lag, join, poll latency, answers map[string]map[string]int, outcomes map[string]int) {
	outcomes, answers = map[string]int{}, map[string]map[string]int{"join": {}, "poll": {}}
	for _, w := range c.workers {
		lag.merge(&w.lag)
		join.merge(&w.join)
		poll.merge(&w.poll)
		for what, n := range w.outcomes {
			outcomes[what] += n
		}
		for kind, counts := range map[string]map[string]int{"join": w.joinAnswers, "poll": w.pollAnswers} {
			for what, n := range counts {
				answers[kind][what] += n
			}
		}
	}
	return lag, join, poll, answers, outcomes
}

// polls is how many polls were answered to people who waited, and how many waiting people had fewer than two.
func (c *crowd) polls() (all int64, fewer int) {
	c.each(func(id int, v *visitor) {
		all += int64(v.polls)
		if v.polls < 2 && !ghost(id) {
			fewer++
		}
	})
	return all, fewer
}

// done is how many visits are over.
func (c *crowd) done() (n int) {
	for _, w := range c.workers {
		n += int(w.done.Load())
	}
	return n
}

func (c *crowd) String() string {
	return fmt.Sprintf("over HTTP %d of %d have joined, %d are done", c.joined.Load(), c.o.HTTPVisitors, c.done())
}
