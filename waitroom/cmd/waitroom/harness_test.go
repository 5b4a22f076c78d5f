package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/redisqueue"
)

// deadline is how long a test waits for what must happen; nothing is concluded from how long it took.
const deadline = 60 * time.Second

// system is what the tests of the gateway run against: a real line, real upstreams, real gateways.
type system struct {
	t        *testing.T
	settings settings
	queue    *redisqueue.Queue
	keys     *auth.Keys // the gateways'
	staff    *auth.Keys // the back office's
	booking  *recorder
	admin    *recorder
	steady   bool // nothing happens to the line
}

func newSystem(t *testing.T, redisURL, prefix string) *system {
	t.Helper()
	dir := t.TempDir()
	s := &system{t: t, booking: newRecorder(t), admin: newRecorder(t)}
	s.keys, s.staff = makeKeys(t, filepath.Join(dir, "gateway.json")), makeKeys(t, filepath.Join(dir, "staff.json"))
	s.admin.jwks = s.staff.PublicJWKS()
	spa := filepath.Join(dir, "spa", "client")
	require.NoError(t, os.MkdirAll(filepath.Join(spa, "assets"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(spa, "index.html"), []byte("<!doctype html><title>the client app</title>"), 0o600))
	s.settings = settings{
		Listen: "127.0.0.1:0", OpsListen: "127.0.0.1:0", RedisURL: redisURL, KeyPrefix: prefix,
		KeysFile: filepath.Join(dir, "gateway.json"), BookingURL: s.booking.url, AdminURL: s.admin.url,
		SPADir: filepath.Join(dir, "spa"), StaffJWKSURL: s.admin.url + "/admin/api/.well-known/jwks.json",
	}
	client, err := redisqueue.Dial(testenv.Patient(t, redisURL))
	require.NoError(t, err)
	t.Cleanup(client.Close)
	s.queue = redisqueue.New(client, prefix, redisqueue.WithTimeout(deadline))
	return s
}

// newTestSystem is a system on the tests' Redis.
func newTestSystem(t *testing.T) *system {
	t.Helper()
	env := testenv.Redis(t)
	s := newSystem(t, testenv.Patient(t, env.URL), env.Prefix)
	s.steady = true
	return s
}

func makeKeys(t *testing.T, file string) *auth.Keys {
	t.Helper()
	_, err := auth.InitKeys(file)
	require.NoError(t, err)
	keys, err := auth.LoadKeys(file)
	require.NoError(t, err)
	return keys
}

// room makes a room. Its policy is the default one, changed.
func (s *system) room(name string, change func(*waitroom.Policy)) {
	s.t.Helper()
	policy := waitroom.DefaultPolicy()
	policy.PollMinMS = 100
	change(&policy)
	_, err := s.queue.Create(s.t.Context(), name, policy)
	require.NoError(s.t, err)
}

func (s *system) change(name string, change waitroom.PolicyChange) {
	s.t.Helper()
	_, err := s.queue.Change(s.t.Context(), name, change)
	require.NoError(s.t, err)
}

// server is one running gateway.
type server struct {
	t           *testing.T
	url, opsURL string
	addr        string
	stop        context.CancelFunc
	stopped     chan error
	client      *http.Client
	staffKeys   *auth.Keys
	steady      bool          // nothing happens to its line
	held        *atomic.Int64 // how often it was held up
}

// start runs a gateway as the command does, and waits until it is ready.
func (s *system) start() *server {
	s.t.Helper()
	g := s.launch()
	require.Eventually(s.t, func() bool { return g.get(g.opsURL+"/readyz").status == 200 }, deadline, 10*time.Millisecond)
	return g
}

func (s *system) launch() *server {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	g := &server{t: s.t, stop: cancel, stopped: make(chan error, 1), staffKeys: s.staff, steady: s.steady, held: new(atomic.Int64), client: &http.Client{
		Timeout:       deadline,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	ready := make(chan struct{})
	go func() {
		g.stopped <- run(ctx, s.settings, func(public, private net.Addr) {
			g.addr, g.url, g.opsURL = public.String(), "http://"+public.String(), "http://"+private.String()
			close(ready)
		})
	}()
	select {
	case <-ready:
	case err := <-g.stopped:
		s.t.Fatalf("the gateway did not start: %v", err)
	}
	s.t.Cleanup(func() {
		cancel()
		g.client.CloseIdleConnections()
		select {
		case err := <-g.stopped:
			if err != nil {
				s.t.Errorf("the gateway stopped with: %v", err)
			}
		case <-time.After(deadline):
			s.t.Error("the gateway did not stop")
		}
	})
	return g
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) visit(t *testing.T) waitroom.Visit {
	t.Helper()
	var v waitroom.Visit
	require.NoError(t, json.Unmarshal(a.body, &v), string(a.body))
	return v
}

func (a answer) problem(t *testing.T) string {
	t.Helper()
	require.Equal(t, "application/problem+json", a.header.Get("Content-Type"), string(a.body))
	var p struct{ Type string }
	require.NoError(t, json.Unmarshal(a.body, &p))
	return p.Type[len("urn:anteroom:problem:"):]
}

// heldUp reports whether a gateway refused because it had waited for its line for a second in vain, or for the back office's keys for two. Where nothing
// happens to these that is the doing of a busy machine, and the answer asks to come again. To a proxy that wants 401 for a refusal it is one.
func (g *server) heldUp(a answer) bool {
	if !g.steady || (a.status != http.StatusServiceUnavailable && a.status != http.StatusUnauthorized) {
		return false
	}
	// A problem document, the waiting page with a place that is kept (down) or without one (downNew), and the page of a move, by what is said nowhere else:
	// the waiting page has the words of all its states.
	signs := []string{"problem:line-unavailable", "problem:keys-unavailable", `data-state="down`, "for a moment. The place is kept; try again shortly."}
	return slices.ContainsFunc(signs, func(sign string) bool {
		return bytes.Contains(a.body, []byte(sign))
	})
}

// unlessHeldUp asks, and again while the gateway is held up.
func (g *server) unlessHeldUp(ask func() answer) (a answer) {
	g.t.Helper()
	testenv.Eventually(func() bool {
		if a = ask(); !g.heldUp(a) {
			return true
		}
		g.held.Add(1)
		return false
	})
	return a
}

// do sends a request, again while the gateway is held up; a path is one of the public port. A failure to get any answer is status 0.
func (g *server) do(method, path string, body []byte, headers ...string) answer {
	g.t.Helper()
	return g.unlessHeldUp(func() answer { return g.try(method, path, body, headers...) })
}

func (g *server) try(method, path string, body []byte, headers ...string) answer {
	g.t.Helper()
	if path[0] == '/' {
		path = g.url + path
	}
	req, err := http.NewRequestWithContext(context.Background(), method, path, bytes.NewReader(body))
	require.NoError(g.t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	res, err := g.client.Do(req)
	if err != nil {
		return answer{body: []byte(err.Error())}
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	require.NoError(g.t, err)
	return answer{res.StatusCode, res.Header, content}
}

func (g *server) get(path string, headers ...string) answer {
	return g.do(http.MethodGet, path, nil, headers...)
}

// join takes a place over HTTP. A gateway that had to wait for Redis for more than a second, as on a busy machine, is asked again: with the same key,
// for the place may have been taken all the same.
func (g *server) join(room string) waitroom.Visit {
	g.t.Helper()
	key := rand.Text()
	var a answer
	testenv.Eventually(func() bool {
		a = g.do(http.MethodPost, "/waitroom/v1/"+room+"/join", nil, "Idempotency-Key", key)
		return a.status != http.StatusServiceUnavailable
	})
	require.Equal(g.t, http.StatusCreated, a.status, string(a.body))
	return a.visit(g.t)
}

// recorder is an upstream that remembers what reached it.
type recorder struct {
	url  string
	jwks []byte

	mu    sync.Mutex
	seen  []recorded
	serve fasthttp.RequestHandler // may be nil
}

type recorded struct {
	method, target string
	header         map[string]string
	body           string
}

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r.url = "http://" + l.Addr().String()
	server := &fasthttp.Server{Handler: r.handle, NoDefaultContentType: true}
	serveUntilTheEnd(t, server, l)
	return r
}

// serveUntilTheEnd serves until the test ends, and then ends the server even if it has not come to accept anything yet.
func serveUntilTheEnd(t *testing.T, server *fasthttp.Server, l net.Listener) {
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = server.ShutdownWithContext(ctx) // a test may have left a request without an answer
		_ = l.Close()
		serving.Wait()
	})
}

func (r *recorder) handle(ctx *fasthttp.RequestCtx) {
	if r.jwks != nil && string(ctx.Path()) == "/admin/api/.well-known/jwks.json" {
		ctx.SetBody(r.jwks)
		return
	}
	one := recorded{method: string(ctx.Method()), target: string(ctx.Request.Header.RequestURI()), header: map[string]string{}, body: string(ctx.PostBody())}
	for k, v := range ctx.Request.Header.All() {
		one.header[string(k)] = string(v)
	}
	r.mu.Lock()
	r.seen = append(r.seen, one)
	serve := r.serve
	r.mu.Unlock()
	if serve != nil {
		serve(ctx)
		return
	}
	ctx.SetBodyString("upstream")
}

func (r *recorder) answerWith(h fasthttp.RequestHandler) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.serve = h
}

func (r *recorder) all() []recorded {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]recorded(nil), r.seen...)
}

func (r *recorder) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = nil
}

// withHeaders answers with these headers, given as pairs.
func withHeaders(pairs ...string) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		for i := 0; i+1 < len(pairs); i += 2 {
			ctx.Response.Header.Add(pairs[i], pairs[i+1])
		}
		ctx.SetBodyString("upstream")
	}
}

func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

// silent observes nothing.
type silent struct{}

func (silent) Refused(string, string)                 {}
func (silent) Bypassed(string)                        {}
func (silent) Waiting()                               {}
func (silent) Admitted(bool)                          {}
func (silent) Forwarded(string, time.Duration, error) {}

type mute struct{}

func (mute) Printf(string, ...any) {}
