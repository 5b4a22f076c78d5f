package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/backing"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/redisqueue"
)

// What is measured: the same requests, one after the other on each of 64 kept connections, through a proxy in a process of its own, to an
// upstream that answers 130 bytes. The load and the upstream share the test's process, one thread each, and cost as little as can be.
const (
	benchConnections = 64
	benchAnswer      = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 59\r\n\r\n{\"seats\":[{\"id\":1,\"row\":\"A\",\"seat\":\"12\",\"state\":\"free\"}]  }"
)

// benchProxy makes the test's own binary one of the calibrators.
const benchProxy = "WAITROOM_BENCH_PROXY"

func init() {
	kind, upstream, ok := strings.Cut(os.Getenv(benchProxy), " ")
	if !ok {
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	switch kind {
	case "constant":
		bytes, _ := strconv.Atoi(upstream)
		answer := []byte(strings.Repeat("x", bytes))
		err = (&fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) { ctx.SetBody(answer) }}).Serve(l)
	case "fasthttp":
		client := &fasthttp.HostClient{Addr: upstream, MaxConns: 1024}
		err = (&fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
			if err := client.Do(&ctx.Request, &ctx.Response); err != nil {
				ctx.Error(err.Error(), fasthttp.StatusBadGateway)
			}
		}}).Serve(l)
	case "net/http":
		proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: upstream})
		proxy.Transport = &http.Transport{MaxIdleConnsPerHost: 2 * benchConnections}
		err = (&http.Server{Handler: proxy, ReadHeaderTimeout: time.Minute}).Serve(l)
	}
	panic(err)
}

// startBench starts the test's own binary as another program and returns the first line that it prints.
func startBench(b testing.TB, env string, args ...string) *bufio.Reader {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), env)
	log, err := os.Create(filepath.Join(b.TempDir(), "log"))
	require.NoError(b, err)
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, cmd.Start())
	b.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = log.Close()
		// The processor's time of the proxy alone says more than the clock's on a machine that is busy.
		spent := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		b.Logf("%s spent %s", env, spent.Round(time.Millisecond))
	})
	return bufio.NewReader(out)
}

// through measures a request with some headers through what listens at addr.
func through(b *testing.B, addr, headers string) {
	b.Helper()
	measure(b, addr, "GET "+seats+" HTTP/1.1\r\nHost: "+addr+"\r\nUser-Agent: bench\r\nAccept: */*\r\n"+headers+"\r\n")
}

// measure sends a request again and again. The connections last: a round is many short passes, which would else measure how they warm up.
func measure(b *testing.B, addr, request string) {
	b.Helper()
	l := testenv.Lasting(b, "connections to "+addr, func(t testing.TB) *load {
		l := newLoad(t, addr, benchConnections)
		require.NoError(t, l.send([]byte(request), 8192)) // fills the pools
		return l
	})
	require.NoError(b, l.send([]byte(request), 4*benchConnections)) // wakes what has slept meanwhile
	b.ResetTimer()
	err := l.send([]byte(request), b.N)
	b.StopTimer()
	require.NoError(b, err)
}

func benchUpstream(b *testing.B) string {
	b.Helper()
	return testenv.Lasting(b, "upstream", startUpstream)
}

func startUpstream(b testing.TB) string {
	b.Helper()
	addr, stop, err := serveWire(benchAnswer)
	require.NoError(b, err)
	b.Cleanup(stop)
	return addr
}

// benchGateway starts a whole gateway, as it runs in production, with the room arena in a real Redis, and returns its public address.
func benchGateway(b testing.TB, change func(*waitroom.Policy)) string {
	b.Helper()
	env := testenv.Redis(b)
	return benchGatewayOn(b, env.URL, env.Prefix, change)
}

// benchGatewayOn does so on the Redis at an address.
func benchGatewayOn(b testing.TB, redisURL, prefix string, change func(*waitroom.Policy)) string {
	b.Helper()
	upstream := "http://" + startUpstream(b)
	client, err := redisqueue.Dial(redisURL)
	require.NoError(b, err)
	defer client.Close()
	policy := waitroom.DefaultPolicy()
	change(&policy)
	_, err = redisqueue.New(client, prefix).Create(b.Context(), "arena", policy)
	require.NoError(b, err)
	keys := filepath.Join(b.TempDir(), "keys.json")
	_, err = auth.InitKeys(keys)
	require.NoError(b, err)
	public, private := benchPort(b), benchPort(b)
	startBench(b, asProgram+"=1", "serve", "--listen", public, "--ops-listen", private, "--redis-url", redisURL, "--key-prefix", prefix,
		"--keys-file", keys, "--booking-url", upstream, "--admin-url", upstream, "--staff-jwks-url", upstream+"/")
	require.Eventually(b, func() bool {
		res, err := http.Get("http://" + private + "/readyz")
		if err != nil {
			return false
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		return strings.Contains(string(text), `"rooms":"ok"`)
	}, deadline, 10*time.Millisecond)
	return public
}

// BenchmarkAdmitted measures a request with a pass through a whole gateway.
func BenchmarkAdmitted(b *testing.B) {
	public := testenv.Lasting(b, "gateway that admits", func(t testing.TB) string {
		return benchGateway(t, func(p *waitroom.Policy) { p.RatePerMinute, p.MaxActive = 60_000, 100_000 }) // each repetition joins
	})
	res, err := http.Post("http://"+public+"/waitroom/v1/arena/join", "", nil)
	require.NoError(b, err)
	defer res.Body.Close()
	var visit waitroom.Visit
	require.NoError(b, json.NewDecoder(res.Body).Decode(&visit))
	require.NotEmpty(b, visit.Pass)
	through(b, public, "Cookie: wp_arena="+visit.Pass+"\r\n")
}

func benchPort(b testing.TB) string {
	b.Helper()
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(testenv.FreePort(b)))
}

// cookieLike is as long as a cookie with a pass, so that every proxy gets the same bytes.
var cookieLike = "Cookie: wp_arena=" + strings.Repeat("x", 300) + "\r\n"

// BenchmarkBareProxy is fasthttp's server and client, nothing between.
func BenchmarkBareProxy(b *testing.B) { throughChild(b, "fasthttp") }

// BenchmarkReverseProxy is that of the standard library.
func BenchmarkReverseProxy(b *testing.B) { throughChild(b, "net/http") }

func throughChild(b *testing.B, kind string) {
	b.Helper()
	upstream := benchUpstream(b)
	through(b, child(b, kind, upstream), cookieLike)
}

// child is the address of one of the calibrators.
func child(b *testing.B, kind, argument string) string {
	b.Helper()
	return testenv.Lasting(b, kind+" "+argument, func(t testing.TB) string {
		return firstLine(t, startBench(t, benchProxy+"="+kind+" "+argument))
	})
}

// BenchmarkNginx is nginx' proxy_pass with kept connections to the upstream, as many workers as processors, and no access log.
func BenchmarkNginx(b *testing.B) {
	throughForeign(b, "nginx", func(t testing.TB, dir string, port int, upstream string) []string {
		write(t, dir, "nginx.conf", fmt.Sprintf("worker_processes auto;\nevents { worker_connections 4096; }\nhttp {\n%s"+
			"upstream shop { server %s; keepalive 256; keepalive_requests 100000000; }\n"+
			"server { listen 127.0.0.1:%d; keepalive_requests 100000000; location / { proxy_pass http://shop; proxy_http_version 1.1; proxy_set_header Connection \"\"; } }\n}\n",
			nginxPaths(dir), upstream, port))
		return nginxArgs(dir)
	})
}

// BenchmarkHAProxy is HAProxy in HTTP mode: as many threads as processors, connections to the upstream shared by all who ask, and no log.
func BenchmarkHAProxy(b *testing.B) {
	throughForeign(b, "haproxy", func(t testing.TB, dir string, port int, upstream string) []string {
		write(t, dir, "haproxy.cfg", fmt.Sprintf("global\n maxconn 4096\ndefaults\n mode http\n timeout connect 10s\n timeout client 60s\n timeout server 60s\n"+
			"frontend front\n bind 127.0.0.1:%d\n default_backend shop\nbackend shop\n http-reuse always\n server shop %s\n", port, upstream))
		return []string{"-db", "-f", filepath.Join(dir, "haproxy.cfg")}
	})
}

// throughForeign measures requests through a proxy that is not ours. A machine that has none and cannot fetch one is no reason to have no figures
// at all: the benchmark is skipped, and says so.
func throughForeign(b *testing.B, name string, prepare func(t testing.TB, dir string, port int, upstream string) []string) {
	b.Helper()
	if _, err := backing.FindWebServer(b.Context(), name); err != nil {
		b.Skipf("%s is not on this machine: %v", name, err)
	}
	upstream := benchUpstream(b)
	addr := testenv.Lasting(b, name, func(t testing.TB) string {
		return startForeign(t, foreign{program: name, prepare: func(dir string, port int) []string { return prepare(t, dir, port, upstream) }})
	})
	through(b, addr, cookieLike)
}

func write(b testing.TB, dir, name, content string) {
	b.Helper()
	require.NoError(b, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
}

// BenchmarkUpstream is the upstream without any proxy.
func BenchmarkUpstream(b *testing.B) { through(b, benchUpstream(b), cookieLike) }

// BenchmarkBareServer is a server of the same library that answers as many bytes by itself.
func BenchmarkBareServer(b *testing.B) {
	_, body, _ := strings.Cut(benchAnswer, "\r\n\r\n")
	through(b, child(b, "constant", strconv.Itoa(len(body))), cookieLike)
}
