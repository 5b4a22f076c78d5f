package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
	"anteroom/waitroom/rooms"
)

const (
	patience = 3 * time.Minute // for what should come at once; nothing is concluded from how long it took
	pause    = 10 * time.Millisecond
)

// gateway serves both handlers over TCP, with a live view of a line that is the reference model.
type gateway struct {
	*queuetest.Model
	t               *testing.T
	visitor         *Visitor
	public, private string
	staff           *auth.Keys
	ahead           atomic.Int64 // how far the line's clock is ahead of this machine's, nanoseconds
	shutdown        func()       // ends the public server and waits for it
}

// steady is the live view of a line that never fails: where a view grew too old to be believed, the machine had much else to do.
type steady struct{ waitroom.Rooms }

func (s steady) Find(name []byte) (waitroom.Room, error) {
	room, err := s.Rooms.Find(name)
	if err != nil {
		return nil, err
	}
	return steadyRoom{room}, nil
}

type steadyRoom struct{ waitroom.Room }

func (r steadyRoom) View() *waitroom.View {
	view, now := *r.Room.View(), time.Now()
	view.AsOf, view.Received = view.LineTime(now), now
	return &view
}

// unobserved is told of admissions and keeps nothing.
type unobserved struct{}

func (unobserved) Estimated(string, waitroom.Outcome, time.Duration) {}
func (unobserved) Served(waitroom.Place)                             {}

func newGateway(t *testing.T, change func(*waitroom.Policy), set func(*Visitor)) *gateway {
	t.Helper()
	g := &gateway{t: t, staff: authtest.Keys(t)}
	g.Model = queuetest.NewModel(func() time.Time { return time.Now().Add(time.Duration(g.ahead.Load())) })
	policy := waitroom.DefaultPolicy()
	policy.Mode = waitroom.ModeHold
	change(&policy)
	_, err := g.Create(t.Context(), "arena", policy)
	require.NoError(t, err)

	log := slog.New(slog.DiscardHandler)
	live := rooms.New(g.Model, log)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = live.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	require.Eventually(t, func() bool { return live.Ready(ctx) == nil }, patience, pause)

	keys := authtest.Keys(t)
	shown := steady{live}
	desk := waitroom.NewDesk(g.Model, shown, keys, auth.NewPassVerifier(keys), unobserved{})
	g.visitor = &Visitor{Desk: desk, Line: g.Model, Keys: keys, Log: log}
	g.visitor.Auth = asked(desk, shown, keys)
	set(g.visitor)
	control := &Control{Line: g.Model, Live: shown, Staff: auth.NewStaffVerifier(g.staff, Audience), Log: log}
	g.public, g.shutdown = listen(t, g.visitor.Handler())
	g.private, _ = listen(t, control.Handler())
	return g
}

func listen(t *testing.T, handler fasthttp.RequestHandler) (url string, shutdown func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &fasthttp.Server{Handler: handler, CloseOnShutdown: true}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	shutdown = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		require.NoError(t, server.ShutdownWithContext(ctx))
		_ = l.Close() // a server that has not come to serving yet is not ended by its shutdown
		serving.Wait()
	})
	t.Cleanup(shutdown)
	return "http://" + l.Addr().String(), shutdown
}

// answer is a response, read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) problem(t *testing.T) string {
	t.Helper()
	require.Equal(t, "application/problem+json", a.header.Get("Content-Type"), string(a.body))
	var p struct{ Type string }
	a.into(t, &p)
	return p.Type[len("urn:anteroom:problem:"):]
}

func (a answer) into(t *testing.T, doc any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(a.body, doc), string(a.body))
}

func (g *gateway) do(method, url, body string, headers ...string) answer {
	g.t.Helper()
	req, err := http.NewRequest(method, url, bytes.NewBufferString(body))
	require.NoError(g.t, err)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	// No connection is kept: the servers' shutdown would wait for those that are open and idle.
	client := &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	require.NoError(g.t, err)
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	require.NoError(g.t, err)
	return answer{res.StatusCode, res.Header, content}
}

func (g *gateway) ask(path string) answer {
	g.t.Helper()
	return g.do("GET", g.public+"/waitroom/v1/arena"+path, "")
}

func (g *gateway) control(role auth.Role, method, path, body string) answer {
	g.t.Helper()
	token, err := g.staff.SignStaff(auth.Staff{Email: "x@demo.test", Role: role}, Audience, time.Minute)
	require.NoError(g.t, err)
	return g.do(method, g.private+"/control/v1/rooms/arena"+path, body, "Authorization", "Bearer "+token)
}
