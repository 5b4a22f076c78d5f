package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/infra/local"
	"anteroom/internal/testenv"
)

// bin is the folder of the real programs, built once for all tests.
var bin string

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	var err error
	if bin, err = os.MkdirTemp("", "anteroom-e2e-bin-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(bin)
	build := exec.Command("go", "build", "-o", bin+"/", "./waitroom/cmd/waitroom", "./booking/cmd/booking", "./admin-api/cmd/admin-api")
	build.Dir = filepath.Join("..", "..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the programs: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// system starts the real programs with two gateways on free ports, on the Redis and PostgreSQL of `make test`.
func system(t *testing.T, rooms map[string][]string) *local.System {
	t.Helper()
	redisURL, databaseURL := os.Getenv("REDIS_URL"), os.Getenv("DATABASE_URL")
	require.NotEmpty(t, redisURL, "REDIS_URL is not set: run the tests with `make test`")
	require.NotEmpty(t, databaseURL, "DATABASE_URL is not set: run the tests with `make test`")
	s, err := local.Start(t.Context(), local.Options{
		Dir: t.TempDir(), BinDir: bin, Gateways: 2, FreePorts: true, Rooms: rooms,
		RedisURL: redisURL, DatabaseURL: databaseURL, Namespace: fmt.Sprintf("e2e%d", time.Now().UnixNano()),
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		assert.NoError(t, s.Stop(ctx))
		cleanUp(t, ctx, s)
	})
	return s
}

const arena = "/api/v1/shows/arena"

// pollUntil polls the place until it has the state, as a program of a buyer would, but sooner.
func (v *visitor) pollUntil(room, state string) place {
	v.t.Helper()
	var p place
	require.Eventually(v.t, func() bool {
		p = want[place](v.get("/waitroom/v1/"+room+"/status"), 200)
		return p.State == state
	}, patience, 50*time.Millisecond, "the place never became %s", state)
	return p
}

// buy holds the first n free seats, orders and pays, as a guest.
func (v *visitor) buy(show string, n int) order {
	v.t.Helper()
	l := want[layout](v.get("/api/v1/shows/"+show+"/seats"), 200)
	state := want[seatState](v.get("/api/v1/shows/"+show+"/seats/state"), 200)
	var seats []int64
	for i, id := range l.Seats.ID {
		if len(seats) < n && !state.taken(i) {
			seats = append(seats, id)
		}
	}
	require.Len(v.t, seats, n)
	want[any](v.post("/api/v1/guests", map[string]any{"email": "guest@demo.test"}), 201)
	h := want[hold](v.post("/api/v1/shows/"+show+"/holds", map[string]any{"seat_ids": seats}), 201)
	o := want[order](v.post("/api/v1/orders", map[string]any{"hold_id": h.ID}, "Idempotency-Key", "order-"+h.ID), 201)
	require.Equal(v.t, "pending", o.State)
	pay := map[string]any{"card_number": "4242424242424242"}
	var a answer
	testenv.Eventually(func() bool { // 202 where booking could not write it down at once: then it does when the provider rings
		a = v.post("/api/v1/orders/"+o.ID+"/payment", pay, "Idempotency-Key", "pay-"+h.ID)
		return a.status != http.StatusAccepted && !strings.Contains(string(a.body), "idempotency-key-in-flight")
	})
	paid := want[order](a, 200)
	require.Equal(v.t, "paid", paid.State)
	require.Len(v.t, paid.Tickets, n)
	again := want[order](v.post("/api/v1/orders/"+o.ID+"/payment", pay, "Idempotency-Key", "pay-"+h.ID), 200)
	require.Equal(v.t, paid, again, "the same key gives the same answer")
	return paid
}

func TestABuyerPassesTheWaitingRoomAndBuysASeat(t *testing.T) {
	s := system(t, map[string][]string{
		"arena":   {"mode=hold", "rate_per_minute=60", "max_active=10"},
		"theatre": {"mode=open", "rate_per_minute=6000", "max_active=1000"},
	})
	first, second := newVisitor(t, s.GatewayURLs[0]), newVisitor(t, s.GatewayURLs[1])

	// The catalogue is open; what is behind the room is not, on either gateway.
	catalogue := want[struct{ Shows []struct{ Slug string } }](first.get("/api/v1/shows"), 200)
	require.Len(t, catalogue.Shows, 3)
	page := first.get("/shows/arena/seats", "Accept", "text/html", "Accept-Language", "ko")
	require.Contains(t, page.header.Get("Content-Type"), "text/html")
	require.Contains(t, string(page.body), `lang="ko"`)
	second.post("/waitroom/v1/arena/join", nil)
	one, two := want[place](first.get("/waitroom/v1/arena/status"), 200), want[place](second.get("/waitroom/v1/arena/status"), 200)
	require.Equal(t, []any{int64(1), int64(2)}, []any{one.Number, two.Number}, "one line over two gateways, the page gave the first place")
	require.Equal(t, "waiting", one.State)
	require.EqualValues(t, 1, two.Ahead)
	for _, v := range []*visitor{first, second} {
		require.NotContains(t, string(v.get(arena+"/seats").body), "layout_version", "the layout is behind the gate")
		refused := v.post(arena+"/holds", map[string]any{"seat_ids": []int64{1}})
		require.GreaterOrEqual(t, refused.status, 400, string(refused.body))
	}
	// Booking itself refuses too: the gate is not its only lock.
	direct := newVisitor(t, s.BookingURL)
	require.Equal(t, "urn:anteroom:problem:pass-missing", want[problem](direct.get(arena+"/seats"), 403).Type)

	operator := signIn(t, s, "manager@demo.test")
	operator.change("arena", map[string]any{"mode": "queue"}, 200)
	first.pollUntil("arena", "admitted")
	second.pollUntil("arena", "admitted")

	bought := first.buy("arena", 2)
	taken := second.post("/api/v1/guests", map[string]any{"email": "late@demo.test"})
	require.Equal(t, 201, taken.status)
	refused := want[problem](second.post(arena+"/holds", map[string]any{"seat_ids": []int64{bought.Tickets[0].SeatID}}), 409)
	require.Equal(t, "urn:anteroom:problem:seat-taken", refused.Type)
	require.Equal(t, []int64{bought.Tickets[0].SeatID}, refused.Seats)
	require.Equal(t, 404, second.get("/api/v1/orders/"+bought.ID).status, "another buyer's order")

	// A pass given back opens nothing, on any gateway, at the latest a second later.
	require.Equal(t, 204, first.do(http.MethodDelete, "/waitroom/v1/arena/pass", nil).status)
	require.NotContains(t, string(first.get(arena+"/seats").body), "layout_version")
	// The order is still the buyer's: no pass is wanted to see it or to cancel it.
	require.Equal(t, "paid", want[order](first.get("/api/v1/orders/"+bought.ID), 200).State)
	cancelled := want[order](first.post("/api/v1/orders/"+bought.ID+"/cancel", nil), 200)
	require.Equal(t, "cancelled", cancelled.State)
	require.Equal(t, "cancelled", cancelled.Tickets[0].State)
	want[hold](second.post(arena+"/holds", map[string]any{"seat_ids": []int64{bought.Tickets[0].SeatID}}), 201)

	checkBooking(t, s)
}

func TestAShowWithoutACrowdIsStraightThrough(t *testing.T) {
	s := system(t, nil)
	v := newVisitor(t, s.GatewayURLs[0])
	a := v.get("/api/v1/shows/theatre/seats")
	require.NotEmpty(t, want[layout](a, 200).Seats.ID, "the first request is admitted and answered in one go")
	require.Contains(t, strings.Join(a.header.Values("Set-Cookie"), "\n"), "wp_theatre=")
	require.Len(t, v.buy("theatre", 1).Tickets, 1)
	checkBooking(t, s)
}

func TestAnOperatorsChangeIsLiveOnEveryGatewayAndAudited(t *testing.T) {
	s := system(t, nil)
	operator := signIn(t, s, "manager@demo.test")
	stream := operator.events("arena")

	after := operator.change("arena", map[string]any{"rate_per_minute": 1234, "max_active": 77}, 200)
	for _, base := range s.GatewayURLs {
		v := newVisitor(t, base)
		require.Eventually(t, func() bool {
			return want[struct {
				Rate int64 `json:"rate_per_minute"`
			}](v.get("/waitroom/v1/arena/serving"), 200).Rate == 1234
		}, patience, 10*time.Millisecond, "never in force on %s", base)
	}
	require.Eventually(t, func() bool {
		select {
		case r := <-stream:
			return r.Version == after.Version && r.Policy.MaxActive == 77
		default:
			return false
		}
	}, patience, 10*time.Millisecond, "the stream shows the change")

	operator.change("arena", map[string]any{"rate_per_minute": 0}, 422)
	operator.change("arena", map[string]any{"rate_per_minute": 5, "version": after.Version - 1}, 409)
	for email, status := range map[string]int{"owner@demo.test": 200, "service@demo.test": 403, "auditor@demo.test": 403} {
		signIn(t, s, email).change("arena", map[string]any{"message": "Doors open at 18:00, " + email}, status)
	}
	require.Equal(t, 401, newVisitor(t, s.GatewayURLs[0]).get("/admin/api/v1/rooms").status)
	require.Equal(t, 200, signIn(t, s, "service@demo.test").get("/admin/api/v1/orders").status)

	type entry struct{ Actor, Action, Target, Outcome string }
	audit := want[struct{ Entries []entry }](signIn(t, s, "auditor@demo.test").get("/admin/api/v1/audit?limit=200"), 200)
	for _, e := range []entry{
		{"manager@demo.test", "room.change", "room/arena", "done"},
		{"owner@demo.test", "room.change", "room/arena", "done"},
		{"service@demo.test", "room.change", "room/arena", "refused"},
	} {
		require.Contains(t, audit.Entries, e)
	}
	require.Equal(t, 403, operator.get("/admin/api/v1/audit").status)
}

// staff is a signed-in member of staff at the first gateway.
type staff struct{ *visitor }

func signIn(t *testing.T, s *local.System, email string) staff {
	t.Helper()
	v := newVisitor(t, s.GatewayURLs[0])
	want[any](v.post("/admin/api/v1/session", map[string]any{"email": email, "password": "demo-anteroom"}), 200)
	return staff{v}
}

func (o staff) change(name string, change map[string]any, status int) room {
	o.t.Helper()
	return want[room](o.do(http.MethodPatch, "/admin/api/v1/rooms/"+name, change), status)
}

// events follows a room's stream until the test ends.
func (o staff) events(name string) <-chan room {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), http.MethodGet, o.base+"/admin/api/v1/rooms/"+name+"/events", nil)
	require.NoError(o.t, err)
	client := &http.Client{Jar: o.http.Jar} // without the deadline of a call: a stream lasts
	res, err := client.Do(req)
	require.NoError(o.t, err)
	require.Equal(o.t, 200, res.StatusCode)
	rooms := make(chan room, 64)
	go func() {
		defer res.Body.Close()
		lines := bufio.NewScanner(io.LimitReader(res.Body, 1<<20))
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data:"); ok {
				var r room
				if json.Unmarshal([]byte(data), &r) == nil {
					rooms <- r
				}
			}
		}
	}()
	return rooms
}

// checkBooking runs the real checker on the system's database.
func checkBooking(t *testing.T, s *local.System) {
	t.Helper()
	check := exec.CommandContext(t.Context(), filepath.Join(bin, "booking"), "check", "--database-url", s.DatabaseURL)
	out, err := check.CombinedOutput()
	require.NoError(t, err, "%s", out)
}
