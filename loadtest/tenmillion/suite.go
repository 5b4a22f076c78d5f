package tenmillion

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/redis/rueidis"
	"golang.org/x/sync/errgroup"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/tenmillion/proof"
)

// run is one run of the suite.
type run struct {
	s     System
	o     Options
	plan  Plan
	clock journal.Clock
	redis rueidis.Client
	feed  *feed
	crowd *crowd
	drill *drill

	ghosts  int // how many fall silent
	limits  []proof.Limits
	memory  proof.Memory
	out     *Outcome
	stopped string  // why the load ended before its time
	cpu     float64 // of Redis, seconds, at the beginning of the phase
}

// Run runs the suite. A broken promise is no error: it is found by judging the evidence. Every error is an ErrCannotRun.
func Run(ctx context.Context, s System, o Options) (*Outcome, error) {
	out, err := execute(ctx, s, o)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return nil, fmt.Errorf("%w: %w", ErrCannotRun, err)
	}
	return out, nil
}

func execute(ctx context.Context, s System, o Options) (_ *Outcome, err error) {
	// Most of what is kept holds no pointers, so that collecting often costs little, and the machine's memory is the system's.
	defer debug.SetGCPercent(debug.SetGCPercent(30))
	r := &run{s: s, o: o, plan: o.plan(), clock: journal.NewClock(), out: &Outcome{Began: time.Now()}}
	r.out.Plan = r.plan
	if o.Progress == nil {
		r.o.Progress = func(string) {}
	}
	option, err := rueidis.ParseURL(s.RedisURL)
	if err != nil {
		return nil, err
	}
	option.DisableCache, option.ForceSingleClient = true, true
	if r.redis, err = rueidis.NewClient(option); err != nil {
		return nil, err
	}
	defer r.redis.Close()
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.drill.stop(ctx)) }()

	whole, cancel := context.WithTimeout(ctx, o.Deadline)
	defer cancel()
	go func() {
		select {
		case <-o.Stop:
			cancel()
		case <-whole.Done():
		}
	}()
	parts, limit := errgroup.WithContext(whole)
	reading, stopReading := context.WithCancel(limit)
	parts.Go(func() error { return r.feed.follow(reading) })
	start := time.Now()
	visiting, leave := context.WithCancel(limit)
	defer leave()
	begin := make(chan struct{})
	parts.Go(func() error {
		select {
		case <-begin:
			r.crowd.run(visiting, time.Now())
		case <-visiting.Done():
		}
		return nil
	})
	parts.Go(func() error {
		defer stopReading()
		if err := r.phases(limit, begin); err != nil {
			leave()
			return err
		}
		return nil
	})
	err = parts.Wait()
	r.out.Took = time.Since(start)
	if whole.Err() != nil && ctx.Err() == nil {
		r.out.Cut, err = true, nil // judged all the same
	}
	if errors.Is(whole.Err(), context.Canceled) && ctx.Err() == nil {
		r.stopped = "the load was interrupted"
	}
	if err != nil {
		return nil, err
	}
	return r.out, r.conclude(ctx)
}

// prepare makes the room and starts what plays in it, and waits until the gateways know it.
func (r *run) prepare(ctx context.Context) (err error) {
	if r.s.Fsync == "always" {
		set := r.redis.B().ConfigSet().ParameterValue().ParameterValue("appendfsync", "always").Build()
		if err := r.redis.Do(ctx, set).Error(); err != nil {
			return fmt.Errorf("set appendfsync: %w", err)
		}
	}
	r.feed = newFeed(r.redis, r.s.KeyPrefix, r.o.Room, r.o.Visitors)
	if r.crowd, err = newCrowd(r.o, r.plan, r.s.Gateways, r.clock, r.feed); err != nil {
		return err
	}
	if err := r.set(ctx, "hold", r.plan.FirstCap); err != nil {
		return err
	}
	for _, address := range r.s.Ready {
		if err := awaitReady(ctx, address); err != nil {
			return err
		}
	}
	r.drill, err = startDrill(ctx, r.s, r.o, r.plan, r.clock)
	return err
}

// set changes the room as an operator does.
func (r *run) set(ctx context.Context, mode string, maxActive int) error {
	p := r.plan
	r.limits = append(r.limits, proof.Limits{FromMS: time.Now().UnixMilli(), RatePerMinute: int64(p.RatePerMinute), MaxActive: int64(maxActive)})
	field := func(name string, value int) string { return name + "=" + strconv.Itoa(value) }
	whole := func(d time.Duration) int { return int(d / time.Second) }
	return r.s.SetRoom(ctx, r.o.Room, "mode="+mode, field("rate_per_minute", p.RatePerMinute), field("max_active", maxActive),
		// Longer than the limit, so that it is the limit that ends a session, and its pass with it.
		field("session_idle_seconds", 2*whole(p.Session)), field("session_limit_seconds", whole(p.Session)),
		field("ghost_seconds", whole(p.Ghost)), field("return_grace_seconds", 600),
		field("poll_min_ms", 1000), field("poll_max_ms", min(whole(p.Ghost)*500, 60_000)))
}

func awaitReady(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return fmt.Errorf("%s does not say that the gateway is ready: %w", address, err)
		}
	}
}

// pause waits for a while, or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// conclude ends the drill, gathers what it wrote, and has all of it ready for the judge.
func (r *run) conclude(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := r.drill.tell("quit"); err != nil {
		return err
	}
	for { // an answer to a command that the deadline cut short may come first
		e, err := r.drill.await(limit, "done")
		if err == nil {
			r.out.Drill = e
			break
		}
		if e.Event == "" {
			return err
		}
	}
	if err := r.drill.p.Wait(limit); err != nil {
		return err
	}
	joins, hears, lost, err := r.drill.read()
	if err != nil {
		return err
	}
	drilled := len(joins)
	mine, visitors, lostHTTP := r.crowd.evidence()
	e := proof.Evidence{
		Joins: append(joins, mine...), LostJoins: lost + lostHTTP, Hears: hears, Visitors: visitors, Admissions: r.feed.result(),
		Samples: r.drill.samples(), Limits: r.limits, Session: r.plan.Session, Ghost: r.plan.Ghost, Memory: r.memory, Stopped: r.stopped,
		GhostEvery: int64(r.plan.GhostEvery), ReleaseEvery: int64(r.plan.ReleaseEvery), ReleaseRemainder: releaseRemainder, ReleaseAfter: r.plan.ReleaseAfter,
	}
	last := r.drill.latest()
	e.Issued, e.Admissions.Total = last.Issued, last.AdmittedTotal
	r.out.Evidence, r.out.DrillCalls = e, drilled
	r.out.measure(r)
	return nil
}
