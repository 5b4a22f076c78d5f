package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"anteroom/booking"
	"anteroom/booking/api"
	"anteroom/booking/payment"
	"anteroom/booking/postgres"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/service"
)

const (
	envPrefix       = "BOOKING"
	defaultDatabase = "postgres://postgres@127.0.0.1:5432/postgres?search_path=booking"
	databaseUsage   = "address of PostgreSQL, postgres://user@host:port/database?search_path=booking; tables are in the schema named first"
)

// settings of booking serve.
type settings struct {
	listen, opsListen   string
	database            string
	pool                int
	passJWKS, staffJWKS string
	secure, profiles    bool
	sweepEvery          time.Duration
	reconcileEvery      time.Duration
	reconcileAfter      time.Duration
}

func readSettings(args []string, errOut io.Writer) (settings, error) {
	var s settings
	f := service.NewFlags("booking serve", envPrefix, errOut)
	f.String(&s.listen, "listen", ":8081", "address of the public port")
	f.String(&s.opsListen, "ops-listen", ":9081", "address of the private port: health, metrics, control API")
	f.String(&s.database, "database-url", defaultDatabase, databaseUsage)
	f.Int(&s.pool, "database-pool", 16, "connections to PostgreSQL, 2 to 1000")
	f.String(&s.passJWKS, "pass-jwks-url", "http://127.0.0.1:8080/.well-known/jwks.json", "where the waiting room publishes the keys of its passes")
	f.String(&s.staffJWKS, "staff-jwks-url", "http://127.0.0.1:8082/admin/api/.well-known/jwks.json", "where the back office publishes the keys of its staff tokens")
	f.Bool(&s.secure, "secure-cookies", false, "cookies for HTTPS only, with the __Host- prefix")
	f.Bool(&s.profiles, "profiles", false, "serve profiles under /debug/pprof on the private port")
	f.Duration(&s.sweepEvery, "sweep-every", 5*time.Second, "how often holds that have run out are tidied; nothing depends on it")
	f.Duration(&s.reconcileEvery, "reconcile-every", 2*time.Second, "how often payments that were left unfinished are looked for")
	f.Duration(&s.reconcileAfter, "reconcile-after", 15*time.Second, "age from which a payment under way counts as left unfinished")
	rest, err := f.Parse(args)
	if err != nil {
		return s, err
	}
	switch {
	case len(rest) > 0:
		return s, f.Fail(errors.New("takes no arguments but flags"))
	case s.pool < 2 || s.pool > 1000:
		return s, f.Fail(errors.New("--database-pool must be 2 to 1000"))
	case s.sweepEvery <= 0 || s.reconcileEvery <= 0 || s.reconcileAfter < 0:
		return s, f.Fail(errors.New("--sweep-every, --reconcile-every and --reconcile-after must be positive"))
	}
	return s, nil
}

// serve runs the service until it is told to stop; started, if not nil, learns the real addresses.
func serve(ctx context.Context, args []string, errOut io.Writer, started func(public, private net.Addr)) error {
	s, err := readSettings(args, errOut)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(errOut, nil))
	pool, err := postgres.Open(s.database, s.pool)
	if err != nil {
		return err
	}
	defer pool.Close()
	return service.Run(ctx, options(s, pool, payment.NewSimulator(pool), log, started))
}

// options wires the parts.
func options(s settings, pool *pgxpool.Pool, provider booking.Provider, log *slog.Logger, started func(public, private net.Addr)) service.Options {
	store := postgres.NewStore(pool)
	checkout := booking.NewCheckout(store, provider, log)
	passKeys, staffKeys := auth.NewRemoteKeys(s.passJWKS), auth.NewRemoteKeys(s.staffJWKS)
	calls := api.New(api.Options{
		Catalogue: store, Holds: store, Orders: store, Buyers: store, Checkout: checkout,
		Passes: auth.NewPassVerifier(passKeys), Staff: auth.NewStaffVerifier(staffKeys, "booking"),
		Secure: s.secure, Log: log,
	})
	return service.Options{
		Name: "booking", Log: log, Listen: s.listen, OpsListen: s.opsListen,
		Handler: calls.Public(), Private: calls.Control(),
		Access: &endpoint.Access{Log: log, Trusted: endpoint.Anybody}, Profiles: s.profiles,
		Checks: []service.Check{
			{Name: "postgresql", Probe: store.Ready},
			{Name: "pass-keys", Probe: passKeys.Ready},
		},
		Tasks: []func(context.Context) error{
			background(passKeys.Run),
			background(staffKeys.Run),
			every(s.sweepEvery, func(ctx context.Context) { sweep(ctx, store, log) }),
			every(s.reconcileEvery, func(ctx context.Context) { reconcile(ctx, checkout, s.reconcileAfter, log) }),
		},
		Started: started,
	}
}
