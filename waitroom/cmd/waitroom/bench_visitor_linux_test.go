package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httputil"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// gathering is a room in which everybody waits.
func gathering(p *waitroom.Policy) { p.Mode = waitroom.ModeHold }

func gatheringGateway(b *testing.B) string {
	b.Helper()
	return testenv.Lasting(b, "gateway that gathers", func(t testing.TB) string { return benchGateway(t, gathering) })
}

// BenchmarkJoinHTTP: joins over HTTP through a whole gateway, each a new place in the line of a real Redis and a signed ticket.
func BenchmarkJoinHTTP(b *testing.B) {
	public := gatheringGateway(b)
	visitors(b, public, "POST", "/waitroom/v1/arena/join", "Content-Length: 0\r\n")
}

// BenchmarkStatusHTTP: polls of somebody who waits.
func BenchmarkStatusHTTP(b *testing.B) {
	public := gatheringGateway(b)
	res, err := http.Post("http://"+public+"/waitroom/v1/arena/join", "", nil)
	require.NoError(b, err)
	defer res.Body.Close()
	var visit waitroom.Visit
	require.NoError(b, json.NewDecoder(res.Body).Decode(&visit))
	visitors(b, public, "GET", "/waitroom/v1/arena/status", "Authorization: Bearer "+visit.Ticket+"\r\n")
}

// BenchmarkConstantJoin and BenchmarkConstantStatus are the same requests to a server of the same library that answers as many bytes, always the
// same ones.
func BenchmarkConstantJoin(b *testing.B) {
	constant(b, "POST", "/waitroom/v1/arena/join", "Content-Length: 0\r\n", func(public string) *http.Request {
		req, err := http.NewRequest("POST", "http://"+public+"/waitroom/v1/arena/join", nil)
		require.NoError(b, err)
		return req
	})
}

func BenchmarkConstantStatus(b *testing.B) {
	ticket := strings.Repeat("x", 230)
	constant(b, "GET", "/waitroom/v1/arena/status", "Authorization: Bearer "+ticket+"\r\n", func(public string) *http.Request {
		res, err := http.Post("http://"+public+"/waitroom/v1/arena/join", "", nil)
		require.NoError(b, err)
		defer res.Body.Close()
		var visit waitroom.Visit
		require.NoError(b, json.NewDecoder(res.Body).Decode(&visit))
		req, err := http.NewRequest("GET", "http://"+public+"/waitroom/v1/arena/status", nil)
		require.NoError(b, err)
		req.Header.Set("Authorization", "Bearer "+visit.Ticket)
		return req
	})
}

// constant learns from a real gateway how long its answer is.
func constant(b *testing.B, method, path, headers string, ask func(public string) *http.Request) {
	b.Helper()
	size := testenv.Lasting(b, "size of an answer to "+method+" "+path, func(testing.TB) int {
		res, err := http.DefaultClient.Do(ask(gatheringGateway(b)))
		require.NoError(b, err)
		defer res.Body.Close()
		whole, err := httputil.DumpResponse(res, true)
		require.NoError(b, err)
		return len(whole)
	})
	const head = 130 // of the constant answer, about
	visitors(b, child(b, "constant", strconv.Itoa(max(size-head, 1))), method, path, headers)
}

func firstLine(b testing.TB, out *bufio.Reader) string {
	b.Helper()
	line, err := out.ReadString('\n')
	if err != nil && err != io.EOF {
		b.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// visitors measures one request, again and again, over the connections.
func visitors(b *testing.B, addr, method, path, headers string) {
	b.Helper()
	measure(b, addr, method+" "+path+" HTTP/1.1\r\nHost: "+addr+"\r\nUser-Agent: bench\r\nAccept: application/json\r\n"+headers+"\r\n")
}
