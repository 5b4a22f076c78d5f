package api

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

// DefaultWatchers is how many streams of seats a process serves at once where nothing else is said.
const DefaultWatchers = 2000

const (
	beatEvery  = 15 * time.Second // a comment, where nothing was told for so long
	writeLimit = 20 * time.Second // a watcher who takes longer to take an event is gone
)

var errTooManyWatchers = fault.New(fault.Unavailable, "too-many-watchers", "Too many are watching; ask for the state now and then instead.").After(10 * time.Second)

// seatFeeds tell those who watch a show's seats when these have changed. A show that is watched is looked at by one goroutine, which ends with the
// last watcher. Safe for concurrent use.
type seatFeeds struct {
	views *seatViews
	limit int

	mu    sync.Mutex
	count int
	feeds map[int64]*seatFeed
}

// seatFeed is one show being watched. Its watchers are guarded by seatFeeds.mu.
type seatFeed struct {
	watchers map[*watcher]struct{}
	stop     context.CancelFunc
}

// watcher is one stream. It is told that there is something new, not what: it fetches that when it is ready, in one piece if it was slow.
type watcher struct {
	news     chan *seatSnapshot // the newest only
	conn     net.Conn
	shutdown <-chan struct{}
	until    time.Time // when its pass runs out; zero: never
	version  int64     // that the client has, or wholeState
	layout   int       // of that
}

func newSeatFeeds(views *seatViews, limit int) *seatFeeds {
	if limit <= 0 {
		limit = DefaultWatchers
	}
	return &seatFeeds{views: views, limit: limit, feeds: map[int64]*seatFeed{}}
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
	// The RequestCtx is not to be touched once this returns. A connection is not used again after a stream: its deadline is set.
	w := &watcher{news: make(chan *seatSnapshot, 1), conn: ctx.Conn(), shutdown: ctx.Done(), version: since}
	w.until, _ = ctx.UserValue(passEnds{}).(time.Time)
	if err := a.feeds.join(show.ID, w); err != nil {
		return err
	}
	ctx.SetConnectionClose()
	ctx.Response.Header.SetContentType("text/event-stream; charset=utf-8")
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	ctx.Response.Header.Set("X-Accel-Buffering", "no") // a proxy that gathers answers must not gather this one
	ctx.SetBodyStreamWriter(func(out *bufio.Writer) {
		defer a.feeds.leave(show.ID, w)
		w.run(out, now)
	})
	return nil
}

func (s *seatFeeds) join(show int64, w *watcher) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count >= s.limit {
		return errTooManyWatchers
	}
	s.count++
	metrics.GetOrCreateGauge(seatWatchers, nil).Inc()
	f := s.feeds[show]
	if f == nil {
		ctx, cancel := context.WithCancel(context.Background())
		f = &seatFeed{watchers: map[*watcher]struct{}{}, stop: cancel}
		s.feeds[show] = f
		go s.run(ctx, show, f)
	}
	f.watchers[w] = struct{}{}
	return nil
}

func (s *seatFeeds) leave(show int64, w *watcher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count--
	metrics.GetOrCreateGauge(seatWatchers, nil).Dec()
	f := s.feeds[show]
	delete(f.watchers, w)
	if len(f.watchers) == 0 {
		f.stop()
		delete(s.feeds, show)
	}
}

// run looks at the show until it is stopped, once in the time that a state is kept for those who ask too. While the database is away there is
// nothing to tell.
func (s *seatFeeds) run(ctx context.Context, show int64, f *seatFeed) {
	tick := time.NewTicker(stateTTL)
	defer tick.Stop()
	told := int64(wholeState)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if now, err := s.views.of(show).now.get(); err == nil && now.state.Version != told {
			s.tell(f, now)
			told = now.state.Version
		}
	}
}

func (s *seatFeeds) tell(f *seatFeed, now *seatSnapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for w := range f.watchers {
		select {
		case <-w.news:
		default:
		}
		w.news <- now // there is room: only this goroutine sends, under the lock
	}
}

// run writes events until the server stops, the pass runs out, or the client is gone or does not read.
func (w *watcher) run(out *bufio.Writer, now *seatSnapshot) {
	beat := time.NewTimer(beatEvery)
	defer beat.Stop()
	var over <-chan time.Time
	if !w.until.IsZero() {
		timer := time.NewTimer(time.Until(w.until))
		defer timer.Stop()
		over = timer.C
	}
	err := w.tell(out, now)
	for err == nil {
		select {
		case <-w.shutdown:
			return
		case <-over:
			return // the client comes back with the pass that it has by then
		case now = <-w.news:
			// An older one comes from a replica that is behind the one before.
			if now.state.Version > w.version || now.state.LayoutVersion != w.layout {
				err = w.tell(out, now)
			}
		case <-beat.C:
			err = w.write(out, []byte(": still here\n\n"))
		}
		beat.Reset(beatEvery)
	}
}

// tell writes what the client does not have yet. To one that has it all the first event still says so.
func (w *watcher) tell(out *bufio.Writer, now *seatSnapshot) error {
	body := now.full()
	if w.version != wholeState {
		body = now.since(w.version)
	}
	name := "changes"
	if body == now.full() {
		name = "state"
	}
	w.version, w.layout = now.state.Version, now.state.LayoutVersion
	var event bytes.Buffer // JSON without line breaks fits one data line
	event.WriteString("event: " + name + "\nid: " + strconv.FormatInt(now.state.Version, 10) + "\ndata: ")
	event.Write(body.plain)
	event.WriteString("\n\n")
	return w.write(out, event.Bytes())
}

func (w *watcher) write(out *bufio.Writer, text []byte) error {
	if err := w.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	if _, err := out.Write(text); err != nil {
		return err
	}
	return out.Flush()
}
