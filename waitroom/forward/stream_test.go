package forward

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each piece arrives before the next is sent: nothing waits for a buffer to fill.
func TestAnAnswerStreams(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]string{"in chunks": "Transfer-Encoding: chunked\r\n", "to the end of the connection": "", "as events": "Content-Type: text/event-stream\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := make(chan string)
			f := serve(t, Options{Addresses: []string{upstream(t, func(_ int, c *peer) {
				if c.head() == "" || c.say("HTTP/1.1 200 OK\r\n"+kind+"\r\n") != nil {
					return
				}
				for text := range next {
					if strings.Contains(kind, "chunked") {
						text = fmt.Sprintf("%x\r\n%s\r\n", len(text), text)
					}
					if c.say(text) != nil {
						return
					}
				}
				if strings.Contains(kind, "chunked") {
					_ = c.say("0\r\n\r\n")
				}
			})}})
			visitor := dial(t, f.addr)
			require.NoError(t, visitor.say(get))
			res, err := http.ReadResponse(visitor.in, nil) // the head comes before anything of the body
			require.NoError(t, err)
			for _, text := range []string{"one", "two", "three"} {
				next <- text
				got := make([]byte, len(text))
				_, err := io.ReadFull(res.Body, got)
				require.NoError(t, err)
				require.Equal(t, text, string(got))
			}
			close(next)
			rest, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.Empty(t, rest)
		})
	}
}

func TestALargeAnswerComesWhole(t *testing.T) {
	t.Parallel()
	body := make([]byte, 5<<20)
	_, _ = rand.Read(body)
	for name, chunked := range map[string]bool{"by its length": false, "in chunks": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serve(t, Options{Addresses: []string{upstream(t, func(_ int, c *peer) {
				for c.head() != "" {
					if !chunked {
						_ = c.say(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
						continue
					}
					_ = c.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
					for rest, n := body, 1; len(rest) > 0; n = n*7%65537 + 1 {
						n = min(n, len(rest))
						_ = c.say(fmt.Sprintf("%X\r\n%s\r\n", n, rest[:n]))
						rest = rest[n:]
					}
					_ = c.say("0\r\n\r\n")
				}
			})}})
			visitor := dial(t, f.addr)
			for range 2 {
				_, got := visitor.request(t, get)
				require.True(t, got == string(body), "%d bytes", len(got))
			}
		})
	}
}

func TestALargeBodyGoesOnWhileItComes(t *testing.T) {
	t.Parallel()
	body := make([]byte, 3<<20)
	_, _ = rand.Read(body)
	for name, chunked := range map[string]bool{"by its length": false, "in chunks": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun := make(chan struct{}, 1)
			connections := make(chan int, 10)
			f := serve(t, Options{MaxBody: 10 << 20, Addresses: []string{upstream(t, func(n int, c *peer) {
				connections <- n
				for {
					head := c.head()
					if head == "" {
						return
					}
					begun <- struct{}{}
					req, err := http.ReadRequest(newReader(head, c.in))
					if err != nil {
						t.Errorf("the upstream got %q: %v", head, err)
						return
					}
					got, err := io.ReadAll(req.Body)
					if err != nil || !bytes.Equal(got, body) {
						t.Errorf("the upstream got %d bytes: %v", len(got), err)
					}
					_ = c.say(hello)
				}
			})}})
			visitor := dial(t, f.addr)
			for range 2 {
				if chunked {
					require.NoError(t, visitor.say("POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"))
				} else {
					require.NoError(t, visitor.say(fmt.Sprintf("POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: %d\r\n\r\n", len(body))))
				}
				for i, rest := 0, body; len(rest) > 0; i++ {
					n := min(len(rest), 100_000)
					if chunked {
						require.NoError(t, visitor.say(fmt.Sprintf("%x;ext=1\r\n%s\r\n", n, rest[:n])))
					} else {
						require.NoError(t, visitor.say(string(rest[:n])))
					}
					rest = rest[n:]
					if i == 0 {
						<-begun // the upstream has the head while most of the body is not even sent
					}
				}
				if chunked {
					require.NoError(t, visitor.say("0\r\nX-Sum: 1\r\n\r\n"))
				}
				_, answer := visitor.answer(t, "POST")
				require.Equal(t, "hello", answer)
			}
			assert.Len(t, connections, 1, "both over one connection")
		})
	}
}

// The answer may come in the same moment in which the upload notes that it has ended.
func TestManyBodiesOverOneConnection(t *testing.T) {
	t.Parallel()
	connections := make(chan int, 1000)
	f := serve(t, Options{Addresses: []string{upstream(t, func(n int, c *peer) {
		connections <- n
		for {
			if head, _ := c.requestOf(t); head == "" || c.say(hello) != nil {
				return
			}
		}
	})}})
	visitor := dial(t, f.addr)
	for range 2000 {
		_, answer := visitor.request(t, "POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
		require.Equal(t, "hello", answer)
	}
	assert.Len(t, connections, 1)
}

func TestExpectContinue(t *testing.T) {
	t.Parallel()
	f := serve(t, Options{MaxBody: 1 << 20, Addresses: []string{upstream(t, func(_ int, c *peer) {
		for {
			head, body := c.requestOf(t)
			if head == "" {
				return
			}
			assert.NotContains(t, head, "Expect")
			assert.Len(t, body, 100_000)
			_ = c.say(hello)
		}
	})}})
	visitor := dial(t, f.addr)
	require.NoError(t, visitor.say("PUT /x HTTP/1.1\r\nHost: shop.test\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n"))
	require.Equal(t, "HTTP/1.1 100 Continue\r\n\r\n", visitor.head())
	require.NoError(t, visitor.say(strings.Repeat("x", 100_000)))
	_, answer := visitor.answer(t, "PUT")
	assert.Equal(t, "hello", answer)
}

func TestTooLargeABodyIsRefused(t *testing.T) {
	t.Parallel()
	const bound = 100_000
	for name, c := range map[string]string{
		"announced": fmt.Sprintf("POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: %d\r\n\r\n%s", 2<<20, strings.Repeat("x", 2<<20)),
		"found out": "POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("ffff\r\n"+strings.Repeat("x", 0xffff)+"\r\n", 32) + "0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serve(t, Options{MaxBody: bound, Addresses: []string{upstream(t, func(_ int, c *peer) { c.untilClosed() })}})
			visitor := dial(t, f.addr)
			sent := make(chan error, 1)
			go func() { sent <- visitor.say(c) }()
			res, body := visitor.answer(t, "POST") // although most of the body was still being sent
			assert.Equal(t, 413, res.StatusCode, body)
			assert.True(t, res.Close)
			assert.Equal(t, "body-too-large", f.outcome(t))
			<-sent //nolint:errcheck // It may have been cut off.
		})
	}
}

// An upstream that answers before it has read the body: the answer reaches the visitor, and the connections close.
func TestAnEarlyAnswer(t *testing.T) {
	t.Parallel()
	f := serve(t, Options{MaxBody: 64 << 20, Addresses: []string{upstream(t, func(n int, c *peer) {
		if n > 1 {
			ok(nil, hello)(n, c)
		} else if c.head() != "" {
			_ = c.say("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
			c.untilClosed()
		}
	})}})
	visitor := dial(t, f.addr)
	sent := make(chan error, 1)
	go func() {
		sent <- visitor.say(fmt.Sprintf("POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: %d\r\n\r\n%s", 50<<20, strings.Repeat("x", 100_000)))
	}()
	res, body := visitor.answer(t, "POST") // the rest of the body is never sent
	<-sent                                 //nolint:errcheck // It is cut off where it takes longer than the connection lingers.
	assert.Equal(t, 403, res.StatusCode)
	assert.Equal(t, "no", body)
	assert.True(t, res.Close)
	_, body = dial(t, f.addr).request(t, get)
	assert.Equal(t, "hello", body)
}

// A visitor who leaves in the middle of a body, or sends no body at all: the upstream sees that it is not whole.
func TestABodyThatDoesNotCome(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw, want string
		leave     bool
	}{
		"short of its length, leaving": {"Content-Length: 100000\r\n\r\nhello" + strings.Repeat("x", 20_000), "visitor-gone", true},
		"short of its chunks, leaving": {"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "visitor-gone", true},
		"short of its length, silent":  {"Content-Length: 100000\r\n\r\nhello" + strings.Repeat("x", 20_000), "request-timeout", false},
		"short of its chunks, silent":  {"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "request-timeout", false},
		"chunks that are none":         {"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnone\r\n", "request-malformed", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := make(chan string, 1)
			silence := patience
			if c.want == "request-timeout" {
				silence = time.Second
			}
			f := serve(t, Options{Silence: silence, Addresses: []string{upstream(t, func(_ int, p *peer) {
				all, _ := io.ReadAll(p.in)
				got <- string(all)
			})}})
			visitor := dial(t, f.addr)
			require.NoError(t, visitor.say("POST /x HTTP/1.1\r\nHost: shop.test\r\n"+c.raw))
			if c.leave {
				require.NoError(t, visitor.CloseWrite())
			}
			assert.Equal(t, c.want, f.outcome(t))
			assert.False(t, strings.HasSuffix(<-got, "0\r\n\r\n"))
			assert.Zero(t, f.pool.States()[0].Failures, "it is not the upstream's fault")
		})
	}
}

// Nobody waits for the answer any more: the upstream's connection is closed, long before the upstream is given up.
func TestAVisitorWhoLeavesCancelsTheRequest(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{"before the answer": "", "within the answer": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked, closed := make(chan struct{}), make(chan struct{})
			f := serve(t, Options{FirstByte: 24 * time.Hour, Silence: 24 * time.Hour, Addresses: []string{upstream(t, func(_ int, c *peer) {
				if c.head() != "" && c.say(answer) == nil {
					close(asked)
					c.untilClosed()
					close(closed)
				}
			})}})
			visitor := dial(t, f.addr)
			require.NoError(t, visitor.say(get))
			<-asked
			require.NoError(t, visitor.Close())
			select {
			case <-closed:
			case <-time.After(patience):
				t.Fatal("the upstream goes on working for nobody")
			}
			eventually(t, "nothing is under way", func() bool { return f.pool.States()[0].InFlight == 0 })
			assert.Zero(t, f.pool.States()[0].Failures)
		})
	}
}

// A visitor who takes nothing does not hold an upstream's connection for ever.
func TestAVisitorWhoTakesNothing(t *testing.T) {
	t.Parallel()
	closed := make(chan struct{})
	f := serve(t, Options{Silence: 300 * time.Millisecond, Addresses: []string{upstream(t, func(_ int, c *peer) {
		if c.head() == "" || c.say("HTTP/1.1 200 OK\r\n\r\n") != nil {
			return
		}
		for c.say(strings.Repeat("x", 1<<20)) == nil {
		}
		close(closed)
	})}})
	visitor := dial(t, f.addr)
	require.NoError(t, visitor.SetReadBuffer(4096))
	require.NoError(t, visitor.say(get))
	<-closed
	eventually(t, "nothing is under way", func() bool { return f.pool.States()[0].InFlight == 0 })
}
