package visit

import (
	"context"
	"net/http"
	"sync"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/progress"
)

// watcher looks on while the load goes on: it reads what the room says of itself, notes how the generator fares, and feeds the board.
type watcher struct {
	*crowd
	total time.Duration // until the deadline

	mu     sync.Mutex
	sample *journal.Sample // the newest
	public serving         // the newest
	lag    time.Duration   // of the generator, the newest
	noted  int             // samples
}

// run returns when ctx ends and all that it started has.
func (w *watcher) run(ctx context.Context, p *prepared) {
	var all sync.WaitGroup
	all.Go(func() {
		w.monitor.Run(ctx, func(g journal.Generator) {
			w.journal.Generator(g)
			w.mu.Lock()
			w.lag = time.Duration(g.LagP99MS * float64(time.Millisecond))
			w.mu.Unlock()
		})
	})
	all.Go(func() { w.listen(ctx) })
	if p.desk != nil {
		all.Go(func() { w.sampling(ctx, p.desk) })
		if w.draws() {
			all.Go(func() {
				if err := w.giveBeacon(ctx, p.desk); err != nil && ctx.Err() == nil {
					w.say("the draw's beacon: " + err.Error())
				}
			})
		}
	}
	if w.o.Board != nil {
		all.Go(func() { w.show(ctx) })
	}
	all.Wait()
}

// listen reads once a second what the room tells everybody, from any gateway that is up.
func (w *watcher) listen(ctx context.Context) {
	_ = until(ctx, time.Second, func() (bool, error) {
		var now serving
		err := w.visit(ctx, func(v *client) error { return v.do(ctx, http.MethodGet, w.path("/serving"), nil, &now) })
		if err != nil {
			return false, err
		}
		w.serving.Store(now.Serving)
		w.waiting.Store(now.Waiting)
		w.looks.Add(1)
		w.mu.Lock()
		w.public = now
		w.mu.Unlock()
		return false, nil
	})
}

// seatsEvery is how many samples there are for one look at the stock.
const seatsEvery = 4

// sampling reads the server's own view of the room twice a second. While the back office does not answer there are no samples.
func (w *watcher) sampling(ctx context.Context, d *desk) {
	free := int64(0)
	_ = until(ctx, 500*time.Millisecond, func() (bool, error) {
		asked, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		if w.noted%seatsEvery == 0 {
			var about show
			if d.do(asked, http.MethodGet, "/api/v1/shows/"+w.profile.Show, nil, &about) == nil {
				free = int64(about.SeatsAvailable)
			}
		}
		now, err := d.read(asked)
		if err != nil {
			return false, err
		}
		l := now.Live
		s := journal.Sample{
			At: w.clock.At(time.Now()), Issued: l.Issued, Serving: l.Serving, Waiting: l.Waiting, Active: l.Active,
			AdmittedTotal: l.AdmittedTotal, AdmittedLastMinute: l.AdmittedLastMinute, SeatsFree: free,
		}
		w.journal.Sample(s)
		w.mu.Lock()
		w.sample, w.noted = &s, w.noted+1
		w.mu.Unlock()
		return false, nil
	})
}

// show feeds the board once a second.
func (w *watcher) show(ctx context.Context) {
	last := time.Now()
	_ = until(ctx, time.Second, func() (bool, error) {
		now := time.Now()
		seen := w.tally.look()
		arrived, _ := w.counts()
		w.mu.Lock()
		s := progress.Snapshot{
			Phase: "loading", Elapsed: max(now.Sub(w.begins), 0), Total: w.total, Arrived: arrived, Visitors: w.expected(), InFlight: w.monitor.Now(),
			Errors: seen.errors, P99: seen.p99, Waiting: w.public.Waiting, Active: -1, Admitted: seen.admitted, Sold: seen.sold,
			OrderSoFar: seen.inverted, Lag: w.lag,
		}
		if w.sample != nil {
			s.Waiting, s.Active = w.sample.Waiting, w.sample.Active
		}
		w.mu.Unlock()
		if took := now.Sub(last).Seconds(); took > 0.1 {
			s.PerSecond = float64(seen.answers) / took
		}
		last = now
		w.shown.Store(&s)
		w.o.Board.Show(s)
		return false, nil
	})
}

// expected is how many visitors this part of the run lets arrive.
func (c *crowd) expected() int {
	return (c.profile.Count() - c.o.Part + c.o.Parts - 1) / c.o.Parts
}

// say tells the board something.
func (c *crowd) say(text string) {
	if c.o.Board != nil {
		c.o.Board.Line(text)
	}
}
