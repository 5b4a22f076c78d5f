package forward

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	upgradeRequest = "GET /live HTTP/1.1\r\nHost: shop.test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a2V5\r\nSec-WebSocket-Version: 13\r\n\r\n"
	switching      = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Accept: xyz\r\nSet-Cookie: a=b\r\n\r\n"
)

// echo answers an upgrade and then gives back what it gets, until it is told goodbye.
func echo(closed chan<- struct{}) func(int, *peer) {
	return func(_ int, c *peer) {
		head := c.head()
		if !strings.Contains(head, "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n") {
			_ = c.say(hello)
			return
		}
		_ = c.say(switching + "welcome")
		for {
			word := make([]byte, 7)
			if _, err := io.ReadFull(c.in, word); err != nil || string(word) == "goodbye" {
				_ = c.say("bye")
				break
			}
			if c.say(string(word)) != nil {
				break
			}
		}
		_ = c.CloseWrite()
		c.untilClosed()
		if closed != nil {
			closed <- struct{}{}
		}
	}
}

func (p *peer) hear(t *testing.T, text string) {
	t.Helper()
	got := make([]byte, len(text))
	_, err := io.ReadFull(p.in, got)
	require.NoError(t, err)
	require.Equal(t, text, string(got))
}

func TestAWebSocketPassesThrough(t *testing.T) {
	t.Parallel()
	f := serve(t, Options{Addresses: []string{upstream(t, echo(nil))}})
	visitor := dial(t, f.addr)
	require.NoError(t, visitor.say(upgradeRequest+"first..")) // without waiting for the answer
	head := visitor.head()
	for _, want := range []string{"HTTP/1.1 101 Switching Protocols\r\n", "\r\nConnection: Upgrade\r\n", "\r\nUpgrade: websocket\r\n", "\r\nSec-Websocket-Accept: xyz\r\n", "\r\nSet-Cookie: a=b\r\n"} {
		assert.Contains(t, head, want)
	}
	assert.NotContains(t, head, "Content-Length")
	visitor.hear(t, "welcomefirst..")
	for range 100 {
		require.NoError(t, visitor.say("again.."))
		visitor.hear(t, "again..")
	}
	require.EqualValues(t, 1, f.pool.tunnels.Load())
	require.NoError(t, visitor.say("goodbye"))
	visitor.hear(t, "bye")
	_, err := visitor.in.ReadByte()
	require.ErrorIs(t, err, io.EOF)
	eventually(t, "it counts no more", func() bool { return f.pool.tunnels.Load() == 0 && f.pool.States()[0].InFlight == 0 })
}

func TestAWebSocketEnds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		o   Options
		end func(f *front, visitor *peer, may *atomic.Bool)
	}{
		"when the visitor leaves":             {Options{}, func(_ *front, v *peer, _ *atomic.Bool) { _ = v.Close() }},
		"when the server stops":               {Options{}, func(f *front, _ *peer, _ *atomic.Bool) { f.stop() }},
		"when both are silent":                {Options{TunnelSilence: 2 * time.Second}, func(*front, *peer, *atomic.Bool) {}},
		"when the visitor may stay no longer": {Options{}, func(_ *front, _ *peer, may *atomic.Bool) { may.Store(false) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var may atomic.Bool // of this WebSocket alone: it would end the others too
			may.Store(true)
			closed := make(chan struct{}, 1)
			c.o.Addresses = []string{upstream(t, echo(closed))}
			f := serve(t, c.o)
			f.still = may.Load
			visitor := dial(t, f.addr)
			require.NoError(t, visitor.say(upgradeRequest))
			visitor.head()
			visitor.hear(t, "welcome")
			c.end(f, visitor, &may)
			select {
			case <-closed:
			case <-time.After(patience):
				t.Fatal("the upstream's connection stays open")
			}
			_, err := io.Copy(io.Discard, visitor.in)
			_ = err // closed by one side or the other
		})
	}
}

func TestThereAreOnlySoManyWebSockets(t *testing.T) {
	t.Parallel()
	f := serve(t, Options{MaxTunnels: 1, Addresses: []string{upstream(t, echo(nil))}})
	first := dial(t, f.addr)
	require.NoError(t, first.say(upgradeRequest))
	first.head()
	first.hear(t, "welcome")
	res, _ := dial(t, f.addr).request(t, upgradeRequest)
	assert.Equal(t, 503, res.StatusCode)
	assert.Equal(t, "1", res.Header.Get("Retry-After"))
	_, body := dial(t, f.addr).request(t, get)
	assert.Equal(t, "hello", body, "what is no WebSocket goes on")
	require.NoError(t, first.Close())
	eventually(t, "there is room again", func() bool { return f.pool.tunnels.Load() == 0 })
}

// What is no WebSocket is not switched to, and what is refused is an ordinary answer.
func TestOtherUpgradesAreNone(t *testing.T) {
	t.Parallel()
	f := serve(t, Options{Addresses: []string{upstream(t, echo(nil))}})
	for _, raw := range []string{
		strings.Replace(upgradeRequest, "websocket", "h2c", 1),
		strings.Replace(upgradeRequest, "keep-alive, Upgrade", "keep-alive", 1),
		strings.Replace(upgradeRequest, "GET", "OPTIONS", 1),
		strings.Replace(upgradeRequest, "HTTP/1.1", "HTTP/1.0", 1),
	} {
		res, body := dial(t, f.addr).request(t, raw)
		assert.Equal(t, 200, res.StatusCode)
		assert.Equal(t, "hello", body)
	}
	f = serve(t, Options{Addresses: []string{upstream(t, ok(nil, "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"))}})
	visitor := dial(t, f.addr)
	res, body := visitor.request(t, upgradeRequest)
	assert.Equal(t, 403, res.StatusCode)
	assert.Equal(t, "no", body)
	_, body = visitor.request(t, get)
	assert.Equal(t, "no", body)
	assert.Zero(t, f.pool.tunnels.Load())
}

// A stream of events that never ends by itself ends in good order when the server stops, and does not hold it up.
func TestEventsEndWithTheServer(t *testing.T) {
	t.Parallel()
	f := serve(t, Options{FirstByte: 24 * time.Hour, Silence: 24 * time.Hour, Addresses: []string{upstream(t, func(_ int, c *peer) {
		if c.head() != "" && c.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n") == nil {
			c.untilClosed()
		}
	})}})
	visitor := dial(t, f.addr)
	require.NoError(t, visitor.say(get))
	res, err := http.ReadResponse(visitor.in, nil)
	require.NoError(t, err)
	first := make([]byte, len("data: 1\n\n"))
	_, err = io.ReadFull(res.Body, first)
	require.NoError(t, err)
	require.Equal(t, "data: 1\n\n", string(first))
	require.Empty(t, f.outcome(t))
	f.stop()
	rest, err := io.ReadAll(res.Body)
	require.NoError(t, err, "in good order")
	assert.Empty(t, rest)
}
