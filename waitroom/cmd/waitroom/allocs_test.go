//go:build !race

package main

import (
	"bytes"
	"fmt"
	"net"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

const (
	measured = 3000 // requests
	// rare is how often a place in the program may allocate and still count as one that does not: pools are emptied by the garbage collector
	// and refilled by requests.
	rare = measured / 100
)

// TestAnAdmittedRequestAllocatesNothing sends requests through a whole gateway, with all that it does for one switched on, and has the
// runtime write down every allocation and who made it. Whatever happens beside the requests has other callers and does not count.
// The race detector allocates by itself, so this file is left out of its builds; what is asked here is asked there by other tests.
func TestAnAdmittedRequestAllocatesNothing(t *testing.T) {
	s := newTestSystem(t)
	s.settings.BookingURL = "http://" + relay(t, func(c net.Conn) {
		buffer, answer := make([]byte, 8<<10), []byte(benchLike)
		for {
			if _, err := c.Read(buffer); err != nil {
				return
			}
			if _, err := c.Write(answer); err != nil {
				return
			}
		}
	})
	s.room("arena", func(p *waitroom.Policy) { p.PassRatePerSecond, p.PassConcurrency = 10_000, 100 })
	g := s.start()
	for way, header := range map[string]string{"header": "Waitroom-Pass: %s\r\n", "cookie": "Cookie: a=b; wr_arena=x; wp_arena=%s; c=d\r\n"} {
		request := "GET " + seats + "?area=7 HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: test\r\nAccept: */*\r\n" + fmt.Sprintf(header, g.join("arena").Pass) + "\r\n"
		ours, theirs := g.allocates(t, request, benchBody)
		assert.Empty(t, ours, "a pass in a %s: places that allocate, with how often for %d requests", way, measured)
		assert.Empty(t, theirs, "a pass in a %s: places in fasthttp", way)
	}

	// The control: what is refused costs the problem document that it is told by.
	ours, _ := g.allocates(t, "GET /api/v1/shows/arena%2fseats HTTP/1.1\r\nHost: shop.test\r\n\r\n", "}")
	assert.NotEmpty(t, ours)
}

const (
	benchBody = `{"seats":[{"id":1,"row":"A","seat":"12","state":"free"}]  }`
	benchLike = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 59\r\n\r\n" + benchBody
)

// allocates sends a request again and again over one connection, and returns the places that allocate for it, by how often: those with a
// function of ours among the callers, and the server's own. Each answer ends with the words given.
func (g *server) allocates(t *testing.T, request, end string) (ours, theirs map[string]int64) {
	t.Helper()
	rate, collect := runtime.MemProfileRate, debug.SetGCPercent(-1) // a collection would empty the pools
	runtime.MemProfileRate = 1                                      // every allocation
	defer func() {
		runtime.MemProfileRate = rate
		debug.SetGCPercent(collect)
	}()
	conn, err := net.DialTimeout("tcp", g.addr, deadline)
	require.NoError(t, err)
	defer conn.Close()
	raw, last, buffer := []byte(request), []byte(end), make([]byte, 16<<10)
	ask := func(times int) {
		require.NoError(t, conn.SetDeadline(time.Now().Add(deadline)))
		for range times {
			_, err := conn.Write(raw)
			require.NoError(t, err)
			for n := 0; !bytes.HasSuffix(buffer[:n], last); {
				more, err := conn.Read(buffer[n:])
				require.NoError(t, err)
				n += more
			}
		}
	}
	ask(200) // connections are opened, tables and pools filled
	before := allocations(t)
	ask(measured)
	ours, theirs = map[string]int64{}, map[string]int64{}
	for stack, n := range allocations(t) {
		if n -= before[stack]; n < rare {
			continue
		}
		switch where, serving, own := place(stack); {
		case serving && own:
			ours[where] += n
		case serving:
			theirs[where] += n
		}
	}
	return ours, theirs
}

// allocations are those since the program's start, by the functions under way, the innermost first.
func allocations(t *testing.T) map[[32]uintptr]int64 {
	t.Helper()
	for range 3 {
		runtime.GC() // the profile tells what had happened before the last collections but one
	}
	var records []runtime.MemProfileRecord
	for n, ok := runtime.MemProfile(nil, true); !ok; n, ok = runtime.MemProfile(records, true) {
		records = make([]runtime.MemProfileRecord, n+200)
	}
	all := map[[32]uintptr]int64{}
	for _, r := range records {
		all[r.Stack0] += r.AllocObjects
	}
	return all
}

// place names where an allocation was made: the innermost functions up to the first of ours. It also says whether it was for a request that
// was being served, and whether a function of ours was among its callers.
func place(stack [32]uintptr) (where string, serving, own bool) {
	var names []string
	frames := runtime.CallersFrames((&runtime.MemProfileRecord{Stack0: stack}).Stack())
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if !own {
			names = append(names, fmt.Sprintf("%s %s:%d", f.Function, filepath.Base(f.File), f.Line))
		}
		own = own || strings.HasPrefix(f.Function, "anteroom/")
		serving = serving || strings.HasPrefix(f.Function, "github.com/valyala/fasthttp.(*Server).serveConn")
	}
	return strings.Join(names, " < "), serving, own
}
