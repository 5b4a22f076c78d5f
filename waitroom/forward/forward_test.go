package forward

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ok answers every request of a connection alike, as long as there are any, and notes their heads.
func ok(heads chan<- string, answer string) func(int, *peer) {
	return func(_ int, c *peer) {
		for {
			head := c.head()
			if head == "" {
				return
			}
			if heads != nil {
				heads <- head
			}
			if c.say(answer) != nil {
				return
			}
		}
	}
}

const hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello"

func TestARequestGoesOnAndTheAnswerComesBack(t *testing.T) {
	t.Parallel()
	heads := make(chan string, 1)
	f := serve(t, Options{Addresses: []string{upstream(t, ok(heads, "HTTP/1.1 200 Fine\r\nContent-Length: 5\r\nContent-Type: text/plain\r\nX-Own: a\r\nX-Own: b\r\n"+
		"Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\n"+
		"Waitroom-Command: release\r\nWaitroom-State: admitted\r\nWaitroom-Pass: forged\r\n\r\nhello"))}})
	res, body := dial(t, f.addr).request(t, "GET /a%20b/%EC%95%88?q=1&r=%2F HTTP/1.1\r\nHost: shop.test\r\nAccept: */*\r\nX-Mixed-CASE: kept\r\nCookie: a=1\r\n"+
		"Cookie: b=2\r\nConnection: keep-alive, X-Secret, TE\r\nX-Secret: 1\r\nTE: trailers\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA\r\n"+
		"Proxy-Authorization: Basic x\r\nProxy-Connection: keep-alive\r\nExpect: nothing\r\nWaitroom-Pass: forged\r\nwaitroom_pass: forged\r\nWAITROOM-Anything: x\r\n"+
		"X-Forwarded-For: 9.9.9.9\r\nX_Forwarded_Host: elsewhere.test\r\nForwarded: for=9.9.9.9\r\nX-Real-IP: 9.9.9.9\r\nX-Request-Id: mine\r\nX-Original-URL: /x\r\nX-Rewrite-URL: /x\r\n\r\n")
	assert.Equal(t, "200 Fine", res.Status)
	assert.Equal(t, "hello", body)
	assert.Equal(t, []string{"a", "b"}, res.Header["X-Own"])
	assert.Equal(t, []string{"a=1; Path=/", "b=2"}, res.Header["Set-Cookie"])
	for _, gone := range []string{"X-Hop", "Keep-Alive", "Proxy-Authenticate", "Waitroom-Command", "Waitroom-State", "Waitroom-Pass", "Connection"} {
		assert.NotContains(t, res.Header, gone)
	}
	head := <-heads
	lines := strings.Split(strings.TrimSuffix(head, "\r\n\r\n"), "\r\n")
	assert.Equal(t, []string{
		"GET /a%20b/%EC%95%88?q=1&r=%2F HTTP/1.1", "Host: " + f.pool.addresses[0].text, "Accept: */*", "X-Mixed-CASE: kept", "Cookie: a=1", "Cookie: b=2",
		"X-Forwarded-Host: shop.test", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http",
	}, lines[:9])
	assert.Regexp(t, `^X-Request-Id: [0-9a-f]{16}$`, lines[9])
	assert.Equal(t, []string{"Waitroom-Pass: the-pass"}, lines[10:])
	got := <-f.answers
	require.NoError(t, got.err)
	assert.Equal(t, Answer{Command: "release", Address: f.pool.addresses[0].text}, got.answer)
}

func TestTheVisitorsHostIsPassedOnWhereThatIsWanted(t *testing.T) {
	t.Parallel()
	heads := make(chan string, 1)
	f := serve(t, Options{PassHost: true, Addresses: []string{upstream(t, ok(heads, hello))}})
	dial(t, f.addr).request(t, get)
	assert.Contains(t, <-heads, "\r\nHost: shop.test\r\n")
}

func TestAConnectionIsUsedAgain(t *testing.T) {
	t.Parallel()
	connections := make(chan int, 100)
	answers := []string{
		hello, // what a request's answer is, and how the next one's begins
		"HTTP/1.1 204 No Content\r\n\r\n",
		"HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\nETag: \"a\"\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;name=\"value\"\r\nhello\r\n000A\r\n, visitors\r\n0\r\nX-Trailer: read\r\n\r\n",
		"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + hello,
		"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/5\r\nContent-Length: 2\r\n\r\nhe",
		hello,
	}
	f := serve(t, Options{Addresses: []string{upstream(t, func(n int, c *peer) {
		connections <- n
		for _, a := range answers {
			if c.head() == "" || c.say(a) != nil {
				return
			}
		}
		c.untilClosed()
	})}})
	visitor := dial(t, f.addr)
	bodies := make([]string, 0, len(answers))
	for range answers {
		_, body := visitor.request(t, get)
		bodies = append(bodies, body)
	}
	assert.Equal(t, []string{"hello", "", "", "hello, visitors", "ok", "hello", "", "he", "hello"}, bodies)
	assert.Len(t, connections, 1)
}

func TestAnAnswerToHEADHasNoBody(t *testing.T) {
	t.Parallel()
	connections := make(chan int, 100)
	f := serve(t, Options{Addresses: []string{upstream(t, func(n int, c *peer) {
		connections <- n
		for _, a := range []string{"HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", hello} {
			if c.head() == "" || c.say(a) != nil {
				return
			}
		}
		c.untilClosed()
	})}})
	visitor := dial(t, f.addr)
	res, _ := visitor.request(t, "HEAD /x HTTP/1.1\r\nHost: shop.test\r\n\r\n")
	assert.EqualValues(t, 12345, res.ContentLength)
	res, _ = visitor.request(t, "HEAD /x HTTP/1.1\r\nHost: shop.test\r\n\r\n")
	assert.EqualValues(t, -1, res.ContentLength)
	_, body := visitor.request(t, get)
	assert.Equal(t, "hello", body)
	assert.Len(t, connections, 1)
}

func TestAnOldVisitorUnderstandsAChunkedAnswer(t *testing.T) {
	t.Parallel()
	f := serve(t, Options{Addresses: []string{upstream(t, ok(nil, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))}})
	res, body := dial(t, f.addr).request(t, "GET /x HTTP/1.0\r\nHost: shop.test\r\n\r\n")
	assert.Equal(t, "hello", body)
	assert.Empty(t, res.TransferEncoding)
}
