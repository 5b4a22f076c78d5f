package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/auth/authtest"
	"anteroom/internal/testenv"
)

func TestPostgreSQLGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	var cable *testenv.Cable
	s := newSystem(t, change{settings: func(set *settings) { cable, set.database = testenv.NewCable(t, set.database) }})
	b := s.guest()
	b.do("GET", "/api/v1/shows", "").want(200)
	// What it needs is looked at within a second, which may be too short on a machine with much else to do.
	require.Eventually(t, func() bool { return s.ready() == 200 }, patience, 20*time.Millisecond)

	cable.Cut()
	require.Eventually(t, func() bool { return s.ready() == 503 }, patience, 50*time.Millisecond)
	a := b.once("GET", "/api/v1/orders", "")
	a.problem(503, "database-unavailable")
	require.NotEmpty(t, a.header.Get("Retry-After"))
	b.do("POST", "/api/v1/guests", `{"email":"a@b.org"}`).problem(503, "database-unavailable")
	b.do("POST", "/api/v1/shows/small/holds", ids(s.small[0])).problem(503, "database-unavailable")
	// The catalogue is served from memory; what can be had is not, for that would be a lie.
	require.Len(t, decode[struct{ Shows []booking.Show }](b.do("GET", "/api/v1/shows", "").want(200)).Shows, 2)
	require.Eventually(t, func() bool {
		return b.once("GET", "/api/v1/shows/small/seats/state", "").status == 503
	}, patience, 50*time.Millisecond)

	cable.Join()
	require.Eventually(t, func() bool { return s.ready() == 200 }, patience, 50*time.Millisecond)
	require.Eventually(t, func() bool {
		a, err := b.try("POST", "/api/v1/shows/small/holds", ids(s.small[0]))
		return err == nil && a.status == 201
	}, patience, 50*time.Millisecond)
	s.allZero()
}

func TestItStartsWithoutPostgreSQLAndSaysSo(t *testing.T) {
	t.Parallel()
	s := &system{t: t, waitroom: authtest.Keys(t), backOffice: authtest.Keys(t)}
	s.run(settings{
		listen: "127.0.0.1:0", opsListen: "127.0.0.1:0", database: "postgres://nobody@127.0.0.1:1/none", pool: 2,
		passJWKS: "http://127.0.0.1:1/", staffJWKS: "http://127.0.0.1:1/",
		sweepEvery: 10 * time.Millisecond, offerEvery: 10 * time.Millisecond, reconcileEvery: 10 * time.Millisecond,
	}, nil)
	b := s.browser()
	why := s.unready()
	require.Contains(t, why, `"postgresql":"not reachable`)
	require.Contains(t, why, `"pass-keys":"`)
	require.NotContains(t, why, `"pass-keys":"ok"`)
	b.once("GET", "/api/v1/shows", "").problem(503, "database-unavailable")
	b.once("GET", "/api/v1/shows/small/seats", "").problem(503, "database-unavailable")
}

func TestAnUnmigratedDatabaseIsNotReady(t *testing.T) {
	t.Parallel()
	s := &system{t: t, waitroom: authtest.Keys(t), backOffice: authtest.Keys(t)}
	s.run(settings{
		listen: "127.0.0.1:0", opsListen: "127.0.0.1:0", database: testenv.Postgres(t), pool: 2,
		passJWKS: serveKeys(t, s.waitroom), staffJWKS: serveKeys(t, s.backOffice),
		sweepEvery: 10 * time.Millisecond, offerEvery: 10 * time.Millisecond, reconcileEvery: 10 * time.Millisecond,
	}, nil)
	require.True(t, testenv.Eventually(func() bool { // not before the database has answered within the second that a look may take
		return strings.Contains(s.unready(), "run booking migrate")
	}))
	s.browser().once("GET", "/api/v1/shows", "").problem(503, "database-unavailable")
}

// unready is what a service that is not ready says of itself.
func (s *system) unready() string {
	s.t.Helper()
	res, err := http.Get(s.ops + "/readyz")
	require.NoError(s.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	require.Equal(s.t, 503, res.StatusCode)
	return string(body)
}

func (s *system) ready() int {
	res, err := http.Get(s.ops + "/readyz")
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	return res.StatusCode
}
