package main

import (
	"net/http"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	adminapi "anteroom/admin-api"
	"anteroom/admin-api/postgres"
)

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.visitor()
	a := v.do("GET", "/admin/api/v1/session", nil)
	require.Equal(t, 401, a.status)
	require.Equal(t, "sign-in-required", a.problem())

	a = v.signIn("Manager@Demo.Test", postgres.DemoPassword)
	require.Equal(t, 200, a.status, a.body)
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	require.JSONEq(t, `{"email":"manager@demo.test","name":"Minjun Kim","role":"event-manager","permissions":["room:read","room:write","line:write","visitor:write","order:read","catalogue:write","seat:write","ticket:check"]}`, a.body)
	require.Equal(t, "an_staff", v.cookie.Name)
	require.True(t, v.cookie.HttpOnly)
	require.Equal(t, http.SameSiteLaxMode, v.cookie.SameSite)
	require.Equal(t, "/", v.cookie.Path)
	require.Len(t, v.cookie.Value, 43)
	require.Equal(t, 200, v.do("GET", "/admin/api/v1/session", nil).status)

	stolen := *v.cookie
	require.Equal(t, 204, v.do("DELETE", "/admin/api/v1/session", nil).status)
	require.Empty(t, v.cookie.Value, "the cookie is deleted")
	v.cookie = &stolen
	a = v.do("GET", "/admin/api/v1/session", nil)
	require.Equal(t, "session-ended", a.problem(), "the session has ended on the server, not only in the browser")
	require.Equal(t, 204, v.do("DELETE", "/admin/api/v1/session", nil).status, "twice is harmless")
	require.Equal(t, 204, o.visitor().do("DELETE", "/admin/api/v1/session", nil).status)

	require.Len(t, o.audit(adminapi.ActionSignIn), 1)
	require.Len(t, o.audit(adminapi.ActionSignOut), 1)
	require.Equal(t, "event-manager", o.audit(adminapi.ActionSignOut)[0].Role)
	var secrets int
	require.NoError(t, o.db.QueryRow(t.Context(), `SELECT count(*) FROM audit WHERE audit::text LIKE '%' || $1 || '%'`, stolen.Value).Scan(&secrets))
	require.Zero(t, secrets)
}

func TestRefusedSignIns(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.visitor()
	wrong, unknown := v.signIn("owner@demo.test", "wrong"), v.signIn("nobody@demo.test", "wrong")
	require.Equal(t, 401, wrong.status)
	require.Equal(t, "sign-in-refused", wrong.problem())
	id := regexp.MustCompile(`"request_id":"[0-9a-f]{16}"`)
	require.Equal(t, id.ReplaceAllString(wrong.body, ""), id.ReplaceAllString(unknown.body, ""), "the answer does not tell whether there is such a member of staff")
	require.Nil(t, v.cookie)
	entries := o.audit(adminapi.ActionSignIn)
	require.Len(t, entries, 2)
	require.Equal(t, entry{ID: entries[0].ID, Actor: "nobody@demo.test", Action: "session.sign-in", Target: "staff/nobody@demo.test", Outcome: "refused",
		Reason: "there is no such member of staff"}, entries[0])
	require.Equal(t, "owner", entries[1].Role)
}

func TestGuessingIsLimited(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.visitor()
	for range adminapi.AttemptsPerEmail {
		require.Equal(t, 401, v.signIn("owner@demo.test", "wrong").status)
	}
	a := v.signIn("owner@demo.test", postgres.DemoPassword)
	require.Equal(t, 429, a.status, "the right password comes too late")
	require.Equal(t, "too-many-attempts", a.problem())
	wait, err := strconv.Atoi(a.header.Get("Retry-After"))
	require.NoError(t, err)
	require.Positive(t, wait)
	require.Equal(t, 200, v.signIn("manager@demo.test", postgres.DemoPassword).status, "others are not locked out")
	require.Len(t, o.audit(adminapi.ActionSignIn), adminapi.AttemptsPerEmail+1)
}
