package main

import (
	"bufio"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// TestVisitorsOfHTTP10 get what HTTP/1.0 knows: no chunks, no interim answers, and a connection that ends with the answer unless they ask for more.
func TestVisitorsOfHTTP10(t *testing.T) {
	t.Parallel()
	behind := newOrigin(t)
	s := newTestSystem(t)
	s.settings.BookingURL = "http://" + behind.addr
	s.room("arena", func(*waitroom.Policy) {})
	s.room("theatre", hold)
	g := s.start()
	pass := g.join("arena").Pass

	const inPieces = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
	for name, c := range map[string]struct {
		request string // but for its end
		answer  string // of the upstream; empty: it is not to be asked
		status  string
		body    string // what it ends with, or after = all that it is
	}{
		"behind no gate":            {"GET /api/v1/shows HTTP/1.0\r\n", plain, "200", "upstream"},
		"with a pass":               {"GET " + seats + " HTTP/1.0\r\nWaitroom-Pass: " + pass + "\r\n", plain, "200", "upstream"},
		"straight through":          {"GET " + seats + " HTTP/1.0\r\n", plain, "200", "upstream"},
		"an answer in chunks":       {"GET /api/v1/shows HTTP/1.0\r\n", inPieces + inChunks("upstream", 3), "200", "=upstream"},
		"the same, kept alive":      {"GET /api/v1/shows HTTP/1.0\r\nConnection: keep-alive\r\n", inPieces + inChunks("upstream", 3), "200", "=upstream"},
		"an answer without length":  {"GET /api/v1/shows HTTP/1.0\r\n", endsConnection + "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nupstream", "200", "=upstream"},
		"HEAD":                      {"HEAD /api/v1/shows HTTP/1.0\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n", "200", "="},
		"HEAD of chunks":            {"HEAD /api/v1/shows HTTP/1.0\r\n", inPieces, "200", "="},
		"a body":                    {"POST /api/v1/orders HTTP/1.0\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello", plain, "200", "upstream"},
		"which waits to be wanted":  {"POST /api/v1/orders HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello", plain, "200", "upstream"},
		"a body in chunks":          {"POST /api/v1/orders HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "", "400", ""},
		"who waits, a program":      {"GET /api/v1/shows/theatre/seats HTTP/1.0\r\nAccept: application/json\r\n", "", "200", "}"},
		"who waits, a person":       {"GET /api/v1/shows/theatre/seats HTTP/1.0\r\nAccept: text/html\r\n", "", "200", "</html>"},
		"a join":                    {"POST /waitroom/v1/theatre/join HTTP/1.0\r\nContent-Length: 0\r\n", "", "201", "}"},
		"a refusal":                 {"GET /waitroom/v1/nowhere/status HTTP/1.0\r\n", "", "404", "}"},
		"a page of the apps":        {"GET / HTTP/1.0\r\nAccept: text/html\r\n", "", "200", "the client app</title>"},
		"a WebSocket":               {"GET /api/v1/live HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n", plain, "200", "upstream"},
		"an upstream that is wrong": {"GET /api/v1/shows HTTP/1.0\r\n", endsConnection + "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "502", "}"},
	} {
		request := strings.Replace(c.request, " HTTP/1.0\r\n", " HTTP/1.0\r\nHost: shop.test\r\n", 1)
		if !strings.Contains(request, "\r\n\r\n") {
			request += "\r\n"
		}
		var got string
		g.unlessHeldUp(func() answer {
			behind.begin(c.answer)
			got = sendRaw(t, g.addr, request) // until the gateway has closed the connection
			return rawAnswer(got)
		})
		head, body, whole := strings.Cut(got, "\r\n\r\n")
		require.True(t, whole, "%s: %q", name, got)
		assert.True(t, strings.HasPrefix(head, "HTTP/1.1 "+c.status+" "), "%s: %s", name, head)
		assert.NotContains(t, strings.ToLower(head), "transfer-encoding", name)
		if exact, ok := strings.CutPrefix(c.body, "="); ok {
			assert.Equal(t, exact, body, name)
		}
		if _, length, ok := strings.Cut(strings.ToLower(head), "content-length: "); ok && !strings.HasPrefix(c.request, "HEAD") {
			assert.Equal(t, strconv.Itoa(len(body)), strings.TrimSpace(strings.SplitN(length, "\r\n", 2)[0]), name)
		}
		assert.True(t, strings.HasSuffix(strings.TrimSpace(body), strings.TrimPrefix(c.body, "=")), "%s: %q", name, got)
		assert.Equal(t, c.answer != "", len(behind.recorded()) == 1, name)
		for _, seen := range behind.recorded() {
			assert.True(t, strings.HasSuffix(seen.start, " HTTP/1.1"), "%s: %s", name, seen.start)
			assert.NotContains(t, seen.header, "upgrade", name)
		}
	}
}

// rawAnswer is the status and the rest of an answer that was read as text.
func rawAnswer(text string) answer {
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return answer{}
	}
	status, _ := strconv.Atoi(fields[1])
	return answer{status: status, body: []byte(text)}
}

// TestHTTP10KeepsAConnectionWhenAsked, and only then.
func TestHTTP10KeepsAConnectionWhenAsked(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	g := s.start()
	conn, err := net.DialTimeout("tcp", g.addr, deadline)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(deadline)))
	in := bufio.NewReader(conn)
	for range 3 {
		_, err = io.WriteString(conn, "GET /api/v1/shows HTTP/1.0\r\nHost: shop.test\r\nConnection: keep-alive\r\n\r\n")
		require.NoError(t, err)
		m := readMessage(in, true, false)
		require.Empty(t, m.fault)
		require.Equal(t, "upstream", m.body)
		require.Equal(t, "length", m.framing)
		require.Equal(t, []string{"keep-alive"}, m.header["connection"], "it is not kept unless that is said")
	}
	_, err = io.WriteString(conn, "GET /api/v1/shows HTTP/1.0\r\nHost: shop.test\r\n\r\n")
	require.NoError(t, err)
	m := readMessage(in, true, false)
	require.Equal(t, "upstream", m.body)
	_, err = in.ReadByte()
	require.ErrorIs(t, err, io.EOF)
}

// TestEventsForHTTP10 come without chunks.
func TestEventsForHTTP10(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", hold)
	g := s.start()
	require.True(t, testenv.Eventually(func() bool { return g.get("/waitroom/v1/arena/serving").status == 200 }))
	conn, err := net.DialTimeout("tcp", g.addr, deadline)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(deadline)))
	_, err = io.WriteString(conn, "GET /waitroom/v1/arena/events HTTP/1.0\r\nHost: shop.test\r\nAccept: text/event-stream\r\n\r\n")
	require.NoError(t, err)
	in := bufio.NewReader(conn)
	start, header, fault := readHead(in)
	require.Empty(t, fault)
	require.Contains(t, start, " 200 ")
	require.NotContains(t, header, "transfer-encoding")
	line, err := in.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "event: serving\n", line)
}
