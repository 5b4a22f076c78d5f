package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
	"anteroom/waitroom/ops"
)

// logOf is a log that a test reads while it is written.
type logOf struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logOf) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// lines are those about requests, as what they hold.
func (l *logOf) lines(t *testing.T) (all []map[string]any, text string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	text = l.text.String()
	for line := range strings.Lines(text) {
		var one map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &one), "each line is JSON: %s", line)
		if one["request_id"] != nil {
			all = append(all, one)
		}
	}
	return all, text
}

// TestNoTokenIsLogged lets a visitor do everything with every request logged, and finds neither tickets nor passes, whole or in part.
func TestNoTokenIsLogged(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	log := &logOf{}
	s.settings.logTo, s.settings.LogSample = log, 1
	s.room("arena", func(p *waitroom.Policy) { p.MaxActive = 1 })
	g := s.start()
	inside, waiting := g.join("arena"), g.join("arena")
	secrets := []string{inside.Ticket, inside.Pass, waiting.Ticket, "Bearer"}
	get := func(path string) answer {
		return g.get(path, "Cookie", "wp_arena="+inside.Pass+"; wr_arena="+waiting.Ticket, "Authorization", "Bearer "+waiting.Ticket, "Referer", "http://x/?"+inside.Pass)
	}
	require.Equal(t, 200, get(seats).status)
	for _, path := range []string{"?pass=" + inside.Pass, "/" + waiting.Ticket, "/x?" + waiting.Ticket} {
		get(seats + path)
		get("/waitroom/v1/arena/receipt" + path)
		get("/shows/arena/seats" + path)
	}
	g.do(http.MethodDelete, "/waitroom/v1/arena/pass", nil, "Waitroom-Pass", inside.Pass)
	g.do(http.MethodDelete, "/waitroom/v1/arena/pass", nil, "Waitroom-Pass", inside.Pass+"x")
	g.do(http.MethodDelete, "/waitroom/v1/arena/ticket", nil, "Cookie", "wr_arena="+waiting.Ticket)
	s.booking.answerWith(withHeaders("X-Request-Id", "of the upstream"))
	last := get("/api/v1/shows")
	id := last.header.Get("X-Request-Id")
	require.Len(t, id, 16)
	require.Eventually(t, func() bool { _, text := log.lines(t); return strings.Contains(text, id) }, deadline, 10*time.Millisecond)
	lines, text := log.lines(t)
	assert.Greater(t, len(lines), 8)
	for _, secret := range secrets {
		for _, part := range append(strings.Split(secret, "."), secret) {
			assert.False(t, len(part) > 5 && strings.Contains(text, part), "the log holds %q", part)
		}
	}
	for _, line := range lines {
		assert.NotContains(t, line["path"], "?")
	}
	all := s.booking.all()
	assert.Equal(t, id, all[len(all)-1].header["X-Request-Id"], "the upstream knows the request by the same id")
}

// TestPollsAreNotLogged: a crowd that waits leaves no lines, refusals are few, and each problem names its request.
func TestPollsAreNotLogged(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	log := &logOf{}
	s.settings.logTo, s.settings.LogSample = log, 1
	s.room("arena", func(p *waitroom.Policy) { p.Mode, p.GateStatus = waitroom.ModeHold, 429 })
	g := s.start()
	waiting := g.join("arena")
	for range 100 {
		require.Equal(t, 200, g.get("/waitroom/v1/arena/status", "Cookie", "wr_arena="+waiting.Ticket).status)
		require.Equal(t, 429, g.get(seats, "Cookie", "wr_arena="+waiting.Ticket).status)
	}
	leftOut := func() int64 {
		var d ops.Data // of this gateway alone; /metrics tells of all in this process
		require.NoError(t, json.Unmarshal(g.get(g.opsURL+"/ops/data").body, &d))
		return d.LogsLeftOut
	}
	refused, left, before := 0, 0, leftOut() // some, where a busy machine made errors above
	for left == 0 {                          // more at once than may be logged in their time, on however slow a machine
		const crowd = 100
		atOnce(crowd, func(int) {
			a := g.get("/api/nothing/../../x;y")
			assert.Equal(t, 400, a.status)
			assert.Contains(t, string(a.body), fmt.Sprintf(`"request_id":%q`, a.header.Get("X-Request-Id")))
		})
		refused += crowd
		left = int(leftOut() - before)
	}
	lines, _ := log.lines(t)
	count := 0
	for _, line := range lines {
		if line["problem"] == "line-unavailable" && line["status"] == 503.0 { // an error of a busy machine's, which was asked again
			continue
		}
		assert.NotContains(t, line["path"], "/status")
		assert.NotContains(t, line["path"], seats)
		if line["msg"] == "request refused" {
			count++
		}
	}
	assert.Positive(t, count)
	assert.Equal(t, refused, count+left, "each refusal is logged or counted")
}
