package visit

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"anteroom/loadtest/generator"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/progress"
	"anteroom/loadtest/schedule"
)

// crowd is what all visitors of this generator share.
type crowd struct {
	profile  *profile.Profile
	o        Options
	gateways []string
	queue    *schedule.Queue
	clock    journal.Clock
	run      string // told apart from all other runs, for keys that must not be used twice

	policy  journal.Policy // as far as it is known; complete before the first arrival
	journal *journal.Writer
	monitor *generator.Monitor
	tally   *tally
	plan    *plan

	addresses addresses // that visitors come from

	perBuyer int          // seats one buyer may have
	began    time.Time    // when the first arrival is due: to the nanosecond the same in all parts…
	begins   time.Time    // …and by the clock of this process
	serving  atomic.Int64 // the last turn that has come, by what the line says in public
	waiting  atomic.Int64 // people who wait, by what the line says in public
	looks    atomic.Int64 // how often that was read

	shown atomic.Pointer[progress.Snapshot] // what the board was told last; nil: nothing of the load yet

	mu       sync.Mutex
	outcomes map[string]int
	arrived  int
	people   int // who arrived, are no bots and are not done
	complete bool
	tokens   []held   // passes and receipts as they were received, to be verified afterwards
	released []spent  // passes that were given back, for hostile tries
	copies   []string // of the draw's document, as it was published before the draw was made
}

// held is a token and the place it must be for.
type held struct {
	typ, token    string
	epoch, number int64
}

func newCrowd(s System, p *profile.Profile, o Options) *crowd {
	clock := journal.NewClock()
	return &crowd{
		profile: p, o: o, gateways: s.Gateways, queue: schedule.NewQueue(), clock: clock, run: fmt.Sprintf("%016x", rand.Uint64()),
		monitor: generator.New(clock), tally: newTally(), plan: &plan{}, outcomes: map[string]int{}, perBuyer: 2,
		addresses: newAddresses(p.Room.JoinsPerAddress > 0, s.Gateways),
	}
}

// request is one request of a visitor, before it is scheduled.
type request struct {
	visitor int
	action  journal.Action
	gateway int
	bot     bool
	due     time.Time
	method  string
	path    string
	header  http.Header
	body    any
	record  journal.Record // what is known before the answer: seats asked for, the order, the kind of try
}

// send schedules a request. The answer, decoded into the record as far as it goes, is handed to then, which
// completes the record and schedules what follows; afterwards the record is in the journal.
func (c *crowd) send(q request, then func(r *journal.Record, a schedule.Answer)) {
	target := vegeta.Target{Method: q.method, URL: c.gateways[q.gateway] + q.path, Header: q.header}
	if q.body != nil {
		body, err := json.Marshal(q.body)
		if err != nil {
			panic(fmt.Sprintf("loadtest: body of %s: %v", q.action, err)) // made of our own types
		}
		target.Body = body
		target.Header.Set("Content-Type", "application/json")
	}
	c.queue.Push(&schedule.Job{Due: q.due, Target: target, Lane: c.addresses.lane(q.visitor, q.bot), Done: func(a schedule.Answer) {
		r := q.record
		r.Visitor, r.Action, r.Gateway = q.visitor, q.action, q.gateway
		r.Scheduled, r.Sent, r.Answered = c.clock.At(a.Due), c.clock.At(a.Sent), c.clock.At(a.Answered)
		r.Status = a.Status
		if a.Err != nil {
			r.Error = a.Err.Error()
		} else {
			r.Problem = problemName(a)
		}
		then(&r, a)
		c.journal.Add(r)
		c.tally.count(&r)
	}})
}

// at schedules something that is no request.
func (c *crowd) at(due time.Time, do func()) { c.queue.Push(&schedule.Job{Due: due, Call: do}) }

// arrive counts a visitor who comes.
func (c *crowd) arrive(bot bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arrived++
	if !bot {
		c.people++
	}
}

// end counts how a visit went.
func (c *crowd) end(outcome string, bot bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outcomes[outcome]++
	if !bot {
		c.people--
	}
}

// deserted says that all people who will come have come and are done: then bots have nobody to be in the way of.
func (c *crowd) deserted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.complete && c.people == 0
}

func (c *crowd) keep(t held) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokens = append(c.tokens, t)
}

// counts returns who arrived, and how the visits went; who is not done is counted as that.
func (c *crowd) counts() (arrived int, outcomes map[string]int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	outcomes = map[string]int{}
	left := c.arrived
	for how, n := range c.outcomes {
		outcomes[how] = n
		left -= n
	}
	if left > 0 {
		outcomes["not done at the end"] = left
	}
	return c.arrived, outcomes
}
