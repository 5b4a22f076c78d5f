package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"anteroom/internal/backing/process"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/progress"
	"anteroom/loadtest/visit"
)

// generatorCommand is what this program is started as to be a further generator. It is told what to do on its standard input: a job, and when
// it has answered ready, the time of the first arrival. The end of that input calls it off.
const generatorCommand = "generate"

// job is a generator's part of a run.
type job struct {
	Suite    string            `json:"suite"`
	Command  string            `json:"command"`
	Commit   string            `json:"commit"`
	Seed     uint64            `json:"seed"`
	Part     int               `json:"part"`
	Parts    int               `json:"parts"`
	Gateways []string          `json:"gateways"`
	Facts    map[string]string `json:"facts"`
	Profile  profile.Profile   `json:"profile"`
	Journal  string            `json:"journal"`
}

// prepared is what a generator says when it waits for the time of the first arrival.
const prepared = "ready"

// headStart is from when all generators are told the time of the first arrival until it is there. One that hears of it more than a second after it cannot
// begin, which on a machine that is full already would end the run before it began.
const headStart = 4 * time.Second

// generate is a generator that another one started.
func generate(ctx context.Context, args []string, t terminal) int {
	if len(args) > 0 {
		return t.fail(fmt.Errorf("%s takes no words: it is started by run", generatorCommand))
	}
	orders := bufio.NewReader(os.Stdin)
	var j job
	line, err := orders.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &j)
	}
	if err != nil {
		return t.fail(fmt.Errorf("%s is told by run what to do, and was not: %w", generatorCommand, err))
	}
	err = visit.Run(ctx, visit.System{Gateways: j.Gateways, Facts: j.Facts}, &j.Profile, j.Journal, visit.Options{
		Seed: j.Seed, Part: j.Part, Parts: j.Parts, Suite: j.Suite, Command: j.Command, Commit: j.Commit,
		Ready: func(ctx context.Context) (time.Time, error) {
			fmt.Fprintln(t.out, prepared)
			return startOf(ctx, orders)
		},
	})
	if err != nil {
		return t.fail(err)
	}
	return held
}

// startOf waits to be told the time of the first arrival.
func startOf(ctx context.Context, orders *bufio.Reader) (time.Time, error) {
	type answer struct {
		line string
		err  error
	}
	told := make(chan answer, 1)
	go func() {
		line, err := orders.ReadString('\n')
		told <- answer{line, err}
	}()
	select {
	case a := <-told:
		if a.err != nil {
			return time.Time{}, errors.New("the run was called off before it began")
		}
		return time.Parse(time.RFC3339Nano, strings.TrimSpace(a.line))
	case <-ctx.Done():
		return time.Time{}, context.Cause(ctx)
	}
}

// others are the generators beside this process, which is the first one.
type others struct {
	all []*generator
}

// generator is one of them.
type generator struct {
	name    string
	journal string
	p       *process.Process
	orders  *os.File // its standard input
	ready   chan struct{}
	asked   atomic.Bool // to end
}

// startOthers starts them.
func (s *settings) startOthers(ctx context.Context, target visit.System, o visit.Options, journals []string, board *progress.Board) (*others, error) {
	group := &others{}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for part := 1; part < s.generators; part++ {
		g := &generator{name: fmt.Sprintf("generator %d of %d", part+1, s.generators), journal: journals[part], ready: make(chan struct{})}
		j := job{
			Suite: o.Suite, Command: o.Command, Commit: o.Commit, Seed: o.Seed, Part: part, Parts: s.generators,
			Gateways: target.Gateways, Facts: target.Facts, Profile: *s.profile, Journal: g.journal,
		}
		if err := g.start(program, j, board); err != nil {
			return nil, errors.Join(append(group.end(ctx), err)...)
		}
		group.all = append(group.all, g)
		context.AfterFunc(ctx, func() { g.p.Signal(syscall.SIGINT) })
		go g.watch(board)
	}
	return group, nil
}

func (g *generator) start(program string, j job, board *progress.Board) error {
	order, err := json.Marshal(j)
	if err != nil {
		return err
	}
	stdin, orders, err := os.Pipe()
	if err != nil {
		return err
	}
	defer stdin.Close()
	g.orders = orders
	heard := sync.OnceFunc(func() { close(g.ready) })
	g.p, err = process.Start(process.Spec{
		Name: g.name, Path: program, Args: []string{generatorCommand}, Stdin: stdin,
		Stdout: &lineWriter{say: func(line string) {
			if line == prepared {
				heard()
			}
		}},
		Stderr: &lineWriter{say: func(line string) { board.Line(g.name + ": " + line) }},
	})
	if err == nil {
		_, err = orders.Write(append(order, '\n'))
	}
	return err
}

// watch names a generator that ends as it should not at once, and not only when the run is over.
func (g *generator) watch(board *progress.Board) {
	<-g.p.Done()
	if err := g.failed(); err != nil {
		board.Line("loadtest: " + err.Error())
	}
}

// failed says how a generator that has ended failed.
func (g *generator) failed() error {
	if g.p.Err() == nil || g.asked.Load() {
		return nil
	}
	return fmt.Errorf("%s (process %d) ended by itself (%s); what it had seen until then is in %s", g.name, g.p.PID(), g.p.Outcome(), g.journal)
}

// ready waits until all are prepared, and tells them and the caller the time of the first arrival.
func (o *others) ready(ctx context.Context) (time.Time, error) {
	for _, g := range o.all {
		select {
		case <-g.ready:
		case <-g.p.Done():
			return time.Time{}, fmt.Errorf("%s ended before the load began (%s)", g.name, g.p.Outcome())
		case <-ctx.Done():
			return time.Time{}, context.Cause(ctx)
		}
	}
	start := time.Now().Add(headStart).Round(0) // without the monotonic reading, which the others cannot have
	for _, g := range o.all {
		if _, err := fmt.Fprintln(g.orders, start.Format(time.RFC3339Nano)); err != nil {
			return time.Time{}, fmt.Errorf("tell %s when to begin: %w", g.name, err)
		}
	}
	return start, nil
}

// over waits until the others have ended their loads, also when the run was interrupted, as they were then: what they still buy must not
// come after the sales were counted. One that died has ended as well: what it lacks is said by end.
func (o *others) over(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	for _, g := range o.all {
		select {
		case <-g.p.Done():
		case <-ctx.Done():
			return fmt.Errorf("%s has not ended within %s", g.name, patience)
		}
	}
	return nil
}

// patience is how long a generator may take to end when its load is over.
const patience = time.Minute

// end ends the others and says which of them failed.
func (o *others) end(ctx context.Context) (failed []error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	for _, g := range o.all {
		select {
		case <-g.p.Done():
		default:
			g.asked.Store(true)
		}
		_ = g.orders.Close() // calls off what has not begun
		if err := g.p.Stop(ctx); err != nil {
			failed = append(failed, err)
		} else if err := g.failed(); err != nil {
			failed = append(failed, err)
		}
	}
	return failed
}

// lineWriter hands on whole lines.
type lineWriter struct {
	say  func(line string)
	rest []byte
}

func (w *lineWriter) Write(text []byte) (int, error) {
	w.rest = append(w.rest, text...)
	for {
		line, rest, whole := bytes.Cut(w.rest, []byte("\n"))
		if !whole {
			return len(text), nil
		}
		w.say(string(line))
		w.rest = rest
	}
}

var _ io.Writer = (*lineWriter)(nil)
