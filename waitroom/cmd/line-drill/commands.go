package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"anteroom/waitroom"
	"anteroom/waitroom/redisqueue"
)

// sampleEvery is how often the drill tells how the room stands.
const sampleEvery = 500 * time.Millisecond

// drill is the gateways together.
type drill struct {
	s        settings
	gateways []*gateway
	journal  *journal
	trouble  *trouble
	mu       sync.Mutex // of out
	out      *json.Encoder
}

// event is what the drill says; what does not belong to it is left out.
type event struct {
	Event string `json:"event"` // ready, clock, sprint, singles, join, silence, sample, done
	At    int64  `json:"at"`    // by the drill's clock, nanoseconds

	People  int     `json:"people,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`

	// of a sample: the first gateway's view, and the calls to hear so far
	Phase              string `json:"phase,omitempty"`
	Issued             int64  `json:"issued,omitempty"`
	Serving            int64  `json:"serving,omitempty"`
	Active             int64  `json:"active,omitempty"`
	Waiting            int64  `json:"waiting,omitempty"`
	AdmittedTotal      int64  `json:"admitted_total,omitempty"`
	AdmittedLastMinute int64  `json:"admitted_last_minute,omitempty"`
	Hears              int64  `json:"hears,omitempty"` // of done too

	// of done
	Ticks    int            `json:"ticks,omitempty"`
	TickP50  float64        `json:"tick_p50_ms,omitempty"`
	TickP95  float64        `json:"tick_p95_ms,omitempty"`
	TickP99  float64        `json:"tick_p99_ms,omitempty"`
	TickMax  float64        `json:"tick_max_ms,omitempty"`
	Released int64          `json:"released,omitempty"`
	Revoked  int64          `json:"revoked,omitempty"`
	Failed   map[string]int `json:"failed,omitempty"` // calls without an answer, by kind
}

// opener gives one gateway its line; close is called in the end.
type opener func(index int) (line waitroom.Line, closing func(), err error)

// dial opens lines in Redis, each with a client of its own, as separate gateways have.
func dial(s settings) opener {
	return func(int) (waitroom.Line, func(), error) {
		client, err := redisqueue.Dial(s.RedisURL)
		if err != nil {
			return nil, nil, err
		}
		return redisqueue.New(client, s.Prefix, redisqueue.WithTimeout(s.CallTimeout)), client.Close, nil
	}
}

// run is the command: it ends after the command quit, at the end of the input, and when ctx does.
func run(ctx context.Context, s settings, open opener, in io.Reader, out io.Writer) (err error) {
	d := &drill{s: s, out: json.NewEncoder(out), trouble: &trouble{counts: map[string]int{}}}
	if d.journal, err = newJournal(s.Journal); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.journal.close()) }()
	for i := range s.Gateways {
		line, closing, err := open(i)
		if err != nil {
			return err
		}
		defer closing()
		d.gateways = append(d.gateways, &gateway{index: i, line: line, s: s, journal: d.journal, trouble: d.trouble, crew: newCrew()})
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	for _, g := range d.gateways {
		all.Go(func() { g.pulse(ctx) })
	}
	all.Go(func() { every(ctx, sampleEvery, func(context.Context) { d.sample() }) })
	d.say(event{Event: "ready"})
	err = d.obey(ctx, in)
	cancel()
	all.Wait()
	if err == nil {
		d.finish()
	}
	return err
}

// obey does as it is told:
//
//	clock    tells the time by the drill's clock, at once
//	sprint, singles, join    lets people join; the answer comes when all have, other commands are taken meanwhile
//	silence  those who fall silent are heard no more
//	quit     ends the drill; the answer is done
func (d *drill) obey(ctx context.Context, in io.Reader) error {
	var under sync.WaitGroup
	defer under.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	commands := make(chan string)
	go func() { // ends with the input, which ends with the process at the latest
		defer close(commands)
		for lines := bufio.NewScanner(in); lines.Scan(); {
			select {
			case commands <- lines.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	joins := map[string]func(context.Context) (int, error){"sprint": d.sprint, "singles": d.singles, "join": d.rest}
	failed := make(chan error, 1)
	for {
		var command string
		select {
		case command = <-commands: // empty at the end of the input
		case err := <-failed:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
		join := joins[command]
		switch {
		case command == "quit" || command == "":
			return nil
		case command == "clock":
			d.say(event{Event: command})
		case command == "silence":
			d.silence()
		case join != nil:
			delete(joins, command) // once
			under.Go(func() {
				began := time.Now()
				people, err := join(ctx)
				if err != nil {
					select {
					case failed <- err:
					default:
					}
					return
				}
				d.say(event{Event: command, People: people, Seconds: time.Since(began).Seconds()})
			})
		default:
			return fmt.Errorf("%q is not a command, or was given before", command)
		}
	}
}

// silence makes the ghosts. Their last heartbeat was before the answer.
func (d *drill) silence() {
	gone := 0
	for _, g := range d.gateways {
		if d.s.GhostEvery > 0 {
			gone += g.crew.silence(int64(d.s.GhostEvery))
		}
		g.silent.Store(true)
	}
	d.say(event{Event: "silence", People: gone})
}

func (d *drill) sample() {
	g := d.gateways[0]
	v := g.view.Load()
	if v == nil {
		return
	}
	e := event{
		Event: "sample", Phase: string(v.Phase), Issued: v.Issued, Serving: v.Serving, Active: v.Active,
		AdmittedTotal: v.AdmittedTotal, AdmittedLastMinute: v.AdmittedLastMinute,
	}
	if c := g.crowd.Load(); c != nil {
		e.Waiting = c.Count()
	}
	for _, g := range d.gateways {
		e.Hears += g.hears.Load()
	}
	d.say(e)
}

// finish says what was done in all.
func (d *drill) finish() {
	e := event{Event: "done", Failed: d.trouble.all()}
	var ticks []time.Duration
	for _, g := range d.gateways {
		ticks = append(ticks, g.ticks.all()...)
		e.Hears += g.hears.Load()
		e.Released += g.released.Load()
		e.Revoked += g.revoked.Load()
		e.People += g.crew.count()
	}
	e.Ticks = len(ticks)
	e.TickP50, e.TickP95, e.TickP99, e.TickMax = quantile(ticks, 0.5), quantile(ticks, 0.95), quantile(ticks, 0.99), quantile(ticks, 1)
	d.say(e)
}

// say writes an event with the present time. Whoever does not listen any more has ended the drill.
func (d *drill) say(e event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e.At = d.journal.at(time.Now())
	_ = d.out.Encode(e)
}
