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

	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/service"
	"anteroom/waitroom"
	"anteroom/waitroom/api"
	"anteroom/waitroom/apps"
	"anteroom/waitroom/notary"
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
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	g, err := newGateway(s, log)
	if err != nil {
		return err
	}
	defer g.close()
	return service.Run(ctx, service.Options{
		Name: "waitroom", Log: log, Listen: s.Listen, OpsListen: s.OpsListen,
		Handler: g.public, Private: g.private, Tasks: g.tasks, Checks: g.checks, Started: started,
		Server: func(server *fasthttp.Server) {
			server.MaxRequestBodySize = proxy.MaxBody
			server.ErrorHandler = proxy.OnError
		},
	})
}

// gateway is all parts, wired.
type gateway struct {
	public, private fasthttp.RequestHandler
	tasks           []func(context.Context) error
	checks          []service.Check
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
	booking, err := proxy.NewUpstream("booking", s.BookingURL)
	if err != nil {
		return nil, err
	}
	admin, err := proxy.NewUpstream("admin", s.AdminURL)
	if err != nil {
		return nil, err
	}
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
	queue := watchedLine{redisqueue.New(client, s.KeyPrefix, redisqueue.WithDurability(durability)), seen}
	live := rooms.New(queue, log)
	passes := auth.NewPassVerifier(keys)
	staff := auth.NewRemoteKeys(s.StaffJWKSURL)
	seen.watch(live)
	desk := waitroom.NewDesk(queue, live, keys, passes, seen)

	visitor := &api.Visitor{Desk: desk, Line: queue, Fair: seen, Keys: keys, Streams: s.MaxStreams, Secure: s.Secure, Log: log}
	control := &api.Control{Line: queue, Live: live, Staff: auth.NewStaffVerifier(staff, api.Audience), Log: log}
	front := &proxy.Front{
		Gate:    &proxy.Gate{Rooms: live, Keeper: desk, Passes: passes, Secure: s.Secure, Page: &page.Page{Secure: s.Secure}, Seen: seen},
		Visitor: visitor.Handler(), Apps: web.Handler, Booking: booking, Admin: admin, HTTPS: s.Secure, Log: log, Seen: seen,
	}
	return &gateway{
		public:  front.Handler(),
		private: control.Handler(),
		tasks: []func(context.Context) error{
			live.Run,
			notary.New(queue, live, keys, log).Run,
			stock.New(queue, live, s.BookingURL, log).Run,
			func(ctx context.Context) error { staff.Run(ctx); return nil },
		},
		// The back office's keys are no check: visitors are served without them.
		checks: []service.Check{{Name: "redis", Probe: queue.Ping}, {Name: "rooms", Probe: live.Ready}},
		close: func() {
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
