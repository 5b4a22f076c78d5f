package main

import (
	"context"
	"errors"
	"net/url"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"anteroom/booking/demo"
	"anteroom/booking/postgres"
	"anteroom/internal/auth/authtest"
	"anteroom/internal/backing"
	"anteroom/internal/backing/process"
	"anteroom/internal/testenv"
)

// stand is the service on a PostgreSQL of its own, each of which a test may kill. The service knows the database by one address, as behind a
// virtual one, which the test leads to whichever server is the primary.
type stand struct {
	t       *testing.T
	options backing.Options
	primary *backing.Backing
	way     *testenv.Cable
	url     string // through the way, with the schema
	pool    *pgxpool.Pool
	store   *postgres.Store
	service *testenv.Program
	rush    *rush
}

const (
	rushClients = 12
	rushRows    = 60 // × 30 seats: more than a test sells
)

func newStand(t *testing.T, fast bool) *stand {
	t.Helper()
	s := &stand{t: t, options: backing.Options{Dir: t.TempDir(), RedisURL: "redis://127.0.0.1:1", Fast: fast}}
	s.startPrimary()
	cable, through := testenv.NewCable(t, s.primary.DatabaseURL)
	s.way = cable
	u, err := url.Parse(through)
	require.NoError(t, err)
	query := u.Query()
	query.Set("search_path", "booking")
	u.RawQuery = query.Encode()
	s.url = u.String()
	_, err = postgres.Migrate(t.Context(), s.url)
	require.NoError(t, err)
	s.pool, err = postgres.Open(s.url, 4)
	require.NoError(t, err)
	t.Cleanup(s.pool.Close)
	s.store = postgres.NewStore(s.pool)
	_, err = s.store.SeedShow(t.Context(), demo.Small("small", "small", rushRows, 10))
	require.NoError(t, err)
	var seats []int64
	require.NoError(t, s.pool.QueryRow(t.Context(), `SELECT array_agg(id ORDER BY ordinal) FROM show_seats`).Scan(&seats))

	keys := authtest.Keys(t)
	address := serveKeys(t, keys)
	s.service = newProgram(t, "--database-url", s.url, "--pass-jwks-url", address, "--staff-jwks-url", address,
		"--sweep-every", "500ms", "--reconcile-every", "200ms", "--reconcile-after", "1s")
	s.rush = newRush(t, s.service.URL(), passFor(t, keys), seats)
	return s
}

// startPrimary starts PostgreSQL, on what it has written before if it has run: then as soon as the last process of that has noticed that the first
// is dead.
func (s *stand) startPrimary() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	var primary *backing.Backing
	var err error
	var inUse *process.InUseError
	require.True(s.t, testenv.Eventually(func() bool {
		primary, err = backing.Start(ctx, s.options)
		return !errors.As(err, &inUse)
	}))
	require.NoError(s.t, err)
	s.primary = primary
	s.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = primary.Stop(ctx)
	})
}

// killPrimary ends PostgreSQL as a power cut would: its first process, without which the others end at once.
func (s *stand) killPrimary() {
	p := s.primary.Children[0]
	p.Signal(syscall.SIGKILL)
	<-p.Done()
}

func (s *stand) leadTo(address string) {
	s.t.Helper()
	u, err := url.Parse(address)
	require.NoError(s.t, err)
	s.way.Lead(u.Host)
}

// findings ends the rush, waits until the service has settled what was under way, and returns what the checker finds, by name.
func (s *stand) findings() map[string][]string {
	s.t.Helper()
	told := s.rush.end()
	s.service.AwaitReady()
	settled := func() bool {
		var open int
		err := s.pool.QueryRow(context.Background(), `
			SELECT (SELECT count(*) FROM payments WHERE state IN ('started', 'authorised')) + (SELECT count(*) FROM refunds WHERE state = 'requested')
			     + (SELECT count(*) FROM orders WHERE state = 'confirming')`).Scan(&open)
		return err == nil && open == 0
	}
	require.True(s.t, testenv.Eventually(settled), "what was under way is not settled")
	report, err := s.store.Check(context.Background())
	require.NoError(s.t, err)
	byJournal, err := s.store.CheckJournal(context.Background(), told)
	require.NoError(s.t, err)
	report.Add(byJournal...)
	found := map[string][]string{}
	for _, c := range report.Checks {
		if c.Count > 0 {
			found[c.Name] = c.Samples
		}
	}
	s.t.Logf("%d requests, %d purchases acknowledged, %d without an answer that says what was done; %d checks, found %v",
		len(told), s.rush.bought.Load(), s.rush.unknown.Load(), len(report.Checks), found)
	return found
}

const purchasesBetween = 30

func TestTheServiceIsKilledInARushAndNothingIsLostOrSoldTwice(t *testing.T) {
	t.Parallel()
	s := newStand(t, false)
	for range 3 {
		s.rush.more(purchasesBetween)
		s.rush.interrupt(s.service.Kill)
		s.service.Start()
	}
	s.rush.more(purchasesBetween)
	found := s.findings()
	require.Empty(t, found)
}

func TestTheDatabaseIsKilledInARushAndNothingIsLostOrSoldTwice(t *testing.T) {
	t.Parallel()
	s := newStand(t, false)
	for range 2 {
		s.rush.more(purchasesBetween)
		s.rush.interrupt(s.killPrimary)
		s.startPrimary()
		s.leadTo(s.primary.DatabaseURL)
	}
	s.rush.more(purchasesBetween)
	found := s.findings()
	require.Empty(t, found)
}

// The control: a database that acknowledges what it has not written. It writes its log a page at a time and soon enough that a kill often takes away
// nothing but a payment, which the service mends by asking the provider; so whoever writes the log is held, and what is acknowledged meanwhile is lost
// for certain. The checker must find it.
func TestControlADatabaseThatDoesNotWaitForItsLogLosesWhatItAcknowledged(t *testing.T) {
	t.Parallel()
	s := newStand(t, true)
	writers := s.holdWriters()
	s.rush.more(purchasesBetween)
	s.rush.interrupt(s.killPrimary)
	for _, pid := range writers { // which cannot notice that the first process is dead
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	}
	s.startPrimary()
	s.leadTo(s.primary.DatabaseURL)
	found := s.findings()
	require.NotEmpty(t, found["11-acknowledged"])
}

// holdWriters stops PostgreSQL's own processes that write its log, or see to it that it is written, and returns their numbers. Each is stopped while
// it waits for work: elsewhere it might have a lock, without which nobody could go on.
func (s *stand) holdWriters() (pids []int) {
	s.t.Helper()
	kinds := []string{"walwriter", "background writer", "checkpointer", "autovacuum launcher"}
	require.NoError(s.t, s.pool.QueryRow(s.t.Context(), `SELECT array_agg(pid) FROM pg_stat_activity WHERE backend_type = ANY ($1)`, kinds).Scan(&pids))
	require.Len(s.t, pids, len(kinds))
	for _, pid := range pids {
		s.t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGCONT) }) // of a test that failed before it was killed
		require.True(s.t, testenv.Eventually(func() bool {
			require.NoError(s.t, syscall.Kill(pid, syscall.SIGSTOP))
			var waits bool
			err := s.pool.QueryRow(s.t.Context(), `SELECT wait_event_type = 'Activity' FROM pg_stat_activity WHERE pid = $1`, pid).Scan(&waits)
			if err != nil || !waits {
				require.NoError(s.t, syscall.Kill(pid, syscall.SIGCONT))
			}
			return err == nil && waits
		}), "it always has something to do")
	}
	return pids
}

// promote makes the replica the primary.
func (s *stand) promote(replica *backing.Replica) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	pool, err := pgxpool.New(ctx, replica.URL)
	require.NoError(s.t, err)
	defer pool.Close()
	var promoted bool
	require.NoError(s.t, pool.QueryRow(ctx, `SELECT pg_promote(true, 60)`).Scan(&promoted))
	require.True(s.t, promoted)
	s.leadTo(replica.URL)
}

// replica starts a standby of the primary, which it reaches at the address given.
func (s *stand) replica(primary string) *backing.Replica {
	s.t.Helper()
	replica, err := backing.StartReplica(s.t.Context(), s.t.TempDir(), primary)
	require.NoError(s.t, err)
	s.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = replica.Process.Stop(ctx)
	})
	return replica
}

func TestASynchronousReplicaIsPromotedInARushAndNothingIsLostOrSoldTwice(t *testing.T) {
	t.Parallel()
	s := newStand(t, false)
	replica := s.replica(s.primary.DatabaseURL)
	for _, sql := range []string{`ALTER SYSTEM SET synchronous_standby_names = '*'`, `SELECT pg_reload_conf()`} {
		_, err := s.pool.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	require.True(t, testenv.Eventually(func() bool {
		var state string
		err := s.pool.QueryRow(t.Context(), `SELECT coalesce(max(sync_state), '') FROM pg_stat_replication`).Scan(&state)
		return err == nil && state == "sync"
	}), "the replica does not become a synchronous one")
	s.rush.more(purchasesBetween)
	s.rush.interrupt(s.killPrimary)
	s.promote(replica)
	s.rush.more(purchasesBetween)
	found := s.findings()
	require.Empty(t, found)
}

// The control: nobody waits for the replica, and it is behind.
func TestControlAReplicaThatNobodyWaitsForLosesWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	s := newStand(t, false)
	cable, through := testenv.NewCable(t, s.primary.DatabaseURL)
	replica := s.replica(through)
	cable.Cut()
	s.rush.more(purchasesBetween)
	s.rush.interrupt(s.killPrimary)
	s.promote(replica)
	s.rush.more(purchasesBetween)
	found := s.findings()
	require.NotEmpty(t, found["11-acknowledged"])
}
