package surge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"anteroom/loadtest/check"
	"anteroom/loadtest/schedule"
	"anteroom/loadtest/token"
)

// Outcome is what a surge leaves to be judged and reported.
type Outcome struct {
	Evidence check.Evidence
	Outcomes map[string]int // how the visits went
	Began    time.Time
	Took     time.Duration // of the load, without preparation and audit
	Cut      bool          // the deadline came before the last visitor was done
	Requests uint64        // sent by Vegeta
	Policy   Policy        // that the room was set to
}

// Run makes the surge and gathers the evidence. An error wraps ErrCannotRun; broken promises are no error, they are for check.Judge to find.
func Run(ctx context.Context, s System, o Options) (*Outcome, error) {
	out, err := run(ctx, s, o)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCannotRun, err)
	}
	return out, nil
}

func run(ctx context.Context, s System, o Options) (*Outcome, error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if len(s.Gateways) == 0 || o.Visitors < 1 || o.JoinRate < 1 {
		return nil, errors.New("there must be a gateway, a visitor and a rate of joining")
	}
	o.Progress("surge: preparing")
	o.Policy = o.Policy.scaled(o.Visitors)
	c := newCrowd(o, s.Gateways)
	p, err := c.prepare(ctx, s)
	if err != nil {
		return nil, err
	}
	defer p.staff.close()

	out := &Outcome{Began: time.Now(), Policy: o.Policy}
	samples := c.load(ctx, p, out)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("stopped: %w", context.Cause(ctx))
	}
	o.Progress("surge: auditing")
	out.Evidence = check.Evidence{Policy: o.Policy.promised(), Records: c.journal.Records(), Samples: samples, TriesWanted: o.Tries}
	return out, c.audit(ctx, s, p, &out.Evidence)
}

// prepared is what is known before the load begins.
type prepared struct {
	staff       *client
	keys        token.Keys
	hostile     *hostile
	paidBefore  []check.StoredOrder
	gatedBefore int64
}

func (c *crowd) prepare(ctx context.Context, s System) (*prepared, error) {
	p := &prepared{}
	var err error
	if p.staff, err = signIn(ctx, s, c.o); err != nil {
		return nil, err
	}
	if err := setRoom(ctx, p.staff, s, c.o); err != nil {
		return nil, err
	}
	if p.keys, err = publishedKeys(ctx, s); err != nil {
		return nil, err
	}
	if p.paidBefore, err = paidOrders(ctx, p.staff, c.o.Room); err != nil {
		return nil, err
	}
	var about show
	if err := p.staff.do(ctx, http.MethodGet, "/api/v1/shows/"+c.o.Room, nil, &about); err != nil {
		return nil, fmt.Errorf("read the show: %w", err)
	}
	c.perBuyer = max(about.MaxPerBuyer, 1)
	if p.hostile, err = c.recruit(ctx, s, p.keys); err != nil {
		return nil, err
	}
	p.gatedBefore, err = gatedRequests(ctx, s.BookingOps)
	return p, err
}

// recruit sends scouts through the line and equips the hostile visitors with what these bring back.
func (c *crowd) recruit(ctx context.Context, s System, keys token.Keys) (*hostile, error) {
	first, err := admit(ctx, s.Gateways[0], c.o.Room)
	if err != nil {
		return nil, err
	}
	defer first.close()
	if err := c.survey(ctx, first); err != nil {
		return nil, err
	}
	var seed [32]byte
	seed[0] = byte(c.o.Seed)
	h := &hostile{crowd: c}
	if h.forged, err = token.Forge(first.pass, keys, seed); err != nil {
		return nil, err
	}
	if h.foreign, err = otherPass(ctx, s.Gateways[0], c.o.OtherRoom); err != nil {
		return nil, err
	}
	if err := first.do(ctx, http.MethodPost, "/api/v1/guests", map[string]string{"email": "hostile@surge.test"}, nil); err != nil {
		return nil, err
	}
	h.buyer = first.cookie("an_buyer")
	// A second scout keeps the pass until it runs out. The first gives it back, and it is tried like those of the crowd.
	second, err := admit(ctx, s.Gateways[len(s.Gateways)-1], c.o.Room)
	if err != nil {
		return nil, err
	}
	defer second.close()
	h.expired, h.expires = second.pass, second.expires
	if err := first.release(ctx); err != nil {
		return nil, err
	}
	c.giveBack(first.pass)
	return h, nil
}

// load sends everything and samples the server's view meanwhile.
func (c *crowd) load(ctx context.Context, p *prepared, out *Outcome) []check.Sample {
	limit, cancel := context.WithTimeout(ctx, c.o.Deadline)
	defer cancel()
	start := time.Now().Add(200 * time.Millisecond)
	storm := time.Duration(c.o.Visitors) * time.Second / time.Duration(c.o.JoinRate)
	for id := range c.o.Visitors {
		c.visitor(id).join(start.Add(time.Duration(id) * storm / time.Duration(c.o.Visitors)))
	}
	p.hostile.start(start.Add(storm)) // behind the crowd

	sampling, stop := context.WithCancel(limit)
	sampled := make(chan []check.Sample)
	go func() { sampled <- c.sample(sampling, p.staff) }()
	out.Requests = schedule.Run(limit, c.queue, schedule.Limits{
		Workers: 2 * c.o.Connections * len(c.gateways), Connections: c.o.Connections, Timeout: 15 * time.Second, MaxBody: 1 << 20,
	})
	stop()
	out.Took = time.Since(start)
	out.Cut = limit.Err() != nil && ctx.Err() == nil
	c.mu.Lock()
	defer c.mu.Unlock()
	out.Outcomes = c.outcomes
	if left := c.o.Visitors - total(c.outcomes); left > 0 {
		out.Outcomes["not done at the deadline"] = left
	}
	return <-sampled
}

func total(counts map[string]int) (n int) {
	for _, each := range counts {
		n += each
	}
	return n
}

// sample reads the server's own view of the room twice a second until ctx ends.
func (c *crowd) sample(ctx context.Context, staff *client) []check.Sample {
	var samples []check.Sample
	_ = until(ctx, 500*time.Millisecond, func() (bool, error) {
		var now room
		if err := staff.do(ctx, http.MethodGet, "/admin/api/v1/rooms/"+c.o.Room, nil, &now); err != nil {
			return false, err
		}
		l := now.Live
		samples = append(samples, check.Sample{
			At: c.clock.At(time.Now()), Issued: l.Issued, Serving: l.Serving, Waiting: l.Waiting, Active: l.Active,
			AdmittedTotal: l.AdmittedTotal, AdmittedLastMinute: l.AdmittedLastMinute,
		})
		if len(samples)%10 == 0 {
			c.o.Progress(fmt.Sprintf("surge: %d waiting, %d active, %d admitted, %d requests sent", l.Waiting, l.Active, l.AdmittedTotal, c.journal.Len()))
		}
		return false, nil
	})
	return samples
}

// audit gathers what can be known only afterwards. It has its own deadline, so that a surge that was cut short is judged all the same.
func (c *crowd) audit(ctx context.Context, s System, p *prepared, e *check.Evidence) error {
	limit, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	gated, err := gatedRequests(limit, s.BookingOps)
	if err != nil {
		return err
	}
	if e.GatedAtBooking = -1; gated >= 0 && p.gatedBefore >= 0 {
		e.GatedAtBooking = gated - p.gatedBefore
	}
	for _, t := range c.tokens {
		claims, err := p.keys.Verify(t.token, t.typ)
		e.TokensChecked++
		switch {
		case err != nil:
			e.BadTokens = append(e.BadTokens, fmt.Sprintf("%s of number %d: %v", t.typ, t.number, err))
		case claims.Number != t.number || claims.Epoch != t.epoch || claims.Audience+claims.Room != c.o.Room:
			e.BadTokens = append(e.BadTokens, fmt.Sprintf("%s of number %d says number %d of %s", t.typ, t.number, claims.Number, claims.Audience+claims.Room))
		}
	}
	paid, err := paidOrders(limit, p.staff, c.o.Room)
	if err != nil {
		return err
	}
	before := map[string]bool{}
	for _, o := range p.paidBefore {
		before[o.ID] = true
	}
	e.Paid, e.PaidKnown = slices.DeleteFunc(paid, func(o check.StoredOrder) bool { return before[o.ID] }), true
	if s.Recount != nil {
		if e.Recount, _, err = s.Recount(limit); err != nil {
			return fmt.Errorf("booking's recount: %w", err)
		}
	}
	return c.countCanaries(limit, s, e)
}

// countCanaries sends a last scout to see whether the seats that only hostile tries asked for are still free.
func (c *crowd) countCanaries(ctx context.Context, s System, e *check.Evidence) error {
	last, err := admit(ctx, s.Gateways[0], c.o.Room)
	if err != nil {
		return err
	}
	defer last.close()
	state, err := last.seatState(ctx)
	if err != nil {
		return err
	}
	taken, ok := state.taken(len(c.seats))
	if !ok {
		return errors.New("the seats' state does not fit the layout any more")
	}
	for i := range c.canary {
		e.CanariesOffered++
		if taken(i) {
			e.CanariesTaken++
		}
	}
	return last.release(ctx)
}
