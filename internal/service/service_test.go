package service

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/testenv"
)

func TestFlagsComeFromTheLineElseTheEnvironmentElseTheDefault(t *testing.T) {
	read := func(args ...string) (url string, wait time.Duration, printed string, err error) {
		var out bytes.Buffer
		f := NewFlags("demo serve", "DEMO", &out)
		f.String(&url, "redis-url", "redis://default", "address of Redis")
		f.Duration(&wait, "wait", time.Second, "how long to wait, 1ms to 1h")
		_, err = f.Parse(args)
		return url, wait, out.String(), err
	}
	url, wait, _, err := read()
	require.NoError(t, err)
	require.Equal(t, "redis://default", url)
	require.Equal(t, time.Second, wait)

	t.Setenv("DEMO_REDIS_URL", "redis://environment")
	url, _, _, err = read()
	require.NoError(t, err)
	require.Equal(t, "redis://environment", url)
	url, _, _, err = read("--redis-url", "redis://flag")
	require.NoError(t, err)
	require.Equal(t, "redis://flag", url)

	_, _, printed, err := read("--wait", "soon")
	require.ErrorIs(t, err, ErrUsage)
	require.Contains(t, printed, "wait")
	require.Equal(t, 2, ExitCode(err))

	_, _, printed, err = read("--help")
	require.ErrorIs(t, err, flag.ErrHelp)
	require.Contains(t, printed, "DEMO_REDIS_URL")
	require.Equal(t, 0, ExitCode(err))

	t.Setenv("DEMO_WAIT", "secret-nonsense")
	_, _, printed, err = read()
	require.ErrorIs(t, err, ErrUsage)
	require.Contains(t, printed, "DEMO_WAIT")
	require.NotContains(t, printed, "secret-nonsense")
}

func TestMainNamesTheCommandsThereAre(t *testing.T) {
	var out bytes.Buffer
	commands := map[string]func([]string) error{"serve": func([]string) error { return nil }, "check": func([]string) error { return errors.New("3 seats sold twice") }}
	require.Equal(t, 0, Main("demo", []string{"serve"}, &out, commands))
	require.Equal(t, 2, Main("demo", []string{"sevre"}, &out, commands))
	require.Contains(t, out.String(), "check, serve")
	require.Equal(t, 1, Main("demo", []string{"check"}, &out, commands))
	require.Contains(t, out.String(), "3 seats sold twice")
	require.Equal(t, 2, Main("demo", nil, &out, commands))
}

// started runs a service on free ports and returns its two base URLs and the outcome of Run.
func started(t *testing.T, ctx context.Context, o Options) (public, private string, done <-chan error) {
	t.Helper()
	addrs := make(chan [2]net.Addr, 1)
	o.Name, o.Log, o.Listen, o.OpsListen = "demo", slog.New(slog.DiscardHandler), "127.0.0.1:0", "127.0.0.1:0"
	o.Started = func(public, private net.Addr) { addrs <- [2]net.Addr{public, private} }
	out := make(chan error, 1)
	go func() { out <- Run(ctx, o) }()
	select {
	case a := <-addrs:
		return "http://" + a[0].String(), "http://" + a[1].String(), out
	case err := <-out:
		select {
		case a := <-addrs: // it did start, and has ended since
			out <- err
			return "http://" + a[0].String(), "http://" + a[1].String(), out
		default:
			t.Fatalf("did not start: %v", err)
			return "", "", nil
		}
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(body)
}

func TestRunSaysWhatIsMissingAndDrainsBeforeItEnds(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	entered, release := make(chan struct{}), make(chan struct{})
	missing := errors.New("connection refused")
	taskEnded := make(chan struct{})
	public, private, done := started(t, ctx, Options{
		Handler: func(ctx *fasthttp.RequestCtx) {
			close(entered)
			<-release
			ctx.SetBodyString("served")
		},
		Checks: []Check{{"redis", func(context.Context) error { return missing }}, {"postgresql", func(context.Context) error { return nil }}},
		Tasks:  []func(context.Context) error{func(ctx context.Context) error { <-ctx.Done(); close(taskEnded); return nil }},
	})
	status, body := get(t, private+"/readyz")
	require.Equal(t, 503, status)
	require.JSONEq(t, `{"ready":false,"checks":{"redis":"connection refused","postgresql":"ok"}}`, body)
	status, _ = get(t, private+"/healthz")
	require.Equal(t, 200, status, "alive all the same")
	status, body = get(t, private+"/metrics")
	require.Equal(t, 200, status)
	require.Contains(t, body, "go_goroutines")

	type outcome struct {
		body string
		err  error
	}
	answered := make(chan outcome, 1)
	go func() {
		res, err := http.Get(public)
		if err != nil {
			answered <- outcome{err: err}
			return
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		answered <- outcome{string(body), err}
	}()
	<-entered
	stop()
	require.True(t, testenv.Eventually(func() bool {
		_, body := get(t, private+"/readyz")
		return bytes.Contains([]byte(body), []byte("draining"))
	}), "unready while it drains")
	select {
	case <-taskEnded:
		t.Fatal("a task ended while a request was still being served")
	default:
	}
	close(release)
	got := <-answered
	require.NoError(t, got.err)
	require.Equal(t, "served", got.body, "a request under way is finished")
	require.NoError(t, <-done)
	<-taskEnded
}

func TestRunEndsWhenATaskFails(t *testing.T) {
	_, _, done := started(t, t.Context(), Options{
		Handler: func(*fasthttp.RequestCtx) {},
		Tasks:   []func(context.Context) error{func(context.Context) error { return errors.New("worn out") }},
	})
	require.ErrorContains(t, <-done, "worn out")
}

func TestRunNamesAPortThatIsTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	err = Run(t.Context(), Options{Log: slog.New(slog.DiscardHandler), Listen: l.Addr().String(), OpsListen: "127.0.0.1:0"})
	require.ErrorContains(t, err, l.Addr().String())
}

// TestAKeptConnectionIsToldToMoveOn: while the service drains it serves, says that it is not ready, and ends each connection with its answer.
func TestAKeptConnectionIsToldToMoveOn(t *testing.T) {
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	public, private, done := started(t, t.Context(), Options{
		Handler: func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString("served") }, DrainDelay: time.Hour,
	})
	ask := func() *http.Response {
		res, err := http.Get(public)
		require.NoError(t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Equal(t, "served", string(body))
		return res
	}
	require.False(t, ask().Close)
	require.NoError(t, self.Signal(syscall.SIGTERM))
	require.True(t, testenv.Eventually(func() bool {
		status, _ := get(t, private+"/readyz")
		return status == 503
	}))
	for range 3 {
		require.True(t, ask().Close, "Connection: close")
	}
	select {
	case err := <-done:
		t.Fatalf("it ended before the drain delay was over: %v", err)
	default:
	}
	require.NoError(t, self.Signal(syscall.SIGTERM)) // somebody does not want to wait
	require.NoError(t, <-done)
}

func TestProfilesAreForThePrivatePortAndOnRequest(t *testing.T) {
	t.Parallel()
	for _, profiles := range []bool{false, true} {
		public, private, _ := started(t, t.Context(), Options{
			Handler: func(ctx *fasthttp.RequestCtx) { ctx.SetStatusCode(404) }, Profiles: profiles,
		})
		for _, path := range []string{"/debug/pprof", "/debug/pprof/heap", "/debug/pprof/cmdline"} {
			status, _ := get(t, public+path)
			require.Equal(t, 404, status, "the public port serves %s", path)
			status, _ = get(t, private+path)
			require.Equal(t, map[bool]int{false: 404, true: 200}[profiles], status, path)
		}
		for _, path := range []string{"/metrics", "/healthz", "/readyz"} {
			status, _ := get(t, public+path)
			require.Equal(t, 404, status, "the public port serves %s", path)
		}
	}
}
