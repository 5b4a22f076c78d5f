package main

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// TestMetricsAreAsDocumented uses a gateway in every way that is counted, and compares what /metrics then prints with the documentation.
// It does not run beside other tests, for all gateways of one process print together.
func TestMetricsAreAsDocumented(t *testing.T) {
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) {
		p.MaxActive, p.Guards.JoinLimit, p.Guards.JoinsPerAddress = 1, waitroom.WatchOnly, 100
	})
	s.room("shut", func(p *waitroom.Policy) { p.Mode = waitroom.ModeClosed })
	g := s.start()
	inside := g.join("arena")
	require.Equal(t, waitroom.Admitted, inside.State)
	waiting := g.join("arena")
	link := g.offer("arena", waiting.Ticket)
	waiting = g.claim(link).visit(t)
	require.Equal(t, "move-spent", g.do(http.MethodPost, link, nil).problem(t))
	require.Equal(t, "upstream", string(g.get(seats, "Waitroom-Pass", inside.Pass).body))
	require.Equal(t, "room-closed", g.do(http.MethodPost, "/waitroom/v1/shut/join", nil).problem(t))
	require.NotEqual(t, "upstream", string(g.get(seats, "Waitroom-Pass", "forged").body))
	s.settings.BookingURL = "http://127.0.0.1:1"
	broken := s.start()
	require.Equal(t, http.StatusBadGateway, broken.get("/api/v1/shows").status)
	require.Equal(t, http.StatusNoContent, g.do(http.MethodDelete, "/waitroom/v1/arena/pass", nil, "Waitroom-Pass", inside.Pass).status)
	var turn waitroom.Visit
	require.Eventually(t, func() bool {
		turn = g.get("/waitroom/v1/arena/status", "Cookie", "wr_arena="+waiting.Ticket).visit(t)
		return turn.State == waitroom.Admitted
	}, deadline, 20*time.Millisecond)

	var text string
	printed := map[string]bool{}
	require.Eventually(t, func() bool {
		text = string(g.get(g.opsURL + "/metrics").body)
		return strings.Contains(text, metricRevoked+`{room="arena"} 1`) && strings.Contains(text, metricLineUp+" 1\n")
	}, deadline, 20*time.Millisecond, "the gateway learns of the pass that was given back, by a line that is up")
	for _, name := range regexp.MustCompile(`(?m)^(waitroom_\w+)`).FindAllString(text, -1) {
		printed[name] = true
	}
	known := map[string]bool{}
	for _, part := range documentation {
		for _, m := range part.metrics {
			names := []string{m.name}
			if m.kind == histogram {
				names = []string{m.name + "_bucket", m.name + "_sum", m.name + "_count"}
			}
			for _, name := range names {
				known[name] = true
				assert.True(t, printed[name], "%s is documented and not printed", name)
			}
			for _, line := range regexp.MustCompile(`(?m)^`+names[0]+`(?:\{([^}]*)\})? `).FindAllStringSubmatch(text, -1) {
				assert.Equal(t, m.labels, labelNames(line[1]), "%s is documented with other labels", m.name)
			}
		}
	}
	for name := range printed {
		assert.True(t, known[name], "%s is printed and not documented", name)
	}
	for _, figure := range []string{
		metricRefused + `{room="arena",reason="pass-invalid"}`, metricJoinRefused + `{room="shut",reason="room-closed"}`,
		metricUpstream + `{upstream="booking",reason="upstream-failed"}`,
		metricMove + `{room="arena",step="offer",outcome="ok"}`, metricMove + `{room="arena",step="claim",outcome="ok"}`, metricMove + `{room="arena",step="claim",outcome="move-spent"}`,
		metricForward + `_count{upstream="booking"}`, metricAdmitted + `{straight="false"}`, metricRevoked + `{room="arena"}`,
	} {
		g.counted(text, figure, 1)
	}
	g.counted(text, metricIssued+`{room="arena"}`, 3)
	g.counted(text, metricBatch+`_count{room="arena"}`, 3)
	assert.True(t, strings.Contains(text, metricLineError+`{cause="gone"} 0`+"\n"))
	testenv.Generated(t, "../../../docs/metrics.md", metricsPage())
}

// counted asserts what one of the gateways counts by a figure: so many, and more only as often as a gateway was held up and asked again.
func (g *server) counted(text, figure string, times int64) {
	g.t.Helper()
	var others []string
	for _, line := range regexp.MustCompile(`(?m)^`+regexp.QuoteMeta(figure)+` (\d+)$`).FindAllStringSubmatch(text, -1) {
		n, err := strconv.ParseInt(line[1], 10, 64)
		require.NoError(g.t, err)
		if n >= times && n <= times+g.held.Load() {
			return
		}
		others = append(others, line[1])
	}
	assert.Failf(g.t, "another count", "%s is to be %d, is %v", figure, times, others)
}

// labelNames are the names of labels as documentation lists them, without those of a histogram's buckets.
func labelNames(labels string) string {
	var names []string
	for _, one := range regexp.MustCompile(`(\w+)="`).FindAllStringSubmatch(labels, -1) {
		if one[1] != "le" {
			names = append(names, one[1])
		}
	}
	return strings.Join(names, ", ")
}

func metricsPage() string {
	var b strings.Builder
	b.WriteString("# Metrics of the gateway\n\nThe private port prints them at `/metrics` in Prometheus' text form. This page is checked by a test against what is printed there.\n" +
		"Times are in seconds, sizes in bytes; what is `_total` only grows, until the gateway restarts or a room's line is started anew.\n" +
		"Labels are bounded: rooms and upstreams are made by operators, reasons are the types of problem documents. Further, the Go runtime's `go_…` and the\n" +
		"process' `process_…` are printed, as the library that writes them documents them. The page `/ops` on the same port draws the same figures.\n")
	for _, part := range documentation {
		fmt.Fprintf(&b, "\n## %s\n\n| metric | kind | labels | what it says |\n|---|---|---|---|\n", part.title)
		for _, m := range part.metrics {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", m.name, m.kind, m.labels, m.means)
		}
	}
	return b.String()
}

func TestATallyIsBounded(t *testing.T) {
	t.Parallel()
	var all tally[string]
	for i := range 2 * maxLabels {
		all.add(fmt.Sprint(i))
	}
	sums := all.read()
	assert.LessOrEqual(t, len(sums), maxLabels+1)
	assert.EqualValues(t, 1, sums["0"])
	assert.EqualValues(t, maxLabels, sums[""])
	var things shelf[int]
	for i := range 2 * maxLabels {
		*things.of(fmt.Sprint(i), func() *int { return new(int) })++
	}
	assert.LessOrEqual(t, len(things.each()), maxLabels+1)
	assert.Equal(t, maxLabels, *things.each()[""])
}

func TestCountingCostsNoMemory(t *testing.T) {
	o := newObserver()
	count := func() {
		o.Admitted(false)
		o.Forwarded("booking", time.Millisecond, nil)
		o.batch("arena", 7)
		o.Refused("arena", "pass-missing")
		o.Waiting()
	}
	count()
	assert.Zero(t, testing.AllocsPerRun(1000, count))
}
