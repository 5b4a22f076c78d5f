package idle

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"anteroom/loadtest/check"
	"anteroom/loadtest/report"
)

// room is where it happens; shoppers are inside, and everybody else waits.
const (
	room     = "arena"
	shoppers = 64
	workers  = 64
)

// Outcome is what came of a run.
type Outcome struct {
	Began         time.Time
	Took          time.Duration
	Before, After Memory
	Alone, Beside Latency // of admitted requests
	Polls         Latency
	Kept          check.Check // connections that were there at the end as they were opened
	o             Options
}

// Each is what one connection costs, in bytes: resident, and in use.
func (o *Outcome) Each() (resident, inUse float64) {
	n := float64(o.o.Connections)
	return (o.After.Resident - o.Before.Resident) / n, (o.After.InUse - o.Before.InUse) / n
}

type run struct {
	Options
	System
	host    string
	passes  []string
	tickets []string
	conns   []net.Conn
}

// Run opens the connections and measures.
func Run(ctx context.Context, s System, o Options) (*Outcome, error) {
	u, err := url.Parse(s.Gateway)
	if err != nil {
		return nil, err
	}
	r := &run{Options: o, System: s, host: u.Host}
	defer r.close()
	out := &Outcome{Began: time.Now(), o: o}
	if err := s.SetRoom(ctx, room, "mode=open", "rate_per_minute=1000000", fmt.Sprintf("max_active=%d", shoppers),
		"session_idle_seconds=3600", "session_limit_seconds=86400", "ghost_seconds=3600"); err != nil {
		return nil, err
	}
	if err := r.known(ctx); err != nil {
		return nil, err
	}
	o.Progress(fmt.Sprintf("idle: %d visitors join", o.Connections+shoppers))
	if err := r.join(ctx); err != nil {
		return nil, err
	}
	o.Progress("idle: the gateway's memory before")
	if out.Before, err = s.memory(ctx); err != nil {
		return nil, err
	}
	o.Progress(fmt.Sprintf("idle: %d connections, each asks once", o.Connections))
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	if out.After, err = s.memory(ctx); err != nil {
		return nil, err
	}
	resident, inUse := out.Each()
	o.Progress(fmt.Sprintf("idle: a connection costs %.0f bytes resident, %.0f in use; %.0f are parked", resident, inUse, out.After.Parked))
	o.Progress(fmt.Sprintf("idle: admitted requests, %d a second, alone", o.Requests))
	if out.Alone, _, err = r.load(ctx, 0); err != nil {
		return nil, err
	}
	o.Progress(fmt.Sprintf("idle: the same beside %d polls a second", o.Polls))
	if out.Beside, out.Polls, err = r.load(ctx, o.Polls); err != nil {
		return nil, err
	}
	out.Kept = check.Check{Name: "connections kept open while they waited", Of: int64(len(r.conns))}
	out.Kept.Note = fmt.Sprintf("each was asked on again at the end; %d source addresses", (o.Connections-1)/perAddress+1)
	err = r.each(func(a *asker, i int) error {
		if err := a.poll(r.conns[i], r.tickets[i]); err != nil {
			r.wrong(&out.Kept, err)
		}
		return nil
	})
	out.Took = time.Since(out.Began)
	return out, err
}

var wrongs sync.Mutex

func (r *run) wrong(c *check.Check, err error) {
	wrongs.Lock()
	defer wrongs.Unlock()
	c.Violate("%v", err)
}

// each does something for every connection, by a few workers, and returns the first error.
func (r *run) each(do func(a *asker, i int) error) error {
	errs := make(chan error, workers)
	for w := range workers {
		go func() {
			a := newAsker(r.host, r.System.TLS)
			for i := w; i < r.Connections; i += workers {
				if err := do(a, i); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	var first error
	for range workers {
		if err := <-errs; first == nil {
			first = err
		}
	}
	return first
}

// known waits until the gateway has learnt of the room.
func (r *run) known(ctx context.Context) error {
	a := newAsker(r.host, r.System.TLS)
	conn, err := a.dial(ctx, 0)
	if err != nil {
		return err
	}
	defer conn.Close()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); ; {
		status, body, err := a.ask(conn, "GET", "/waitroom/v1/"+room+"/serving", "", "")
		switch {
		case err != nil:
			return err
		case status == 200:
			return nil
		case time.Now().After(end):
			return fmt.Errorf("the gateway does not know the room: %.300s", body)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// join takes all places over a few connections, which are closed then. Who came first is inside.
func (r *run) join(ctx context.Context) error {
	r.tickets = make([]string, r.Connections)
	first := newAsker(r.host, r.System.TLS)
	conn, err := first.dial(ctx, 0)
	if err != nil {
		return err
	}
	defer conn.Close()
	for range shoppers {
		p, err := first.join(conn)
		if err != nil {
			return err
		}
		if p.Pass == "" {
			return fmt.Errorf("a visitor is %s who should be admitted", p.State)
		}
		r.passes = append(r.passes, p.Pass)
	}
	var shared [workers]net.Conn
	defer func() {
		for _, c := range shared {
			if c != nil {
				_ = c.Close()
			}
		}
	}()
	return r.each(func(a *asker, i int) (err error) {
		c := &shared[i%workers]
		if *c == nil {
			if *c, err = a.dial(ctx, 0); err != nil {
				return err
			}
		}
		p, err := a.join(*c)
		if err == nil && p.State != "waiting" {
			err = fmt.Errorf("a visitor is %s who should wait", p.State)
		}
		r.tickets[i] = p.Ticket
		return err
	})
}

// open opens all connections and asks once on each.
func (r *run) open(ctx context.Context) error {
	r.conns = make([]net.Conn, r.Connections)
	return r.each(func(a *asker, i int) (err error) {
		if r.conns[i], err = a.dial(ctx, i/perAddress); err != nil {
			return err
		}
		return a.poll(r.conns[i], r.tickets[i])
	})
}

func (r *run) close() {
	for _, c := range r.conns {
		if c != nil {
			_ = c.Close()
		}
	}
}

// Fill puts the figures into a report.
func (o *Outcome) Fill(r *report.Report) {
	r.Began, r.Seconds = o.Began, o.Took.Seconds()
	r.Actions = []report.Action{o.Alone.action("admitted request, alone"), o.Beside.action("admitted request, beside polls"), o.Polls.action("poll")}
	r.Load = report.Load{Visitors: o.o.Connections, Requests: o.Alone.n() + o.Beside.n() + o.Polls.n()}
	r.Load.PerSecond = float64(r.Load.Requests) / r.Seconds
	resident, inUse := o.Each()
	for _, level := range []report.SLO{
		{Name: "memory of a waiting connection, resident", Value: resident, Limit: 8192, Unit: "bytes"},
		{Name: "memory of a waiting connection, in use", Value: inUse, Limit: 8192, Unit: "bytes"},
	} {
		level.Met = level.Value <= level.Limit
		r.SLOs = append(r.SLOs, level)
	}
	r.System["the gateway's resident memory before and with the connections"] = fmt.Sprintf("%.0f MB, %.0f MB", o.Before.Resident/1e6, o.After.Resident/1e6)
	r.System["connections parked"] = fmt.Sprintf("%.0f of %d", o.After.Parked, o.o.Connections)
	r.Judge(check.Verdict{{ID: "P9", Name: "cheap waiting", Checks: []check.Check{
		o.Kept, o.Alone.answered("admitted requests, alone"), o.Beside.answered("admitted requests, beside polls"), o.Polls.answered("polls"),
	}}})
}
