package main

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/waitroom"
	"anteroom/waitroom/proxy"
)

// oneRoom is a live room that nothing happens in, for measuring the gate alone.
type oneRoom struct {
	view    *waitroom.View
	mu      sync.Mutex
	touched map[int64]struct{}
}

func (r *oneRoom) Find(name []byte) (waitroom.Room, error) {
	if string(name) != r.view.Room {
		return nil, waitroom.ErrRoomUnknown
	}
	return r, nil
}

func (r *oneRoom) View() *waitroom.View      { return r.view }
func (r *oneRoom) Revoked(int64, int64) bool { return false }
func (r *oneRoom) Revoke(int64, int64)       {}
func (r *oneRoom) Moved(int64, int64) int64  { return 0 }
func (r *oneRoom) Hear(waitroom.Turn, int64) {}
func (r *oneRoom) Touch(_, number int64, _ time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.touched[number] = struct{}{}
}

func serveOn(b *testing.B, h fasthttp.RequestHandler) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	server := &fasthttp.Server{Handler: h, NoDefaultContentType: true, Logger: mute{}}
	go func() { _ = server.Serve(l) }()
	b.Cleanup(func() { _ = server.Shutdown() })
	return l.Addr().String()
}

// BenchmarkAdmitted measures a request with a known pass through the gate to an upstream on this machine. Compare with
// BenchmarkBareProxy of the same run: the same forwarding without any check.
func BenchmarkAdmitted(b *testing.B) {
	upstream := serveOn(b, func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString("0123456789") })
	dir := b.TempDir() + "/keys.json"
	_, err := auth.InitKeys(dir)
	require.NoError(b, err)
	keys, err := auth.LoadKeys(dir)
	require.NoError(b, err)
	now := time.Now()
	room := &oneRoom{touched: map[int64]struct{}{}, view: &waitroom.View{Received: now, Snapshot: waitroom.Snapshot{Room: "arena", Epoch: 1, AsOf: now}}}
	pass, err := keys.SignPass(auth.Pass{Room: "arena", Epoch: 1, Number: 1, AdmittedAt: now, ExpiresAt: now.Add(time.Hour)})
	require.NoError(b, err)
	front := &proxy.Front{Gate: &proxy.Gate{Rooms: room, Passes: auth.NewPassVerifier(keys), Seen: silent{}}, Log: quietLog(), Seen: silent{}}
	lead(b, front, "http://"+upstream)
	load(b, serveOn(b, front.Handler()), pass)
}

// BenchmarkBareProxy is the calibrator: fasthttp's server and client, nothing between.
func BenchmarkBareProxy(b *testing.B) {
	upstream := serveOn(b, func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString("0123456789") })
	client := &fasthttp.HostClient{Addr: upstream, MaxConns: 1024}
	load(b, serveOn(b, func(ctx *fasthttp.RequestCtx) {
		if err := client.Do(&ctx.Request, &ctx.Response); err != nil {
			ctx.Error(err.Error(), fasthttp.StatusBadGateway)
		}
	}), "none")
}

func load(b *testing.B, addr, pass string) {
	b.Helper()
	client := &fasthttp.HostClient{Addr: addr, MaxConns: 1024}
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		var req fasthttp.Request
		var res fasthttp.Response
		req.SetRequestURI("http://" + addr + seats)
		req.Header.Set("Waitroom-Pass", pass)
		for pb.Next() {
			if err := client.Do(&req, &res); err != nil || res.StatusCode() != 200 {
				b.Errorf("%v, status %d", err, res.StatusCode())
				return
			}
		}
	})
}
