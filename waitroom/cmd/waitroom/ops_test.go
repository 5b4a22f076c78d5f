package main

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
	"anteroom/waitroom/ops"
)

func TestTheOpsPageShowsWhatHappens(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) {
		p.MaxActive, p.Guards.JoinLimit, p.Guards.JoinsPerAddress = 1, waitroom.WatchOnly, 100
	})
	g := s.start()
	inside, waiting := g.join("arena"), g.join("arena")
	for range 3 {
		require.Equal(t, "upstream", string(g.get(seats, "Waitroom-Pass", inside.Pass).body))
	}
	held := -g.held.Load()
	forged := g.get(seats, "Waitroom-Pass", "forged", "Cookie", "wr_arena="+waiting.Ticket)
	held += g.held.Load()
	require.NotEqual(t, "upstream", string(forged.body))

	page := g.get(g.opsURL + "/ops")
	require.Equal(t, http.StatusOK, page.status)
	assert.Equal(t, "text/html; charset=utf-8", page.header.Get("Content-Type"))
	assert.NotRegexp(t, `(src|href)="(https?:)?//`, string(page.body), "it loads nothing from elsewhere")
	assert.Equal(t, http.StatusMethodNotAllowed, g.do(http.MethodPost, g.opsURL+"/ops", nil).status)
	for _, path := range []string{"/ops", "/ops/data"} {
		assert.NotContains(t, string(g.get(path).body), "over_seconds", "the public port serves %s", path)
	}

	var d ops.Data
	require.Eventually(t, func() bool {
		a := g.get(g.opsURL + "/ops/data")
		require.Equal(t, http.StatusOK, a.status)
		d = ops.Data{}
		require.NoError(t, json.Unmarshal(a.body, &d), string(a.body))
		return len(d.Rooms) == 1 && d.Rooms[0].Active == 1 && d.Rooms[0].Waiting == 1 && len(d.Rooms[0].Joins) > 0 && !d.Rooms[0].Stale && d.Line.Up
	}, deadline, 50*time.Millisecond)
	room := d.Rooms[0]
	assert.Equal(t, "arena", room.Name)
	assert.EqualValues(t, 2, room.Issued)
	assert.Contains(t, room.More, "guards")
	require.Len(t, d.Upstreams, 1)
	assert.Equal(t, "booking", d.Upstreams[0].Name)
	assert.EqualValues(t, 3, d.Upstreams[0].Latency.N)
	assert.Positive(t, d.Upstreams[0].Latency.P99)
	require.Len(t, d.Upstreams[0].Health, 1)
	assert.True(t, d.Upstreams[0].Health[0].Healthy)
	tries := 1 + held // what was asked again counts again
	assert.Contains(t, d.Refused, ops.RefusedData{Room: "arena", Reason: "pass-invalid", Total: tries, Recent: tries})
	names := map[string]bool{}
	for _, f := range d.Facts {
		names[f.Name] = true
	}
	for _, name := range []string{"Go", "goroutines", "memory in use", "configuration"} {
		assert.True(t, names[name], "the facts lack %s", name)
	}
}
