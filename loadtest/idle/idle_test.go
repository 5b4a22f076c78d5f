package idle

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/loadtest/report"
)

func TestAPacedLoadCountsWhatIsDueAndWhatIsLost(t *testing.T) {
	t.Parallel()
	l := paced(t.Context(), 1000, 4, 200*time.Millisecond, func(g, turn int) error {
		if g == 0 && turn%10 == 0 {
			return errors.New("no answer")
		}
		return nil
	})
	require.Equal(t, 200, l.n(), "all that was due was sent, however late")
	require.Equal(t, 5, l.lost)
	require.EqualValues(t, 5, l.answered("x").Violations)
	require.False(t, l.answered("x").Kept())
	require.LessOrEqual(t, l.P(50), l.P(99))
	require.Equal(t, l.P(100), l.sorted[len(l.sorted)-1])
	require.False(t, (&Latency{}).answered("x").Kept(), "nothing was looked at")
}

func TestTooManyConnectionsAreRefusedBeforehand(t *testing.T) {
	t.Parallel()
	require.NoError(t, EnoughFiles(1))
	err := EnoughFiles(1 << 40)
	require.ErrorContains(t, err, "--connections")
}

func TestAnAskerUsesEachConnectionAndSourceAddress(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		switch string(ctx.Path()) {
		case "/waitroom/v1/arena/join":
			ctx.SetStatusCode(201)
			fmt.Fprintf(ctx, `{"state":"waiting","ticket":"from %s"}`, ctx.RemoteIP())
		case "/waitroom/v1/arena/status":
			if string(ctx.Request.Header.Cookie("wr_arena")) != "mine" {
				ctx.SetStatusCode(401)
			}
		default:
			ctx.SetStatusCode(404)
		}
	}}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	a := newAsker(l.Addr().String(), nil)
	for n, want := range []string{"127.0.0.1", "127.0.0.2", "127.0.0.3"} {
		conn, err := a.dial(t.Context(), n)
		require.NoError(t, err)
		p, err := a.join(conn)
		require.NoError(t, err)
		require.Equal(t, "from "+want, p.Ticket)
		require.NoError(t, a.poll(conn, "mine"))
		require.ErrorContains(t, a.poll(conn, "another's"), "401")
		require.ErrorContains(t, a.shop(conn, "x"), "404")
		require.NoError(t, conn.Close())
	}
	stop, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, s.ShutdownWithContext(stop))
	require.NoError(t, <-served)
}

func TestMemoryIsReadFromTheKernelAndTheGateway(t *testing.T) {
	t.Parallel()
	metrics := "go_memstats_heap_inuse_bytes 1000\ngo_memstats_stack_inuse_bytes 500\nwaitroom_http_connections_parked 7\nother{a=\"b\"} 3\n"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/metrics" {
			fmt.Fprint(w, metrics)
		}
	}))
	defer server.Close()
	m, err := (&System{Private: server.URL, PID: os.Getpid()}).figures(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1500, m.InUse)
	require.EqualValues(t, 7, m.Parked)
	require.Greater(t, m.Resident, 1e6)
	metrics = "go_memstats_heap_inuse_bytes 1000\n"
	_, err = (&System{Private: server.URL, PID: os.Getpid()}).figures(t.Context())
	require.ErrorContains(t, err, "parked")
}

func TestTheReportFailsWhenAConnectionWasDropped(t *testing.T) {
	t.Parallel()
	fine := paced(t.Context(), 1000, 1, 10*time.Millisecond, func(int, int) error { return nil })
	o := &Outcome{o: Options{Connections: 100}, Before: Memory{Resident: 1000}, After: Memory{Resident: 101_000}, Alone: fine, Beside: fine, Polls: fine}
	o.Kept.Of = 100
	r := &report.Report{System: map[string]string{}}
	o.Fill(r)
	require.Equal(t, "PASS", r.Verdict)
	require.EqualValues(t, 1000, r.SLOs[0].Value)
	require.True(t, r.SLOs[0].Met)
	o.Kept.Violate("gone")
	o.Fill(r)
	require.Equal(t, "FAIL", r.Verdict)
}
