package visit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/machine"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/progress"
	"anteroom/loadtest/schedule"
)

// ErrCannotRun marks an error of the laboratory or of the system under it, as opposed to a broken promise.
var ErrCannotRun = errors.New("the load could not be run")

// Why a load ended, as the journal says it.
const (
	Done        = "done"
	Deadline    = "deadline"
	Interrupted = "interrupted"
)

// Run loads the system as the profile says and writes what was seen into a journal at path as it happens. When ctx ends the load ends at
// once; what was seen by then is audited all the same, within a minute. An error wraps ErrCannotRun: nothing, or not all, could be run, and the
// journal keeps what there was. Broken promises are no error: they are for the judge to find. A room that was changed is set back.
func Run(ctx context.Context, s System, p *profile.Profile, path string, o Options) error {
	o.Parts = max(o.Parts, 1)
	if o.Suite == "" {
		o.Suite = p.Name
	}
	err := validate(s, p, o)
	if err == nil {
		err = newCrowd(s, p, o).perform(ctx, s, path)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCannotRun, err)
	}
	return nil
}

// perform is one run from the first look at the system to the end of the journal.
func (c *crowd) perform(ctx context.Context, s System, path string) (err error) {
	c.phase("preparing")
	p, err := c.prepare(ctx, s)
	defer func() { err = errors.Join(err, p.close(ctx)) }()
	if err != nil {
		return err
	}
	if err := c.begin(ctx, p); err != nil {
		return err
	}
	header, err := c.header(s)
	if err != nil {
		return err
	}
	if c.journal, err = journal.Create(path, header); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.journal.Close()) }()

	end := c.load(ctx, p)
	c.phase("auditing")
	if c.o.Others != nil && c.o.Part == 0 {
		if err := c.o.Others(ctx); err != nil { // their journals will be absent, and what needs them will not be judged
			c.say("the other generators: " + err.Error())
		}
	}
	c.journal.Audit(c.audit(ctx, s, p))
	c.journal.End(end)
	return nil
}

// begin agrees on when the first arrival is due, and reads what the room promises by then.
func (c *crowd) begin(ctx context.Context, p *prepared) (err error) {
	c.begins = c.o.Start
	if c.o.Ready != nil {
		if c.begins, err = c.o.Ready(ctx); err != nil {
			return fmt.Errorf("wait for the other generators: %w", err)
		}
	}
	if c.begins.IsZero() {
		c.begins = time.Now().Add(300 * time.Millisecond)
	}
	c.began = c.begins.Round(0).UTC()
	c.begins = time.Now().Add(time.Until(c.began)) // with a monotonic reading, which a time that was told has not
	if late := time.Since(c.begins); late > time.Second {
		return fmt.Errorf("the preparation took %s longer than there was time until the first arrival", late.Round(time.Second))
	}
	if c.draws() {
		if err := p.desk.opens(ctx, c.begins.Add(time.Duration(c.profile.Room.OpenIn))); err != nil {
			return err
		}
	}
	if c.policy, err = c.promised(ctx, p); err != nil {
		return fmt.Errorf("read what the room promises: %w", err)
	}
	return ctx.Err()
}

func (c *crowd) header(s System) (journal.Header, error) {
	as, err := json.Marshal(c.profile)
	return journal.Header{
		Suite: c.o.Suite, Profile: as, Command: c.o.Command, Commit: c.o.Commit, Began: c.began,
		WarmedUp: c.began.Add(time.Duration(c.profile.WarmUp)), Part: c.o.Part, Parts: c.o.Parts, Seed: c.o.Seed,
		Room: c.profile.Show, Gateways: c.gateways, Policy: c.policy, Machine: machine.This(), System: s.Facts,
	}, err
}

// drain is how long requests under way may go on when the load has ended before they have.
const drain = 2 * time.Second

// load sends everything, and looks on meanwhile.
func (c *crowd) load(ctx context.Context, p *prepared) journal.End {
	limit, cancel := context.WithDeadline(ctx, c.begins.Add(time.Duration(c.profile.Deadline)))
	defer cancel()
	next, stop := iter.Pull2(c.profile.Times())
	defer stop()
	c.feed(next)
	if p.hostile != nil {
		p.hostile.start(c.begins.Add(c.profile.Length())) // behind the crowd
	}
	looking, enough := context.WithCancel(context.WithoutCancel(ctx))
	var beside sync.WaitGroup
	w := &watcher{crowd: c, total: time.Duration(c.profile.Deadline)}
	beside.Go(func() { w.run(looking, p) })
	if c.o.Faults != nil && c.o.Part == 0 {
		beside.Go(func() { c.o.Faults(limit, c.begins, c.journal.Fault) })
	}
	sent := schedule.Run(limit, c.queue, c.limits())
	end := journal.End{Why: Done, Requests: sent}
	switch {
	case ctx.Err() != nil:
		end.Why = Interrupted
	case limit.Err() != nil:
		end.Why = Deadline
	}
	end.At, end.Seconds = c.clock.At(time.Now()), max(time.Since(c.begins), 0).Seconds()
	cancel() // faults that have not been done are not needed any more; those under way are undone
	enough()
	beside.Wait()
	if w.noted == 0 && c.o.Part == 0 && p.missing["samples"] == "" {
		p.missing["samples"] = "the back office did not answer during the load"
	}
	end.Visitors, end.Outcomes = c.counts()
	return end
}

// Arrivals are put into the queue this long before they are due, this often.
const (
	feedAhead = 150 * time.Millisecond
	feedEvery = 50 * time.Millisecond
)

// feed lets the arrivals come that are due soon, and calls itself again while there are more. The visitors of other parts are left to these.
func (c *crowd) feed(next func() (int, time.Duration, bool)) {
	id, after, more := next()
	var step func()
	step = func() {
		now := time.Now()
		for ; more && c.begins.Add(after).Before(now.Add(feedAhead)); id, after, more = next() {
			if id%c.o.Parts == c.o.Part {
				c.visitor(id, c.profile.KindOf(c.o.Seed, id)).come(c.begins.Add(after))
			}
		}
		if more {
			c.at(now.Add(feedEvery), step)
			return
		}
		c.mu.Lock()
		c.complete = true
		c.mu.Unlock()
	}
	c.at(c.begins.Add(-feedAhead), step)
}

func (c *crowd) limits() schedule.Limits {
	return schedule.Limits{
		Workers: 2 * c.profile.Connections * len(c.gateways), Connections: c.profile.Connections, Timeout: time.Duration(c.profile.Timeout), MaxBody: 1 << 20,
		Lanes: c.addresses.lanes(), Source: c.addresses.of, Sent: c.monitor.Sent, InFlight: c.monitor.InFlight, Drain: drain,
	}
}

// phase tells the board what is being done; what the load has come to stays on it.
func (c *crowd) phase(name string) {
	if c.o.Board == nil {
		return
	}
	s := progress.Snapshot{Visitors: c.expected(), Waiting: -1, Active: -1, OrderSoFar: -1}
	if shown := c.shown.Load(); shown != nil {
		s = *shown
		s.PerSecond, s.InFlight = 0, 0
	}
	s.Phase = name
	c.o.Board.Show(s)
}
