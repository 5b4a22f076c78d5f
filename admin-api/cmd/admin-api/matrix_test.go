package main

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/admin-api/api"
)

// who may make which call, written out: a permission moved in the code shows here.
// The letters: o owner, m event manager, b box office, c customer service, f finance, d devops, v developer, a auditor; all is
// everybody signed in, and * is anyone at all.
var expected = map[string]string{
	"GET /admin/api/v1/session":                           "all",
	"POST /admin/api/v1/session":                          "*",
	"DELETE /admin/api/v1/session":                        "*",
	"GET /admin/api/v1/rooms":                             "ombcdva",
	"GET /admin/api/v1/rooms/{room}":                      "ombcdva",
	"PATCH /admin/api/v1/rooms/{room}":                    "omd",
	"POST /admin/api/v1/rooms/{room}/reset":               "om",
	"POST /admin/api/v1/rooms/{room}/end":                 "om",
	"DELETE /admin/api/v1/rooms/{room}/end":               "om",
	"POST /admin/api/v1/rooms/{room}/draw/beacon":         "om",
	"DELETE /admin/api/v1/rooms/{room}/visitors/{number}": "omc",
	"GET /admin/api/v1/rooms/{room}/events":               "ombcdva",
	"GET /admin/api/v1/orders":                            "ombcfa",
	"GET /admin/api/v1/audit":                             "ofa",
	"GET /admin/api/.well-known/jwks.json":                "*",
}

var letters = map[string]string{
	"owner": "o", "manager": "m", "boxoffice": "b", "service": "c", "finance": "f", "devops": "d", "developer": "v", "auditor": "a",
}

func TestEveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	routes := api.Routes()
	require.Len(t, routes, len(expected))
	for _, r := range routes {
		allowed, known := expected[r.Method+" "+r.Path]
		require.True(t, known, "%s %s is not in the matrix", r.Method, r.Path)
		require.Equal(t, r.Public, allowed == "*")
		if strings.HasSuffix(r.Path, "/session") && r.Method != "GET" {
			continue // signing in and out, which need no session and end the test's own: TestSignInAndOut
		}
		want := func(may bool, otherwise int) int {
			if may {
				return http.StatusOK
			}
			return otherwise
		}
		require.Equal(t, want(allowed == "*", 401), status(o.visitor(), r), "%s %s without a session", r.Method, r.Path)
		for name, letter := range letters {
			v := o.as(name)
			may := allowed == "*" || allowed == "all" || strings.Contains(allowed, letter)
			require.Equal(t, want(may, 403), status(v, r), "%s %s as %s", r.Method, r.Path, name)
		}
	}
	permitted := 0
	for call, who := range expected {
		if !strings.HasPrefix(call, "GET") && who != "*" {
			permitted += len(who)
		}
	}
	require.Equal(t, permitted, o.gateway.changed(), "only the permitted changes were made")
}

// status makes the call and takes only the head of the answer: a stream has no end.
func status(v *visitor, r api.Route) int {
	v.t.Helper()
	bodies := map[string]any{
		"PATCH /admin/api/v1/rooms/{room}":            map[string]any{"rate_per_minute": 90},
		"POST /admin/api/v1/rooms/{room}/reset":       map[string]any{"version": 1},
		"POST /admin/api/v1/rooms/{room}/end":         map[string]any{"reason": "over"},
		"POST /admin/api/v1/rooms/{room}/draw/beacon": map[string]any{"value": "0123"},
	}
	body := bodies[r.Method+" "+r.Path]
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	res, err := http.DefaultClient.Do(v.request(r.Method, strings.NewReplacer("{room}", "arena", "{number}", "17").Replace(r.Path), body).WithContext(ctx))
	require.NoError(v.t, err)
	require.NoError(v.t, res.Body.Close())
	return res.StatusCode
}

func TestRefusalNamesThePermission(t *testing.T) {
	t.Parallel()
	a := newOffice(t).as("service").do("GET", "/admin/api/v1/audit", nil)
	require.Equal(t, 403, a.status)
	require.Equal(t, "permission-denied", a.problem())
	require.Equal(t, "audit:read", a.doc["permission"])
}
