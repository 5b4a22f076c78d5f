package tenmillion

import (
	"context"
	"fmt"
	"time"

	"anteroom/loadtest/report"
)

// phases lets the run go its way. Everybody over HTTP begins to join when begin is closed.
func (r *run) phases(ctx context.Context, begin chan<- struct{}) error {
	for _, phase := range []struct {
		name string
		do   func(context.Context) (people int, note string, err error)
	}{
		{"memory of the empty room", r.measureEmpty},
		{"joins in blocks, as fast as they can", func(ctx context.Context) (int, string, error) { return r.joins(ctx, "sprint") }},
		{"joins one by one, as fast as they can", func(ctx context.Context) (int, string, error) { return r.joins(ctx, "singles") }},
		{"joins over HTTP, and in blocks beside them", func(ctx context.Context) (int, string, error) { return r.joinTogether(ctx, begin) }},
		{"everybody waits and is heard", r.wait},
		{"memory of the waiting", r.measureWaiting},
		{"open: admitted until the cap holds the line up, and while it does", r.openFirst},
		{"admitted at the rate, to the end", r.openWide},
	} {
		r.o.Progress("ten-million: " + phase.name)
		began := time.Now()
		if err := r.beginPhase(ctx); err != nil {
			return err
		}
		people, note, err := phase.do(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", phase.name, err)
		}
		if err := r.endPhase(ctx, report.Phase{Name: phase.name, Seconds: time.Since(began).Seconds(), People: people, Note: note}); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) beginPhase(ctx context.Context) error {
	cpu, err := info(ctx, r.redis, "cpu", "used_cpu_user", "used_cpu_sys")
	r.cpu = cpu["used_cpu_user"] + cpu["used_cpu_sys"]
	return err
}

func (r *run) endPhase(ctx context.Context, p report.Phase) error {
	cpu, err := info(ctx, r.redis, "cpu", "used_cpu_user", "used_cpu_sys")
	if err != nil {
		return err
	}
	memory, err := info(ctx, r.redis, "memory", "used_memory", "used_memory_rss")
	if err != nil {
		return err
	}
	if p.Seconds > 0 {
		p.PerSecond = float64(p.People) / p.Seconds
		p.RedisCPUPercent = 100 * (cpu["used_cpu_user"] + cpu["used_cpu_sys"] - r.cpu) / p.Seconds
	}
	p.RedisMemory, p.RedisRSS = int64(memory["used_memory"]), int64(memory["used_memory_rss"])
	r.out.Phases = append(r.out.Phases, p)
	r.o.Progress(fmt.Sprintf("ten-million: %s: %.1f s, %d people (%.0f/s), Redis %.0f %% of a core and %.1f MB", p.Name, p.Seconds, p.People, p.PerSecond, p.RedisCPUPercent, float64(p.RedisMemory)/1e6))
	return nil
}

// leastMemory is the smallest of many readings: what goes beyond it are the buffers of requests under way.
func (r *run) leastMemory(ctx context.Context) (least int64, err error) {
	for range 30 {
		all, err := info(ctx, r.redis, "memory", "used_memory")
		if err != nil {
			return 0, err
		}
		if used := int64(all["used_memory"]); least == 0 || used < least {
			least = used
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return 0, err
		}
	}
	return least, nil
}

func (r *run) measureEmpty(ctx context.Context) (people int, note string, err error) {
	r.memory.Before, err = r.leastMemory(ctx)
	return 0, fmt.Sprintf("%d bytes used, gateways connected", r.memory.Before), err
}

func (r *run) joins(ctx context.Context, command string) (people int, note string, err error) {
	e, err := r.drill.do(ctx, command, command)
	return e.People, fmt.Sprintf("%.0f joins/s over %d gateways", float64(e.People)/e.Seconds, r.o.DrillGateways), err
}

func (r *run) joinTogether(ctx context.Context, begin chan<- struct{}) (people int, note string, err error) {
	close(begin)
	began := time.Now()
	e, err := r.drill.do(ctx, "join", "join")
	if err != nil {
		return 0, "", err
	}
	if err := r.watch(ctx, time.Time{}, func() bool { return r.crowd.joined.Load() >= int64(r.o.HTTPVisitors) }); err != nil {
		return 0, "", err
	}
	took := time.Since(began).Seconds()
	return e.People + r.o.HTTPVisitors, fmt.Sprintf("%d over HTTP: %.0f joins/s", r.o.HTTPVisitors, float64(r.o.HTTPVisitors)/took), nil
}

func (r *run) wait(ctx context.Context) (people int, note string, err error) {
	r.crowd.silent.Store(r.clock.At(time.Now()))
	e, err := r.drill.do(ctx, "silence", "silence")
	if err != nil {
		return 0, "", err
	}
	if err := r.watch(ctx, time.Now().Add(r.plan.Steady), func() bool { return false }); err != nil {
		return 0, "", err
	}
	ghosts := r.findGhosts()
	return r.o.Visitors, fmt.Sprintf("%d fell silent at the beginning, %d of them of the drill", len(ghosts), e.People), nil
}

// findGhosts tells the reader of admissions for whom nobody waits. It needs every number to have been given, and the line to have said so.
func (r *run) findGhosts() map[int64]struct{} {
	ghosts, mine := map[int64]struct{}{}, map[int64]struct{}{}
	r.crowd.each(func(id int, v *visitor) {
		mine[v.number] = struct{}{}
		if ghost(id) {
			ghosts[v.number] = struct{}{}
		}
	})
	for n := int64(r.plan.GhostEvery); n <= r.drill.latest().Issued; n += int64(r.plan.GhostEvery) {
		if _, http := mine[n]; !http {
			ghosts[n] = struct{}{}
		}
	}
	r.feed.skip(ghosts)
	r.ghosts = len(ghosts)
	return ghosts
}

func (r *run) measureWaiting(ctx context.Context) (people int, note string, err error) {
	if r.memory.After, err = r.leastMemory(ctx); err != nil {
		return 0, "", err
	}
	r.memory.Waiting = int64(r.o.Visitors) // the ghosts among them: their places are kept as well
	r.out.Programs = programs(r.s.PIDs, r.drill.p.PID())
	grown := r.memory.After - r.memory.Before
	return r.o.Visitors, fmt.Sprintf("%d bytes used: %d more than empty, %.3f a visitor", r.memory.After, grown, float64(grown)/float64(r.o.Visitors)), nil
}

// openFirst opens the line with a cap that is lower than rate and session length ask for, and goes on until it has held the line up for a while.
func (r *run) openFirst(ctx context.Context) (people int, note string, err error) {
	at := time.Now()
	if err := r.set(ctx, "queue", r.plan.FirstCap); err != nil {
		return 0, "", err
	}
	r.crowd.open(at, r.plan.RatePerMinute)
	var full time.Time // since when the cap has held the line up
	err = r.watch(ctx, time.Time{}, func() bool {
		switch {
		case r.drill.latest().Active < int64(r.plan.FirstCap)*98/100:
			full = time.Time{}
		case full.IsZero():
			full = time.Now()
		}
		return !full.IsZero() && time.Since(full) >= r.plan.CapFor || r.feed.admitted.Load() >= int64(r.o.Visitors)*6/10
	})
	people = int(r.feed.admitted.Load())
	if full.IsZero() {
		return people, "the cap was never reached", err
	}
	return people, fmt.Sprintf("the cap of %d held the line up for %.1f s", r.plan.FirstCap, time.Since(full).Seconds()), err
}

// openWide raises the cap in the middle of it, and goes on until everybody who is not a ghost has been admitted and knows it.
func (r *run) openWide(ctx context.Context) (people int, note string, err error) {
	before := r.feed.admitted.Load()
	if err := r.set(ctx, "queue", r.plan.Cap); err != nil {
		return 0, "", err
	}
	wanted := int64(r.o.Visitors - r.ghosts)
	if err := r.watch(ctx, time.Time{}, func() bool { return r.feed.expected.Load() >= wanted }); err != nil {
		return 0, "", err
	}
	people = int(r.feed.admitted.Load() - before)
	r.crowd.comeBack.Store(true) // the last ghosts are passed over by nobody
	err = r.watch(ctx, time.Time{}, func() bool { return r.crowd.done() >= r.o.HTTPVisitors })
	if err != nil {
		return 0, "", err
	}
	// The line's own count is read once more, and the record after it.
	if err := pause(ctx, 2*time.Second); err != nil {
		return 0, "", err
	}
	return people, fmt.Sprintf("%d admitted in all", r.feed.admitted.Load()), r.feed.read(ctx)
}

// watch looks ten times a second whether the phase is over, and says how it stands every five seconds. A zero time is no end.
func (r *run) watch(ctx context.Context, end time.Time, over func() bool) error {
	said, before := time.Now(), r.feed.admitted.Load()
	for i := 1; ; i++ {
		select {
		case <-r.drill.p.Done():
			_, err := r.drill.await(ctx, "nothing") // says what is known of its end
			return err
		default:
		}
		if over() || !end.IsZero() && time.Now().After(end) {
			return nil
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
		if i%50 == 0 {
			l, now, admitted := r.drill.latest(), time.Now(), r.feed.admitted.Load()
			if r.crowd.opened.Load() > 0 {
				r.crowd.pace(admitted-before, now.Sub(said))
			}
			said, before = now, admitted
			r.o.Progress(fmt.Sprintf("ten-million: %d waiting, %d active, %d admitted; %s", l.Waiting, l.Active, admitted, r.crowd))
		}
	}
}
