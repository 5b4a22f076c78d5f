package postgres

import (
	"context"
	"crypto/sha256"
	"maps"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/demo"
	"anteroom/internal/auth"
	"anteroom/internal/testenv"
)

// patience is how long a test waits for what must happen; nothing is concluded from how long it took.
const patience = time.Minute

// hall is a test's own schema with one show.
type hall struct {
	*Store
	t     testing.TB
	url   string
	seats []int64 // of the show "small", in layout order
}

// patient are the limits of a test's sessions: long ones, for a stall of the machine is no finding. A lock is waited for so long that what would be a
// deadlock is found to be one, where the service's own limit is over before anybody looks for it.
var patient = map[string]string{"lock_timeout": "60s", "statement_timeout": "120s", "idle_in_transaction_session_timeout": "120s"}

// newHall makes a schema with a show of 3 sections, rows × 3 × 10 seats.
func newHall(t testing.TB, rows int) *hall {
	url := testenv.Postgres(t)
	// Those who test migrating have the bodies of all functions looked at; for every hall once more it costs a quarter of the time that migrating takes.
	_, err := Migrate(context.Background(), url+"&check_function_bodies=off")
	require.NoError(t, err)
	h := &hall{t: t, url: url}
	h.Store = NewStore(h.open(patient))
	// Advisory locks are the database's, not the schema's: ids of its own keep a test from waiting for another.
	h.exec(`SELECT setval(pg_get_serial_sequence(t, c), 1 + (random() * 2 ^ 50)::bigint, false)
		FROM (VALUES ('show_seats', 'id'), ('buyers', 'id'), ('orders', 'number'), ('shows', 'id'), ('sections', 'id')) AS v (t, c)`)
	h.seed("small", rows)
	h.seats = h.seatsOf("small")
	return h
}

// open makes a pool of sessions as the service sets them up, with some settings changed.
func (h *hall) open(set map[string]string) *pgxpool.Pool {
	h.t.Helper()
	config, err := pgxpool.ParseConfig(h.url)
	require.NoError(h.t, err)
	config.MaxConns = 16
	setSession(config.ConnConfig)
	maps.Copy(config.ConnConfig.RuntimeParams, set)
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	require.NoError(h.t, err)
	h.t.Cleanup(pool.Close)
	return pool
}

// hurried is a store that gives up waiting for a lock when the service does.
func (h *hall) hurried() *Store {
	return NewStore(h.open(map[string]string{"statement_timeout": "120s"}))
}

func (h *hall) seed(slug string, rows int) {
	created, err := h.SeedShow(context.Background(), demo.Small(slug, slug, rows, 10))
	require.NoError(h.t, err)
	require.True(h.t, created)
}

func (h *hall) seatsOf(slug string) []int64 {
	return query[[]int64](h, `SELECT array_agg(s.id ORDER BY s.ordinal) FROM show_seats s JOIN shows w ON w.id = s.show_id WHERE w.slug = $1`, slug)
}

func (h *hall) exec(sql string, args ...any) {
	h.t.Helper()
	_, err := h.pool.Exec(context.Background(), sql, args...)
	require.NoError(h.t, err)
}

func query[T any](h *hall, sql string, args ...any) T {
	h.t.Helper()
	var v T
	require.NoError(h.t, h.pool.QueryRow(context.Background(), sql, args...).Scan(&v))
	return v
}

// guest makes a buyer and returns the session.
func (h *hall) guest() booking.Session {
	h.t.Helper()
	_, digest := auth.NewSecret()
	_, err := h.StartGuest(context.Background(), "guest@example.org", digest)
	require.NoError(h.t, err)
	return digest
}

func (h *hall) hold(s booking.Session, seats ...int64) booking.Hold {
	h.t.Helper()
	hold, err := h.HoldSeats(context.Background(), s, "small", seats)
	require.NoError(h.t, err)
	return hold
}

func (h *hall) place(s booking.Session, hold booking.Hold) booking.Order {
	h.t.Helper()
	order, err := h.PlaceOrder(context.Background(), s, hold.ID, key("place "+hold.ID, hold.ID))
	require.NoError(h.t, err)
	return order
}

// pay starts and settles a payment, without a provider.
func (h *hall) pay(s booking.Session, order booking.Order) booking.Order {
	h.t.Helper()
	started := h.start(s, order)
	h.charge(started.ID, order.Total.Amount)
	paid, err := h.SettlePayment(context.Background(), started.ID, booking.ChargeCaptured)
	require.NoError(h.t, err)
	return paid
}

func (h *hall) start(s booking.Session, order booking.Order) *booking.StartedPayment {
	h.t.Helper()
	started, _, err := h.StartPayment(context.Background(), s, order.ID, key("pay "+order.ID, order.ID))
	require.NoError(h.t, err)
	require.NotNil(h.t, started)
	return started
}

// charge writes what the provider would remember.
func (h *hall) charge(payment string, amount int64) {
	h.t.Helper()
	h.exec(`INSERT INTO simulator_charges (key, state, amount, currency) VALUES ($1, 'captured', $2, 'KRW')`, payment, amount)
}

// buy is the whole way to a paid order.
func (h *hall) buy(seats ...int64) (booking.Session, booking.Order) {
	h.t.Helper()
	s := h.guest()
	return s, h.pay(s, h.place(s, h.hold(s, seats...)))
}

// expireSQL moves the end of a hold to just after its beginning, with what repeats that moment.
const (
	expireSQL  = `WITH past AS (UPDATE holds SET expires_at = created_at + interval '1 microsecond' WHERE id = $1`
	expireMore = `, o AS (UPDATE orders SET pay_by = past.expires_at FROM past WHERE hold_id = past.id)
		UPDATE show_seats s SET held_until = past.expires_at, version = version + 1 FROM past WHERE s.hold_id = past.id AND s.state = 'held'`
)

// expire makes a hold run out now, as waiting for it would.
func (h *hall) expire(hold string) {
	h.t.Helper()
	h.exec(expireSQL+` RETURNING id, expires_at)`+expireMore, hold)
}

// allZero runs the checker.
func (h *hall) allZero() {
	h.t.Helper()
	report, err := h.Check(context.Background())
	require.NoError(h.t, err)
	for _, c := range report.Checks {
		require.Zero(h.t, c.Count, "%s: %v", c.Name, c.Samples)
	}
	require.True(h.t, report.OK)
}

func key(name, request string) booking.Key {
	sum := sha256.Sum256([]byte(request))
	return booking.Key{Name: name, Fingerprint: sum[:]}
}

// extra opens a pool beside the store's, with settings of its own.
func (h *hall) extra(set map[string]string) *pgxpool.Pool {
	h.t.Helper()
	config, err := pgxpool.ParseConfig(h.url)
	require.NoError(h.t, err)
	for k, v := range set {
		config.ConnConfig.RuntimeParams[k] = v
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	require.NoError(h.t, err)
	h.t.Cleanup(pool.Close)
	return pool
}
