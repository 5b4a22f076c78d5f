package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"time"

	adminapi "anteroom/admin-api"
	"anteroom/admin-api/api"
	"anteroom/admin-api/postgres"
	"anteroom/admin-api/upstream"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/service"
)

const (
	liveInterval = time.Second
	callTimeout  = 3 * time.Second // one call of the database or of another service
	maxStreams   = 200
	tidyInterval = 30 * time.Second
	// An intent this old belongs to a change that is over: none takes longer than a request may.
	intentLost = time.Minute
)

// settings of serve; see --help.
type settings struct {
	listen, opsListen, databaseURL, waitroomURL, bookingURL, keysFile string

	secureCookies bool
	profiles      bool
	callTimeout   time.Duration
	started       func(public, private net.Addr) // for tests; may be nil
	log           *slog.Logger
}

func serveCommand(args []string) error {
	s := settings{callTimeout: callTimeout, log: slog.New(slog.NewJSONHandler(os.Stderr, nil))}
	f := service.NewFlags("admin-api serve", "ADMIN", os.Stderr)
	f.String(&s.listen, "listen", ":8082", "address of the public port, host:port")
	f.String(&s.opsListen, "ops-listen", ":9082", "address of the private port (health, readiness, metrics, profiles), host:port")
	databaseFlag(f, &s.databaseURL)
	f.String(&s.waitroomURL, "waitroom-url", "http://127.0.0.1:9080", "private port of the waiting room, URL")
	f.String(&s.bookingURL, "booking-url", "http://127.0.0.1:9081", "private port of booking, URL")
	keysFlag(f, &s.keysFile)
	f.Bool(&s.secureCookies, "secure-cookies", false, "session cookie only over HTTPS, with the __Host- prefix")
	f.Bool(&s.profiles, "profiles", false, "serve profiles under /debug/pprof on the private port")
	if err := parse(f, args); err != nil {
		return err
	}
	if err := s.validate(); err != nil {
		return f.Fail(err)
	}
	return serve(context.Background(), s)
}

func (s settings) validate() error {
	for name, value := range map[string]string{"waitroom-url": s.waitroomURL, "booking-url": s.bookingURL} {
		u, err := url.Parse(value)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			return fmt.Errorf("--%s is not an http URL", name)
		}
	}
	return checkDatabaseURL(s.databaseURL)
}

// serve runs the service until ctx or the process is told to end.
func serve(ctx context.Context, s settings) error {
	keys, err := auth.LoadKeys(s.keysFile)
	if err != nil {
		return fmt.Errorf("%w (admin-api keys init makes it)", err)
	}
	store, err := postgres.Open(s.databaseURL, s.callTimeout)
	if err != nil {
		return err
	}
	defer store.Close()
	gateway := upstream.NewGateway(s.waitroomURL, keys, s.callTimeout)
	handler := api.New(api.Config{
		Log:      s.log,
		Sessions: adminapi.NewSessions(store, store),
		Rooms:    adminapi.NewRooms(gateway, store),
		Live:     adminapi.NewLive(gateway, liveInterval, maxStreams),
		Orders:   upstream.NewBooking(s.bookingURL, keys, s.callTimeout),
		Audit:    store,
		JWKS:     keys.PublicJWKS(),
		Secure:   s.secureCookies,
	})
	return service.Run(ctx, service.Options{
		Name: "admin-api", Log: s.log, Listen: s.listen, OpsListen: s.opsListen, Handler: handler,
		Access: &endpoint.Access{Log: s.log, Trusted: endpoint.Anybody}, Profiles: s.profiles,
		Checks:  []service.Check{{Name: "postgresql", Probe: store.Ping}, {Name: "schema", Probe: store.Current}},
		Tasks:   []func(context.Context) error{func(ctx context.Context) error { return tidy(ctx, store, s.log) }},
		Started: s.started,
	})
}

// tidy completes the audit after a crash and removes what has ended, at the start and now and then.
func tidy(ctx context.Context, store *postgres.Store, log *slog.Logger) error {
	for {
		lost, err := store.Recover(ctx, intentLost)
		if lost > 0 {
			log.Warn("changes whose end was not recorded were written to the audit as failed", "count", lost)
		}
		// PostgreSQL being away is told by /readyz, not here every time.
		if err := errors.Join(err, store.Tidy(ctx)); err != nil && ctx.Err() == nil {
			log.Debug("tidying up must wait", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(tidyInterval):
		}
	}
}
