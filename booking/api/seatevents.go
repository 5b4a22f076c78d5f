package api

import (
	"context"
	"strconv"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/endpoint"
	"anteroom/internal/endpoint/events"
	"anteroom/internal/fault"
)

// DefaultWatchers is how many streams of seats a process serves at once where nothing else is said.
const DefaultWatchers = 2000

var errTooManyWatchers = fault.New(fault.Unavailable, "too-many-watchers", "Too many are watching; ask for the state now and then instead.").After(10 * time.Second)

// seatFeeds tell those who watch a show's seats that these have changed, not how: each is told that by its own stream when it is ready, in one piece
// if it was slow.
type seatFeeds = events.Feeds[int64, *seatSnapshot]

func newSeatFeeds(views *seatViews, limit int) *seatFeeds {
	if limit <= 0 {
		limit = DefaultWatchers
	}
	return events.NewFeeds(limit, errTooManyWatchers, views.watch)
}

// watch looks at a show until it is stopped, once in the time that a state is kept for those who ask too. While the database is away there is
// nothing to tell.
func (v *seatViews) watch(ctx context.Context, show int64, tell func(*seatSnapshot)) {
	tick := time.NewTicker(stateTTL)
	defer tick.Stop()
	told := int64(wholeState)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if now, err := v.of(show).now.get(); err == nil && now.state.Version != told {
			tell(now)
			told = now.state.Version
		}
	}
}

// watchSeats answers with a stream. A client that comes back says by Last-Event-ID what it had, as browsers do by themselves.
func (a *API) watchSeats(ctx *fasthttp.RequestCtx, show booking.Show) error {
	since, err := endpoint.QueryInt(ctx, "since", wholeState, 0, 1<<53)
	if err != nil {
		return err
	}
	if last, err := strconv.ParseInt(string(ctx.Request.Header.Peek("Last-Event-ID")), 10, 64); err == nil {
		since = last
	}
	now, err := a.seats.of(show.ID).now.get()
	if err != nil {
		return err
	}
	news, leave, err := a.feeds.Watch(show.ID)
	if err != nil {
		return err
	}
	open := metrics.GetOrCreateGauge(seatWatchers, nil)
	open.Inc()
	ends, _ := ctx.UserValue(passEnds{}).(time.Time) // the client comes back with the pass that it has by then
	events.Stream[*seatSnapshot]{
		First: now, News: news, Event: (&watcher{version: since}).event, Until: ends,
		Leave: func() { leave(); open.Dec() },
	}.Answer(ctx)
	return nil
}

// watcher is what the client of a stream knows.
type watcher struct {
	told    bool
	version int64 // or wholeState: nothing
	layout  int   // of that
}

// event is what the client does not have yet. To one that has it all the first event still says so.
func (w *watcher) event(now *seatSnapshot) []byte {
	// An older one comes from a replica that is behind the one before.
	if w.told && now.state.Version <= w.version && now.state.LayoutVersion == w.layout {
		return nil
	}
	body := now.full()
	if w.version != wholeState {
		body = now.since(w.version)
	}
	name := "changes"
	if body == now.full() {
		name = "state"
	}
	w.told, w.version, w.layout = true, now.state.Version, now.state.LayoutVersion
	return events.Text(name, strconv.FormatInt(now.state.Version, 10), body.plain)
}
