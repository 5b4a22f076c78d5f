package surge

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sort"
	"sync"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/schedule"
)

// crowd is what all visitors share.
type crowd struct {
	o        Options
	gateways []string
	queue    *schedule.Queue
	journal  *journal.Journal
	clock    journal.Clock

	seats       []int64      // ids in layout order
	canary      map[int]bool // indices of seats that only hostile visitors ask for
	canarySeats []int64      // their ids
	perBuyer    int          // seats one buyer may have

	mu       sync.Mutex
	outcomes map[string]int
	tokens   []held  // passes and receipts as they were received, to be verified afterwards
	released []spent // passes that were given back, for hostile tries
}

// held is a token and the place it must be for.
type held struct {
	typ, token    string
	epoch, number int64
}

func newCrowd(o Options, gateways []string) *crowd {
	return &crowd{
		o: o, gateways: gateways, queue: schedule.NewQueue(), journal: &journal.Journal{}, clock: journal.NewClock(),
		canary: map[int]bool{}, outcomes: map[string]int{}, perBuyer: 2,
	}
}

// request is one request of a visitor, before it is scheduled.
type request struct {
	visitor int
	action  journal.Action
	gateway int
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
	c.queue.Push(&schedule.Job{Due: q.due, Target: target, Done: func(a schedule.Answer) {
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
	}})
}

// end counts how a visit went.
func (c *crowd) end(outcome string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outcomes[outcome]++
}

func (c *crowd) keep(t held) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokens = append(c.tokens, t)
}

// spent is a pass that was given back.
type spent struct {
	pass string
	at   time.Time
}

// revocation is how long a pass may still open a gateway after it was given back at another: the promise says one second.
const revocation = 1500 * time.Millisecond

// giveBack remembers a pass that was given back.
func (c *crowd) giveBack(pass string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.released = append(c.released, spent{pass, time.Now()})
}

// spent returns a pass that must be worthless by now because it was given back; nothing when there is none yet.
func (c *crowd) spent(n int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := sort.Search(len(c.released), func(i int) bool { return time.Since(c.released[i].at) < revocation })
	if old == 0 {
		return ""
	}
	return c.released[n%old].pass
}

// habits are what a visitor is going to do, drawn once from the seed.
type habits struct {
	cookies    bool // carries tokens as a browser does; else as a program does
	leaveAfter int  // polls after which the visitor leaves the line; 0: never
	vanish     int  // polls after which the visitor falls silent; 0: never
	silent     bool // never gives the pass back
	declined   bool // tries a card that is declined first
	receipt    bool // asks for the receipt
	rejoin     bool // joins again with the ticket
	hot        bool // wants the best seats
	seats      int
}

func drawHabits(r *rand.Rand, perBuyer int) habits {
	h := habits{
		cookies: r.IntN(2) == 0, silent: r.IntN(100) < 3, declined: r.IntN(100) < 5,
		receipt: r.IntN(100) == 0, rejoin: r.IntN(100) < 2, hot: r.IntN(100) < 30, seats: min(1+r.IntN(2), perBuyer),
	}
	switch n := r.IntN(100); {
	case n < 2:
		h.leaveAfter = 1 + r.IntN(3)
	case n < 4:
		h.vanish = 1 + r.IntN(3)
	}
	return h
}
