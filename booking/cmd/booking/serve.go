package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"anteroom/booking"
	"anteroom/booking/api"
	"anteroom/booking/contract"
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
	listen, opsListen    string
	database             string
	pool                 int
	passJWKS, staffJWKS  string
	secure, profiles     bool
	watchers             int
	replica              string
	replicaLag           time.Duration
	sweepEvery           time.Duration
	offerEvery, offerFor time.Duration
	reconcileEvery       time.Duration
	reconcileAfter       time.Duration
	payment              providerSettings
	post                 postSettings
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
	f.String(&s.replica, "replica-url", "", "address of a replica of the database, for seat states and layouts; empty: none")
	f.Duration(&s.replicaLag, "replica-max-lag", 5*time.Second, "age from which a replica's seat states are not used; it is known to a second")
	f.Int(&s.watchers, "watchers", api.DefaultWatchers, "streams of seats that are served at once, 1 to 100000; who is turned away polls")
	f.Bool(&s.secure, "secure-cookies", false, "cookies for HTTPS only, with the __Host- prefix")
	f.Bool(&s.profiles, "profiles", false, "serve profiles under /debug/pprof on the private port")
	f.Duration(&s.sweepEvery, "sweep-every", 5*time.Second, "how often holds that have run out are tidied; nothing depends on it")
	f.Duration(&s.offerEvery, "offer-every", 2*time.Second, "how often seats that have come back are offered to who is on a waiting list")
	f.Duration(&s.offerFor, "offer-for", 30*time.Minute, "how long seats offered to who is on a waiting list are kept, 1s to 24h")
	f.Duration(&s.reconcileEvery, "reconcile-every", 2*time.Second, "how often payments that were left unfinished are looked for")
	f.Duration(&s.reconcileAfter, "reconcile-after", 15*time.Second, "age from which a payment under way counts as left unfinished")
	s.payment.flags(f)
	s.post.flags(f)
	rest, err := f.Parse(args)
	if err != nil {
		return s, err
	}
	if err := s.payment.validate(); err != nil {
		return s, f.Fail(err)
	}
	if err := s.post.validate(s.payment.publicURL); err != nil {
		return s, f.Fail(err)
	}
	switch {
	case len(rest) > 0:
		return s, f.Fail(errors.New("takes no arguments but flags"))
	case s.pool < 2 || s.pool > 1000:
		return s, f.Fail(errors.New("--database-pool must be 2 to 1000"))
	case s.replica != "" && postgres.CheckAddress(s.replica) != nil:
		return s, f.Fail(errors.New("--replica-url cannot be read"))
	case s.watchers < 1 || s.watchers > 100000:
		return s, f.Fail(errors.New("--watchers must be 1 to 100000"))
	case s.offerEvery <= 0 || s.offerFor < time.Second || s.offerFor > 24*time.Hour:
		return s, f.Fail(errors.New("--offer-every must be positive and --offer-for 1s to 24h"))
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
	return service.Run(ctx, options(s, pool, s.payment.make(pool), log, started))
}

// ownContract is the contract that this program was built with; the tests read it too, so it is whole.
var ownContract = sync.OnceValue(func() *contract.Contract {
	c, err := contract.Read(booking.Contract)
	if err != nil {
		panic(err)
	}
	return c
})

// options wires the parts.
func options(s settings, pool *pgxpool.Pool, provider booking.Provider, log *slog.Logger, started func(public, private net.Addr)) service.Options {
	store := postgres.NewStore(pool)
	checkout := booking.NewCheckout(store, provider, log)
	passKeys, staffKeys := auth.NewRemoteKeys(s.passJWKS), auth.NewRemoteKeys(s.staffJWKS)
	catalogue, forReplica := nearby(s, store, log)
	calls := api.New(api.Options{
		Catalogue: catalogue, Holds: store, Waiting: store, Orders: store, Buyers: store, Acts: store, Entries: store, Tickets: store, Privacy: store, Keys: s.post.keys, Checkout: checkout, Quotes: store, Challenges: challenges(provider), Simulated: conditional(provider),
		Passes: auth.NewPassVerifier(passKeys), Staff: auth.NewStaffVerifier(staffKeys, "booking"),
		Contract: ownContract(), Watchers: s.watchers, Secure: s.secure, Log: log,
	})
	o := service.Options{
		Name: "booking", Log: log, Listen: s.listen, OpsListen: s.opsListen,
		Handler: calls.Public(), Private: calls.Control(),
		Access: &endpoint.Access{Log: log, Trusted: endpoint.Anybody}, Profiles: s.profiles,
		Checks: []service.Check{
			{Name: "postgresql", Probe: store.Ready},
			{Name: "pass-keys", Probe: passKeys.Ready},
		},
		Tasks: append(forReplica,
			background(passKeys.Run),
			background(staffKeys.Run),
			every(s.sweepEvery, func(ctx context.Context) { sweep(ctx, store, log) }),
			every(s.offerEvery, func(ctx context.Context) { offer(ctx, store, s.offerFor, log) }),
			background(func(ctx context.Context) {
				checkout.RunInbox(ctx, func(err error) { report(ctx, log, "work on webhooks", err) })
			}),
			every(s.reconcileEvery, func(ctx context.Context) { reconcile(ctx, checkout, s.reconcileAfter, log) }),
		),
		Started: started,
	}
	o.Tasks = append(o.Tasks, s.post.tasks(store, log)...)
	simulated(&o, provider, log)
	return o
}
