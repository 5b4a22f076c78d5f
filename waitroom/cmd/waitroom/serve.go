package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/service"
	"anteroom/waitroom"
	"anteroom/waitroom/adaptive"
	"anteroom/waitroom/api"
	"anteroom/waitroom/apps"
	"anteroom/waitroom/guard"
	"anteroom/waitroom/notary"
	"anteroom/waitroom/ops"
	"anteroom/waitroom/page"
	"anteroom/waitroom/proxy"
	"anteroom/waitroom/redisqueue"
	"anteroom/waitroom/rooms"
	"anteroom/waitroom/stock"
)

func serve(args []string) error {
	s, err := parseServe(args)
	if err != nil {
		return err
	}
	return run(context.Background(), s, nil)
}

// run serves until ctx ends or the process is told to stop; started learns the real addresses and may be nil.
func run(ctx context.Context, s settings, started func(public, private net.Addr)) error {
	log := s.log()
	g, err := newGateway(s, log)
	if err != nil {
		return err
	}
	defer g.close()
	return service.Run(ctx, service.Options{
		Name: "waitroom", Log: log, Listen: s.Listen, OpsListen: s.OpsListen,
		Handler: g.public, Private: g.private, Tasks: g.tasks, Checks: g.checks, Started: started,
		Access: g.seen.access, Profiles: s.Profiles, DrainDelay: s.DrainDelay, Parking: &g.seen.parking, Wrap: g.wrap,
		Server: func(server *fasthttp.Server) {
			server.StreamRequestBody = true // what is forwarded streams; what we answer ourselves is read whole, and bounded
			server.MaxRequestBodySize = proxy.MaxBody
			server.ErrorHandler = proxy.OnError
			g.seen.server.Store(server)
		},
	})
}

// gateway is all parts, wired.
type gateway struct {
	public, private fasthttp.RequestHandler
	tasks           []func(context.Context) error
	checks          []service.Check
	seen            *observer
	wrap            func(net.Listener) net.Listener
	close           func()
}

func newGateway(s settings, log *slog.Logger) (*gateway, error) {
	keys, err := auth.LoadKeys(s.KeysFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; make it with: waitroom keys init --keys-file %s", err, s.KeysFile)
	}
	if err != nil {
		return nil, err
	}
	config, err := loadConfiguration(s)
	if err != nil {
		return nil, err
	}
	s.Secure = s.Secure || config.Listen.TLS
	web, err := loadApps(s.SPADir, log)
	if err != nil {
		return nil, err
	}
	client, err := redisqueue.Dial(s.RedisURL)
	if err != nil {
		return nil, err
	}
	seen := newObserver()
	durability := redisqueue.Durability{Fsync: s.Fsync, Replicas: s.Replicas}
	queue := watchedLine{redisqueue.New(client, s.KeyPrefix, redisqueue.WithDurability(durability), redisqueue.WithBatches(seen.batch), redisqueue.WithClock(s.clock)), seen}
	live := rooms.New(queue, log)
	passes := auth.NewPassVerifier(keys)
	staff := auth.NewRemoteKeys(s.StaffJWKSURL)
	seen.live, seen.access = live, s.access(log, nil)
	desk := waitroom.NewDesk(queue, live, keys, passes, seen)
	edge, err := s.serveEdges(desk)
	if err != nil {
		return nil, err
	}
	desk.Guarded(guard.New(keys, seen))
	pressure := adaptive.New(queue, live, log)

	origins, err := api.ParseOrigins(s.CORSOrigins)
	if err != nil {
		return nil, fmt.Errorf("--cors-origins: %w", err)
	}
	visitor := &api.Visitor{Desk: desk, Line: queue, Fair: seen, Keys: keys, Streams: s.MaxStreams, Secure: s.Secure, Pages: &page.Page{Secure: s.Secure}, Origins: origins, Log: log}
	seen.visitor = visitor
	seen.publish()
	recorder := ops.NewRecorder(seen, time.Now())
	control := &api.Control{Line: queue, Live: live, Staff: auth.NewStaffVerifier(staff, api.Audience), Log: log}
	gate := &proxy.Gate{Rooms: live, Keeper: desk, Passes: passes, Secure: s.Secure, Edges: edge != nil, Page: &page.Page{Secure: s.Secure}, Seen: seen}
	visitor.Auth = &api.ForwardAuth{Gate: gate, Admitted: seen.Admitted, Log: log}
	front := &proxy.Front{
		Gate:    gate,
		Visitor: visitor.Handler(), Apps: web.Handler, Staff: auth.NewStaffVerifier(staff, api.Audience), HTTPS: s.Secure, Log: log, Seen: seen, Load: pressure,
	}
	inForce, err := newConfiguration(config, front, log)
	if err != nil {
		return nil, err
	}
	visitor.Auth.Trusted, visitor.Auth.Waive = inForce.trusts, inForce.waive
	inForce.watch(seen)
	return &gateway{
		public:  front.Handler(),
		private: ops.NewPage(recorder).Handler(control.Handler()),
		seen:    seen,
		wrap:    inForce.wrap,
		tasks: []func(context.Context) error{
			live.Run,
			inForce.run,
			recorder.Run,
			pressure.Run,
			notary.New(queue, live, keys, log).Run,
			stock.New(queue, live, s.BookingURL, log).Run,
			func(ctx context.Context) error { staff.Run(ctx); return nil },
			watchKeys(keys, edge, seen, log),
		},
		// The back office's keys are no check: visitors are served without them.
		checks: []service.Check{{Name: "redis", Probe: queue.Ping}, {Name: "rooms", Probe: live.Ready}},
		close: func() {
			inForce.close()
			seen.close()
			client.Close()
		},
	}, nil
}

func loadApps(dir string, log *slog.Logger) (*apps.Apps, error) {
	var folder fs.FS = embed.FS{} // empty
	if dir != "" {
		folder = os.DirFS(dir)
	}
	web, err := apps.Load(folder)
	if err != nil {
		return nil, err
	}
	if missing := web.Missing(); len(missing) > 0 {
		log.Warn("web apps are not built, their pages answer 503", "missing", missing, "spa_dir", dir)
	}
	return web, nil
}
