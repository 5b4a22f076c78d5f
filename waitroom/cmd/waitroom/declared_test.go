package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// TestDeclaredOutages cuts the way to Redis under three rooms that declare the three behaviours.
func TestDeclaredOutages(t *testing.T) {
	t.Parallel()
	env := testenv.Redis(t)
	cable, url := testenv.NewCable(t, env.URL)
	s := newSystem(t, url, env.Prefix)
	passes := map[waitroom.Outage]string{}
	outages := []waitroom.Outage{waitroom.OutageHold, waitroom.OutageOpen, waitroom.OutageClosed}
	for _, outage := range outages {
		s.room(string(outage), func(p *waitroom.Policy) {
			p.OnOutage, p.MaxActive, p.RatePerMinute = outage, 1, 1
			p.SessionIdleSeconds, p.SessionLimitSeconds, p.PassLifeSeconds = 3600, 3600, 0 // however long it takes
		})
	}
	g := s.start()
	for _, outage := range outages {
		visit := g.join(string(outage))
		require.Equal(t, waitroom.Admitted, visit.State)
		passes[outage] = visit.Pass
	}
	path := func(outage waitroom.Outage) string { return "/api/v1/shows/" + string(outage) + "/seats" }
	with := func(outage waitroom.Outage) string {
		return string(g.get(path(outage), "Waitroom-Pass", passes[outage]).body)
	}
	through := func() { // a busy machine is an outage, too, for a moment
		t.Helper()
		for _, outage := range outages {
			require.Eventually(t, func() bool { return with(outage) == "upstream" }, deadline, 20*time.Millisecond, outage)
		}
	}
	through()

	cable.Cut()
	require.Eventually(t, func() bool { return strings.Contains(string(g.get(g.opsURL+"/readyz").body), "old") }, deadline, 20*time.Millisecond)
	require.Eventually(t, func() bool {
		return g.get(path(waitroom.OutageClosed), "Waitroom-Pass", passes[waitroom.OutageClosed]).status == 503
	}, deadline, 20*time.Millisecond)

	metrics := string(g.get(g.opsURL + "/metrics").body)
	assert.Contains(t, metrics, `waitroom_line_errors_total{cause="gone"}`)
	assert.Contains(t, metrics, "waitroom_line_up 0")

	// hold: who is inside goes on, nobody else comes in.
	assert.Equal(t, "upstream", with(waitroom.OutageHold))
	assert.Equal(t, "line-unavailable", g.get(path(waitroom.OutageHold)).problem(t))

	// closed: nobody goes through, and is told when to try again.
	shut := g.get(path(waitroom.OutageClosed), "Waitroom-Pass", passes[waitroom.OutageClosed])
	assert.Equal(t, 503, shut.status)
	assert.Equal(t, "line-unavailable", shut.problem(t))
	assert.NotEmpty(t, shut.header.Get("Retry-After"))
	page := g.get("/shows/closed/seats", "Accept", "text/html", "Accept-Language", "en", "Cookie", "wp_closed="+passes[waitroom.OutageClosed])
	assert.Equal(t, 503, page.status)
	assert.Contains(t, string(page.body), "cannot be reached")

	// open: one a minute goes through, with a pass that the upstream can verify, and goes on with it.
	assert.Equal(t, "upstream", with(waitroom.OutageOpen))
	s.booking.forget()
	require.Eventually(t, func() bool { return string(g.get(path(waitroom.OutageOpen)).body) == "upstream" }, deadline, 20*time.Millisecond)
	reached := s.booking.all()
	require.Len(t, reached, 1)
	detour := reached[0].header["Waitroom-Pass"]
	require.NotEmpty(t, detour)
	for range 3 {
		assert.Equal(t, "upstream", string(g.get(path(waitroom.OutageOpen), "Cookie", "wp_open="+detour).body))
	}
	assert.Equal(t, "line-unavailable", g.get(path(waitroom.OutageOpen)).problem(t), "the rate holds")
	assert.NotEqual(t, "upstream", string(g.get(path(waitroom.OutageOpen), "Cookie", "wp_open=x"+detour).body), "nor does a forged pass help")

	// Once the line is back, who came by the detour waits like everybody else, and nobody has lost anything.
	cable.Join()
	require.Eventually(t, func() bool { return g.get(g.opsURL+"/readyz").status == 200 }, deadline, 20*time.Millisecond)
	var wait answer
	require.Eventually(t, func() bool {
		s.booking.forget()
		wait = g.get(path(waitroom.OutageOpen), "Accept", "application/json", "Cookie", "wp_open="+detour)
		return wait.header.Get("Waitroom-State") == "waiting"
	}, deadline, 20*time.Millisecond)
	assert.Empty(t, s.booking.all(), string(wait.body))
	through()
}
