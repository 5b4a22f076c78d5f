package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/demo"
	"anteroom/booking/payment"
	"anteroom/booking/postgres"
	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/internal/testenv"
)

const (
	benchPool    = 16 // connections to PostgreSQL, of the service as of pgbench
	benchShows   = 20
	benchSeats   = 1500 // of each
	benchBuyers  = 1024
	benchSession = "an_buyer"
)

// benchSystem is a database with shows on sale, and buyers; and the service in a process of its own.
type benchSystem struct {
	*system
	program  *testenv.Program
	first    [benchShows]int64 // the lowest seat of each show; the others follow
	sessions []string          // tokens
}

// newBenchSystem makes so many shows and buyers. A hold lasts a second, so that seats are had again and again.
func newBenchSystem(b testing.TB, shows, buyers int) *benchSystem {
	b.Helper()
	database := testenv.Postgres(b)
	return newBenchSystemOn(b, database, database, shows, buyers)
}

// newBenchSystemOn does so in the database at an address; the service reaches it by another one.
func newBenchSystemOn(b testing.TB, database, reached string, shows, buyers int) *benchSystem {
	b.Helper()
	s := &benchSystem{system: &system{t: b, databaseURL: database, waitroom: authtest.Keys(b), backOffice: authtest.Keys(b)}}
	_, err := postgres.Migrate(context.Background(), s.databaseURL)
	require.NoError(b, err)
	s.pool, err = postgres.Open(s.databaseURL, benchPool)
	require.NoError(b, err)
	b.Cleanup(s.pool.Close)
	s.store = postgres.NewStore(s.pool)
	for k := range shows {
		_, err := s.store.SeedShow(b.Context(), demo.Small(benchShow(k), "", benchSeats/30, 10))
		require.NoError(b, err)
		last := query[int64](s.system, `SELECT max(x.id) FROM show_seats x JOIN shows w ON w.id = x.show_id WHERE w.slug = $1`, benchShow(k))
		s.first[k] = last - benchSeats + 1
		require.Equal(b, benchSeats, query[int](s.system, `SELECT count(*) FROM show_seats x JOIN shows w ON w.id = x.show_id WHERE w.slug = $1 AND x.id >= $2`, benchShow(k), s.first[k]))
	}
	s.exec(`UPDATE shows SET max_per_buyer = 1000000, hold_seconds = 1`)
	for range buyers {
		token, digest := auth.NewSecret()
		_, err := s.store.StartGuest(b.Context(), "guest@example.org", digest)
		require.NoError(b, err)
		s.sessions = append(s.sessions, token)
	}
	s.exec(`ANALYZE`)
	keys := serveKeys(b, s.waitroom)
	s.program = newProgram(b, "--database-url", reached, "--database-pool", strconv.Itoa(benchPool), "--pass-jwks-url", keys, "--staff-jwks-url", keys)
	return s
}

func benchShow(k int) string { return "show" + strconv.Itoa(k) }

func (s *benchSystem) cookie(i int) string {
	return "Cookie: " + benchSession + "=" + s.sessions[i%len(s.sessions)] + "\r\n"
}

// BenchmarkHoldHTTP holds a seat, over HTTP, spread over all the shows' seats; one in ten or so is taken, which is an answer too.
func BenchmarkHoldHTTP(b *testing.B) {
	s := testenv.Lasting(b, "shows and buyers", func(t testing.TB) *benchSystem { return newBenchSystem(t, benchShows, benchBuyers) })
	var held atomic.Int64
	loadBench(b, s.program.URL(), func(c *benchClient, _, i int) error {
		k := rand.IntN(benchShows)
		body := fmt.Sprintf(`{"seat_ids":[%d]}`, s.first[k]+rand.Int64N(benchSeats))
		status, err := c.do(post("/api/v1/shows/"+benchShow(k)+"/holds", body, s.cookie(i)))
		taken := status == 409 && bytes.Contains(c.body, []byte("seat-taken"))
		if err == nil && status != 201 && !taken {
			err = fmt.Errorf("%d %s", status, c.body)
		}
		if status == 201 {
			held.Add(1)
		}
		return err
	})
	b.ReportMetric(float64(held.Load())/float64(b.N+benchConnections), "held/op")
}

// BenchmarkHoldPgbench calls the same function in the same way from pgbench, with as many connections as the service has.
func BenchmarkHoldPgbench(b *testing.B) {
	findPgbench(b)
	s := testenv.Lasting(b, "shows and buyers for pgbench", newPgbenchHolds)
	pgbench(b, s.database, s.options, "-f", s.script)
}

// pgbenchHolds is a script of pgbench' own, the database that it is for, and the options of its sessions.
type pgbenchHolds struct{ database, script, options string }

func newPgbenchHolds(b testing.TB) pgbenchHolds {
	b.Helper()
	s := newBenchSystem(b, benchShows, 0)
	for i := range benchBuyers {
		digest := make([]byte, 32) // one that a script of pgbench can say
		binary.BigEndian.PutUint64(digest[24:], uint64(i))
		_, err := s.store.StartGuest(b.Context(), "guest@example.org", digest)
		require.NoError(b, err)
	}
	for k := range benchShows - 1 {
		require.Equal(b, s.first[0]+int64(k+1)*benchSeats, s.first[k+1], "pgbench counts the seats through")
	}
	script := filepath.Join(b.TempDir(), "hold.sql")
	require.NoError(b, os.WriteFile(script, fmt.Appendf(nil, "\\set buyer random(0, %d)\n\\set show random(0, %d)\n\\set seat %d + :show * %d + random(0, %d)\n"+
		"SELECT hold_seats(decode(lpad(to_hex(:buyer), 64, '0'), 'hex'), 'show' || :show, ARRAY[:seat::bigint]);\n",
		benchBuyers-1, benchShows-1, s.first[0], benchSeats, benchSeats-1), 0o600))
	_, settings, err := postgres.PoolerSettings(s.databaseURL)
	require.NoError(b, err)
	var options []string // the same settings as the service's, as the start of a session takes them
	for _, m := range regexp.MustCompile(`set_config\('(\w+)', '([^']*)'`).FindAllStringSubmatch(settings, -1) {
		options = append(options, "-c "+m[1]+"="+strings.ReplaceAll(m[2], " ", `\ `))
	}
	return pgbenchHolds{s.databaseURL, script, strings.Join(options, " ")}
}

// largeHall is a hall of 15,000 seats of which half is taken at random, and the request for their state as it is sent by a browser with a pass.
type largeHall struct {
	*benchSystem
	request []byte
	size    int // of the answer's body, in bytes
}

func largeState(b *testing.B) largeHall {
	b.Helper()
	return testenv.Lasting(b, "large hall", func(t testing.TB) largeHall {
		s := newBenchSystem(t, 0, 0)
		_, err := s.store.SeedShow(t.Context(), demo.Small("large", "small", 500, 10))
		require.NoError(t, err)
		s.exec(`UPDATE show_seats SET state = 'blocked', version = version + 1
		         WHERE show_id = (SELECT id FROM shows WHERE slug = 'large') AND hashint8(id) % 2 = 0`)
		request := fmt.Appendf(nil, "GET /api/v1/shows/large/seats/state HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\nCookie: wp_small=%s\r\n\r\n", s.pass("small", time.Hour))
		c := dialBench(t, s.program.URL())
		status, err := c.do(request)
		require.NoError(t, err)
		require.Equal(t, 200, status)
		return largeHall{s, request, len(c.body)}
	})
}

func loadState(b *testing.B, addr string, request []byte) {
	b.Helper()
	loadBench(b, addr, func(c *benchClient, _, _ int) error {
		status, err := c.do(request)
		if err == nil && status != 200 {
			err = fmt.Errorf("%d %s", status, c.body)
		}
		return err
	})
}

// BenchmarkSeatStateHTTP reads the state of a hall of 15,000 seats.
func BenchmarkSeatStateHTTP(b *testing.B) {
	s := largeState(b)
	loadState(b, s.program.URL(), s.request)
}

// BenchmarkConstantState sends the same request to a server of the same library that answers as many bytes, always the same.
func BenchmarkConstantState(b *testing.B) {
	s := largeState(b)
	loadState(b, testenv.Lasting(b, "constant state", func(t testing.TB) string { return constantServer(t, s.size) }), s.request)
	b.ReportMetric(float64(s.size), "body-bytes")
}

// purchaseSeats are bought by one purchase.
const purchaseSeats = 2

// BenchmarkPurchase is a whole purchase over HTTP: hold two seats, order, pay (authorise and capture), and the tickets are there.
func BenchmarkPurchase(b *testing.B) {
	s := newBenchSystem(b, benchShows, benchBuyers)
	s.exec(`UPDATE shows SET hold_seconds = 600`)
	places := benchShows * benchSeats / purchaseSeats
	require.LessOrEqual(b, b.N+benchConnections, places, "more purchases than seats; a shorter -benchtime")
	loadBench(b, s.program.URL(), func(c *benchClient, _, i int) error { return s.purchase(c, i) })
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "purchases/s")
}

// purchase buys the seats that have this number among all, as one of the buyers.
func (s *benchSystem) purchase(c *benchClient, i int) error {
	k, seat := i%benchShows, s.first[i%benchShows]+int64(i/benchShows*purchaseSeats)
	cookie := s.cookie(i)
	var hold booking.Hold
	if err := c.json(&hold, 201, post("/api/v1/shows/"+benchShow(k)+"/holds", ids(seat, seat+1), cookie)); err != nil {
		return err
	}
	var order booking.Order
	key := "Idempotency-Key: " + hold.ID + "\r\n"
	if err := c.json(&order, 201, post("/api/v1/orders", `{"hold_id":"`+hold.ID+`"}`, cookie+key)); err != nil {
		return err
	}
	key = "Idempotency-Key: pay-" + hold.ID + "\r\n"
	if err := c.json(&order, 200, post("/api/v1/orders/"+order.ID+"/payment", `{"card_number":"`+payment.CardPays+`"}`, cookie+key)); err != nil {
		return err
	}
	if len(order.Tickets) != purchaseSeats {
		return fmt.Errorf("%d tickets", len(order.Tickets))
	}
	return nil
}

// json sends a request and reads its answer, which must have this status.
func (c *benchClient) json(into any, want int, request []byte) error {
	status, err := c.do(request)
	if err != nil {
		return err
	}
	if status != want {
		return fmt.Errorf("%d %s", status, c.body)
	}
	return json.Unmarshal(c.body, into)
}
