package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What anyone can send, and the answer it gets: a problem document with the right status, and the service goes on.
func TestBadInput(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const session, rooms = "/admin/api/v1/session", "/admin/api/v1/rooms"
	owner := o.as("owner").cookie
	cookie := func(value string) http.Header { return http.Header{"Cookie": {"an_staff=" + value}} }
	signedIn := cookie(owner.Value)
	with := func(h http.Header, name, value string) http.Header {
		h = h.Clone()
		h.Set(name, value)
		return h
	}
	for _, c := range []struct {
		name, method, path, body string
		header                   http.Header
		status                   int
		problem                  string
	}{
		{"empty body", "POST", session, "", nil, 400, "content-type"},
		{"broken JSON", "POST", session, `{"email":`, nil, 400, "json-malformed"},
		{"two documents", "POST", session, `{"email":"a","password":"b"}{}`, nil, 400, "json-malformed"},
		{"wrong type", "POST", session, `{"email":7,"password":"b"}`, nil, 400, "json-type"},
		{"list", "POST", session, `[]`, nil, 400, "json-type"},
		{"null", "POST", session, `null`, nil, 400, "sign-in-incomplete"},
		{"unknown member", "POST", session, `{"email":"a","password":"b","role":"owner"}`, nil, 400, "json-unknown-field"},
		{"no password", "POST", session, `{"email":"a"}`, nil, 400, "sign-in-incomplete"},
		{"form", "POST", session, `email=a`, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, 400, "content-type"},
		{"large body", "POST", session, `{"email":"` + strings.Repeat("a", 65<<10) + `"}`, nil, 413, "body-too-large"},
		{"zero byte", "POST", session, `{"email":"a\u0000@x","password":"b\u0000"}`, nil, 401, "sign-in-refused"},
		{"foreign origin", "POST", session, `{"email":"a","password":"b"}`, http.Header{"Origin": {"https://elsewhere.test"}}, 403, "origin-mismatch"},
		{"null origin", "POST", session, `{"email":"a","password":"b"}`, http.Header{"Origin": {"null"}}, 403, "origin-mismatch"},
		{"foreign sign-out", "DELETE", session, "", with(signedIn, "Origin", "https://elsewhere.test"), 403, "origin-mismatch"},
		{"no cookie", "GET", rooms, "", nil, 401, "sign-in-required"},
		{"empty cookie", "GET", rooms, "", cookie(""), 401, "sign-in-required"},
		{"forged cookie", "GET", rooms, "", cookie(strings.Repeat("A", 43)), 401, "session-ended"},
		{"long cookie", "GET", rooms, "", cookie(strings.Repeat("A", 8<<10)), 401, "session-ended"},
		{"quoted cookie", "GET", rooms, "", cookie(`' OR true --`), 401, "session-ended"},
		{"another cookie's name", "GET", rooms, "", http.Header{"Cookie": {"__Host-an_staff=" + owner.Value}}, 401, "sign-in-required"},
		{"forged cookie, change", "PATCH", rooms + "/arena", `{}`, cookie("x"), 401, "session-ended"},
		{"change, wrong type", "PATCH", rooms + "/arena", `{"rate_per_minute":"fast"}`, signedIn, 400, "json-type"},
		{"change, fraction", "PATCH", rooms + "/arena", `{"rate_per_minute":1.5}`, signedIn, 400, "json-type"},
		{"change, too large a number", "PATCH", rooms + "/arena", `{"rate_per_minute":99999999999999999999}`, signedIn, 400, "json-type"},
		{"change, unknown member", "PATCH", rooms + "/arena", `{"speed":1}`, signedIn, 400, "json-unknown-field"},
		{"change, null", "PATCH", rooms + "/arena", `null`, signedIn, 422, "change-empty"},
		{"room's name", "GET", rooms + "/Arena", "", signedIn, 404, "room-unknown"},
		{"path into another's interface", "GET", rooms + "/..%2forders", "", signedIn, 404, ""},
		{"limit", "GET", "/admin/api/v1/orders?limit=0", "", signedIn, 400, "query-invalid"},
		{"limit, text", "GET", "/admin/api/v1/audit?limit=many", "", signedIn, 400, "query-invalid"},
		{"limit, too many", "GET", "/admin/api/v1/audit?limit=201", "", signedIn, 400, "query-invalid"},
		{"before", "GET", "/admin/api/v1/audit?before=-1", "", signedIn, 400, "query-invalid"},
		{"state", "GET", "/admin/api/v1/orders?state=lost", "", signedIn, 400, "query-invalid"},
		{"show", "GET", "/admin/api/v1/orders?show=..", "", signedIn, 400, "query-invalid"},
		{"search", "GET", "/admin/api/v1/orders?q=" + strings.Repeat("a", 255), "", signedIn, 400, "query-invalid"},
		{"cursor", "GET", "/admin/api/v1/orders?cursor=" + strings.Repeat("a", 2000), "", signedIn, 400, "query-invalid"},
		{"unknown path", "GET", "/admin/api/v1/nothing", "", signedIn, 404, "path-unknown"},
		{"slash at the end", "GET", rooms + "/", "", signedIn, 404, ""},
		{"method", "PUT", rooms + "/arena", "", signedIn, 405, "method-not-allowed"},
		{"control path", "GET", "/control/v1/rooms", "", signedIn, 404, "path-unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := o.visitor()
			if c.header != nil {
				v.header = c.header
			}
			var body any
			if c.body != "" {
				body = c.body
			}
			a := v.do(c.method, c.path, body)
			require.Equal(t, c.status, a.status, a.body)
			require.NotEmpty(t, a.problem(), "a problem document")
			require.EqualValues(t, c.status, a.doc["status"])
			if c.problem != "" {
				require.Equal(t, c.problem, a.problem())
			}
		})
	}
	require.Zero(t, o.gateway.changed())
	same := o.visitor()
	same.header = with(signedIn, "Origin", o.url)
	require.Equal(t, 200, same.do("PATCH", arena, rate(90)).status, "the control: our own origin may")
}
