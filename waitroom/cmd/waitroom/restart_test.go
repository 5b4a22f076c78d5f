package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// TestARestartDropsNothing restarts one of two gateways behind a load balancer while people join, poll and shop: no request fails and no
// place is lost. In the control, where the gateway stops without waiting until the balancer has noticed, requests fail. A balancer on a busy machine may
// notice late, or by luck in time; so the delay is ended by hand when it has noticed, and the control is repeated until a request fails.
func TestARestartDropsNothing(t *testing.T) {
	t.Parallel()
	t.Run("with a drain delay", func(t *testing.T) {
		t.Parallel()
		c := restartUnderLoad(t, "10m")
		assert.Empty(t, c.failures, "%d requests failed", c.failed)
		assert.Zero(t, c.failed)
	})
	t.Run("control: without", func(t *testing.T) {
		t.Parallel()
		c := restartUnderLoad(t, noDelay)
		assert.NotZero(t, c.failed, "nothing failed, so this proves nothing")
	})
}

const noDelay = "0s"

// people are behind the balancer, and what became of their requests.
type people struct {
	address string
	pass    string // of somebody who shops

	requests atomic.Int64
	underWay sync.RWMutex // held to read by each request
	mu       sync.Mutex
	places   map[int64]string // tickets, by number
	failed   int
	failures []string // the first few
}

func restartUnderLoad(t *testing.T, drainDelay string) *people {
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.MaxActive = 1 })
	first := s.process("first", "--drain-delay", drainDelay)
	second := s.process("second", "--drain-delay", drainDelay)
	b := newBalancer(t, first, second)
	c := &people{address: b.address, places: map[int64]string{}}
	inside := c.join(&fasthttp.HostClient{Addr: c.address})
	require.Equal(t, waitroom.Admitted, inside.State)
	c.pass = inside.Pass

	stop := make(chan struct{})
	var busy sync.WaitGroup
	for _, does := range []func(*fasthttp.HostClient){c.shop, c.shop, c.arrive, c.poll, c.poll} {
		busy.Go(func() {
			client := &fasthttp.HostClient{Addr: c.address, MaxConns: 1, ReadTimeout: deadline}
			defer client.CloseIdleConnections()
			for {
				select {
				case <-stop:
					return
				default:
					does(client)
				}
			}
		})
	}
	after := func(n int64) { // so that what happened is under load
		until := c.requests.Load() + n
		require.Eventually(t, func() bool { return c.requests.Load() >= until }, deadline, time.Millisecond)
	}
	for until := time.Now().Add(deadline); ; {
		after(200)
		if drainDelay != noDelay {
			first.Running.Signal(syscall.SIGTERM)
			require.Eventually(t, func() bool { return drains(first) && !b.isUp(first) }, deadline, 10*time.Millisecond)
			c.await() // what was sent to it before
		}
		first.Stop() // where it drains already, that ends the delay
		after(200)
		require.Eventually(t, func() bool { return !b.isUp(first) }, deadline, 10*time.Millisecond)
		first.Start()
		require.Eventually(t, func() bool { return b.isUp(first) }, deadline, 10*time.Millisecond)
		after(200)
		if drainDelay != noDelay || c.haveFailed() || time.Now().After(until) {
			break
		}
	}
	close(stop)
	busy.Wait()

	// Everybody who was given a place has it, on both gateways.
	require.NotEmpty(t, c.places)
	for _, gateway := range []*testenv.Program{first, second} {
		client := &fasthttp.HostClient{Addr: gateway.Address}
		for number, ticket := range c.places {
			v, why := c.status(client, ticket)
			require.Empty(t, why)
			require.Equal(t, number, v.Number)
			require.NotEqual(t, waitroom.Expired, v.State)
		}
		client.CloseIdleConnections()
	}
	return c
}

// drains reports whether a gateway says that it does.
func drains(gateway *testenv.Program) bool {
	status, body, err := fasthttp.GetTimeout(nil, gateway.OpsURL()+"/readyz", deadline)
	return err == nil && status == fasthttp.StatusServiceUnavailable && bytes.Contains(body, []byte("draining"))
}

// await returns when every request is answered that is under way.
func (c *people) await() {
	c.underWay.Lock()
	defer c.underWay.Unlock()
}

func (c *people) haveFailed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed > 0
}

// ask sends a request and reports what is wrong with the answer. Nothing is repeated, but where a gateway had waited for the line in vain, or the gateway
// that stays was not ready because of it: that is no matter of the restart, and a busy machine may bring it about.
func (c *people) ask(client *fasthttp.HostClient, method, path string, want int, headers ...string) (body []byte, why string) {
	client.MaxIdemponentCallAttempts = 1
	client.RetryIfErr = func(*fasthttp.Request, int, error) (bool, bool) { return false, false }
	var req fasthttp.Request
	var res fasthttp.Response
	req.SetRequestURI("http://" + client.Addr + path)
	req.Header.SetMethod(method)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	c.underWay.RLock()
	defer c.underWay.RUnlock()
	err := client.Do(&req, &res)
	lineAway := func() bool {
		return err == nil && (bytes.Contains(res.Body(), []byte("problem:line-unavailable")) || bytes.Contains(res.Body(), []byte("no gateway is up")))
	}
	for until := time.Now().Add(deadline); lineAway() && time.Now().Before(until); {
		err = client.Do(&req, &res)
	}
	c.requests.Add(1)
	switch {
	case err != nil:
		return nil, fmt.Sprintf("%s %s: %v", method, path, err)
	case res.StatusCode() != want:
		return nil, fmt.Sprintf("%s %s: status %d: %s", method, path, res.StatusCode(), res.Body())
	}
	return append([]byte(nil), res.Body()...), ""
}

func (c *people) note(why string) bool {
	if why == "" {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed++; len(c.failures) < 10 {
		c.failures = append(c.failures, why)
	}
	return false
}

// join takes a place; a number that was given before is a failure.
func (c *people) join(client *fasthttp.HostClient) (v waitroom.Visit) {
	body, why := c.ask(client, "POST", "/waitroom/v1/arena/join", 201, "Idempotency-Key", rand.Text())
	if !c.note(why) {
		return v
	}
	if err := json.Unmarshal(body, &v); err != nil {
		c.note(err.Error())
		return v
	}
	c.mu.Lock()
	_, again := c.places[v.Number]
	c.places[v.Number] = v.Ticket
	c.mu.Unlock()
	if again {
		c.note(fmt.Sprintf("number %d was given twice", v.Number))
	}
	return v
}

func (c *people) arrive(client *fasthttp.HostClient) { c.join(client) }

func (c *people) shop(client *fasthttp.HostClient) {
	body, why := c.ask(client, "GET", seats, 200, "Waitroom-Pass", c.pass)
	if why == "" && string(body) != "upstream" {
		why = "not from the upstream: " + string(body)
	}
	c.note(why)
}

// poll asks for the place of somebody.
func (c *people) poll(client *fasthttp.HostClient) {
	c.mu.Lock()
	var ticket string
	var number int64
	for number, ticket = range c.places {
		break
	}
	c.mu.Unlock()
	v, why := c.status(client, ticket)
	if why == "" && v.Number != number {
		why = fmt.Sprintf("%d became %d", number, v.Number)
	}
	c.note(why)
}

func (c *people) status(client *fasthttp.HostClient, ticket string) (v waitroom.Visit, why string) {
	body, why := c.ask(client, "GET", "/waitroom/v1/arena/status", 200, "Cookie", "wr_arena="+ticket)
	if why == "" {
		if err := json.Unmarshal(body, &v); err != nil {
			why = err.Error()
		}
	}
	return v, why
}
