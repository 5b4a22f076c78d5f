package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/demo"
	"anteroom/booking/payment"
	"anteroom/booking/postgres"
	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/internal/service"
	"anteroom/internal/testenv"
)

// patience is how long a test waits for what must happen; nothing is concluded from how long it took.
const patience = time.Minute

// system is the service as it runs, with a schema of its own and the shows "small" (behind the room "small") and "open" (behind none).
type system struct {
	t           testing.TB
	public, ops string // base URLs
	pool        *pgxpool.Pool
	store       *postgres.Store
	waitroom    *auth.Keys
	backOffice  *auth.Keys
	small, open []int64 // seats in layout order
	databaseURL string
}

type change struct {
	settings func(*settings)
	provider func(booking.Provider) booking.Provider
}

func newSystem(t testing.TB, c change) *system {
	t.Helper()
	s := &system{t: t, databaseURL: testenv.Postgres(t), waitroom: authtest.Keys(t), backOffice: authtest.Keys(t)}
	_, err := postgres.Migrate(context.Background(), s.databaseURL)
	require.NoError(t, err)
	s.pool, err = postgres.Open(s.databaseURL, 16)
	require.NoError(t, err)
	t.Cleanup(s.pool.Close)
	s.store = postgres.NewStore(s.pool)
	// Advisory locks are the database's, not the schema's: ids of its own keep a test from waiting for another.
	for table, column := range map[string]string{"show_seats": "id", "buyers": "id", "orders": "number", "shows": "id", "sections": "id"} {
		s.exec(fmt.Sprintf(`ALTER TABLE %s ALTER COLUMN %s RESTART WITH %d`, table, column, 1+rand.Int64N(1<<50)))
	}
	s.small, s.open = s.seed("small", "small"), s.seed("open", "")

	set := settings{
		listen: "127.0.0.1:0", opsListen: "127.0.0.1:0", database: s.databaseURL, pool: 16,
		passJWKS: serveKeys(t, s.waitroom), staffJWKS: serveKeys(t, s.backOffice),
		// Tests do these themselves when they are due.
		sweepEvery: time.Hour, offerEvery: time.Hour, offerFor: 30 * time.Minute, reconcileEvery: time.Hour,
	}
	if c.settings != nil {
		c.settings(&set)
	}
	var provider booking.Provider = payment.NewSimulator(s.pool)
	if c.provider != nil {
		provider = c.provider(provider)
	}
	s.run(set, provider)
	// It fetches the keys of passes by itself, and judges none before.
	require.True(t, testenv.Eventually(func() bool {
		res, err := http.Get(s.ops + "/readyz")
		require.NoError(t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		return err == nil && bytes.Contains(body, []byte(`"pass-keys":"ok"`))
	}))
	return s
}

// run starts the service and stops it, in order, when the test is over.
func (s *system) run(set settings, provider booking.Provider) {
	pool, err := postgres.Open(set.database, set.pool)
	require.NoError(s.t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended, ready := make(chan error, 1), make(chan struct{})
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	go func() {
		ended <- service.Run(ctx, s.witnessed(options(set, pool, provider, log, func(public, private net.Addr) {
			s.public, s.ops = "http://"+public.String(), "http://"+private.String()
			close(ready)
		})))
	}()
	s.t.Cleanup(func() {
		stop()
		require.NoError(s.t, <-ended)
		pool.Close()
	})
	<-ready
}

func serveKeys(t testing.TB, keys *auth.Keys) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(keys.PublicJWKS()) }))
	t.Cleanup(server.Close)
	return server.URL
}

func (s *system) seed(slug, room string) []int64 {
	_, err := s.store.SeedShow(context.Background(), demo.Small(slug, room, 2, 10))
	require.NoError(s.t, err)
	return query[[]int64](s, `SELECT array_agg(x.id ORDER BY x.ordinal) FROM show_seats x JOIN shows w ON w.id = x.show_id WHERE w.slug = $1`, slug)
}

func (s *system) exec(sql string, args ...any) {
	s.t.Helper()
	_, err := s.pool.Exec(context.Background(), sql, args...)
	require.NoError(s.t, err)
}

func query[T any](s *system, sql string, args ...any) T {
	s.t.Helper()
	var v T
	require.NoError(s.t, s.pool.QueryRow(context.Background(), sql, args...).Scan(&v))
	return v
}

func (s *system) allZero() {
	s.t.Helper()
	report, err := s.store.Check(context.Background())
	require.NoError(s.t, err)
	for _, c := range report.Checks {
		require.Zero(s.t, c.Count, "%s: %v", c.Name, c.Samples)
	}
}

// pass is a pass for a room.
func (s *system) pass(room string, ttl time.Duration) string {
	token, err := s.waitroom.SignPass(auth.Pass{Room: room, Epoch: 1, Number: 7, AdmittedAt: time.Now(), ExpiresAt: time.Now().Add(ttl)})
	require.NoError(s.t, err)
	return token
}

// browser is a visitor with cookies and a pass.
type browser struct {
	*system
	client *http.Client
	header http.Header // sent with every request
}

func (s *system) browser() *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	return &browser{system: s, client: &http.Client{Jar: jar, Timeout: patience}, header: http.Header{"Waitroom-Pass": {s.pass("small", time.Hour)}}}
}

func (s *system) guest() *browser {
	s.t.Helper()
	b := s.browser()
	b.do("POST", "/api/v1/guests", `{"email":"guest@example.org"}`).want(201)
	return b
}

type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

// do sends a request, and again where the service was too busy to do anything and asks for that; extra are header names and values.
func (b *browser) do(method, path, body string, extra ...string) (a answer) {
	b.t.Helper()
	testenv.Eventually(func() bool {
		a = b.once(method, path, body, extra...)
		return !a.busy() && (method != http.MethodGet || !a.is(http.StatusServiceUnavailable, "database-unavailable"))
	})
	return a
}

// once sends a request, whatever the answer.
func (b *browser) once(method, path, body string, extra ...string) answer {
	b.t.Helper()
	a, err := b.try(method, path, body, extra...)
	require.NoError(b.t, err)
	return a
}

func (b *browser) try(method, path, body string, extra ...string) (answer, error) {
	base := b.public
	if len(path) > 9 && path[:9] == "/control/" {
		base = b.ops
	}
	var reader io.Reader
	if body != "" {
		reader = bytes.NewReader([]byte(body))
	}
	req, err := http.NewRequest(method, base+path, reader)
	if err != nil {
		return answer{}, err
	}
	req.Header = b.header.Clone()
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(extra); i += 2 {
		if extra[i+1] == "" {
			req.Header.Del(extra[i])
		} else {
			req.Header.Set(extra[i], extra[i+1])
		}
	}
	res, err := b.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	return answer{b.t, res.StatusCode, res.Header, got}, err
}

func (a answer) want(status int) answer {
	a.t.Helper()
	require.Equal(a.t, status, a.status, "%s", a.body)
	return a
}

// problem checks that the answer is a problem document of this type and returns it.
func (a answer) problem(status int, name string) map[string]any {
	a.t.Helper()
	a.want(status)
	require.Equal(a.t, "application/problem+json", a.header.Get("Content-Type"))
	doc := decode[map[string]any](a)
	require.Equal(a.t, "urn:anteroom:problem:"+name, doc["type"], "%s", a.body)
	require.EqualValues(a.t, status, doc["status"])
	require.NotEmpty(a.t, doc["detail"])
	return doc
}

func decode[T any](a answer) T {
	a.t.Helper()
	var v T
	require.NoError(a.t, json.Unmarshal(a.body, &v), "%s", a.body)
	return v
}

// is says whether the answer is a problem document of this type.
func (a answer) is(status int, name string) bool {
	return a.status == status && bytes.Contains(a.body, []byte(`"urn:anteroom:problem:`+name+`"`))
}

// busy says that nothing was done, since a lock was waited for, or the keys of passes were, for too long, which a busy machine may bring about.
func (a answer) busy() bool {
	return a.is(http.StatusServiceUnavailable, "seats-busy") || a.is(http.StatusServiceUnavailable, "keys-unavailable")
}

func (b *browser) hold(seats ...int64) booking.Hold {
	b.t.Helper()
	return decode[booking.Hold](b.do("POST", "/api/v1/shows/small/holds", ids(seats...)).want(201))
}

func (b *browser) place(hold booking.Hold) booking.Order {
	b.t.Helper()
	return decode[booking.Order](b.do("POST", "/api/v1/orders", `{"hold_id":"`+hold.ID+`"}`, "Idempotency-Key", "place-"+hold.ID).want(201))
}
