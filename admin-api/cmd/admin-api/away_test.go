package main

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/admin-api/postgres"
	"anteroom/internal/testenv"
)

// The database is away at the start, comes, goes again and comes back; the service stays up, says so and recovers.
func TestDatabaseComesAndGoes(t *testing.T) {
	t.Parallel()
	o := prepare(t)
	cable, databaseURL := testenv.NewCable(t, o.databaseURL)
	cable.Cut()
	o.start(databaseURL)
	get := func(path string) (int, string) {
		res, err := http.Get(o.ops + path)
		require.NoError(t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res.StatusCode, string(body)
	}
	away := func(v *visitor) {
		t.Helper()
		status, _ := get("/healthz")
		require.Equal(t, 200, status)
		status, body := get("/readyz")
		require.Equal(t, 503, status)
		require.Contains(t, body, `"postgresql":"does not answer`)
		for _, a := range []answer{
			v.signIn("owner@demo.test", postgres.DemoPassword),
			(&visitor{office: o, cookie: &http.Cookie{Name: "an_staff", Value: "x"}}).do("PATCH", arena, rate(120)),
		} {
			require.Equal(t, 503, a.status)
			require.Equal(t, "database-unavailable", a.problem())
			require.NotEmpty(t, a.header.Get("Retry-After"))
		}
		require.Equal(t, 200, v.do("GET", "/admin/api/.well-known/jwks.json", nil).status, "what can be served is")
	}
	v := o.visitor()
	away(v)
	cable.Join()
	o.eventually("readiness", func() bool { status, _ := get("/readyz"); return status == 200 })
	o.eventually("signing in", func() bool { return v.signIn("owner@demo.test", postgres.DemoPassword).status == 200 })
	events, _ := watch(v)
	until(t, events, "a room", isRoom)

	cable.Cut()
	until(t, events, "a room while the database is away: the stream goes on for a while", isRoom)
	away(v)
	require.Zero(t, o.gateway.changed())
	cable.Join()
	o.eventually("readiness again", func() bool { status, _ := get("/readyz"); return status == 200 })
	// A connection that was cut may still lie in the pool; whoever gets it is told to try again, and nothing is changed.
	o.eventually("a change", func() bool { return v.do("PATCH", arena, rate(120)).status == 200 })
	// One that was made and whose end was not recorded is not answered with 200, and is then made once more.
	until(t, events, "the change", func(e event) bool { return isRoom(e) && e.doc["version"].(float64) >= 2 })
}
