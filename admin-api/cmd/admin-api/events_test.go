package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// event is one Server-Sent Event.
type event struct {
	name string
	doc  map[string]any
}

// watch opens the stream of a room; what comes is on the channel, which is closed when the stream ends.
func watch(v *visitor) (<-chan event, context.CancelFunc) {
	v.t.Helper()
	events, _, leave := watchAs(v)
	return events, leave
}

// watchAs also returns the id of the request that the stream answers.
func watchAs(v *visitor) (<-chan event, string, context.CancelFunc) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*patience) // a test may wait for several things
	v.t.Cleanup(cancel)
	res, err := http.DefaultClient.Do(v.request("GET", arena+"/events", nil).WithContext(ctx))
	require.NoError(v.t, err)
	require.Equal(v.t, 200, res.StatusCode)
	require.Equal(v.t, "text/event-stream; charset=utf-8", res.Header.Get("Content-Type"))
	events := make(chan event, 100)
	go func() {
		defer close(events)
		defer res.Body.Close()
		var e event
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			field, value, _ := strings.Cut(lines.Text(), ": ")
			switch field {
			case "event":
				e.name = value
			case "data":
				_ = json.Unmarshal([]byte(value), &e.doc) // an empty document fails the test
			case "":
				events <- e
				e = event{}
			}
		}
	}()
	return events, res.Header.Get("X-Request-Id"), cancel
}

// until reads events to the first that is wanted. It fails when the stream ends before.
func until(t *testing.T, events <-chan event, what string, wanted func(event) bool) event {
	t.Helper()
	for e := range events {
		if wanted(e) {
			return e
		}
	}
	t.Fatal("the stream ended before: " + what)
	return event{}
}

func isRoom(e event) bool    { return e.name == "room" }
func isProblem(e event) bool { return e.name == "problem" }

func TestRoomIsStreamed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.as("service")
	events, request, _ := watchAs(v)
	e := until(t, events, "a room", isRoom)
	require.EqualValues(t, 1, e.doc["version"])
	require.Equal(t, 200, o.as("manager").do("PATCH", arena, rate(90)).status)
	until(t, events, "the change", func(e event) bool { return isRoom(e) && e.doc["version"] == float64(2) })

	o.gateway.set(func() { o.gateway.broken = true })
	e = until(t, events, "the gateway's absence", isProblem)
	require.Equal(t, "urn:anteroom:problem:gateway-unavailable", e.doc["type"])
	require.EqualValues(t, 503, e.doc["status"])
	require.NotEmpty(t, request)
	require.Equal(t, request, e.doc["request_id"], "the stream's own")
	late, _ := watch(v)
	until(t, late, "the problem, though the stream began without the gateway", isProblem)
	o.gateway.set(func() { o.gateway.broken = false })
	until(t, events, "its return", isRoom)
	until(t, late, "its return", isRoom)
	o.gateway.set(func() {
		for _, who := range o.gateway.asked {
			if who.Email == "live-view@back-office" {
				return
			}
		}
		t.Error("the stream does not ask in its own name")
	})
}

func TestStreamOfNoRoom(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.as("owner")
	for _, path := range []string{"/admin/api/v1/rooms/opera/events", "/admin/api/v1/rooms/O%20/events"} {
		a := v.do("GET", path, nil)
		require.Equal(t, 404, a.status)
		require.Equal(t, "room-unknown", a.problem())
	}
}

func TestStreamEndsWithTheSession(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.as("service")
	events, _ := watch(v)
	until(t, events, "a room", isRoom)
	own := *v.cookie
	require.Equal(t, 204, v.do("DELETE", "/admin/api/v1/session", nil).status)
	e := until(t, events, "the end of the session", isProblem)
	require.Equal(t, "urn:anteroom:problem:session-ended", e.doc["type"])
	for range events { //nolint:revive // until it is closed
	}
	require.Equal(t, own.Name, v.cookie.Name)
}

func TestStreamEndsWithTheRole(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	events, _ := watch(o.as("service"))
	until(t, events, "a room", isRoom)
	o.exec(`UPDATE staff SET role = 'finance' WHERE email = 'service@demo.test'`)
	e := until(t, events, "the change of role", isProblem)
	require.Equal(t, "urn:anteroom:problem:role-changed", e.doc["type"])
	for range events { //nolint:revive // until it is closed
	}
}

func TestStreamEndsWithTheService(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	events, _ := watch(o.as("service"))
	until(t, events, "a room", isRoom)
	stopped := make(chan struct{})
	go func() { defer close(stopped); o.stop() }()
	for range events { //nolint:revive // until it is closed
	}
	<-stopped
}

// A client that goes away is noticed, and with the last one the questions to the gateway end.
func TestGoneWatcherIsNoticed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	events, leave := watch(o.as("service"))
	until(t, events, "a room", isRoom)
	leave()
	asked := func() (n int) {
		o.gateway.set(func() { n = len(o.gateway.asked) })
		return n
	}
	// Two looks more than an interval apart that see the same count: nobody asks any more.
	last, same := asked(), 0
	o.eventually("the questions end", func() bool {
		if now := asked(); now != last {
			last, same = now, 0
		} else {
			same++
		}
		return same > 100 // looks, 20 ms apart: two seconds
	})
}

func TestReadyzAndMetrics(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	require.Equal(t, 200, o.as("owner").do("GET", arena, nil).status)
	get := func(path string) (int, string) {
		res, err := http.Get(o.ops + path)
		require.NoError(t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res.StatusCode, string(body)
	}
	var status int
	var body string
	o.eventually("readiness", func() bool { status, body = get("/readyz"); return status == 200 })
	require.JSONEq(t, `{"ready":true,"checks":{"postgresql":"ok","schema":"ok"}}`, body)
	_, body = get("/metrics")
	for _, name := range []string{"admin_streams ", `admin_sign_ins_total{outcome="done"}`, `admin_requests_total{method="GET",route="/admin/api/v1/rooms/{room}",status="2xx"}`} {
		require.Contains(t, body, name)
	}
	o.exec(`DELETE FROM goose_db_version WHERE version_id = 2`)
	// A look that takes more than a second says that the database does not answer.
	o.eventually("what is to be done", func() bool {
		status, body = get("/readyz")
		return status == 503 && strings.Contains(body, "run admin-api migrate")
	})
}
