package forward

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Upstreams whose answer cannot be trusted. Whatever they say, the visitor gets 502, and the connection is never used again: the good
// request that follows comes over another one.
func TestAnAnswerThatCannotBeTrustedIsABadGateway(t *testing.T) {
	t.Parallel()
	const head = "HTTP/1.1 200 OK\r\n"
	for name, answer := range map[string]string{
		"no HTTP":                      "hello there\r\n\r\n",
		"garbage":                      "\x16\x03\x01\x00\xa5\x01\x00\x00\n",
		"nothing":                      "",
		"half a head":                  head + "Content-Le",
		"another version":              "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
		"no status":                    "HTTP/1.1  OK\r\nContent-Length: 0\r\n\r\n",
		"status of two digits":         "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
		"status of four digits":        "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
		"status under a hundred":       "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
		"an empty line first":          "\r\n" + hello,
		"bare line feeds":              "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
		"one bare line feed":           head + "A: b\nContent-Length: 0\r\n\r\n",
		"a carriage return in a value": head + "A: b\rc\r\nContent-Length: 0\r\n\r\n",
		"a null byte in a value":       head + "A: b\x00c\r\nContent-Length: 0\r\n\r\n",
		"a folded line":                head + "A: b\r\n c\r\nContent-Length: 0\r\n\r\n",
		"a folded first line":          head + " A: b\r\nContent-Length: 0\r\n\r\n",
		"a space before the colon":     head + "Content-Length : 0\r\n\r\n",
		"a line without a colon":       head + "hello\r\nContent-Length: 0\r\n\r\n",
		"no name":                      head + ": b\r\nContent-Length: 0\r\n\r\n",
		"a name with a space":          head + "A b: c\r\nContent-Length: 0\r\n\r\n",
		"two lengths":                  head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
		"the same length twice":        head + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
		"a list of lengths":            head + "Content-Length: 5, 5\r\n\r\nhello",
		"a length with a sign":         head + "Content-Length: +5\r\n\r\nhello",
		"a negative length":            head + "Content-Length: -1\r\n\r\nhello",
		"a hexadecimal length":         head + "Content-Length: 0x5\r\n\r\nhello",
		"an empty length":              head + "Content-Length:\r\n\r\nhello",
		"a length beyond all bounds":   head + "Content-Length: 99999999999999999999\r\n\r\nhello",
		"length and chunks":            head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"chunks and length":            head + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
		"compressed chunks":            head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"another encoding":             head + "Transfer-Encoding: identity\r\n\r\nhello",
		"chunked twice":                head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"a spaced encoding":            head + "Transfer-Encoding: chu nked\r\n\r\n0\r\n\r\n",
		"chunks of HTTP/1.0":           "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"a long head":                  head + "A: " + strings.Repeat("a", maxHead) + "\r\n\r\n",
		"many headers":                 head + strings.Repeat("A: b\r\n", maxFields+1) + "\r\n",
		"another protocol, unasked":    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
		"announced again and again":    strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", maxInterim+1) + hello,
		"an interim answer's body":     "HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\nhello" + hello,
		"an unreadable Connection":     head + "Connection: a b\r\nContent-Length: 0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serve(t, Options{Addresses: []string{upstream(t, func(n int, c *peer) {
				if n > 1 {
					ok(nil, hello)(n, c)
					return
				}
				if c.head() == "" || c.say(answer) != nil {
					return
				}
				if answer != "" && !strings.HasSuffix(answer, "Content-Le") {
					c.untilClosed()
				}
			})}})
			visitor := dial(t, f.addr)
			res, body := visitor.request(t, get)
			assert.Equal(t, 502, res.StatusCode, body)
			assert.Equal(t, "upstream-failed", f.outcome(t))
			_, body = visitor.request(t, get)
			assert.Equal(t, "hello", body)
		})
	}
}

// Upstreams whose answer goes wrong after its head: the visitor must see that it is not whole, and gets no byte that is not meant for him.
func TestABodyThatBreaksOffLooksBrokenOff(t *testing.T) {
	t.Parallel()
	const chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	for name, c := range map[string]struct{ answer, want string }{
		"short of its length":         {"HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n" + strings.Repeat("a", 15000), strings.Repeat("a", 15000) + "<cut>"},
		"no last chunk":               {chunks + "5\r\nhello\r\n", "hello<cut>"},
		"in a chunk":                  {chunks + "a\r\nhello", "hello<cut>"},
		"a chunk too long":            {chunks + "5\r\nhelloX\r\n0\r\n\r\n", "hello<cut>"},
		"a size that is none":         {chunks + "5\r\nhello\r\nx\r\n\r\n", "hello<cut>"},
		"a size with a sign":          {chunks + "5\r\nhello\r\n-1\r\n\r\n", "hello<cut>"},
		"a size with 0x":              {chunks + "5\r\nhello\r\n0x1\r\na\r\n0\r\n\r\n", "hello<cut>"},
		"a size beyond all bounds":    {chunks + "5\r\nhello\r\nfffffffffffffffff\r\n", "hello<cut>"},
		"a size that ends bare":       {chunks + "5\r\nhello\r\n1\na\r\n0\r\n\r\n", "hello<cut>"},
		"an extension with a control": {chunks + "5\r\nhello\r\n1;\x01\r\na\r\n0\r\n\r\n", "hello<cut>"},
		"a long extension":            {chunks + "5\r\nhello\r\n1;" + strings.Repeat("x", 1000) + "\r\na\r\n0\r\n\r\n", "hello<cut>"},
		"a trailer that is none":      {chunks + "5\r\nhello\r\n0\r\nhello\r\n\r\n", "hello<cut>"},
		"trailers without end":        {chunks + "5\r\nhello\r\n0\r\n" + strings.Repeat("A: "+strings.Repeat("a", 1000)+"\r\n", 9), "hello<cut>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serve(t, Options{Addresses: []string{upstream(t, func(n int, p *peer) {
				if n > 1 {
					ok(nil, hello)(n, p)
				} else if p.head() != "" {
					_ = p.say(c.answer)
				}
			})}})
			_, body := dial(t, f.addr).request(t, get)
			if strings.HasPrefix(c.want, "aaa") { // how much of it has left fasthttp's buffer depends on how it came
				body = c.want[:len(c.want)-min(len(body), len(c.want))] + body
			}
			assert.Equal(t, c.want, body)
			_, body = dial(t, f.addr).request(t, get)
			assert.Equal(t, "hello", body)
		})
	}
}

// An answer so short that its head waits for it: the visitor is told, and gets nothing of it.
func TestAShortAnswerThatBreaksOffIsABadGateway(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		said  string
		reset bool
	}{
		"with nothing of it":       {"", false},
		"in the middle":            {"hello", false},
		"before its last byte":     {strings.Repeat("a", soon-1), false},
		"with a reset":             {"hello", true},
		"with a reset, before any": {"", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serve(t, Options{Addresses: []string{upstream(t, func(n int, p *peer) {
				if n > 1 {
					ok(nil, hello)(n, p)
				} else if p.head() != "" {
					_ = p.say("HTTP/1.1 200 OK\r\nContent-Length: " + strconv.Itoa(soon) + "\r\nETag: \"a\"\r\n\r\n" + c.said)
					if c.reset {
						p.reset()
					}
				}
			})}})
			visitor := dial(t, f.addr)
			res, body := visitor.request(t, get)
			assert.Equal(t, 502, res.StatusCode)
			assert.Empty(t, res.Header.Get("Etag"), "nothing of it")
			assert.NotContains(t, body, "hello")
			assert.Equal(t, "upstream-failed", f.outcome(t))
			_, body = visitor.request(t, get)
			assert.Equal(t, "hello", body, "the visitor's connection goes on")
		})
	}
}

func TestAnUpstreamThatResetsInTheMiddle(t *testing.T) {
	t.Parallel()
	told := make(chan struct{})
	f := serve(t, Options{Addresses: []string{upstream(t, func(_ int, c *peer) {
		if c.head() != "" && c.say("HTTP/1.1 200 OK\r\n\r\nhello") == nil { // its end is that of the connection
			<-told
			c.reset()
		}
	})}})
	visitor := dial(t, f.addr)
	require.NoError(t, visitor.say(get))
	require.NotEmpty(t, visitor.head())
	line, err := visitor.in.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "5\r\n", line)
	close(told)
	rest := make([]byte, 100)
	n, err := visitor.in.Read(rest)
	for err == nil {
		var m int
		m, err = visitor.in.Read(rest[n:])
		n += m
	}
	assert.Equal(t, "hello\r\n", string(rest[:n]), "without the chunk that would say that this was all")
}

// What comes behind an answer was meant for nobody, least of all for the next visitor.
func TestWhatComesUnaskedIsGivenToNobody(t *testing.T) {
	t.Parallel()
	for name, behind := range map[string]bool{"at once": true, "later": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := make(chan struct{})
			f := serve(t, Options{Addresses: []string{upstream(t, func(n int, c *peer) {
				if n > 1 {
					ok(nil, hello)(n, c)
					return
				}
				if c.head() == "" {
					return
				}
				if behind {
					_ = c.say(hello + strings.ReplaceAll(hello, "hello", "FALSE"))
				} else {
					_ = c.say(hello)
					<-said
					_ = c.say(strings.ReplaceAll(hello, "hello", "FALSE"))
				}
				said <- struct{}{}
				c.untilClosed()
			})}})
			visitor := dial(t, f.addr)
			_, body := visitor.request(t, get)
			require.Equal(t, "hello", body)
			if !behind {
				said <- struct{}{}
			}
			<-said
			c := f.pool.addresses[0]
			eventually(t, "it has arrived, or the connection is gone", func() bool {
				c.mu.Lock()
				defer c.mu.Unlock()
				return len(c.idle) == 0 || time.Now().UnixNano()-c.idle[0].since > fresh && !c.idle[0].quiet()
			})
			_, body = visitor.request(t, get)
			assert.Equal(t, "hello", body)
		})
	}
}

// An upstream closes a kept connection just when the next request comes.
func TestAKeptConnectionThatIsClosed(t *testing.T) {
	t.Parallel()
	post := "POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 0\r\n\r\n"
	for name, c := range map[string]struct {
		request, want string
		connections   int
		reset         bool
	}{
		"what changes nothing is sent again":      {get, "", 2, false},
		"also after a reset":                      {get, "", 2, true},
		"what may change something is never sent": {post, "upstream-failed", 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connections := make(chan int, 10)
			f := serve(t, Options{Addresses: []string{upstream(t, func(n int, p *peer) {
				connections <- n
				if n > 1 {
					ok(nil, hello)(n, p)
					return
				}
				if p.head() == "" || p.say(hello) != nil || p.head() == "" {
					return
				}
				if c.reset {
					p.reset()
				}
			})}})
			visitor := dial(t, f.addr)
			visitor.request(t, get)
			require.Empty(t, f.outcome(t))
			visitor.request(t, c.request)
			assert.Equal(t, c.want, f.outcome(t))
			assert.Len(t, connections, c.connections)
		})
	}
}

// A request is sent again once, and only if it was a kept connection that failed.
func TestAFreshConnectionThatIsClosedIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	connections := make(chan int, 10)
	f := serve(t, Options{Addresses: []string{upstream(t, func(n int, p *peer) {
		connections <- n
		p.head()
	})}})
	res, _ := dial(t, f.addr).request(t, get)
	assert.Equal(t, 502, res.StatusCode)
	assert.Len(t, connections, 1)
}

func TestAnUpstreamThatIsSilent(t *testing.T) {
	t.Parallel()
	const brief, longer = 300 * time.Millisecond, 2 * time.Second // long enough for what has come to be passed on before
	for name, c := range map[string]struct {
		say       string
		want      string
		firstByte time.Duration
		silence   time.Duration
	}{
		"from the beginning":      {"", "upstream-timeout", brief, brief},
		"within the head":         {"HTTP/1.1 200 OK\r\nContent-", "upstream-timeout", brief, brief},
		"after interim answers":   {"HTTP/1.1 103 Early Hints\r\n\r\n", "upstream-timeout", brief, brief},
		"within a small body":     {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "upstream-timeout", brief, brief},
		"between chunks":          {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "", patience, longer},
		"with an open-ended body": {"HTTP/1.1 200 OK\r\n\r\nhello", "", patience, longer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			closed := make(chan struct{})
			f := serve(t, Options{FirstByte: c.firstByte, Silence: c.silence, Addresses: []string{upstream(t, func(_ int, p *peer) {
				defer close(closed)
				if p.head() != "" && p.say(c.say) == nil {
					p.untilClosed()
				}
			})}})
			res, body := dial(t, f.addr).request(t, get)
			assert.Equal(t, c.want, f.outcome(t))
			if c.want == "" {
				assert.Equal(t, "hello<cut>", body)
			} else {
				assert.Equal(t, 504, res.StatusCode)
			}
			<-closed
		})
	}
}
