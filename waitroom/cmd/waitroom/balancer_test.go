package main

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/testenv"
)

// How the balancer judges health: as usual ones do, so that what is proven with it holds for them.
const (
	checkEvery = 200 * time.Millisecond
	checkFalls = 2 // in a row
)

// balancer is a load balancer: it keeps connections to its gateways, takes turns, follows /readyz, and repeats no request, ever.
type balancer struct {
	address string
	members []*member
	turn    atomic.Uint64
}

type member struct {
	gateway *testenv.Program
	client  *fasthttp.HostClient
	up      atomic.Bool
}

func newBalancer(t *testing.T, gateways ...*testenv.Program) *balancer {
	t.Helper()
	b := &balancer{}
	ctx, cancel := context.WithCancel(context.Background())
	var checks sync.WaitGroup
	for _, g := range gateways {
		m := &member{gateway: g, client: &fasthttp.HostClient{
			Addr: g.Address, MaxConns: 256, MaxIdleConnDuration: 10 * time.Second, ReadTimeout: deadline,
			MaxIdemponentCallAttempts: 1, RetryIfErr: func(*fasthttp.Request, int, error) (bool, bool) { return false, false },
		}}
		m.up.Store(true)
		b.members = append(b.members, m)
		checks.Go(func() { m.follow(ctx) })
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	b.address = l.Addr().String()
	server := &fasthttp.Server{Handler: b.serve, NoDefaultContentType: true, Logger: mute{}}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		cancel()
		checks.Wait()
		stop, done := context.WithTimeout(context.Background(), deadline)
		defer done()
		require.NoError(t, server.ShutdownWithContext(stop))
		require.NoError(t, <-served)
		for _, m := range b.members {
			m.client.CloseIdleConnections()
		}
	})
	return b
}

// follow checks a gateway until ctx ends.
func (m *member) follow(ctx context.Context) {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	failed := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if m.gateway.Ready() {
			failed = 0
			m.up.Store(true)
		} else if failed++; failed >= checkFalls {
			m.up.Store(false)
		}
	}
}

func (b *balancer) serve(ctx *fasthttp.RequestCtx) {
	turn := int(b.turn.Add(1) % uint64(len(b.members)))
	for i := range b.members {
		m := b.members[(turn+i)%len(b.members)]
		if !m.up.Load() {
			continue
		}
		ctx.Request.Header.ResetConnectionClose()
		err := m.client.Do(&ctx.Request, &ctx.Response)
		if err != nil {
			ctx.Error(m.gateway.Name+": "+err.Error(), fasthttp.StatusBadGateway)
		}
		ctx.Response.Header.ResetConnectionClose()
		return
	}
	ctx.Error("no gateway is up", fasthttp.StatusServiceUnavailable)
}

// isUp reports whether the balancer sends requests to a gateway.
func (b *balancer) isUp(gateway *testenv.Program) bool {
	for _, m := range b.members {
		if m.gateway == gateway {
			return m.up.Load()
		}
	}
	return false
}
